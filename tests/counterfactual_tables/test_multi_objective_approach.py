"""Rows of the data that are brought nearer before the search: what it finds where the borders are known."""

from __future__ import annotations

import numpy as np
import pytest

from engines.abilities import Feature, Target
from engines.counterfactual_tables.multi_objective_counterfactuals.approach import approached
from engines.counterfactual_tables.multi_objective_counterfactuals.distances import Gower
from engines.counterfactual_tables.multi_objective_counterfactuals.problem import Problem
from engines.counterfactual_tables.multi_objective_counterfactuals.space import Space
from engines.counterfactual_tables.multi_objective_counterfactuals.wishes import Aim, Limit, Wishes

FEATURES = (Feature("a"), Feature("b"), Feature("count", whole=True), Feature("kind", ("x", "y")))


def problem(limits: dict[str, Limit] | None = None) -> Problem:
    """a + 0.1 b + 0.05 count is to be at least 1; the query is nought, of kind x."""
    rows = np.random.default_rng(0).uniform(0, 2, (200, 4))
    rows[:, 2] = np.rint(rows[:, 2] * 5)
    rows[:, 3] = np.rint(rows[:, 3] / 2)
    wishes = Wishes({"sum": Aim(low=1.0)}, limits or {})
    gower = Gower.of(FEATURES, rows)
    space = Space.of(FEATURES, np.zeros(4), (np.zeros(4), np.array([2.0, 2.0, 10.0, 1.0])), wishes.limits)
    return Problem(space, wishes, (Target("sum"),), np.zeros(1), np.ones(1), gower, gower.encode(rows),
                   lambda x: (x @ [1.0, 0.1, 0.05, 0.0])[:, None])


def rows_of(one: Problem, n: int = 60) -> np.ndarray:
    rows = one.space.drawn(n, np.random.default_rng(1))
    rows[0] = [1.9, 0.2, 1.0, 1.0]
    return rows


def test_values_go_back_and_what_is_left_is_drawn_to_the_border():
    one = problem()
    found = approached(one, one.evaluated(rows_of(one)), 20)
    good = found.rows[one.met(found)]
    alone = good[(good != 0).sum(axis=1) == 1]
    assert len(alone), "one value is enough, and the others went back to nought"
    assert alone[:, 0].min() == pytest.approx(1.0, abs=0.01)
    assert (good[:, 2] == np.rint(good[:, 2])).all()
    assert found.outputs[:, 0] == pytest.approx(found.rows @ [1.0, 0.1, 0.05, 0.0])


def test_limits_are_kept():
    one = problem({"b": Limit(low=0.5), "kind": Limit(allowed=("y",))})
    rows = rows_of(one)
    found = approached(one, one.evaluated(rows), 20)
    good = found.rows[one.met(found)]
    assert len(good)
    assert (good[:, 1] >= 0.5).all()
    assert (good[:, 3] == 1).all()


def test_where_no_row_meets_the_targets_there_is_nothing():
    one = problem()
    assert len(approached(one, one.evaluated(np.zeros((5, 4))), 20)) == 0

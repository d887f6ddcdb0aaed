"""Rank correlations against SciPy, and points that stand for the same rows whatever their order."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from engines.data.kinds import category_column, number_column, table_of
from engines.data.pairs import pairable, pairs_of, ranks
from engines.data.roles import Role


def test_correlations_are_spearmans() -> None:
    draw = np.random.default_rng(0)
    a = draw.normal(size=300).round(1)                     # with ties
    b = a + draw.normal(size=300)
    c = np.exp(a)
    table = table_of("t", [number_column("a", a), number_column("b", b), number_column("c", c)])
    got = pairs_of(table, ("a", "b", "c"))
    assert got.correlations[0, 1] == pytest.approx(spearmanr(a, b).statistic)
    assert got.correlations[0, 2] == pytest.approx(1.0)
    assert np.array_equal(got.correlations, got.correlations.T)


def test_ranks_average_ties() -> None:
    assert ranks(np.array([10.0, 30.0, 10.0, 20.0])).tolist() == [0.5, 3.0, 0.5, 2.0]


def test_rows_with_a_gap_are_not_points_and_count_where_both_are_there() -> None:
    table = table_of("t", [number_column("a", [1.0, 2.0, np.nan, 4.0]), number_column("b", [1.0, 2.0, 3.0, 4.0])])
    got = pairs_of(table, ("a", "b"))
    assert got.points.shape == (2, 3)
    assert got.correlations[0, 1] == pytest.approx(1.0)


def test_the_points_do_not_depend_on_the_order_of_the_rows() -> None:
    draw = np.random.default_rng(1)
    table = table_of("t", [number_column("a", draw.normal(size=400)), number_column("b", draw.lognormal(size=400))])
    shuffled = table.rows(draw.permutation(400))
    one, other = pairs_of(table, ("a", "b"), 50), pairs_of(shuffled, ("a", "b"), 50)
    assert np.allclose(one.points, other.points)
    assert one.points.shape == (2, 50)
    assert one.logarithmic == (False, True)
    assert one.points.min() >= 0
    assert one.points.max() <= 1


def test_only_columns_that_vary_and_mean_something_are_paired() -> None:
    table = table_of("t", [
        number_column("id", [1.0, 2.0], role=Role.ID), number_column("x", [1.0, 5.0]),
        number_column("flat", [3.0, 3.0]), category_column("g", ["a", "b"]),
        number_column("out", [1.0, 2.0], role=Role.LEFT_OUT),
    ])
    assert pairable(table) == ("x", "g")

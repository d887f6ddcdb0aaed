"""Tests of independence: right under the null, awake when it fails, equal to what others compute."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from engines.data.kinds import Column, ColumnType, Table
from engines.graph.fuse import Burnt, Fuse
from engines.graph.implications import Independence
from engines.graph.judging import (
    Judged,
    Verdict,
    Way,
    chi_squared,
    corrected,
    covariance_measure,
    judge,
    partial_correlation,
    summary,
)

NONE = np.zeros((200, 0))


def number(name: str, values: np.ndarray) -> Column:
    return Column(name, ColumnType.NUMBER, np.asarray(values, dtype=np.float64))


def category(name: str, values: np.ndarray) -> Column:
    codes = np.asarray(values, dtype=np.int32)
    return Column(name, ColumnType.CATEGORY, codes, tuple(f"c{i}" for i in range(codes.max() + 1)))


def table(*columns: Column) -> Table:
    return Table("made", columns, np.arange(1, len(columns[0].values) + 1))


def one(*columns: Column, way: Way = Way.LINEAR, given: tuple[str, ...] = ()) -> Judged:
    return next(judge([Independence("u", "v", given)], table(*columns), way))


def numbers(rng: np.random.Generator, tie: float) -> tuple[Judged, str]:
    z = rng.normal(size=200)
    u = z + rng.normal(size=200)
    v = -2 * z + rng.normal(size=200) + tie * u
    return one(number("u", u), number("v", v), number("z", z), given=("z",)), "partial correlation"


def mixed(rng: np.random.Generator, tie: float) -> tuple[Judged, str]:
    z = rng.integers(0, 3, 200)
    u = (z + rng.integers(0, 2, 200)) % 3
    v = z + rng.normal(size=200) + tie * 2 * (u == 1)
    return one(category("u", u), number("v", v), category("z", z), given=("z",)), "canonical correlation"


def categories(rng: np.random.Generator, tie: float) -> tuple[Judged, str]:
    z = rng.integers(0, 2, 400)
    u = (rng.random(400) < 0.4 + 0.2 * z).astype(int)
    v = (rng.random(400) < 0.3 + 0.3 * z + 0.5 * tie * u).astype(int)
    return one(category("u", u), category("v", v), category("z", z), given=("z",)), "chi-squared"


def bent(rng: np.random.Generator, tie: float) -> tuple[Judged, str]:
    z = rng.normal(size=300)
    u = np.sin(2 * z) + 0.5 * rng.normal(size=300)
    v = z**2 + 0.5 * rng.normal(size=300) + tie * u**2
    found = one(number("u", u), number("v", v), number("z", z), way=Way.FLEXIBLE, given=("z",))
    return found, "generalised covariance measure"


@pytest.mark.parametrize("make", [numbers, mixed, categories, bent])
def test_p_values_are_uniform_where_the_claim_holds_and_small_where_it_fails(
    make: Callable[[np.random.Generator, float], tuple[Judged, str]],
) -> None:
    rng = np.random.default_rng(11)
    found = [make(rng, 0.0) for _ in range(200)]
    assert {result.test for result, _ in found} == {found[0][1]}
    p = np.array([result.p for result, _ in found])
    assert stats.kstest(p, "uniform").statistic < 0.115            # 1 % bound of 200 draws
    broken = np.array([make(rng, 0.5)[0].p for _ in range(40)])
    assert np.mean(broken < 0.05) > 0.9


def test_a_linear_test_would_be_deceived_where_the_flexible_one_is_not() -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(size=2000)
    u, v = z**2 + 0.3 * rng.normal(size=2000), z**2 + 0.3 * rng.normal(size=2000)
    columns = number("u", u), number("v", v), number("z", z)
    assert one(*columns, given=("z",)).p < 1e-6
    assert one(*columns, given=("z",), way=Way.FLEXIBLE).p > 0.01
    w = u - u.mean()
    hidden = number("u", z), number("v", w)
    assert one(*hidden).effect < 0.1
    assert one(*hidden, way=Way.FLEXIBLE).effect > 0.6
    assert one(*hidden, way=Way.FLEXIBLE).p < 1e-6


def test_equal_to_scipy() -> None:
    rng = np.random.default_rng(3)
    u, v = rng.normal(size=(2, 200))
    p, r = partial_correlation(u[:, None], v[:, None], NONE)
    assert r == pytest.approx(abs(stats.pearsonr(u, v).statistic))
    assert p == pytest.approx(2 * stats.norm.sf(math.atanh(r) * math.sqrt(197)))
    assert p == pytest.approx(stats.pearsonr(u, v).pvalue, abs=0.005)
    a, b = rng.integers(0, 3, 200), rng.integers(0, 4, 200)
    counts = np.zeros((3, 4))
    np.add.at(counts, (a, b), 1)
    other = stats.chi2_contingency(counts, correction=False)
    found = chi_squared(a, b, np.zeros(200))
    assert found is not None
    assert found[0] == pytest.approx(other.pvalue)
    assert found[1] == pytest.approx(stats.contingency.association(counts.astype(int), "cramer"))
    z = rng.normal(size=(200, 2))
    design = np.column_stack([np.ones(200), z])
    left = u - design @ np.linalg.lstsq(design, u, rcond=None)[0]
    right = v - design @ np.linalg.lstsq(design, v, rcond=None)[0]
    found_r = partial_correlation(u[:, None], v[:, None], z)[1]
    assert found_r == pytest.approx(abs(stats.pearsonr(left, right).statistic))
    products = left * right
    score = products.mean() / products.std() * math.sqrt(200)
    assert covariance_measure(u[:, None], v[:, None], z)[0] == pytest.approx(2 * stats.norm.sf(abs(score)))


def test_corrections_are_those_of_scipy_and_of_holm() -> None:
    p = [0.001, 0.04, 0.03, math.nan, 0.2, 0.001]
    claim = Independence("u", "v")
    found = corrected([Judged(claim, "t", value) for value in p])
    told = [value for value in p if not math.isnan(value)]
    made = [t for t in found if not math.isnan(t.p)]
    assert [t.fdr for t in made] == pytest.approx(stats.false_discovery_control(told))
    assert [t.holm for t in made] == pytest.approx([0.005, 0.09, 0.09, 0.2, 0.005])
    assert [t.verdict for t in found] == [
        Verdict.FAILS, Verdict.DOUBTFUL, Verdict.DOUBTFUL, Verdict.UNTESTED, Verdict.HOLDS, Verdict.FAILS,
    ]
    assert corrected([]) == ()


def test_what_cannot_be_tested_says_why() -> None:
    rng = np.random.default_rng(4)
    u, v = rng.normal(size=(2, 60))
    v[:50] = np.nan
    assert one(number("u", u)).why == "The data have no column v."
    assert "Only 10 rows" in one(number("u", u), number("v", v)).why
    assert one(number("u", u), number("v", np.ones(60))).why == "v holds one value in these rows."
    words = Column("v", ColumnType.TEXT, np.array(["a"] * 60, dtype=object))
    assert one(number("u", u), words).why == "v is text."
    found = [one(number("u", u))]
    assert summary(found, 60) == "None of 1 independences could be tested: The data have no column v."
    assert found[0].verdict is Verdict.UNTESTED


def test_rows_with_missing_values_are_left_out_and_large_tables_are_drawn_from() -> None:
    rng = np.random.default_rng(5)
    u, v = rng.normal(size=(2, 8000))
    made = table(number("u", u), number("v", v))
    first, again = (next(judge([Independence("u", "v")], made, seed=1)) for _ in range(2))
    assert (first.rows, first.p) == (5000, again.p)
    assert next(judge([Independence("u", "v")], made, seed=2)).p != first.p
    assert summary(corrected([first]), 8000).endswith("At least 5,000 of 8,000 rows were used.")
    holes = u[:300].copy()
    holes[:100] = np.nan
    found = one(number("u", holes), number("v", v[:300]))
    assert found.rows == 200
    assert found.p == pytest.approx(one(number("u", u[100:300]), number("v", v[100:300])).p)
    with pytest.raises(Burnt):
        list(judge([Independence("u", "v")], made, fuse=Fuse(-1)))


def test_a_given_copy_leaves_nothing() -> None:
    rng = np.random.default_rng(6)
    u, v = rng.normal(size=(2, 100))
    found = one(number("u", u), number("v", v), number("z", 3 * u + 1), given=("z",))
    assert (found.p, found.effect) == (1.0, 0.0)

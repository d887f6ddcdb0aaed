"""Summaries against numpy, and advice that is given when it is due."""

import numpy as np
import pytest

from engines.data import steps
from engines.data.kinds import Column, ColumnType, category_column, number_column, table_of
from engines.data.roles import Role
from engines.data.summary import advice, column_summary, footer, linear_bins, logarithmic_bins, long_tailed, skewness

NAN = float("nan")


def test_the_figures_are_those_of_numpy() -> None:
    values = np.random.default_rng(0).normal(3, 2, 501)
    got = column_summary(number_column("x", [*values, NAN, np.inf]))
    assert (got.rows, got.missing, got.infinite, got.distinct) == (503, 1, 1, 501)
    expected = np.quantile(values, [0, 0.25, 0.5, 0.75, 1])
    assert np.allclose([got.low, got.lower, got.median, got.upper, got.high], expected)
    assert got.linear is not None
    assert got.linear.counts.sum() == 501


def test_logarithmic_bins_have_equal_ratios_and_hold_every_positive_value() -> None:
    values = np.sort(np.random.default_rng(1).lognormal(2, 1.5, 400))
    bins = logarithmic_bins(values, 20)
    assert bins is not None
    assert np.allclose(np.diff(np.log(bins.edges)), np.log(bins.edges[-1] / bins.edges[0]) / 20)
    assert bins.counts.sum() == 400
    assert logarithmic_bins(np.array([-3.0, -2.0, -1.0, 5.0]), 10) is None


def test_one_outlier_does_not_squeeze_the_linear_bins() -> None:
    values = np.sort(np.append(np.random.default_rng(2).uniform(0, 1, 999), 1e9))
    bins = linear_bins(values, 10)
    assert bins.edges[-1] < 2
    assert bins.counts.sum() == 1000


@pytest.mark.parametrize(("values", "expected"), [([1.0, 2.0, 3.0], 0.0), ([0.0, 0.0, 1.0], 1 / np.sqrt(2))])
def test_skewness_of_small_samples_by_hand(values: list[float], expected: float) -> None:
    assert skewness(np.array(values)) == pytest.approx(expected)


def test_long_tails_are_told_from_others() -> None:
    draw = np.random.default_rng(3)
    assert long_tailed(draw.lognormal(0, 1, 500))
    assert not long_tailed(draw.normal(50, 5, 500))
    assert not long_tailed(draw.uniform(0.1, 1, 500))
    assert not long_tailed(draw.normal(0, 5, 500))


def test_categories_and_texts_are_counted() -> None:
    got = column_summary(category_column("g", ["b", "a", "b", None]))
    assert (got.levels, got.distinct, got.missing) == ((("b", 2), ("a", 1)), 2, 1)
    texts = np.array(["x", None, "y", "x"], dtype=object)
    assert column_summary(Column("t", ColumnType.TEXT, texts)).levels == (("x", 2), ("y", 1))


def test_advice_names_the_column_and_its_remedy_works() -> None:
    draw = np.random.default_rng(4)
    table = table_of("t", [
        number_column("batch", np.full(40, 3.0)), number_column("dose", draw.lognormal(0, 1, 40)),
        number_column("age", [NAN, NAN, *range(38)]), number_column("gain", [np.inf, *range(39)]),
    ])
    told = advice(table, wants_logarithm="CoLiDE")
    assert [one.sentence for one in told] == [
        "Column batch holds one value in all 40 rows, so it cannot cause anything.",
        "Column gain has 1 infinite value.",
        "Column age has 2 missing values.",
        "Column dose is long-tailed. CoLiDE may fit better on its logarithm.",
    ]
    assert footer(table) == "Read whole: 2 missing values, 1 constant column, 1 infinite value"
    done = steps.apply(table, [next(iter(one.remedies.values())) for one in told])
    assert advice(done, wants_logarithm="CoLiDE") == ()


def test_nothing_is_said_of_columns_that_are_left_out() -> None:
    column = number_column("batch", [1.0, 1.0, 1.0], role=Role.LEFT_OUT)
    assert advice(table_of("t", [column, number_column("x", [1.0, 2.0, 4.0])])) == ()
    assert footer(table_of("t", [number_column("x", [1.0, 2.0])])) == (
        "Read whole: no missing values, no constant columns"
    )

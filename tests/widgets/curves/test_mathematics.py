"""Smoothing, thinning, axes and labels against what is known."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.curves.axis import Axis, linear_ticks, log_ticks, padded
from widgets.curves.grouping import band_over
from widgets.curves.labels import pushed_apart
from widgets.curves.smoothing import Smoother, decayed_sums, smoothed
from widgets.curves.thinning import BLOCK, blocks, columns_of, thin, thinned
from widgets.curves.trace import Gap, Trace


def by_definition(values: np.ndarray, weight: float) -> np.ndarray:
    """The debiased moving average as its definition says, one value after the other."""
    out, total, norm = [], 0.0, 0.0
    for value in values:
        if not np.isfinite(value):
            total = norm = 0.0
            out.append(np.nan)
            continue
        total, norm = weight * total + value, weight * norm + 1
        out.append(total / norm)
    return np.array(out)


@pytest.mark.parametrize("count", [1, 16, 17, 64, 65, 1000, 5000])
@pytest.mark.parametrize("weight", [0.1, 0.85, 0.99, 0.999])
def test_blocks_give_the_moving_average_of_the_definition(count, weight):
    values = np.random.default_rng(count).standard_normal(count)
    np.testing.assert_allclose(smoothed(values, weight), by_definition(values, weight), rtol=1e-9, atol=1e-12)


@given(st.floats(-1e12, 1e12), st.floats(0, 0.999), st.integers(1, 400))
def test_a_constant_stays_the_same_constant(value, weight, count):
    assert np.all(smoothed(np.full(count, value), weight) == value)


def test_the_average_does_not_cross_gaps():
    values = np.array([1.0, 2.0, np.nan, 10.0, 20.0, np.inf, 5.0])
    result = smoothed(values, 0.9)
    np.testing.assert_allclose(result, by_definition(values, 0.9), equal_nan=True)
    assert result[3] == 10.0
    assert result[6] == 5.0


@settings(max_examples=40)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=8), st.integers(0, 2**31))
def test_pieces_joined_are_the_whole(lengths, seed):
    generator = np.random.default_rng(seed)
    values = generator.standard_normal(sum(lengths))
    values[generator.random(len(values)) < 0.05] = np.nan
    smoother = Smoother(0.9)
    pieces = [smoother.extend(part) for part in np.split(values, np.cumsum(lengths)[:-1])]
    np.testing.assert_allclose(np.concatenate(pieces), smoothed(values, 0.9), rtol=1e-9, atol=1e-12)


def test_decayed_sums_carry_what_was_before():
    np.testing.assert_allclose(decayed_sums(np.zeros(200), 0.5, 8.0), 8.0 * 0.5 ** np.arange(1, 201))


@settings(max_examples=40)
@given(st.integers(200, 4000), st.integers(16, 60), st.integers(0, 2**31))
def test_every_pixel_column_keeps_its_least_and_greatest(count, columns, seed):
    generator = np.random.default_rng(seed)
    x = np.cumsum(generator.random(count))
    y = generator.standard_normal(count)
    left, right = x[0], x[-1]
    result = thin(x, y, left, right, columns)
    if count + 2 <= 2 * columns:
        np.testing.assert_array_equal(result.low, y)
        return
    edges = np.linspace(left, right, columns + 1)
    cells = np.clip(np.searchsorted(edges, x, side="right") - 1, 0, columns - 1)
    for cell, low, high in zip(np.unique(cells), result.low, result.high, strict=True):
        assert (low, high) == (y[cells == cell].min(), y[cells == cell].max())
    assert result.packed == pytest.approx(count / len(result.x))


def test_thinning_to_a_part_keeps_a_point_beyond_each_end():
    x = np.arange(100.0)
    result = thin(x, x, 40.0, 50.0, 30)
    assert (result.x[0], result.x[-1]) == (39.0, 51.0)


def test_gaps_among_many_points_leave_the_numbers_beside_them():
    x, y = np.arange(1000.0), np.ones(1000)
    y[5], y[7], y[500:600] = np.nan, np.inf, np.nan
    result = thin(x, y, 0, 999, 50)
    assert np.isnan(result.low[26])
    assert result.low[0] == result.high[0] == 1.0
    assert np.nanmax(result.high) == 1.0


def test_blocks_hold_every_extreme():
    generator = np.random.default_rng(3)
    x, y = np.arange(50_000.0), generator.standard_normal(50_000)
    y[777], y[31_415] = 90.0, -90.0
    first, low, high = blocks(x, y)
    result = thinned(first, low, high, columns_of(first, 0, 49_999, 345), BLOCK)
    assert result.high.max() == 90.0
    assert result.low.min() == -90.0
    assert result.packed == pytest.approx(50_000 / 345, rel=0.01)
    assert abs(result.x[result.high.argmax()] - 777) <= 50_000 / 345 / 2 + BLOCK


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.15, 0.99, ["0.2", "0.4", "0.6", "0.8"]),
        (0.0, 1500.0, ["0", "500", "1000", "1500"]),
        (-0.02, 1.0, ["0", "0.5", "1.0"]),
        (0.0, 0.004, ["0", "0.001", "0.002", "0.003", "0.004"]),
        (-1.0, 1.0, ["\N{MINUS SIGN}1.0", "\N{MINUS SIGN}0.5", "0", "0.5", "1.0"]),
    ],
)
def test_linear_ticks_are_round(low, high, texts):
    assert [tick.text.replace(",", "") for tick in linear_ticks(low, high)] == texts


def test_a_low_axis_has_more_than_one_tick():
    assert [tick.text for tick in linear_ticks(0.15, 0.99, 3)] == ["0.2", "0.4", "0.6", "0.8"]
    assert [tick.text for tick in linear_ticks(2.9, 7.5, 3)] == ["4", "6"]


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_there_are_three_to_five_ticks_within_the_axis(low, span):
    if span < 1e-6 * abs(low):
        return
    ticks = linear_ticks(low, low + span)
    assert 2 <= len(ticks) <= 5
    assert all(low - 1e-6 * span <= tick.value <= low + 1.000001 * span for tick in ticks)


def test_log_ticks_take_decades_and_what_lies_between():
    assert [tick.text for tick in log_ticks(0.025, 1.2)] == ["0.03", "0.1", "0.3", "1"]
    assert [tick.text for tick in log_ticks(0.005, 20)] == ["0.01", "0.1", "1", "10"]
    assert [tick.text for tick in log_ticks(1e-12, 1.0)] == ["10⁻¹²", "10⁻⁹", "10⁻⁶", "0.001", "1"]
    assert len(log_ticks(2.0, 2.4)) >= 2


@given(st.floats(1e-6, 1e6), st.floats(1.1, 1e6), st.booleans())
def test_pixels_and_values_are_inverse(low, ratio, log):
    axis = Axis(low, low * ratio, 300.0, 20.0, log)
    middle = (low * low * ratio) ** 0.5
    assert axis.to_value(axis.to_pixel(middle)) == pytest.approx(middle, rel=1e-6)
    assert axis.to_pixel(low) == pytest.approx(300.0)


def test_what_is_not_positive_has_no_place_on_a_log_axis():
    axis = Axis(0.1, 1.0, 0.0, 100.0, True)
    assert np.isnan(axis.to_pixels(np.array([0.0, -1.0, np.nan]))).all()


def test_a_single_value_gets_room():
    assert padded(5.0, 5.0, False) == (4.5, 5.5)
    low, high = padded(1.0, 1.0, True)
    assert low < 1 < high


@given(
    st.lists(st.floats(0, 400), min_size=1, max_size=12), st.floats(8, 30),
)
def test_names_do_not_overlap_and_keep_their_order(wanted, height):
    heights = [height] * len(wanted)
    room = max(400.0, sum(heights))
    middles = pushed_apart(wanted, heights, 0.0, room)
    ordered = [middles[i] for i in sorted(range(len(wanted)), key=lambda i: wanted[i])]
    assert all(b - a >= height - 1e-6 for a, b in itertools.pairwise(ordered))
    assert min(middles) >= height / 2 - 1e-6
    assert max(middles) <= room - height / 2 + 1e-6


def test_names_with_room_stay_where_they_belong():
    assert pushed_apart([30.0, 90.0], [20.0, 20.0], 0, 200) == [30.0, 90.0]
    assert pushed_apart([50.0, 50.0], [20.0, 20.0], 0, 200) == [40.0, 60.0]


def test_a_trace_remembers_gaps_once_for_each_stretch():
    trace = Trace()
    trace.append([1, 2, 3], [1.0, np.nan, np.nan])
    trace.append([4, 5, 6], [np.nan, 2.0, -np.inf])
    assert trace.gaps == (Gap(2.0, "NaN"), Gap(6.0, "\N{MINUS SIGN}∞"))
    assert trace.extremes == (1.0, 2.0)
    assert trace.last() == (5.0, 2.0)
    assert trace.value_at(3) is None
    assert trace.value_at(0) is None
    assert trace.value_at(9) is None


def test_a_resumed_run_replaces_what_it_does_again():
    trace = Trace(0.9)
    trace.append(np.arange(10), np.append(np.arange(9.0), np.nan))
    trace.append(np.arange(6, 12), np.full(6, 5.0))
    np.testing.assert_array_equal(trace.steps, np.arange(12))
    assert trace.gaps == ()
    np.testing.assert_allclose(trace.smooth, by_definition(np.append(np.arange(6.0), np.full(6, 5.0)), 0.9))


def test_many_small_appends_equal_one(qapp):
    values = np.random.default_rng(1).standard_normal(2000)
    small, whole = Trace(0.8), Trace(0.8)
    for index, value in enumerate(values):
        small.append(index, value)
    whole.append(np.arange(2000), values)
    np.testing.assert_allclose(small.smooth, whole.smooth, rtol=1e-9)
    small.set_smoothing(0.0)
    np.testing.assert_array_equal(small.smooth, values)


def test_a_band_is_the_mean_between_least_and_greatest():
    traces = [Trace(), Trace(), Trace()]
    traces[0].append([0, 1, 2, 3], [1.0, 1.0, 1.0, 1.0])
    traces[1].append([0, 2], [3.0, 5.0])
    traces[2].append([1, 2, 3], [np.nan, 9.0, np.nan])
    band = band_over(traces)
    np.testing.assert_array_equal(band.steps, [0, 1, 2, 3])
    np.testing.assert_array_equal(band.mean, [2.0, 2.5, 5.0, 1.0])
    np.testing.assert_array_equal(band.low, [1.0, 1.0, 1.0, 1.0])
    np.testing.assert_array_equal(band.high, [3.0, 4.0, 9.0, 1.0])

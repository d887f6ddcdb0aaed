"""How numbers are written on plots."""

import math

import pytest

from widgets.curves.figures import gap_text, plain_text, power_text, short_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.05041, "0.0504"), (1180, "1180"), (0.1, "0.100"), (2.31e-7, "2.31·10⁻⁷"), (0, "0"),
        (-0.5, "\N{MINUS SIGN}0.500"),
    ],
)
def test_short_numbers_keep_the_digits_that_count(value, text):
    assert short_text(value).replace(",", "") == text


def test_powers_are_written_out_as_long_as_they_can_be_read():
    assert [power_text(power).replace(",", "") for power in (-4, 0, 3, 8)] == ["0.0001", "1", "1000", "10⁸"]


def test_steps_are_whole_if_they_are():
    assert plain_text(412.0) == "412"
    assert plain_text(0.25) == "0.2500"
    assert [gap_text(value) for value in (math.nan, math.inf, -math.inf)] == ["NaN", "∞", "\N{MINUS SIGN}∞"]

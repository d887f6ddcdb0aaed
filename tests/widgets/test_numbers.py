"""Numbers by locale: true minus, no-break space, groups, and back from what a hand types."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from widgets.numbers import (
    format_bytes,
    format_change,
    format_count,
    format_duration,
    format_number,
    format_range,
    parse_number,
    shared_precision,
)

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
GERMAN = QLocale(QLocale.Language.German, QLocale.Country.Germany)
NB = "\u00a0"


@pytest.mark.parametrize(
    ("value", "unit", "precision", "text"),
    [
        (3.4, "px", 2, f"3.40{NB}px"),
        (-1204.0, "", None, "\u22121,204"),
        (7466, "rows", None, f"7,466{NB}rows"),
        (0.05, "", None, "0.05000"),
        (0.04567, "", 3, "0.046"),
        (-0.001, "", 2, "0.00"),
        (-0.0, "", 1, "0.0"),
        (math.nan, "px", 2, "not a number"),
        (math.inf, "", None, "infinite"),
        (-math.inf, "", None, "\u2212infinite"),
    ],
)
def test_numbers_in_english(value, unit, precision, text):
    assert format_number(value, unit, precision, locale=ENGLISH) == text


def test_numbers_in_german():
    assert format_number(-1234.5, "px", 2, locale=GERMAN) == f"\u22121.234,50{NB}px"
    assert parse_number("1.234,5", locale=GERMAN) == 1234.5


def test_changes_always_carry_their_sign():
    assert format_change(1.3, "px", 2, locale=ENGLISH) == f"+1.30{NB}px"
    assert format_change(-126, locale=ENGLISH) == "\u2212126"


def test_a_range_names_its_unit_once():
    assert format_range(1, 8896, "px", 1, locale=ENGLISH) == f"1.0 to 8,896.0{NB}px"


def test_counts_are_grouped():
    assert format_count(1_500, locale=ENGLISH) == "1,500"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.6, f"0.6{NB}s"), (9.96, f"10{NB}s"), (34.2, f"34{NB}s"), (59.6, f"1{NB}min 00{NB}s"),
        (125, f"2{NB}min 05{NB}s"), (4790, f"about 1{NB}h 20{NB}min"), (7200, f"about 2{NB}h"),
    ],
)
def test_durations(seconds, text):
    assert format_duration(seconds, locale=ENGLISH) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(18_000, f"18{NB}kB"), (7_800_000_000, f"7.8{NB}GB"), (999, f"999{NB}B"), (999_700, f"1.0{NB}MB"),
     (5e15, f"5,000{NB}TB")],
)
def test_sizes(count, text):
    assert format_bytes(count, locale=ENGLISH) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [("3.4", 3.4), (" 3.40 px ", 3.4), ("\u22122", -2.0), ("+5", 5.0), ("1,204", 1204.0), ("1e-3", 1e-3),
     ("", None), ("three", None), ("inf", None), ("nan", None)],
)
def test_reading_what_a_hand_types(text, number):
    assert parse_number(text, "px", locale=ENGLISH) == number


@given(st.floats(-1e6, 1e6), st.sampled_from([ENGLISH, GERMAN]), st.sampled_from(["", "px", "of 255"]))
def test_what_is_written_can_be_read_back(value, locale, unit):
    text = format_number(value, unit, 3, locale=locale)
    assert parse_number(text, unit, locale=locale) == pytest.approx(value, abs=5.001e-4)


@pytest.mark.parametrize(
    ("values", "decimals"),
    [((0.0, 0.7814), 4), ((9e-6, 0.999991), 4), ((2440.0, 3448.0), 0), ((15.0, 15.4), 2), ((0.2, 1.0), 3),
     ((math.nan, 0.25), 4), ((math.inf,), 0)],
)
def test_numbers_side_by_side_have_the_decimals_of_the_largest(values, decimals):
    assert shared_precision(*values) == decimals

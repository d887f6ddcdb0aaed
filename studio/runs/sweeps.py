"""Sweeps: many runs of one method that differ in one to three settings and in their seeds."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from PySide6.QtCore import QCoreApplication

from widgets.controls.schema import Field, plain

MOST_SETTINGS, MOST_RUNS, MOST_VALUES = 3, 500, 100

_RANGE = re.compile(r"(?P<low>.+?)\s+to\s+(?P<high>.+?)\s+in\s+(?P<count>\d+)(?P<log>\s+log)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Variant:
    """One run of a sweep: its place from 1, what differs, and its seed."""

    place: int
    settings: Mapping[str, Any]
    seed: int


@dataclass(frozen=True)
class Sweep:
    """Every combination of the values, with every seed.

    Attributes:
        vary: Values by setting.
    """

    vary: Mapping[str, tuple[Any, ...]]
    seeds: tuple[int, ...] = (0,)

    def __len__(self) -> int:
        return math.prod(map(len, self.vary.values())) * len(self.seeds)

    def variants(self) -> Iterator[Variant]:
        """The runs in order: seeds next to each other, the last setting turning fastest."""
        place = 0
        for values in product(*self.vary.values()):
            for seed in self.seeds:
                place += 1
                yield Variant(place, dict(zip(self.vary, values, strict=True)), seed)

    def name(self) -> str:
        """"sweep over penalty and noise"."""
        over = [*self.vary, *([_tr("seeds")] if len(self.seeds) > 1 else [])]
        return _tr("sweep over {}").format(_tr(" and ").join(over))

    def title(self, variant: Variant) -> str:
        """"3 of 12, sweep over penalty"."""
        return _tr("{} of {}, {}").format(variant.place, len(self), self.name())


def read_values(text: str, field: Field, read: Callable[[str], Any] | None = None) -> tuple[Any, ...]:
    """What was typed for a setting: values between semicolons or commas, or "0.01 to 1 in 5", at the end "log".

    Args:
        read: Reads one value, written as a program writes it; None: as the field does, by the locale.

    Raises:
        ValueError: with the sentence that stands under the field.
    """
    one = read or field.read
    bare = text.strip()
    found = _RANGE.match(bare) if field.kind in ("whole", "number") else None
    if found is not None:
        values = _spaced(found, field, one)
    else:
        decimal_comma = read is None and "," in plain(0.5)
        values = [one(part) for part in _parts(bare, field, one, decimal_comma)]
    kept = tuple(value for place, value in enumerate(values) if value not in values[:place])
    if not kept:
        raise ValueError(_tr("Give values, such as {}.").format(example(field)))
    if len(kept) > MOST_VALUES:
        raise ValueError(_tr("At most {} values.").format(MOST_VALUES))
    return kept


def example(field: Field) -> str:
    """How values of a setting may be written."""
    if field.kind in ("whole", "number") and isinstance(field.default, int | float) and field.default:
        text = field.text(field.default)
        other = field.text(field.default * 2)
        return _tr("{}; {}, or {} to {} in 5").format(text, other, text, other)
    return field.text(field.default)


def _spaced(found: re.Match[str], field: Field, read: Callable[[str], Any]) -> list[Any]:
    low, high, count = read(found["low"]), read(found["high"]), int(found["count"])
    if not all(isinstance(end, int | float) and math.isfinite(end) for end in (low, high)):
        raise ValueError(_tr("Both ends must be numbers."))
    if count < 2 or count > MOST_VALUES:
        raise ValueError(_tr("From 2 to {} values.").format(MOST_VALUES))
    if found["log"]:
        if low <= 0 or high <= 0:
            raise ValueError(_tr("With log both ends must be more than 0."))
        made = [low * (high / low) ** (i / (count - 1)) for i in range(count)]
    else:
        made = [low + (high - low) * i / (count - 1) for i in range(count)]
    made[-1] = high
    if field.kind == "whole":
        return [round(value) for value in made]
    return [float(f"{value:.12g}") for value in made]


def _parts(text: str, field: Field, read: Callable[[str], Any], decimal_comma: bool) -> list[str]:
    """Parts between semicolons; else between commas, unless the comma belongs to a number."""
    if ";" in text or field.kind in ("numbers", "json"):
        parts = text.split(";")
    elif field.kind not in ("whole", "number"):
        parts = text.split(",")
    elif _can_be(text, read):
        parts = [text]
    elif decimal_comma:                                 # commas part only with a space
        parts = re.split(r",?\s+", text)
    else:
        parts = text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _can_be(text: str, read: Callable[[str], Any]) -> bool:
    try:
        return isinstance(read(text), int | float)
    except ValueError:
        return False


def _tr(text: str) -> str:
    return QCoreApplication.translate("sweeps", text)

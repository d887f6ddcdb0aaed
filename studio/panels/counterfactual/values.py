"""Values of a factor to walk through, and how they are written."""

from __future__ import annotations

import numpy as np

from engines.contract import Choice, Control, Slider
from studio.question.wording import value_text


def walk(control: Control, count: int, fixed: list[float | str]) -> tuple[float | str, ...]:
    """`count` values over the range of the data that hold those in `fixed`; every level of a choice."""
    match control:
        case Slider(low=low, high=high):
            numbers = [float(value) for value in fixed if not isinstance(value, str) and value == value]
            return with_values([float(value) for value in np.linspace(low, high, count)], numbers)
        case Choice(options=options):
            return options
    return ()


def with_values(grid: list[float], fixed: list[float]) -> tuple[float, ...]:
    """The grid with each of the fixed values in the place of its nearest neighbour, in order."""
    free = list(grid)
    for value in dict.fromkeys(fixed):
        free.remove(min(free, key=lambda other: abs(other - value)))
    return tuple(sorted([*free, *dict.fromkeys(fixed)]))


def bare_text(value: float | str, control: Control) -> str:
    """A value without its unit, where the unit stands elsewhere."""
    if isinstance(control, Slider) and not isinstance(value, str):
        return value_text(value, Slider(control.name, 0, 1, (0, 1), decimals=control.decimals))
    return str(value)

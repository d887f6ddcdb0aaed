"""How a group of points or rows looks by the part that it plays: a counterfactual in accent, a factual in grey."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor

from widgets.theme import Series, Theme

_ORDER = {"factual": 1, "counterfactual": 2}


def role_at(roles: Sequence[str], index: int) -> str:
    """The role of a group; plain where none was given."""
    return roles[index] if index < len(roles) else "plain"


def stands_out(roles: Sequence[str], index: int) -> bool:
    """Whether a group is more than one among others."""
    return role_at(roles, index) in _ORDER


def series_at(roles: Sequence[str], index: int, theme: Theme) -> Series:
    """Marker and dash of the group's place, in the colour of its role."""
    series = theme.series(index)
    colour = {"factual": theme.t2, "counterfactual": theme.acc}.get(role_at(roles, index))
    return series if colour is None else Series(series.name, QColor(colour), series.dash, series.marker, False)


def painted_in(roles: Sequence[str], count: int) -> list[int]:
    """Places of `count` groups in the order in which they are painted: what stands out lies on top."""
    return sorted(range(count), key=lambda index: _ORDER.get(role_at(roles, index), 0))

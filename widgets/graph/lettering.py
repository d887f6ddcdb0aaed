"""Fonts and widths of the texts in the graph, kept because a large graph asks for the same ones at every frame."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from widgets.theme import FontRole, font


@lru_cache(maxsize=64)
def text_font(role: FontRole, scale: float, weight: int = 0, *, italic: bool = False) -> QFont:
    return font(role, scale=scale, weight=weight or None, italic=italic)


@lru_cache(maxsize=4096)
def width_of(text: str, role: FontRole, scale: float, weight: int = 0) -> float:
    return QFontMetricsF(text_font(role, scale, weight)).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def elided(text: str, role: FontRole, scale: float, room: int) -> str:
    """The text, its middle left out where it is wider than `room` px."""
    return QFontMetricsF(text_font(role, scale)).elidedText(text, Qt.TextElideMode.ElideMiddle, room)

"""The theme as a value: every colour of one scheme, the scale of its text, how much may move.

The colours come from `resources/theme.json`, the only place that holds them. Names and use are those of that file:
bg0 window, bg1 panel, bg2 inset, bg3 hover, bg4 pressed, line hairline, strong borders, ink buttons and selection,
t1 to t3 text, acc the counterfactual and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

from PySide6.QtGui import QColor

Scheme = Literal["light", "dark"]
_READABLE = 7.05        # to 1, in high contrast; a little over 7, for colours are rounded to eight bits


@dataclass(frozen=True)
class Series:
    """How one line or group of points is drawn: colour, dash lengths in px (empty: solid) and marker."""

    name: str
    colour: QColor
    dash: tuple[float, ...]
    marker: Literal["disc", "square", "triangle", "diamond"]
    open: bool


@dataclass(frozen=True)
class Colours:
    """The colours of one scheme, by the names that the whole program uses."""

    bg0: QColor
    bg1: QColor
    bg2: QColor
    bg3: QColor
    bg4: QColor
    line: QColor
    strong: QColor
    paper: QColor
    shadow: QColor
    ink: QColor
    on_ink: QColor
    t1: QColor
    t2: QColor
    t3: QColor
    acc: QColor
    acc_tint: QColor
    on_acc: QColor
    ok: QColor
    warn: QColor
    err: QColor
    info: QColor
    okt: QColor
    warnt: QColor
    errt: QColor
    infot: QColor


COLOUR_NAMES = tuple(field.name for field in fields(Colours))


@dataclass(frozen=True)
class Theme(Colours):
    """Colours of the scheme in force, with text scale, motion and contrast. Widgets read it when they paint."""

    scheme: Scheme
    scale: float = 1.0
    motion: bool = True
    high_contrast: bool = False

    @staticmethod
    def of(scheme: Scheme, *, scale: float = 1.0, motion: bool = True, high_contrast: bool = False) -> Theme:
        """The theme of a scheme; `scale` 1.0 is 100 % text, without `motion` all durations are 0."""
        colours = {name: QColor(table()[scheme][name]) for name in COLOUR_NAMES}
        theme = Theme(**colours, scheme=scheme, scale=scale, motion=motion, high_contrast=high_contrast)
        return _contrasted(theme) if high_contrast else theme

    @staticmethod
    def current() -> Theme:
        """The theme that the application shows now."""
        from widgets.theme.appearance import appearance

        return appearance().theme()

    @property
    def dark(self) -> bool:
        return self.scheme == "dark"

    @property
    def border(self) -> int:
        """Width of ordinary borders, px."""
        return 2 if self.high_contrast else 1

    def colour(self, name: str) -> QColor:
        """A colour by its name in the theme file, as `t2` or `acc`."""
        return QColor(getattr(self, name))

    def px(self, length: float) -> int:
        """A length of the design, scaled with the text: for heights and widths that hold text."""
        return round(length * self.scale)

    def duration(self, milliseconds: int) -> int:
        """How long a change of state may take, ms; 0 where motion is reduced."""
        return milliseconds if self.motion else 0

    def series(self, index: int) -> Series:
        """Look of the series `index` (from 0). From the ninth on all share one grey: colour by group there."""
        rows = table()["series"]
        if index >= len(rows):
            return Series("rest", QColor(self.strong), (), "disc", False)
        row = rows[index]
        return Series(row["name"], QColor(row[self.scheme]), tuple(row["dash"]), row["marker"], row["open"])

    def diverging_stops(self) -> list[QColor]:
        """Colours at -1, -0.5, 0, 0.5 and 1: blue is less, orange is more, zero is the surface."""
        return [QColor(value) for value in table()["diverging"][self.scheme]]


@cache
def table() -> Mapping[str, Any]:
    """The theme file."""
    return MappingProxyType(json.loads(resources.files("resources").joinpath("theme.json").read_text("utf-8")))


def faded(colour: QColor, opacity: float) -> QColor:
    """The same colour at an opacity in [0, 1]."""
    result = QColor(colour)
    result.setAlphaF(colour.alphaF() * opacity)
    return result


def _contrasted(theme: Theme) -> Theme:
    """High contrast: hairlines become borders, all text is first text, signs are deeper, tints go."""
    return replace(
        theme, acc=_deepened(theme.acc, theme), ok=_deepened(theme.ok, theme), warn=_deepened(theme.warn, theme),
        err=_deepened(theme.err, theme), info=_deepened(theme.info, theme),
        line=theme.strong, strong=theme.t2, t2=theme.t1, t3=theme.t1,
        acc_tint=theme.bg1, okt=theme.bg1, warnt=theme.bg1, errt=theme.bg1, infot=theme.bg1,
    )


def _deepened(colour: QColor, theme: Theme) -> QColor:
    """A colour brought as near to the first text as it takes to be read at 7 to 1 on every ground."""
    for step in range(21):
        share = step / 20
        red, green, blue = (
            one + (other - one) * share
            for one, other in zip(_channels(colour), _channels(theme.t1), strict=True)
        )
        deep = QColor.fromRgbF(red, green, blue)
        if min(_contrast(deep, ground) for ground in (theme.bg0, theme.bg1, theme.bg2, theme.bg3)) >= _READABLE:
            return deep
    return QColor(theme.t1)


def _contrast(one: QColor, other: QColor) -> float:
    """The ratio of two luminances as WCAG 2 has it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()

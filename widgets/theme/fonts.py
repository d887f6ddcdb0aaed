"""The type scale: Inter in nine roles, digits of one width, no hinting.

Sizes are px at 100 % text. `font("body")` follows the text scale of the theme in force; figures use tabular digits
everywhere, so that numbers do not dance while they change.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import Literal, NamedTuple

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase

from widgets.theme.value import Theme

FontRole = Literal[
    "display", "sentence", "section", "card", "body", "button", "title", "second", "caption", "strong_caption", "noise"
]


class _Size(NamedTuple):
    size: int
    line: int
    weight: int


SIZES: dict[FontRole, _Size] = {
    "display": _Size(28, 36, 600),
    "sentence": _Size(15, 24, 500),
    "section": _Size(15, 24, 600),
    "card": _Size(14, 20, 600),
    "body": _Size(13, 20, 400),
    "button": _Size(13, 20, 500),
    "title": _Size(13, 20, 600),
    "second": _Size(12, 18, 400),
    "caption": _Size(11, 16, 400),
    "strong_caption": _Size(11, 16, 500),
    "noise": _Size(10, 14, 500),
}

_DIGITS = QFont.Tag("tnum")
_HYPHENATED = re.compile(r"[^\W\d]-|-[^\W\d]")


def font(role: FontRole = "body", *, weight: int | None = None, italic: bool = False, scale: float = 0) -> QFont:
    """The font of a role. `weight` 400, 500 or 600 overrides the role's own; `scale` 0 means the theme's."""
    size = SIZES[role]
    pixels = round(size.size * (scale or Theme.current().scale))
    return QFont(_made(family(), pixels, weight or size.weight, italic))


@lru_cache(maxsize=256)
def _made(family: str, pixels: int, weight: int, italic: bool) -> QFont:
    result = QFont(family)
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight(weight))
    result.setItalic(italic)
    result.setFeature(_DIGITS, 1)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


def worded(face: QFont, text: str) -> QFont:
    """The font for a text: tabular digits would also widen Inter's hyphen, so text with a hyphenated word has none."""
    if "-" not in text or not _HYPHENATED.search(text):
        return face
    result = QFont(face)
    result.unsetFeature(_DIGITS)
    return result


def fixed_font(role: FontRole = "second") -> QFont:
    """The system's fixed font at the size of a role, for logs and code."""
    result = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    result.setPixelSize(round(SIZES[role].size * Theme.current().scale))
    return result


def line_height(role: FontRole) -> int:
    """Height of one line of a role, px, at the theme's text scale."""
    return round(SIZES[role].line * Theme.current().scale)


@cache
def family() -> str:
    """Name of the interface's family; loads the shipped file into the font database once."""
    for file in resources.files("resources").joinpath("fonts").iterdir():
        if file.name.endswith(".ttf") and "Italic" not in file.name:
            number = QFontDatabase.addApplicationFontFromData(QByteArray(file.read_bytes()))
            if families := QFontDatabase.applicationFontFamilies(number):
                return families[0]
    return "Inter"

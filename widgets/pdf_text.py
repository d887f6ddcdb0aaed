"""The words of a PDF, so that they can be searched and copied: which letter each drawn glyph stands for.

Qt names a glyph by the first code point that the font gives it. Digits of one width, and signs set for capitals, have
one in the private area only: without this "3.4" would be copied as signs that nobody can read.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtGui import QFont, QRawFont, QTextLayout

from widgets.theme import font

_PRIVATE = range(0xE000, 0xF900)
_NEIGHBOURS = (("", ""), ("", "0"), ("0", ""), ("0", "0"), ("A", "A"), ("a", "a"))      # signs adapt to them
_LETTERS = (*map(chr, range(0x21, 0x180)), *"−–—±×÷≤≥≈→←°·′″")


def with_letters(pdf: bytes) -> bytes:
    """A PDF of Qt's writer in which glyphs stand for letters; every byte stays in its place."""
    return re.sub(rb"begincmap.*?endcmap", _table_with_letters, pdf, flags=re.DOTALL)


def _table_with_letters(table: re.Match[bytes]) -> bytes:
    letters = _letters()

    def letter(code: re.Match[bytes]) -> bytes:
        known = letters.get(int(code.group(1), 16))
        return code.group(0) if known is None else b"<%04X>" % ord(known)

    return re.sub(rb"<([EeFf][0-9A-Fa-f]{3})>", letter, table.group(0))


@lru_cache(maxsize=1)
def _letters() -> dict[int, str]:
    """Letters by the private code point of the glyph that they are drawn with."""
    face = font("body", scale=1)
    raw = QRawFont.fromFont(face)
    private: dict[int, int] = {}
    for code in _PRIVATE:
        (glyph,) = raw.glyphIndexesForString(chr(code))
        if glyph:
            private.setdefault(glyph, code)
    found: dict[int, str] = {}
    for before, after in _NEIGHBOURS:
        for letter in _LETTERS:
            glyphs = _glyphs(before + letter + after, face)
            if len(glyphs) == len(before + letter + after) and glyphs[len(before)] in private:
                found.setdefault(private[glyphs[len(before)]], letter)
    return found


def _glyphs(text: str, face: QFont) -> list[int]:
    layout = QTextLayout(text, face)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]

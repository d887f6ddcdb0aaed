"""What is shipped: each icon draws something in the colour it is given, the font has what the theme asks of it."""

from __future__ import annotations

from importlib import resources

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QImage, QPainter, QRawFont
from PySide6.QtSvg import QSvgRenderer

RED = (255, 0, 0, 255)


def drawn(source: str) -> set[tuple[int, ...]]:
    """The opaque colours of a drawing at twice its size."""
    image = QImage(48, 48, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(source.encode())).render(painter)
    painter.end()
    colours = {image.pixelColor(x, y).getRgb() for x in range(48) for y in range(48)}
    return {colour for colour in colours if colour[3] == 255}


def test_icons_draw_in_the_colour_they_are_given(qapp):
    files = [file for file in resources.files("resources").joinpath("icons").iterdir() if file.name.endswith(".svg")]
    sources = {file.name: file.read_text("utf-8") for file in files}
    assert len(sources) > 100
    colours = {name: drawn(source.replace("currentColor", "#ff0000")) for name, source in sources.items()}
    assert {name for name, found in colours.items() if found != {RED}} == set()


@pytest.fixture
def inter(qapp) -> str:
    data = resources.files("resources").joinpath("fonts", "Inter.ttf").read_bytes()
    number = QFontDatabase.addApplicationFontFromData(QByteArray(data))
    return QFontDatabase.applicationFontFamilies(number)[0]


def test_font_has_even_digits_three_weights_and_the_signs_of_the_interface(inter):
    plain, even = QFont(inter), QFont(inter)
    even.setFeature(QFont.Tag("tnum"), 1)
    assert QFontMetricsF(plain).horizontalAdvance("1111") < QFontMetricsF(plain).horizontalAdvance("8888")
    assert QFontMetricsF(even).horizontalAdvance("1111") == QFontMetricsF(even).horizontalAdvance("8888")
    widths = []
    for weight in (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold):
        plain.setWeight(weight)
        widths.append(QFontMetricsF(plain).horizontalAdvance("counterfactual"))
    assert widths == sorted(set(widths))
    raw = QRawFont.fromFont(plain)
    assert [sign for sign in "→−×≥≤±σμ…·²" if not raw.supportsCharacter(ord(sign))] == []


def test_licences_travel_with_font_and_icons():
    for folder, words in (("fonts", "SIL Open Font License"), ("icons", "ISC License")):
        text = resources.files("resources").joinpath(folder, "LICENSE.txt").read_text("utf-8")
        assert words.casefold() in text.casefold()

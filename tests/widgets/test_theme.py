"""The tables of colour hold what they promise, nothing else holds colours, and a switch reaches every widget."""

import io
import re
import tokenize
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.theme import Theme, appearance, diverging, font, icon_pixmap, sequential, weights, worded
from widgets.theme.fonts import SIZES
from widgets.theme.motion import linux_reduces_motion
from widgets.theme.palette import palette
from widgets.theme.value import table

ROOT = Path(__file__).parents[2]

# Ratios as announced, on bg0, bg1, bg2, bg3.
RATIOS = {
    "light": {
        "t1": (14.19, 16.94, 15.54, 14.32), "t2": (6.08, 7.26, 6.66, 6.14), "t3": (4.74, 5.66, 5.19, 4.78),
        "acc": (4.70, 5.61, 5.15, 4.74), "ok": (5.01, 5.98, 5.49, 5.06), "warn": (5.12, 6.11, 5.61, 5.17),
        "err": (5.95, 7.10, 6.52, 6.00), "info": (4.91, 5.86, 5.38, 4.95), "strong": (3.05, 3.64, 3.34, 3.07),
    },
    "dark": {
        "t1": (16.58, 15.13, 13.63, 11.94), "t2": (9.11, 8.31, 7.49, 6.56), "t3": (6.57, 5.99, 5.40, 4.73),
        "acc": (8.09, 7.38, 6.65, 5.83), "ok": (8.53, 7.78, 7.01, 6.14), "warn": (10.11, 9.22, 8.31, 7.28),
        "err": (7.25, 6.61, 5.96, 5.22), "info": (8.82, 8.04, 7.25, 6.35), "strong": (4.59, 4.19, 3.77, 3.31),
    },
}
PAIRS = {
    "light": {("on_acc", "acc"): 5.76, ("on_ink", "ink"): 17.39, ("acc", "acc_tint"): 4.89},
    "dark": {("on_acc", "acc"): 8.13, ("on_ink", "ink"): 15.89, ("acc", "acc_tint"): 6.15},
}
TINTS = {"light": 5.08, "dark": 5.99}
SERIES = {
    "light": ((9.72, 8.92), (3.29, 3.02), (3.74, 3.43), (8.20, 7.52), (3.46, 3.18), (4.24, 3.89), (5.21, 4.78),
              (11.31, 10.37)),
    "dark": ((4.80, 4.32), (11.17, 10.07), (7.62, 6.87), (5.12, 4.61), (3.33, 3.00), (3.40, 3.07), (3.89, 3.51),
             (10.92, 9.85)),
}
DIVERGING_ENDS = {"light": (8.18, 6.53), "dark": (9.40, 9.11)}


def luminance(colour: QColor) -> float:
    channels = np.array([colour.red(), colour.green(), colour.blue()]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return Theme.of(request.param)


def test_contrast_itself():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


def test_text_and_signs_have_the_announced_contrast(theme):
    for name, ratios in RATIOS[theme.scheme].items():
        for ground, announced in zip(("bg0", "bg1", "bg2", "bg3"), ratios, strict=True):
            measured = contrast(theme.colour(name), theme.colour(ground))
            assert measured == pytest.approx(announced, abs=0.0051), f"{name} on {ground}"
            assert measured >= (3 if name == "strong" else 4.5)


def test_pairs_and_tints_have_the_announced_contrast(theme):
    for (text, ground), announced in PAIRS[theme.scheme].items():
        measured = contrast(theme.colour(text), theme.colour(ground))
        assert measured == pytest.approx(announced, abs=0.0051), (text, ground)
    signs = [contrast(theme.colour(name), theme.colour(f"{name}t")) for name in ("ok", "warn", "err", "info")]
    assert min(signs) == pytest.approx(TINTS[theme.scheme], abs=0.0051)
    texts = [contrast(theme.t1, theme.colour(f"{name}t")) for name in ("ok", "warn", "err", "info")]
    assert min(texts) >= 12.48 - 0.0051


def test_first_and_second_text_can_be_read_on_pressed_grounds(theme):
    assert contrast(theme.t1, theme.bg4) >= 4.5
    assert contrast(theme.t2, theme.bg4) >= 4.5


def test_series_have_the_announced_contrast(theme):
    for index, ratios in enumerate(SERIES[theme.scheme]):
        series = theme.series(index)
        for ground, announced in zip((theme.bg1, theme.bg2), ratios, strict=True):
            assert contrast(series.colour, ground) == pytest.approx(announced, abs=0.0051), series.name


def test_no_two_series_share_dash_and_marker_and_the_ninth_is_grey(theme):
    looks = {(series.dash, series.marker, series.open) for series in map(theme.series, range(8))}
    assert len(looks) == 8
    assert theme.series(8).colour == theme.series(30).colour == theme.strong


def test_diverging_map_is_the_surface_at_zero_and_symmetric_in_sense(theme):
    lut = diverging(theme)
    stops = theme.diverging_stops()
    assert tuple(lut[128]) == stops[2].getRgb()
    assert tuple(lut[0]) == stops[0].getRgb()
    assert tuple(lut[64]) == stops[1].getRgb()
    assert tuple(lut[-1]) == stops[4].getRgb()
    assert lut[0, 2] > lut[0, 0]
    assert lut[-1, 0] > lut[-1, 2]
    ends = tuple(contrast(stop, theme.bg1) for stop in (stops[0], stops[4]))
    assert ends == pytest.approx(DIVERGING_ENDS[theme.scheme], abs=0.0051)


def test_sequential_map_grows_in_lightness_and_weights_start_at_the_surface(theme):
    values = [luminance(QColor(*row.tolist())) for row in sequential()]
    assert np.all(np.diff(values) > -0.002)
    assert values[-1] > values[0] + 0.5
    lut = weights(theme)
    assert tuple(lut[0]) == theme.bg1.getRgb()
    assert tuple(lut[-1]) == theme.t1.getRgb()


def test_high_contrast_has_no_second_text_and_no_tints(theme):
    high = Theme.of(theme.scheme, high_contrast=True)
    assert high.t2 == high.t3 == theme.t1
    assert high.line == theme.strong
    assert high.acc_tint == high.errt == theme.bg1
    assert high.border == 2
    assert theme.border == 1


def test_in_high_contrast_all_that_is_read_has_seven_to_one(theme):
    high = Theme.of(theme.scheme, high_contrast=True)
    grounds = [high.colour(name) for name in ("bg0", "bg1", "bg2", "bg3")]
    for name in ("t1", "t2", "t3", "acc", "ok", "warn", "err", "info"):
        for ground in grounds:
            assert contrast(high.colour(name), QColor(ground.name())) >= 7, name
    assert contrast(high.on_acc, high.acc) >= 7
    assert contrast(high.on_ink, high.ink) >= 7
    assert min(contrast(high.line, ground) for ground in grounds) >= 3
    assert len({high.colour(name).name() for name in ("acc", "ok", "warn", "err", "info", "t1")}) == 6


@pytest.mark.parametrize("high", [False, True])
def test_the_ring_of_focus_stands_out_from_every_ground(theme, high):
    shown = Theme.of(theme.scheme, high_contrast=high)
    for name in ("bg0", "bg1", "bg2", "bg3", "bg4", "acc_tint"):
        assert contrast(shown.ink, shown.colour(name)) >= 3, name


def test_reduced_motion_takes_no_time(theme):
    assert theme.duration(120) == 120
    assert Theme.of(theme.scheme, motion=False).duration(120) == 0


def test_platform_settings_of_motion_are_read(tmp_path):
    assert not linux_reduces_motion(tmp_path)
    (tmp_path / "kdeglobals").write_text("[KDE]\nAnimationDurationFactor=0\n")
    assert linux_reduces_motion(tmp_path)
    (tmp_path / "kdeglobals").write_text("no section at all")
    assert not linux_reduces_motion(tmp_path)
    (tmp_path / "gtk-4.0").mkdir()
    (tmp_path / "gtk-4.0" / "settings.ini").write_text("[Settings]\ngtk-enable-animations=false\n")
    assert linux_reduces_motion(tmp_path)


def strings(source: str) -> list[tokenize.TokenInfo]:
    """The string tokens of a module."""
    kinds = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    return [token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type in kinds]


def strays(source: str) -> list[str]:
    """Places of a module that hold a colour by value."""
    hexes = re.compile(r"#(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3,4})(?![0-9A-Za-z_])")
    found = [f"line {token.start[0]}: {token.string}" for token in strings(source) if hexes.search(token.string)]
    by_number = re.compile(r"QColor\(\s*(?:\d|0x)|QColor\.from(?:Rgb|Hsv|Hsl)F?\(\s*\d")
    return found + [match.group() for match in by_number.finditer(source)]


def test_the_search_for_strays_finds_strays():
    assert strays('ground = "#FCFCFB"')
    assert strays('sheet = "color: #fff;"')
    assert strays("QColor(12, 13, 14)")
    assert not strays("# see #123\nname = 'issue number 5'")


def test_no_colour_stands_outside_the_theme_file():
    files = [file for folder in ("studio", "widgets", "engines") for file in (ROOT / folder).rglob("*.py")]
    assert files
    found = {str(file.relative_to(ROOT)): strays(file.read_text("utf-8")) for file in files}
    assert not {name: places for name, places in found.items() if places}


def test_fonts_have_one_width_for_all_digits(qapp):
    from PySide6.QtGui import QFontMetricsF

    for role, size in SIZES.items():
        metrics = QFontMetricsF(font(role, scale=1))
        assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))
        assert font(role, scale=1).pixelSize() == size.size
        assert size.size >= 11 or role == "noise"
    assert font("body", scale=1.5).pixelSize() == 20


def test_hyphenated_words_keep_a_narrow_hyphen_and_dates_their_digits(qapp):
    from PySide6.QtGui import QFontMetricsF

    plain = font("body")
    assert QFontMetricsF(worded(plain, "x-rays")).horizontalAdvance("-") < QFontMetricsF(plain).horizontalAdvance("-")
    assert worded(plain, "2026-11-24") == plain
    assert worded(plain, "1,111") == plain


def test_text_survives_signs_outside_ascii(qapp):
    from PySide6.QtGui import QRawFont

    raw = QRawFont.fromFont(font("body"))
    assert all(raw.supportsCharacter(ord(sign)) for sign in "→≥σμ−×…")


def test_an_icon_is_drawn_in_the_asked_colour_at_the_device_ratio(qapp):
    picture = icon_pixmap("square", QColor("red"), 16, 2.0)
    assert picture.size().width() == 32
    assert picture.devicePixelRatio() == 2.0
    image = picture.toImage()
    opaque = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255]
    assert opaque
    assert all(colour == QColor("red") for colour in opaque)


def test_an_unknown_icon_is_named(qapp):
    with pytest.raises(LookupError, match="no-such-icon"):
        icon_pixmap("no-such-icon", QColor("red"))


def test_the_palette_follows_the_theme(theme):
    colours = palette(theme)
    assert colours.window().color() == theme.bg0
    assert colours.base().color() == theme.bg1
    assert colours.highlight().color() == theme.ink


class Ground(QWidget):
    """Paints the window colour; counts its paintings."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1
        QPainter(self).fillRect(QRect(0, 0, 50, 50), Theme.current().bg0)


def colour_of(widget: QWidget) -> QColor:
    image: QImage = widget.grab().toImage()
    return image.pixelColor(5, 5)


def test_switching_the_theme_repaints_what_is_shown(qtbot, dressed):
    ground = Ground()
    qtbot.addWidget(ground)
    ground.resize(50, 50)
    ground.show()
    qtbot.waitUntil(lambda: ground.painted > 0)
    appearance().set_scheme("light")
    assert colour_of(ground) == Theme.of("light").bg0
    before = ground.painted
    with qtbot.waitSignal(appearance().changed):
        appearance().set_scheme("dark")
    qtbot.waitUntil(lambda: ground.painted > before)
    assert colour_of(ground) == Theme.of("dark").bg0
    assert dressed.palette().window().color() == Theme.of("dark").bg0


def test_choosing_the_same_again_changes_nothing(qtbot, dressed):
    appearance().set_scheme("dark")
    with qtbot.assertNotEmitted(appearance().changed):
        appearance().set_scheme("dark")


def test_text_scale_is_held_within_its_range_and_reaches_fonts(dressed):
    appearance().set_text_scale(400)
    assert appearance().text_scale() == 150
    assert font("body").pixelSize() == 20
    assert dressed.font().pixelSize() == 20
    assert Theme.current().px(28) == 42
    appearance().set_text_scale(10)
    assert appearance().text_scale() == 90


def test_every_scheme_has_every_colour():
    for scheme in ("light", "dark"):
        assert all(Theme.of(scheme).colour(name).isValid() for name in table()[scheme])

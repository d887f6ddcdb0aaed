"""Pictures stay what they are: whole multiples, exact values, differences round zero."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.pictures import difference, draw_image, fitted, heat_over, image_of, mapped, mean_change
from widgets.theme import Theme


@pytest.mark.parametrize(
    ("size", "room", "ratio", "side"),
    [
        ((28, 28), 282, 1.0, 280), ((28, 28), 256, 1.0, 252), ((64, 64), 282, 1.0, 256), ((28, 28), 84, 1.0, 84),
        ((28, 28), 280, 1.5, 420 / 1.5), ((28, 28), 283, 1.5, 420 / 1.5), ((512, 512), 280, 1.0, 256),
    ],
)
def test_a_picture_is_shown_at_whole_multiples_of_device_pixels(size, room, ratio, side):
    assert fitted(size, room, ratio).width() == pytest.approx(side)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(8, 500), st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_a_picture_never_leaves_its_square(height, width, room, ratio):
    shown = fitted((height, width), room, ratio)
    assert max(shown.width(), shown.height()) <= room + 1 / ratio


def painted(picture: np.ndarray, side: int) -> QImage:
    canvas = QImage(side, side, QImage.Format.Format_RGB32)
    canvas.fill(QColor("red"))
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    draw_image(painter, QRectF(0, 0, side, side), image_of(picture))
    painter.end()
    return canvas


def test_every_pixel_becomes_a_block_of_its_value(qapp):
    picture = np.random.default_rng(0).integers(0, 256, (7, 7, 3), dtype=np.uint8)
    canvas = painted(picture, 70)
    for y in range(70):
        for x in range(70):
            assert QColor(canvas.pixel(x, y)).getRgb()[:3] == tuple(picture[y // 10, x // 10])


def test_grey_pictures_stay_grey(qapp):
    picture = np.arange(16, dtype=np.uint8).reshape(4, 4, 1) * 17
    canvas = painted(picture, 8)
    assert QColor(canvas.pixel(7, 7)).getRgb()[:3] == (255, 255, 255)
    assert QColor(canvas.pixel(0, 0)).getRgb()[:3] == (0, 0, 0)
    assert QColor(canvas.pixel(2, 0)).getRgb()[:3] == (17, 17, 17)


def test_a_difference_is_signed_and_counts_channels_alike():
    before = np.zeros((2, 2, 3), dtype=np.uint8)
    after = before.copy()
    after[0, 0] = (30, 60, 90)
    np.testing.assert_array_equal(difference(before, after), [[60, 0], [0, 0]])
    np.testing.assert_array_equal(difference(after, before), [[-60, 0], [0, 0]])
    assert mean_change(before, after) == pytest.approx(180 / 12)
    assert difference(np.full((1, 1, 1), 250, np.uint8), np.full((1, 1, 1), 5, np.uint8))[0, 0] == -245


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_zero_is_the_surface_and_the_ends_are_symmetric(qapp, scheme):
    theme = Theme.of(scheme)
    image = mapped(np.array([[-255.0, 0.0, 255.0, np.nan, 999.0]]), 255, theme)
    stops = [stop.getRgb() for stop in theme.diverging_stops()]
    colours = [image.pixelColor(x, 0).getRgb() for x in range(5)]
    assert colours == [stops[0], stops[2], stops[4], stops[2], stops[4]]


def test_heat_leaves_the_picture_where_there_is_none(qapp):
    picture = np.full((1, 2, 1), 100, dtype=np.uint8)
    image = heat_over(picture, np.array([[0.0, 1.0]]), Theme.of("light"))
    assert image.pixelColor(0, 0).getRgb()[:3] == (100, 100, 100)
    warm = image.pixelColor(1, 0)
    assert warm.red() > warm.blue() + 80


def test_a_large_picture_is_shrunk_by_a_whole_divisor(qapp):
    picture = np.zeros((100, 100, 1), dtype=np.uint8)
    picture[:, 50:] = 200
    canvas = painted(picture, 50)
    assert QColor(canvas.pixel(10, 25)).red() == 0
    assert QColor(canvas.pixel(40, 25)).red() == 200

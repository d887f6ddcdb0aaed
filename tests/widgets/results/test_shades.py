"""A shaded range of a curve stands on its ground, and a pair without a factual shows no difference."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from engines.results import CurveResult, Line, Shade
from widgets.results.curve import drawn_curve, paint_curve
from widgets.results.curve_pair import CurvePair
from widgets.theme import Theme

X = np.linspace(0, 10, 50)
AFTER = Line("after", X, 0 * X, role="counterfactual")
BEFORE = Line("before", X, 0 * X + 1, role="factual")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_range_alone_has_its_ground(dressed, scheme):
    theme = Theme.of(scheme)
    result = CurveResult("curve", "A curve", (AFTER,), shaded=(Shade(2, 6),))
    image = QImage(480, 320, QImage.Format.Format_RGB32)
    image.fill(theme.bg1)
    painter = QPainter(image)
    paint_curve(result, painter, QRectF(0, 0, 480, 320), theme)
    painter.end()
    plot = drawn_curve(result, 480, 320, theme)
    rows = range(round(plot.place.top()) + 1, round(plot.place.bottom()) - 1)

    def ground(x: float) -> str:
        """The colour of most of an upright line of pixels: not that of grid or curve."""
        seen = [QColor(image.pixel(round(plot.x.to_pixel(x)), y)).name() for y in rows]
        return max(set(seen), key=seen.count)

    assert ground(4) == theme.bg2.name()
    assert (ground(1), ground(8)) == (theme.bg1.name(), theme.bg1.name())


def test_a_pair_without_a_factual_has_no_difference_and_keeps_its_line_under_space(qtbot, dressed):
    pair = CurvePair(CurveResult("", "", ()))
    qtbot.addWidget(pair)
    pair.set_result(CurveResult("curve", "Alone", (AFTER,)))
    assert pair.difference.isHidden()
    pair.show_difference(True)
    assert pair.difference.isHidden()
    pair.show_factual(True)
    assert pair.overlay.result().lines == (AFTER,)
    pair.set_result(CurveResult("curve", "Both", (BEFORE, AFTER)))
    assert not pair.difference.isHidden()
    pair.show_difference(False)
    assert pair.difference.isHidden()

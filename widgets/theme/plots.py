"""What pyqtgraph needs to know of the theme. Call it before the first plot; later changes come by themselves."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from widgets.theme.value import Series, Theme


def configure_pyqtgraph(theme: Theme) -> None:
    """Ground and text of plots that are made from now on; those that exist read the theme when they paint."""
    pg.setConfigOptions(
        background=theme.bg1, foreground=theme.t2, antialias=True, imageAxisOrder="row-major", useOpenGL=False
    )


def series_pen(series: Series, width: float = 2.0) -> QPen:
    """The pen of a series: its colour and, from the fifth series on, its dashes. Width in px at any zoom."""
    pen = QPen(series.colour, width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if not series.dash else Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if series.dash:
        pen.setDashPattern([length / width for length in series.dash])
    return pen

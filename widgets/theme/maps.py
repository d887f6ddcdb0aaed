"""Colour maps as look-up tables for pictures: (n, 4) uint8, red, green, blue, alpha."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from widgets.theme.value import Theme

Lut = NDArray[np.uint8]


def diverging(theme: Theme, size: int = 257) -> Lut:
    """Blue is less, orange is more; an odd `size` puts zero exactly on the middle row. Show it symmetric about zero."""
    return _between(theme.diverging_stops(), size)


def weights(theme: Theme, size: int = 256) -> Lut:
    """Weights and probabilities: from the panel's surface (0) to first text (1)."""
    return _between([theme.bg1, theme.t1], size)


@cache
def sequential(size: int = 256) -> Lut:
    """Cividis, the same in both themes; the table is pyqtgraph's."""
    return _named("cividis", size)


@cache
def papers(size: int = 256) -> Lut:
    """CET-CBD1, the diverging map that journals ask for."""
    return _named("CET-CBD1", size)


def _named(name: str, size: int) -> Lut:
    from pyqtgraph import colormap

    lut = colormap.get(name).getLookupTable(0.0, 1.0, size, alpha=True)
    return np.asarray(lut, dtype=np.uint8)


def _between(stops: list[QColor], size: int) -> Lut:
    known = np.linspace(0.0, 1.0, len(stops))
    wanted = np.linspace(0.0, 1.0, size)
    channels = np.array([stop.getRgb() for stop in stops], dtype=float)
    return np.stack([np.interp(wanted, known, channel) for channel in channels.T], axis=1).round().astype(np.uint8)

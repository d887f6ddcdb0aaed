"""Lucide icons in the theme's colours, rendered at the device's resolution and kept.

`draw_icon` is for painters and follows the theme by itself; `icon` gives a QIcon for menus and actions, which must be
asked for again after the theme changed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from widgets.theme.value import Theme


def icon(name: str, role: str = "t2", size: int = 16, on: str = "t1") -> QIcon:
    """An icon by its Lucide name in the colour `role`; the colour `on` while its action is switched on."""
    theme = Theme.current()
    result = QIcon()
    for ratio in (1.0, 2.0):
        for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, 0.6)):
            for state, colour in ((QIcon.State.Off, role), (QIcon.State.On, on)):
                tint = theme.colour(colour)
                tint.setAlphaF(opacity)
                result.addPixmap(icon_pixmap(name, tint, size, ratio), mode, state)
    return result


def draw_icon(painter: QPainter, name: str, centre: QPointF, colour: QColor, size: int = 16) -> None:
    """Paint an icon round a point; sharp at any device ratio."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    pixmap = icon_pixmap(name, colour, size, ratio)
    painter.drawPixmap(QPointF(round(centre.x() - size / 2), round(centre.y() - size / 2)), pixmap)


def icon_pixmap(name: str, colour: QColor, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """The rendered icon; `size` in device-independent px. Raises LookupError for a name that is not shipped."""
    return _rendered(name, colour.rgba(), size, ratio)


def known_icon(name: str) -> str:
    """The name, or "" for none. Widgets ask when they are made, so that a wrong name fails there and not in a paint.

    Raises LookupError for a name that is not shipped.
    """
    if name:
        _source(name)
    return name


def icon_svg(name: str, colour: QColor) -> bytes:
    """The icon's SVG in a colour, for style sheets and vector exports."""
    return _source(name).replace(b"currentColor", colour.name().encode())


@lru_cache(maxsize=2048)
def _rendered(name: str, rgba: int, size: int, ratio: float) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    source = QByteArray(icon_svg(name, colour))  # before the painter: an error while one is open crashes Qt
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(source).render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@cache
def _source(name: str) -> bytes:
    file = resources.files("resources").joinpath("icons", f"{name}.svg")
    if not file.is_file():
        raise LookupError(f"No icon is called {name}.")
    return file.read_bytes()

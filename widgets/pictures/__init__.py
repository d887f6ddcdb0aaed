"""Pictures: tiles, their difference, the triptych, strips and grids."""

from widgets.pictures.difference import DifferenceTile
from widgets.pictures.grid import PictureGrid
from widgets.pictures.pixels import difference, draw_image, fitted, heat_over, image_of, mapped, mean_change
from widgets.pictures.strip import PictureStrip, StripItem, TraversalStrip
from widgets.pictures.tile import MARGIN, Measured, PictureTile
from widgets.pictures.triptych import Triptych

__all__ = [
    "MARGIN", "DifferenceTile", "Measured", "PictureGrid", "PictureStrip", "PictureTile", "StripItem",
    "TraversalStrip", "Triptych", "difference", "draw_image", "fitted", "heat_over", "image_of", "mapped",
    "mean_change",
]

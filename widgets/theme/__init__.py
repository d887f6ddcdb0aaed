"""Colours, type, icons and motion: everything visible takes them from here."""

from widgets.theme.appearance import Appearance, appearance
from widgets.theme.fonts import FontRole, fixed_font, font, line_height, worded
from widgets.theme.icons import draw_icon, icon, icon_pixmap, known_icon
from widgets.theme.maps import diverging, papers, sequential, weights
from widgets.theme.mark import draw_mark, mark_icon
from widgets.theme.value import Colours, Scheme, Series, Theme, faded

__all__ = [
    "Appearance", "Colours", "FontRole", "Scheme", "Series", "Theme", "appearance", "diverging", "draw_icon",
    "draw_mark", "faded", "fixed_font", "font", "icon", "icon_pixmap", "known_icon", "line_height", "mark_icon",
    "papers", "sequential", "weights", "worded",
]

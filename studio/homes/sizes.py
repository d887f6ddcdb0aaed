"""How wide and high homes are, as the design has it and as the analyst's hand left it. All in px."""

from __future__ import annotations

from PySide6.QtCore import QRect

from studio.homes.arrangement import Home

GAP = 8
NARROW, WIDE, VERY_WIDE, LOW = 1180, 1440, 1920, 800
_NARROWEST, _WIDEST = 300, 640      # of the left column


def left_width(width: int, share: float | None) -> int:
    """Of the left column in a window of that width; `share` as the analyst set it, or None."""
    if share is not None:
        return round(share * (width - 2 * GAP))
    if width >= WIDE:
        return min(round(0.35 * width), _WIDEST)
    return 424 if width >= NARROW else _NARROWEST


def far_width(width: int, share: float | None) -> int:
    """Of the home on the far right, where there is one."""
    return min(round(0.25 * width), _WIDEST) if share is None else round(share * (width - 2 * GAP))


def top_height(height: int, share: float | None, *, low: bool) -> int:
    """Of the upper home on the left, of all that the homes take up; `low` windows give it more."""
    return int((share or (0.54 if low else 0.49)) * (height - 2 * GAP))


def rectangles(whole: QRect, left: int, top: int, far: int) -> dict[Home, QRect]:
    """Where the homes lie in `whole`, by the widths of the left and far right ones and the height of the upper one.

    `top` 0: the left column is one home. `far` 0: there is no home on the far right.
    """
    area = whole.adjusted(GAP, GAP, -GAP, -GAP)
    right = area.width() - left - GAP - (far + GAP if far else 0)
    found = {
        Home.TOP_LEFT: QRect(area.x(), area.y(), left, top or area.height()),
        Home.RIGHT: QRect(area.x() + left + GAP, area.y(), right, area.height()),
    }
    if top:
        found[Home.BOTTOM_LEFT] = QRect(area.x(), area.y() + top + GAP, left, area.height() - top - GAP)
    if far:
        found[Home.FAR_RIGHT] = QRect(area.right() + 1 - far, area.y(), far, area.height())
    return found

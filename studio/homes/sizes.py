"""How wide and high homes are, as the design has it and as the analyst's hand left it. All in px."""

from __future__ import annotations

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

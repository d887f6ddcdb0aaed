"""Names at the ends of lines, pushed apart just as far as they need."""

from __future__ import annotations

from collections.abc import Sequence


def pushed_apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Middles of boxes of given heights, as near to `wanted` as can be without overlap, between `low` and `high`.

    The order of `wanted` is kept. Least squares: boxes that touch move as one block to the mean of their wishes.
    Where they do not all fit they are stacked from `low` on.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    blocks: list[tuple[float, float, list[int]]] = []     # top wished for, height, members
    for index in order:
        top, height, members = wanted[index] - heights[index] / 2, heights[index], [index]
        while blocks and blocks[-1][0] + blocks[-1][1] > top:
            above_top, above_height, above = blocks.pop()
            share = len(above) / (len(above) + len(members))
            top = share * above_top + (1 - share) * (top - above_height)
            height, members = above_height + height, above + members
        top = max(min(top, high - height), low)
        while blocks and blocks[-1][0] + blocks[-1][1] > top:
            above_top, above_height, above = blocks.pop()
            top, height, members = above_top, above_height + height, above + members
            top = max(min(top, high - height), low)
        blocks.append((top, height, members))
    middles = [0.0] * len(wanted)
    for top, _height, members in blocks:
        for index in members:
            middles[index] = top + heights[index] / 2
            top += heights[index]
    return middles

"""Selected nodes brought into line, or spread evenly; functions from graph to graph with the sentence of the step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from PySide6.QtCore import QRectF

from engines.graph.graph import Graph
from widgets.graph.edits import Edit, together


class Align(StrEnum):
    """How nodes are brought into line."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    CENTRE = "centre"
    ACROSS = "across"
    DOWN = "down"


_SAID = {
    Align.LEFT: "Align {} left", Align.RIGHT: "Align {} right", Align.TOP: "Align {} at the top",
    Align.BOTTOM: "Align {} at the bottom", Align.CENTRE: "Centre {}", Align.ACROSS: "Spread {} across",
    Align.DOWN: "Spread {} down",
}


def align(graph: Graph, boxes: Mapping[str, QRectF], names: Sequence[str], how: Align) -> Edit | None:
    """Nodes moved along one axis; None where there is nothing to do.

    Left, right, top and bottom follow the outermost edge; centre puts the centres on one line, upright or level,
    whichever they are nearer to; spreading leaves the outermost nodes and gives equal gaps between the boxes.
    """
    chosen = [name for name in names if name in boxes]
    if len(chosen) < (3 if how in (Align.ACROSS, Align.DOWN) else 2):
        return None
    found = {name: boxes[name] for name in chosen}
    match how:
        case Align.LEFT | Align.RIGHT:
            moved = _edges(found, right=how is Align.RIGHT)
        case Align.TOP | Align.BOTTOM:
            moved = _flipped(_edges(_turned(found), right=how is Align.BOTTOM))
        case Align.CENTRE:
            moved = _centred(found)
        case Align.ACROSS:
            moved = _spread(found)
        case Align.DOWN:
            moved = _flipped(_spread(_turned(found)))
    centres = {name: (box.center().x(), box.center().y()) for name, box in found.items()}
    if moved == centres:
        return None
    return Edit(graph.placed(moved), _SAID[how].format(together(tuple(chosen))))


def _edges(boxes: Mapping[str, QRectF], *, right: bool) -> dict[str, tuple[float, float]]:
    at = max(box.right() for box in boxes.values()) if right else min(box.left() for box in boxes.values())
    half = -0.5 if right else 0.5
    return {name: (at + half * box.width(), box.center().y()) for name, box in boxes.items()}


def _centred(boxes: Mapping[str, QRectF]) -> dict[str, tuple[float, float]]:
    xs, ys = ([getattr(box.center(), axis)() for box in boxes.values()] for axis in "xy")
    if max(xs) - min(xs) <= max(ys) - min(ys):
        middle = (max(xs) + min(xs)) / 2
        return {name: (middle, box.center().y()) for name, box in boxes.items()}
    middle = (max(ys) + min(ys)) / 2
    return {name: (box.center().x(), middle) for name, box in boxes.items()}


def _spread(boxes: Mapping[str, QRectF]) -> dict[str, tuple[float, float]]:
    order = sorted(boxes, key=lambda name: (boxes[name].center().x(), name))
    room = boxes[order[-1]].right() - boxes[order[0]].left() - sum(box.width() for box in boxes.values())
    gap, at = room / (len(order) - 1), boxes[order[0]].left()
    moved = {}
    for name in order:
        moved[name] = (at + boxes[name].width() / 2, boxes[name].center().y())
        at += boxes[name].width() + gap
    return moved


def _turned(boxes: Mapping[str, QRectF]) -> dict[str, QRectF]:
    return {name: QRectF(box.y(), box.x(), box.height(), box.width()) for name, box in boxes.items()}


def _flipped(places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    return {name: (y, x) for name, (x, y) in places.items()}

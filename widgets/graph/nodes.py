"""Painting of nodes: boxes with name, value and mini slider; picture nodes; names only; dots."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap

from engines.graph.graph import Mark, Node
from widgets.graph import marks
from widgets.graph.edges import FADED
from widgets.graph.geometry import GROOVE_OVER_EDGE, PADDING, PICTURE_FOOT, PICTURE_INSET, Geometry
from widgets.graph.lettering import elided, text_font, width_of
from widgets.graph.stamps import stamp
from widgets.graph.values import How, NodeState, Showing, told_by_edge
from widgets.theme import Theme

RADIUS = 8.0
STUB = 26.0                     # from the node's upper edge to the centre of its noise mark
_SPRITE = 16                    # px of a dot's picture; the dot itself has 8
_TITLE, _LEGIBLE = 13, 12         # px of a name, and of one on the screen where nodes show nothing else
_SHAPED = frozenset({Mark.ADJUSTED, Mark.SELECTED, Mark.EXPOSURE, Mark.OUTCOME})
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)


def noise_centre(box: QRectF) -> QPointF:
    """Where the noise mark of a node is."""
    return QPointF(box.right() - 22, box.top() - STUB)


class NodePainter:
    """Paints the nodes of one geometry in one state."""

    def __init__(self, geometry: Geometry, showing: Showing, theme: Theme) -> None:
        self._geometry, self._showing, self._theme = geometry, showing, theme
        obstacle = {name for path in showing.lit.paths for name in path} if showing.lit and showing.lit.alarm else set()
        self._cycle, self._wrong = set(showing.cycle), {*showing.cycle, *obstacle}
        self._selected = set(showing.selection)
        self._told_by_edge = told_by_edge(geometry.graph, showing)

    def paint(
        self, painter: QPainter, names: Iterable[str], *, detail: bool, visible: QRectF | None = None
    ) -> None:
        """Paint nodes.

        Args:
            painter: In scene coordinates.
            names: Which nodes.
            detail: With value, mini slider and signs; else the name only.
            visible: The part of the scene that is seen; what lies outside is left out. All if None.
        """
        seen = visible.adjusted(-8, -8, 8, STUB + 8) if visible is not None else None
        for name in names:
            box = self._geometry.boxes[name]
            if seen is not None and not seen.intersects(box):
                continue
            if self._showing.lit is not None and name not in self._showing.lit:
                painter.setOpacity(FADED)
            elif name in self._showing.offered:
                painter.setOpacity(0.6)
            self._node(painter, self._geometry.graph.node(name), box, detail)
            painter.setOpacity(1)

    def paint_far(self, painter: QPainter, names: Iterable[str], scale: float) -> None:
        """Paint nodes as dots of 8 px on the screen, in the shape of their role; for a zoom under 30 %."""
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        dots: dict[tuple[int, int, frozenset[Mark]], list[tuple[float, float]]] = {}
        chosen = []
        for name in names:
            node = self._geometry.graph.node(name)
            border, fill = self._dot_colours(node)
            centre = self._geometry.centre(name)
            dots.setdefault((border.rgba(), fill.rgba(), node.marks & _SHAPED), []).append(centre)
            if name in self._selected:
                chosen.append(QPointF(*centre))
        for look, centres in dots.items():
            stamp(painter, _sprite(*look, ratio), np.array(centres))
        r = 4 / scale
        painter.setPen(marks.thin(self._theme.ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for middle in chosen:
            painter.drawEllipse(middle, 2 * r, 2 * r)

    def _dot_colours(self, node: Node) -> tuple[QColor, QColor]:
        theme, state = self._theme, self._showing.state(node.name)
        ground = theme.bg2 if theme.dark else theme.bg1
        if node.name in self._wrong:
            return theme.err, ground
        if state.how is How.SET or Mark.INTERVENED in node.marks:
            return theme.acc, theme.acc
        if state.how is How.FOLLOWS:
            return theme.acc, ground
        if Mark.LATENT in node.marks:
            return theme.t3, ground
        return theme.t2, theme.t2 if Mark.EXPOSURE in node.marks else theme.bg3

    def _node(self, painter: QPainter, node: Node, box: QRectF, detail: bool) -> None:
        theme, state = self._theme, self._showing.state(node.name)
        is_set = state.how is How.SET or Mark.INTERVENED in node.marks
        ground = theme.bg2 if theme.dark else theme.bg1
        shaped = node.marks & {Mark.LATENT, Mark.SELECTED, Mark.ADJUSTED}
        border, width, fill = theme.t2 if shaped else theme.strong, float(theme.border), ground
        if is_set:
            border, width, fill = theme.acc, 2.0, theme.acc_tint
        elif state.how is How.FOLLOWS:
            border, width = theme.acc, 1.5
        if node.name in self._wrong:
            border, width = theme.err, 1.5
        if Mark.ADJUSTED in node.marks and not is_set:
            fill = theme.bg3
        self._outline(painter, node, box, border, width, fill)
        if node.name in self._selected:
            self._ring(painter, node, box)
        if node.pinned and detail:
            marks.pin(painter, QPointF(box.left() + 8, box.top() + 2), theme.t2, ground)
        if self._showing.do_view and detail and state.noise is not None:
            self._noise(painter, box, is_set)
        if state.picture is not None:
            self._picture(painter, node, box, state.picture, detail)
            return
        if not detail:
            self._name_only(painter, node, box)
            return
        self._text(painter, node, box, state, is_set)
        if state.slider is not None:
            self._slider(painter, box, state, fill)

    def _outline(
        self, painter: QPainter, node: Node, box: QRectF, border: QColor, width: float, fill: QColor
    ) -> None:
        inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setBrush(fill)
        if Mark.LATENT in node.marks:
            painter.setPen(marks.pen(border, max(width, 1.3), (4, 3)))
            radius = inner.height() / 2
            painter.drawRoundedRect(inner, radius, radius)
        elif Mark.SELECTED in node.marks:
            painter.setPen(marks.pen(border, max(width, 1.3)))
            painter.drawPath(marks.hexagon(inner))
        elif Mark.ADJUSTED in node.marks:
            painter.setPen(marks.pen(border, width))
            painter.drawRect(inner)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(inner.adjusted(3, 3, -3, -3))
        else:
            painter.setPen(marks.pen(border, width))
            radius = RADIUS - width / 2
            painter.drawRoundedRect(inner, radius, radius)

    def _ring(self, painter: QPainter, node: Node, box: QRectF) -> None:
        painter.setPen(marks.pen(self._theme.ink, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        around = box.adjusted(-4, -4, 4, 4)
        if Mark.SELECTED in node.marks:
            painter.drawPath(marks.hexagon(around.adjusted(-2, 0, 2, 0)))
            return
        radius = around.height() / 2 if Mark.LATENT in node.marks else 0 if Mark.ADJUSTED in node.marks else RADIUS + 4
        painter.drawRoundedRect(around, radius, radius)

    def _noise(self, painter: QPainter, box: QRectF, cut: bool) -> None:
        theme, centre = self._theme, noise_centre(box)
        painter.setPen(marks.pen(theme.strong, 1.3))
        painter.drawLine(QPointF(centre.x(), centre.y() + 7), QPointF(centre.x(), box.top() - (16 if cut else 1)))
        marks.ring(painter, centre, 7, theme.strong, theme.bg1)
        painter.setFont(text_font("noise", theme.scale))
        painter.setPen(theme.t2)
        painter.drawText(QRectF(centre.x() - 8, centre.y() - 8.5, 16, 16), _MIDDLE, "u")
        if cut:
            painter.setPen(marks.pen(theme.acc, 1.6))
            for y in (12.0, 16.5):
                at = centre + QPointF(0, y)
                painter.drawLine(at + QPointF(-5, 2.2), at + QPointF(5, -2.2))

    def _name_only(self, painter: QPainter, node: Node, box: QRectF) -> None:
        """As large as stays legible on the screen and has room in the box."""
        theme = self._theme
        room = box.width() - PADDING
        legible = _LEGIBLE / (_TITLE * max(painter.worldTransform().m11(), 1e-6))
        large = max(min(legible, room / max(width_of(node.name, "title", theme.scale), 1.0)), 1.0)
        painter.setFont(text_font("title", theme.scale * large, italic=Mark.LATENT in node.marks))
        painter.setPen(theme.t1)
        painter.drawText(box, _MIDDLE, elided(node.name, "title", theme.scale * large, int(room)))
        if node.name in self._wrong:                    # over the corner, where no name reaches
            marks.ring(painter, box.topRight(), 8, theme.bg1, theme.bg1)
            marks.alert(painter, box.topRight(), theme.err)

    def _text(self, painter: QPainter, node: Node, box: QRectF, state: NodeState, is_set: bool) -> None:
        theme = self._theme
        left, right = box.left() + PADDING, box.right() - PADDING
        first = box.top() + theme.px(16.5 if state.slider is not None else 14.5)
        if not state.value and state.slider is None:
            first = box.center().y()
        right = self._corner(painter, node, right, first, state)
        if is_set:
            left -= 2
            tag = QRectF(left, first - theme.px(16) / 2, theme.px(24), theme.px(16))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.acc)
            painter.drawRoundedRect(tag, 4, 4)
            painter.setPen(theme.on_acc)
            painter.setFont(text_font("strong_caption", theme.scale, 600))
            painter.drawText(tag, _MIDDLE, "do")
            left = tag.right() + 6
        high = theme.px(20)
        latent = Mark.LATENT in node.marks
        bare = (Mark.SELECTED in node.marks or latent) and not state.value and not is_set
        painter.setFont(text_font("title", theme.scale, italic=latent))
        painter.setPen(theme.t2 if latent else theme.t1)
        name = elided(node.name, "title", theme.scale, int(right - left))
        painter.drawText(QRectF(left, first - high / 2, right - left, high), _MIDDLE if bare else _LEFT, name)
        if state.value:
            self._value(painter, QRectF(box.left() + PADDING, first + theme.px(18.5) - high / 2,
                                        box.width() - 2 * PADDING, high), state)

    def _corner(self, painter: QPainter, node: Node, right: float, y: float, state: NodeState) -> float:
        """What stands at the right of the name; returns where the name's room ends."""
        theme = self._theme
        if node.name in self._cycle:
            marks.alert(painter, QPointF(right - 6, y), theme.err)
            return right - 18
        if node.name in self._wrong:
            marks.alert(painter, QPointF(right - 6, y), theme.err)
            right -= 18
        if Mark.EXPOSURE in node.marks:
            marks.exposure(painter, QPointF(right - 4.5, y), theme.t2)
            right -= 16
        if Mark.OUTCOME in node.marks:
            marks.outcome(painter, QPointF(right - 6, y), theme.t2)
            right -= 18
        if state.how is How.FOLLOWS and state.change and node.name not in self._told_by_edge:
            wide = width_of(state.change, "second", theme.scale, 600)
            painter.setFont(text_font("second", theme.scale, 600))
            painter.setPen(theme.acc)
            painter.drawText(QRectF(right - wide, y - 10, wide + 1, 20), _LEFT, state.change)
            right -= wide + 6
        return right

    def _value(self, painter: QPainter, box: QRectF, state: NodeState) -> None:
        theme = self._theme
        pieces = [(state.value, theme.t2, 400)]
        if state.counterfactual:
            pieces += [("\u2002→\u2002", theme.t2, 400), (state.counterfactual, theme.acc, 600)]
        if sum(width_of(text, "second", theme.scale, weight) for text, _, weight in pieces) > box.width() + 1:
            pieces = pieces[-1:]
        x = box.left()
        for text, colour, weight in pieces:
            wide = width_of(text, "second", theme.scale, weight)
            painter.setFont(text_font("second", theme.scale, weight))
            painter.setPen(colour)
            room = min(wide + 1, box.right() - x)
            shown = text if wide <= room else elided(text, "second", theme.scale, int(room))
            painter.drawText(QRectF(x, box.top(), room, box.height()), _LEFT, shown)
            x += wide

    def _slider(self, painter: QPainter, box: QRectF, state: NodeState, fill: QColor) -> None:
        theme, slider = self._theme, state.slider
        assert slider is not None
        left, long, y = box.left() + PADDING, box.width() - 2 * PADDING, box.bottom() - GROOVE_OVER_EDGE
        knob, tick = left + slider.position * long, left + slider.factual * long
        painter.setPen(marks.pen(theme.strong, 2))
        painter.drawLine(QPointF(left, y), QPointF(left + long, y))
        if state.changed:
            painter.setPen(marks.pen(theme.acc, 3))
            painter.drawLine(QPointF(tick, y), QPointF(knob, y))
        painter.setPen(marks.pen(theme.t2 if state.changed else theme.t1, 2))
        painter.drawLine(QPointF(tick, y - 5), QPointF(tick, y + 5))
        if state.how is How.SET:
            marks.ring(painter, QPointF(knob, y), 6.5, theme.bg1, theme.acc, 1.5)
        elif state.how is How.FOLLOWS:
            marks.ring(painter, QPointF(knob, y), 4.5, theme.acc, fill, 2)
        elif abs(knob - tick) > 1:
            marks.ring(painter, QPointF(knob, y), 4.5, theme.strong, fill, 2)

    def _picture(self, painter: QPainter, node: Node, box: QRectF, picture: QImage, detail: bool) -> None:
        theme = self._theme
        side = box.width() - 2 * PICTURE_INSET
        frame = QRectF(box.left() + PICTURE_INSET, box.top() + PICTURE_INSET, side, side)
        draw_picture(painter, frame, picture)
        foot = QRectF(box.left() + 10, frame.bottom(), box.width() - 20, theme.px(PICTURE_FOOT) - PICTURE_INSET)
        right = foot.right()
        if detail:
            right = self._corner(painter, node, foot.right(), foot.center().y(), NodeState())
        painter.setFont(text_font("title", theme.scale))
        painter.setPen(theme.t1)
        name = elided(node.name, "title", theme.scale, int(right - foot.left()))
        painter.drawText(QRectF(foot.left(), foot.top(), right - foot.left(), foot.height()), _LEFT, name)


def draw_picture(painter: QPainter, frame: QRectF, picture: QImage) -> None:
    """A picture at the largest whole multiple of device pixels that fits the frame; a larger one is shrunk smoothly."""
    if picture.isNull():
        return
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    across = max(picture.width(), picture.height())
    scale = painter.worldTransform().m11() * ratio
    times = math.floor(frame.width() * scale / across + 1e-6)
    shrink = times < 1
    factor = frame.width() / across if shrink else times / scale
    target = QRectF(0, 0, picture.width() * factor, picture.height() * factor)
    target.moveCenter(frame.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrink)
    painter.drawImage(target, picture, QRectF(picture.rect()))


@lru_cache(maxsize=256)
def _sprite(border: int, fill: int, roles: frozenset[Mark], ratio: float) -> QPixmap:
    """A dot in the shape of its role, as a picture that many nodes share."""
    side = math.ceil(_SPRITE * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.setPen(marks.pen(QColor.fromRgba(border), 1.5))
    painter.setBrush(QColor.fromRgba(fill))
    painter.drawPath(_dot(roles, QPointF(_SPRITE / 2, _SPRITE / 2), 4))
    painter.end()
    return pixmap


def _dot(roles: frozenset[Mark], centre: QPointF, r: float) -> QPainterPath:
    path = QPainterPath()
    box = QRectF(centre.x() - r, centre.y() - r, 2 * r, 2 * r)
    if Mark.ADJUSTED in roles:
        path.addRect(box)
    elif Mark.SELECTED in roles:
        path.addPath(marks.hexagon(box))
    elif Mark.EXPOSURE in roles:
        path.moveTo(box.topLeft())
        path.lineTo(box.right(), centre.y())
        path.lineTo(box.bottomLeft())
        path.closeSubpath()
    elif Mark.OUTCOME in roles:
        path.addEllipse(box.adjusted(-r / 2, -r / 2, r / 2, r / 2))
        path.addEllipse(box.adjusted(r / 2, r / 2, -r / 2, -r / 2))
    else:
        path.addEllipse(box)
    return path

"""The keys of the canvas; everything the mouse can do has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from widgets.graph import edits, walking
from widgets.graph.aligning import Align, align
from widgets.graph.geometry import SNAP
from widgets.graph.tools import MARK_KEYS, Tool

if TYPE_CHECKING:
    from widgets.graph.canvas import GraphCanvas

_TOOL_KEYS = {
    Qt.Key.Key_V: Tool.SELECT, Qt.Key.Key_E: Tool.DIRECTED, Qt.Key.Key_B: Tool.BIDIRECTED,
    Qt.Key.Key_U: Tool.UNDIRECTED, Qt.Key.Key_R: Tool.ROLES, Qt.Key.Key_K: Tool.KNOW,
}
_WALK_KEYS = {
    Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}
_ALL_KEYS = frozenset({
    *_TOOL_KEYS, *_WALK_KEYS, *MARK_KEYS, Qt.Key.Key_N, Qt.Key.Key_O, Qt.Key.Key_F, Qt.Key.Key_Plus, Qt.Key.Key_Equal,
    Qt.Key.Key_Minus, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter,
    Qt.Key.Key_C, Qt.Key.Key_G, Qt.Key.Key_P,
})
_ALIGN = {
    Qt.Key.Key_Left: Align.LEFT, Qt.Key.Key_Right: Align.RIGHT, Qt.Key.Key_Up: Align.TOP, Qt.Key.Key_Down: Align.BOTTOM,
}
_SPREAD = {
    Qt.Key.Key_Left: Align.ACROSS, Qt.Key.Key_Right: Align.ACROSS, Qt.Key.Key_Up: Align.DOWN,
    Qt.Key.Key_Down: Align.DOWN,
}
_CONTROL_KEYS = frozenset({
    Qt.Key.Key_A, Qt.Key.Key_D, Qt.Key.Key_I, Qt.Key.Key_F, Qt.Key.Key_C, Qt.Key.Key_V,
})
_PLAIN, _SHIFT, _CONTROL, _ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Keyboard:
    """Turns keys into acts of one canvas."""

    def __init__(self, canvas: GraphCanvas) -> None:
        self._canvas = canvas

    def claims(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Whether a key means something here, so that no shortcut of the window may take it."""
        plain = modifiers & ~Qt.KeyboardModifier.KeypadModifier
        if plain == _CONTROL:
            return key in _CONTROL_KEYS or key in _ALIGN
        if plain == _CONTROL | _SHIFT:
            return key in _SPREAD
        if plain == _ALT:
            return key in _WALK_KEYS
        return plain in (_PLAIN, _SHIFT) and key in _ALL_KEYS

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Act on a key; False where it means nothing here."""
        plain = modifiers & ~Qt.KeyboardModifier.KeypadModifier
        if plain == _CONTROL and key in _ALIGN:
            return self._align(_ALIGN[key])
        if plain == _CONTROL | _SHIFT and key in _SPREAD:
            return self._align(_SPREAD[key])
        if key in _WALK_KEYS:
            return self._arrow(_WALK_KEYS[key], plain)
        if plain == _CONTROL:
            return self._with_control(key)
        if plain == _SHIFT and key in _TOOL_KEYS and _TOOL_KEYS[key].draws_edges:
            return self._join(_TOOL_KEYS[key])
        if plain == _SHIFT and key in (Qt.Key.Key_Delete, Qt.Key.Key_O):
            return self._change_edge_between(key)
        if plain not in (_PLAIN, _SHIFT):
            return False
        return self._choose(key) or self._look(key) or self._edit(key)

    def _with_control(self, key: Qt.Key) -> bool:
        canvas = self._canvas
        if key == Qt.Key.Key_D and canvas.selection():
            canvas.do_wished.emit(canvas.selection()[-1])
        elif key == Qt.Key.Key_A:
            canvas.select(canvas.graph().names)
        elif key == Qt.Key.Key_I:
            canvas.select(tuple(n for n in canvas.graph().names if n not in canvas.selection()))
        elif key == Qt.Key.Key_F:
            canvas.search_wished.emit()
        elif key == Qt.Key.Key_C:
            canvas.copy_selection()
        elif key == Qt.Key.Key_V:
            canvas.paste()
        else:
            return False
        return True

    def _join(self, tool: Tool) -> bool:
        chosen = self._canvas.selection()
        if len(chosen) >= 2:
            self._canvas.join(chosen[-2], chosen[-1], tool)
        return True

    def _change_edge_between(self, key: Qt.Key) -> bool:
        """The edge between the last two that were selected goes, or its end at the last one turns."""
        graph, chosen = self._canvas.graph(), self._canvas.selection()
        found = [i for i, edge in enumerate(graph.edges) if {*edge.pair} == {*chosen[-2:]}]
        if len(chosen) >= 2 and found:
            at_target = graph.edges[found[-1]].target == chosen[-1]
            delete = key == Qt.Key.Key_Delete
            wished = edits.delete_edge(graph, found[-1]) if delete else edits.turn_end(
                graph, found[-1], at_target=at_target
            )
            self._canvas.wish(wished)
        return True

    def _choose(self, key: Qt.Key) -> bool:
        canvas = self._canvas
        if key in MARK_KEYS and canvas.selection():
            canvas.wish(edits.toggle_mark(canvas.graph(), canvas.selection(), MARK_KEYS[key]))
        elif key in _TOOL_KEYS:
            canvas.set_tool(_TOOL_KEYS[key])
            canvas.tool_changed.emit(_TOOL_KEYS[key])
        else:
            return False
        return True

    def _look(self, key: Qt.Key) -> bool:
        canvas = self._canvas
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            canvas.zoom_by(1.2)
        elif key == Qt.Key.Key_Minus:
            canvas.zoom_by(1 / 1.2)
        elif key == Qt.Key.Key_F:
            canvas.fit()
        elif key == Qt.Key.Key_Space:
            canvas.hold_space(True)
        else:
            return False
        return True

    def _edit(self, key: Qt.Key) -> bool:
        canvas, chosen = self._canvas, self._canvas.selection()
        if key == Qt.Key.Key_Escape:
            return canvas.let_go()
        if key == Qt.Key.Key_N:
            canvas.add_node_at(self._free_place())
        elif key == Qt.Key.Key_O:
            self._turn_end()
        elif key == Qt.Key.Key_Delete:
            self._delete()
        elif key == Qt.Key.Key_P and chosen:
            canvas.wish(edits.toggle_pin(canvas.graph(), chosen))
        elif key == Qt.Key.Key_C and chosen:
            self._align(Align.CENTRE)
        elif key == Qt.Key.Key_G and chosen:
            self._grow()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen:
            if ready := tuple(name for name in chosen if canvas.is_offered(name)):
                canvas.take_up_wished.emit(ready)
            else:
                canvas.rename(chosen[-1])
        elif key == Qt.Key.Key_Backspace and chosen:
            canvas.freed.emit(chosen[-1])
        else:
            return False
        return True

    def _align(self, how: Align) -> bool:
        canvas = self._canvas
        canvas.wish(align(canvas.graph(), canvas.geometry_of_graph().boxes, canvas.selection(), how))
        return True

    def _grow(self) -> None:
        """The neighbours of what is selected are selected as well."""
        canvas = self._canvas
        chosen = canvas.selection()
        near = {name for edge in canvas.graph().edges if set(edge.pair) & set(chosen) for name in edge.pair}
        canvas.select((*(n for n in canvas.graph().names if n in near - set(chosen)), *chosen))

    def _delete(self) -> None:
        canvas = self._canvas
        edge = canvas.selected_edge()
        if canvas.selection():
            canvas.wish(edits.delete_nodes(canvas.graph(), canvas.selection()))
        elif edge is not None:
            canvas.wish(edits.delete_edge(canvas.graph(), edge))

    def _turn_end(self) -> None:
        """The end under the pointer, else the target's end of the selected edge."""
        canvas, pointer = self._canvas, self._canvas.pointer()
        edge = canvas.selected_edge()
        if (pointer is None or not canvas.turn_end_at(pointer)) and edge is not None:
            canvas.wish(edits.turn_end(canvas.graph(), edge, at_target=True))

    def _arrow(self, way: tuple[int, int], modifiers: Qt.KeyboardModifier) -> bool:
        canvas, chosen = self._canvas, self._canvas.selection()
        geometry = canvas.geometry_of_graph()
        centres = {name: geometry.centre(name) for name in canvas.graph().names}
        if modifiers == _ALT and chosen:
            places = {n: (centres[n][0] + SNAP * way[0], centres[n][1] + SNAP * way[1]) for n in chosen}
            canvas.wish(edits.move(canvas.graph(), places))
            return True
        if modifiers not in (_PLAIN, _SHIFT):
            return False
        found = walking.step(canvas.graph(), centres, chosen[-1] if chosen else None, way)
        if found is not None:
            kept = tuple(name for name in chosen if name != found) if modifiers == _SHIFT else ()
            canvas.select((*kept, found))
            canvas.ensureVisible(geometry.boxes[found], 8, 8)
        return True

    def _free_place(self) -> QPointF:
        """Under the pointer, else right of the selection, else in the middle; moved down until it is free."""
        canvas, chosen = self._canvas, self._canvas.selection()
        geometry = canvas.geometry_of_graph()
        at = canvas.pointer()
        if at is None and chosen:
            at = geometry.boxes[chosen[-1]].center() + QPointF(200, 0)
        elif at is None:
            at = canvas.scene_point(QRectF(canvas.viewport().rect()).center())
        while geometry.node_at(at.x(), at.y(), 32) is not None:
            at = at + QPointF(0, 72)
        return at

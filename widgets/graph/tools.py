"""The tools that the hand can hold over the canvas."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt

from engines.graph.graph import Edge, Mark, bidirected, undirected


class Tool(StrEnum):
    """What a click or a drag on the canvas does."""

    SELECT = "select"
    NODE = "node"
    DIRECTED = "directed"
    BIDIRECTED = "bidirected"
    UNDIRECTED = "undirected"
    END = "end"
    ROLES = "roles"
    KNOW = "know"

    @property
    def draws_edges(self) -> bool:
        """Whether it is drawn from node to node; what is known is drawn so as well."""
        return self in (Tool.DIRECTED, Tool.BIDIRECTED, Tool.UNDIRECTED, Tool.KNOW)

    def edge(self, a: str, b: str) -> Edge:
        """The edge that this tool draws from a to b; directed for the tools that draw none."""
        if self is Tool.BIDIRECTED:
            return bidirected(a, b)
        return undirected(a, b) if self is Tool.UNDIRECTED else Edge(a, b)


MARK_KEYS = {
    Qt.Key.Key_X: Mark.EXPOSURE, Qt.Key.Key_Y: Mark.OUTCOME, Qt.Key.Key_A: Mark.ADJUSTED, Qt.Key.Key_L: Mark.LATENT,
    Qt.Key.Key_S: Mark.SELECTED,
}

"""What the window says about knowledge: whom it is about, and whether the graph obeys it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from studio.workspace import Workspace


def variables(workspace: Workspace) -> tuple[str, ...]:
    """The names that knowledge may be about: the factors of the data, then the nodes that are no columns."""
    opened = workspace.data
    factors = opened.factors if opened is not None else ()
    return tuple(dict.fromkeys((*factors, *workspace.graph.names)))


def contradiction(knowledge: Knowledge, names: tuple[str, ...]) -> Refusal | None:
    """Why this knowledge cannot be handed to a method, or None."""
    try:
        knowledge.checked(names)
    except Refusal as refusal:
        return refusal
    return None


def obeyed(knowledge: Knowledge, graph: Graph, *, short: bool = False) -> tuple[str, bool]:
    """A sentence and whether it is good news; empty where nothing is known or drawn. `short` leaves out what of."""
    count = len(knowledge.statements(graph.names))
    if not count or not graph.edges:
        return "", True
    broken = len(knowledge.breaches(graph))
    if short:
        said = _said("{} of {} broken").format(broken, count) if broken else _said("Obeys all {}").format(count)
        return said, not broken
    if broken:
        return _said("The graph breaks {} of the {} statements of the knowledge").format(broken, count), False
    if count == 1:
        return _said("The graph obeys the one statement of the knowledge"), True
    return _said("The graph obeys all {} statements of the knowledge").format(count), True


def _said(text: str) -> str:
    return QCoreApplication.translate("KnowledgeWords", text)

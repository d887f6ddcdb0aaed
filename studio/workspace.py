"""What the open project holds, as the panels see it: data sets, graph, knowledge, question, method and settings.

Every change by the analyst is an undo step with a name. Panels follow the signals and set nothing else. Runs and what
is asked of models live beside it (`studio.runs`, `studio.exploration`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engines.data.kinds import DataKind, DataSet
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Edge, Graph, Mark, Node
from engines.graph.knowledge import Knowledge
from engines.questions import Question


@dataclass(frozen=True, eq=False)
class OpenData:
    """A data set with the reference that reads it again."""

    reference: DataReference
    data: DataSet

    @property
    def name(self) -> str:
        return self.data.name

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the columns that may be nodes of a graph."""
        return tuple(column.name for column in self.data.attributes.having(Role.FACTOR))


@dataclass(frozen=True)
class Truth:
    """A graph to compare with, and where it comes from."""

    name: str
    graph: Graph


class Workspace(QObject):
    """The state of the project that the analyst works on."""

    datasets_changed = Signal()
    data_changed = Signal(object)           # OpenData or None
    graph_changed = Signal(object)          # Graph
    learning_changed = Signal(object)       # Graph that a run draws just now, or None
    truth_changed = Signal(object)          # Truth or None
    knowledge_changed = Signal(object)      # Knowledge
    question_changed = Signal(object)       # Question or None
    method_changed = Signal(str)            # id, or empty
    settings_changed = Signal(str)          # id of the method
    name_changed = Signal(str)

    def __init__(self, undo: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo = undo
        self._name = ""
        self._datasets: dict[str, OpenData] = {}
        self._current = ""
        self._graph = Graph()
        self._truth: Truth | None = None
        self._knowledge = Knowledge()
        self._question: Question | None = None
        self._method = ""
        self._settings: dict[str, dict[str, Any]] = {}

    # what there is

    @property
    def name(self) -> str:
        return self._name

    @property
    def datasets(self) -> tuple[OpenData, ...]:
        return tuple(self._datasets.values())

    @property
    def data(self) -> OpenData | None:
        return self._datasets.get(self._current)

    @property
    def graph(self) -> Graph:
        return self._graph

    @property
    def truth(self) -> Truth | None:
        return self._truth

    @property
    def knowledge(self) -> Knowledge:
        return self._knowledge

    @property
    def question(self) -> Question | None:
        return self._question

    @property
    def method(self) -> str:
        return self._method

    def settings(self, method: str) -> Mapping[str, Any]:
        """What the analyst changed in a method's form, by parameter."""
        return self._settings.get(method, {})

    # changes that are no undo steps: opening things, choosing what is looked at

    def rename(self, name: str) -> None:
        self._name = name
        self.name_changed.emit(name)

    def clear(self) -> None:
        """As a new project is."""
        self._datasets, self._current = {}, ""
        self._graph, self._truth, self._knowledge = Graph(), None, Knowledge()
        self._question, self._method, self._settings = None, "", {}
        self.undo.clear()
        self.datasets_changed.emit()
        self.data_changed.emit(None)
        self.graph_changed.emit(self._graph)
        self.truth_changed.emit(None)
        self.question_changed.emit(None)
        self.method_changed.emit("")

    def add_data(self, opened: OpenData) -> None:
        """A data set that was read; it becomes the one that is looked at."""
        self._datasets[opened.name] = opened
        self._current = opened.name
        self.datasets_changed.emit()
        self.data_changed.emit(opened)

    def remove_data(self, name: str) -> None:
        """Close a data set; its file stays."""
        self._datasets.pop(name, None)
        if self._current == name:
            self._current = next(reversed(self._datasets), "")
        self.datasets_changed.emit()
        self.data_changed.emit(self.data)

    def choose_data(self, name: str) -> None:
        if name in self._datasets and name != self._current:
            self._current = name
            self.data_changed.emit(self.data)

    def set_truth(self, truth: Truth | None) -> None:
        """A graph to compare with."""
        self._truth = truth
        self.truth_changed.emit(truth)

    def set_question(self, question: Question | None) -> None:
        if question is not self._question:
            self._question = question
            self.question_changed.emit(question)

    def set_method(self, method: str) -> None:
        if method != self._method:
            self._method = method
            self.method_changed.emit(method)

    def adopt_graph(self, graph: Graph) -> None:
        """A graph that a model answers with; positions of known names are kept."""
        kept = {node.name: node.position for node in self._graph.nodes if node.position is not None}
        self._graph = graph.placed(kept)
        self.graph_changed.emit(self._graph)

    def show_learning(self, graph: Graph | None) -> None:
        """The graph that a run draws while it works; None when it ends."""
        if graph is not None:
            kept = {node.name: node.position for node in self._graph.nodes if node.position is not None}
            graph = graph.placed(kept)
        self.learning_changed.emit(graph)

    # changes by the analyst: undo steps

    def set_graph(self, graph: Graph, text: str) -> None:
        """An edit of the graph; `text` names the step."""
        if graph != self._graph:
            self._push(text, self._put_graph, self._graph, graph)

    def set_knowledge(self, knowledge: Knowledge, text: str) -> None:
        if knowledge != self._knowledge:
            self._push(text, self._put_knowledge, self._knowledge, knowledge)

    def set_role(self, column: str, role: Role) -> None:
        """What a column of the current data set is for."""
        opened = self.data
        if opened is not None and opened.data.attributes[column].role is not role:
            reference = replace(opened.reference, roles={**opened.reference.roles, column: str(role)})
            after = OpenData(reference, opened.data.with_role(column, role))
            self._push(self.tr("Give {} the role {}").format(column, role), self._put_data, opened, after)

    def replace_data(self, after: OpenData, text: str) -> None:
        """The current data set prepared otherwise (type changed, steps added)."""
        if (opened := self.data) is not None:
            self._push(text, self._put_data, opened, after)

    def change_settings(self, method: str, settings: Mapping[str, Any]) -> None:
        """The analyst's changes in a method's form."""
        before = self._settings.get(method, {})
        if dict(settings) != before:
            self._push(
                self.tr("Change the settings of {}").format(method), self._put_settings,
                (method, before), (method, dict(settings)),
            )

    def _push(self, text: str, put: Callable[[Any], None], before: Any, after: Any) -> None:
        self.undo.push(_Step(text, put, before, after))

    def _put_graph(self, graph: Graph) -> None:
        self._graph = graph
        self.graph_changed.emit(graph)

    def _put_knowledge(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self.knowledge_changed.emit(knowledge)

    def _put_data(self, opened: OpenData) -> None:
        self._datasets[opened.name] = opened
        if opened.name == self._current:
            self.data_changed.emit(opened)
        self.datasets_changed.emit()

    def _put_settings(self, change: tuple[str, dict[str, Any]]) -> None:
        method, settings = change
        self._settings[method] = settings
        self.settings_changed.emit(method)


class _Step(QUndoCommand):
    """One change: puts `after`, or `before` again."""

    def __init__(self, text: str, put: Callable[[Any], None], before: Any, after: Any) -> None:
        super().__init__(text)
        self._put, self._before, self._after = put, before, after

    def redo(self) -> None:
        self._put(self._after)

    def undo(self) -> None:
        self._put(self._before)


def implied_picture(graph: Graph, opened: OpenData | None) -> Graph:
    """The graph as it is drawn: for images the picture is an implied child of all factors."""
    if opened is None or opened.data.kind is not DataKind.IMAGES or not graph.nodes or PICTURE in graph:
        return graph
    whole = graph.with_node(Node(PICTURE, frozenset({Mark.OUTCOME}), _right_of(graph)))
    for name in graph.names:
        whole = whole.with_edge(Edge(name, PICTURE))
    return whole


def without_picture(graph: Graph, opened: OpenData | None) -> Graph:
    """The graph that the project keeps."""
    if opened is None or opened.data.kind is not DataKind.IMAGES or PICTURE not in graph:
        return graph
    return graph.without_node(PICTURE)


def _right_of(graph: Graph) -> tuple[float, float] | None:
    places = [node.position for node in graph.nodes]
    if any(place is None for place in places):
        return None
    known = [place for place in places if place is not None]
    return max(x for x, _ in known) + 200.0, sum(y for _, y in known) / len(known)


PICTURE = "image"
"""Name of the implied node."""

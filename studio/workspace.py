"""What the open project holds, as the panels see it: data sets, graph, knowledge, question, method and settings.

Every change by the analyst is an undo step with a name. Panels follow the signals and set nothing else. Runs and what
is asked of models live beside it (`studio.runs`, `studio.exploration`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from engines.data.kinds import DataKind, DataSet
from engines.data.reference import DataReference
from engines.data.roles import Role
from engines.graph.graph import Edge, Graph, Mark, Node
from engines.graph.knowledge import Knowledge
from engines.graph.sorts import Sort
from engines.questions import Question
from engines.runtime import wire
from studio.project.history import History
from studio.project.store import Kind

GRAPH, TRUTH, KNOWLEDGE, SORT = "graph", "truth", "knowledge", "sort"
"""Names of the project's documents of which there is one."""
_VERSIONS = 8           # of a data set, kept so that undo and redo need not read the file again


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
    sort_changed = Signal(object)           # Sort of graph that edits keep to
    question_changed = Signal(object)       # Question or None
    method_changed = Signal(str)            # id, or empty
    settings_changed = Signal(str)          # id of the method
    name_changed = Signal(str)
    reading_wished = Signal(object)         # DataReference: an undo step asks for data that are not at hand

    def __init__(self, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = history
        history.register(Kind.GRAPH, GRAPH, self._show_graph)
        history.register(Kind.GRAPH, TRUTH, self._show_truth)
        history.register(Kind.SETTING, KNOWLEDGE, self._show_knowledge)
        history.register(Kind.SETTING, SORT, self._show_sort)
        history.register(Kind.METHOD, "", self._show_settings)
        history.register(Kind.DATA, "", self._show_reference, self._why_not)
        self._name = ""
        self._datasets: dict[str, OpenData] = {}
        self._current = ""
        self._versions: dict[str, list[OpenData]] = {}
        self._awaited: dict[str, DataReference] = {}
        self._graph = Graph()
        self._truth: Truth | None = None
        self._knowledge = Knowledge()
        self._sort = Sort.MIXED
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
    def sort(self) -> Sort:
        """The sort of graph that edits keep to; mixed: any."""
        return self._sort

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
        """As a new project is; what is kept stays as it is."""
        self._datasets, self._current, self._versions, self._awaited = {}, "", {}, {}
        self._graph, self._truth, self._knowledge, self._sort = Graph(), None, Knowledge(), Sort.MIXED
        self._question, self._method, self._settings = None, "", {}
        self.datasets_changed.emit()
        self.data_changed.emit(None)
        self.graph_changed.emit(self._graph)
        self.truth_changed.emit(None)
        self.knowledge_changed.emit(self._knowledge)
        self.sort_changed.emit(self._sort)
        self.question_changed.emit(None)
        self.method_changed.emit("")

    def add_data(self, opened: OpenData) -> None:
        """A data set that was read; it becomes the one that is looked at."""
        self.history.put(Kind.DATA, opened.name, wire.to_plain(opened.reference))
        self.show_data(opened)

    def show_data(self, opened: OpenData, *, look: bool = True) -> None:
        """A data set that the project has, read again; `look`: it is the one that is looked at."""
        self._awaited.pop(opened.name, None)
        self._datasets[opened.name] = opened
        self._current = opened.name if look else self._current
        self.datasets_changed.emit()
        if opened.name == self._current:
            self.data_changed.emit(opened)

    def take_reading(self, opened: OpenData) -> None:
        """Data that `reading_wished` asked for; late ones are dropped."""
        if self._awaited.get(opened.name) == opened.reference:
            self.show_data(opened, look=False)

    def remove_data(self, name: str) -> None:
        """Close a data set; its file stays."""
        self.history.put(Kind.DATA, name, None)
        for known in (self._datasets, self._versions, self._awaited):
            known.pop(name, None)
        if self._current == name:
            self._current = next(reversed(self._datasets), "")
        self.datasets_changed.emit()
        self.data_changed.emit(self.data)

    def choose_data(self, name: str) -> None:
        if name in self._datasets and name != self._current:
            self._current = name
            self.data_changed.emit(self.data)

    def set_truth(self, truth: Truth | None) -> None:
        """A graph to compare with, that comes with a sample."""
        self.history.put(Kind.GRAPH, TRUTH, _plain_truth(truth))
        self._show_truth(TRUTH, _plain_truth(truth))

    def set_question(self, question: Question | None) -> None:
        if question is not self._question:
            self._question = question
            self.question_changed.emit(question)

    def set_method(self, method: str) -> None:
        if method != self._method:
            self._method = method
            self.method_changed.emit(method)

    def adopt_graph(self, graph: Graph) -> None:
        """A graph that a model answers with; positions and marks of known names are kept."""
        self._graph = self.with_places(graph)
        self.history.put(Kind.GRAPH, GRAPH, _plain_graph(self._graph))
        self.graph_changed.emit(self._graph)

    def show_learning(self, graph: Graph | None) -> None:
        """The graph that a run draws while it works; None when it ends."""
        self.learning_changed.emit(None if graph is None else self.with_places(graph))

    def with_places(self, graph: Graph) -> Graph:
        """Another graph with the positions and marks that its nodes have in the project's."""
        known = {node.name: node for node in self._graph.nodes}
        nodes = []
        for node in graph.nodes:
            there = known.get(node.name, node)
            place = there.position or node.position
            nodes.append(Node(node.name, node.marks | there.marks, place, there.pinned or node.pinned))
        return replace(graph, nodes=tuple(nodes))

    # changes by the analyst: undo steps

    def set_graph(self, graph: Graph, text: str) -> None:
        """An edit of the graph; `text` names the step."""
        if graph != self._graph:
            self.history.change(text, Kind.GRAPH, GRAPH, _plain_graph(self._graph), _plain_graph(graph))

    def compare_with(self, truth: Truth | None, text: str) -> None:
        """Compare the graph with another, or with none any more."""
        if truth != self._truth:
            self.history.change(text, Kind.GRAPH, TRUTH, _plain_truth(self._truth), _plain_truth(truth))

    def set_knowledge(self, knowledge: Knowledge, text: str) -> None:
        if knowledge != self._knowledge:
            plain = [wire.to_plain(one) if one else None for one in (self._knowledge, knowledge)]
            self.history.change(text, Kind.SETTING, KNOWLEDGE, *plain)

    def keep_to(self, sort: Sort) -> None:
        """The sort of graph that edits keep to from now on."""
        if sort is not self._sort:
            text = self.tr("Allow any edge") if sort is Sort.MIXED else self.tr("Keep to {} rules").format(sort)
            plain = [None if one is Sort.MIXED else str(one) for one in (self._sort, sort)]
            self.history.change(text, Kind.SETTING, SORT, *plain)

    def set_role(self, column: str, role: Role) -> None:
        """What a column of the current data set is for."""
        opened = self.data
        if opened is not None and opened.data.attributes[column].role is not role:
            reference = self._awaited.get(opened.name, opened.reference)
            after = replace(reference, roles={**reference.roles, column: str(role)})
            self._change_data(self.tr("Give {} the role {}").format(column, role), opened, after)

    def replace_data(self, after: OpenData, text: str) -> None:
        """The current data set prepared otherwise (type changed, steps added)."""
        if (opened := self.data) is not None:
            self._remember(after)
            self._change_data(text, opened, after.reference)

    def change_settings(self, method: str, settings: Mapping[str, Any]) -> None:
        """The analyst's changes in a method's form."""
        before = self._settings.get(method, {})
        if dict(settings) != before:
            text = self.tr("Change the settings of {}").format(method)
            self.history.change(text, Kind.METHOD, method, before or None, dict(settings) or None)

    def _change_data(self, text: str, opened: OpenData, after: DataReference) -> None:
        before = self._awaited.get(opened.name, opened.reference)
        self._remember(opened)
        self.history.change(text, Kind.DATA, opened.name, wire.to_plain(before), wire.to_plain(after))

    # documents as they are shown

    def _show_graph(self, _name: str, plain: Any) -> None:
        self._graph = Graph() if plain is None else Graph.from_json(plain)
        self.graph_changed.emit(self._graph)

    def _show_truth(self, _name: str, plain: Any) -> None:
        self._truth = None if plain is None else Truth(plain["name"], Graph.from_json(plain["graph"]))
        self.truth_changed.emit(self._truth)

    def _show_knowledge(self, _name: str, plain: Any) -> None:
        self._knowledge = Knowledge() if plain is None else wire.from_plain(plain)
        self.knowledge_changed.emit(self._knowledge)

    def _show_sort(self, _name: str, plain: Any) -> None:
        self._sort = Sort.MIXED if plain is None else Sort(plain)
        self.sort_changed.emit(self._sort)

    def _show_settings(self, method: str, plain: Any) -> None:
        self._settings[method] = plain or {}
        self.settings_changed.emit(method)

    def _show_reference(self, name: str, plain: Any) -> None:
        """Data as they are to be read and used: from memory where they are at hand, else they are read."""
        wanted: DataReference = wire.from_plain(plain)
        self._awaited.pop(name, None)
        found = _with_roles(self._datasets[name], wanted)
        found = found or next((one for one in self._versions.get(name, ()) if one.reference == wanted), None)
        if found is not None:
            self.show_data(found, look=False)
        else:
            self._awaited[name] = wanted
            self.reading_wished.emit(wanted)

    def _why_not(self, name: str, plain: Any) -> str:
        opened = self._datasets.get(name)
        if opened is None or plain is None:
            return self.tr("The data set {} is closed.").format(name)
        wanted, there = wire.from_plain(plain), opened.reference
        same = wanted.labels != there.labels or wanted.fingerprint == there.fingerprint     # other labels, other bytes
        if wanted.path != there.path or not same:
            return self.tr("The data set {} is read from another file now.").format(name)
        return ""

    def _remember(self, opened: OpenData) -> None:
        """Have this version of a data set at hand."""
        versions = [one for one in self._versions.get(opened.name, ()) if one.reference != opened.reference]
        self._versions[opened.name] = [*versions, opened][-_VERSIONS:]


def _plain_graph(graph: Graph) -> dict[str, Any] | None:
    """A graph as its document has it; an empty one is none."""
    return graph.to_json() if graph.nodes else None


def _plain_truth(truth: Truth | None) -> dict[str, Any] | None:
    return None if truth is None else {"name": truth.name, "graph": truth.graph.to_json()}


def _with_roles(opened: OpenData, wanted: DataReference) -> OpenData | None:
    """The data with other roles; None where they differ in more, or where a role is back to what was guessed."""
    before = opened.reference
    if replace(before, roles=wanted.roles) != wanted or not before.roles.keys() <= wanted.roles.keys():
        return None
    data = opened.data
    for column, role in wanted.roles.items():
        if data.attributes[column].role is not Role(role):
            data = data.with_role(column, Role(role))
    return OpenData(wanted, data)


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

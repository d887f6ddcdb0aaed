"""All that is known of the graph as it is drawn now, part by part, the quick ones first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from engines.data.kinds import Table
from engines.graph.adjustment import Adjustments, adjustments, direct_adjustments
from engines.graph.do_calculus.effect import Effect, identify_effect
from engines.graph.front_door import FrontDoors, front_doors
from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Graph, Mark
from engines.graph.implications import Implications, Independence, implications
from engines.graph.instruments import Instruments, instruments
from engines.graph.judging import Judged, Way, corrected, judge
from engines.refusals import Refusal
from studio.exploration.exploration import Exploration
from studio.identifying.background import Background, Part
from studio.workspace import Workspace, implied_picture

_PAUSE = 40             # ms without a change before work begins


@dataclass(frozen=True)
class Answers:
    """What was found for one graph; None where it is not there yet, or was not asked.

    Attributes:
        graph: That it holds for.
        exposures, outcomes: The marked nodes, or what is selected in the place of an exposure.
        judged: The implications with their tests, where judging is wished and there are data.
        rows: Of the data that they were judged by.
        refusal: Why the graph cannot be asked.
    """

    graph: Graph
    exposures: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    adjustments: Adjustments | None = None
    direct: Adjustments | None = None
    instruments: Instruments | None = None
    front_doors: FrontDoors | None = None
    effect: Effect | None = None
    implications: Implications | None = None
    judged: tuple[Judged, ...] | None = None
    rows: int = 0
    refusal: Refusal | None = None

    @property
    def asked(self) -> bool:
        """Whether there is an effect to ask for."""
        return bool(self.exposures and self.outcomes)


class Identifying(QObject):
    """Follows the project's graph, the marks and the data; asks anew after a short pause, in a thread."""

    changed = Signal()                      # `answers` has another part

    def __init__(self, workspace: Workspace, exploration: Exploration, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace, self._exploration = workspace, exploration
        self.answers = Answers(Graph())
        self._judging, self._way = False, Way.LINEAR
        self._closed = False
        self._known: dict[Independence, Judged] = {}
        self._known_for: tuple[object, Way] = (None, Way.LINEAR)
        self._background = Background(self)
        self._others: list[Background] = []
        self._background.found.connect(self._take)
        self._background.finished.connect(self.changed)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask)
        workspace.graph_changed.connect(self._wait)
        workspace.data_changed.connect(self._wait)
        exploration.selected_changed.connect(self._take_selection)

    @property
    def busy(self) -> bool:
        return self._pause.isActive() or self._background.busy

    @property
    def way(self) -> Way:
        """How the implications are tested."""
        return self._way

    def set_judging(self, on: bool) -> None:
        """Whether the implications are tested against the data."""
        if on is not self._judging:
            self._judging = on
            self._wait()

    def set_way(self, way: Way) -> None:
        if way is not self._way:
            self._way = way
            self._wait()

    def background(self) -> Background:
        """A thread for other questions about the graph, with wishes of its own; it ends with the project's window."""
        self._others.append(Background(self))
        return self._others[-1]

    def close(self) -> None:
        """End what goes on; nothing begins any more, whatever the pages say while they go."""
        self._closed = True
        self._pause.stop()
        for background in (self._background, *self._others):
            background.close()

    def _take_selection(self, *_: object) -> None:
        if self._question(self.answers.graph) != (self.answers.exposures, self.answers.outcomes):
            self._wait()

    def _wait(self, *_: object) -> None:
        if self._closed:
            return
        self._background.drop()
        self._pause.start()

    def _ask(self) -> None:
        opened = self._workspace.data
        graph = implied_picture(self._workspace.graph, opened)
        self.answers = Answers(graph, *self._question(graph))
        if not graph.nodes:
            self.changed.emit()
            return
        table = opened.data.attributes if opened is not None and self._judging else None
        if table is not None:
            self.answers = replace(self.answers, rows=len(table))
        self._background.ask(self._parts(self.answers, table))

    def _question(self, graph: Graph) -> tuple[tuple[str, ...], tuple[str, ...]]:
        causes = _marked(graph, Mark.EXPOSURE)
        if not causes and self._exploration.selected in graph:
            causes = (self._exploration.selected,)
        return causes, tuple(name for name in _marked(graph, Mark.OUTCOME) if name not in causes)

    def _parts(self, asked: Answers, table: Table | None) -> dict[str, Part]:
        graph, causes, effects = asked.graph, asked.exposures, asked.outcomes
        parts: dict[str, Part] = {}
        if asked.asked:
            parts["adjustments"] = lambda fuse: adjustments(graph, causes, effects, fuse)
        if len(causes) == len(effects) == 1:
            x, y = causes[0], effects[0]
            parts["front_doors"] = lambda fuse: front_doors(graph, x, y, fuse)
            parts["instruments"] = lambda fuse: instruments(graph, x, y, fuse)
            parts["direct"] = lambda fuse: direct_adjustments(graph, x, y, fuse)
        parts["implications"] = lambda fuse: implications(graph, fuse)
        if asked.asked:
            parts["effect"] = lambda fuse: identify_effect(graph, effects, causes, fuse=fuse)
        if table is not None:
            key = table, self._way
            if self._known_for != key:
                self._known, self._known_for = {}, key
            known, way = self._known, self._way
            parts["judged"] = lambda fuse: _judged(graph, table, way, known, fuse)
        return parts

    def _take(self, part: str, value: object) -> None:
        if isinstance(value, Refusal):
            self.answers = replace(self.answers, refusal=self.answers.refusal or value)
        else:
            self.answers = replace(self.answers, **{part: value})  # type: ignore[arg-type]
        self.changed.emit()


def _judged(
    graph: Graph, table: Table, way: Way, known: dict[Independence, Judged], fuse: Fuse
) -> tuple[Judged, ...]:
    """Claims that were judged before by the same data are not judged again; those that time did not reach say so."""
    claims = implications(graph, fuse).claims
    new = [claim for claim in claims if claim not in known]
    try:
        for one in judge(new, table, way, fuse=fuse):
            known[one.claim] = one
    except Burnt:
        if fuse.dropped:
            raise
    late = "The time was up."
    return corrected([known.get(claim) or Judged(claim, why=late) for claim in claims])


def _marked(graph: Graph, mark: Mark) -> tuple[str, ...]:
    return tuple(node.name for node in graph.nodes if mark in node.marks)

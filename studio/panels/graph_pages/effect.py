"""How the effect in question can be had: every set to adjust for, instruments, front doors, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.graph.answers import WhyNot, listed
from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Graph, Mark
from engines.graph.separation import Path, conditioned, every_path
from studio.identifying.identifying import Answers
from studio.panels.graph_bar import marked
from studio.panels.graph_pages import Around
from widgets.graph.values import Lit
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.line_list import Line, LineList
from widgets.kit.segmented import Segmented

_MOST_LIT = 60          # paths that are lit at once
_PATIENCE = 0.05        # s, to find them


@dataclass(frozen=True)
class _Row:
    """A line with what lights up when it is looked at.

    Attributes:
        nodes: To be selected.
        adjust: What could be adjusted for; None where the line is no such set.
        between: Ends of the paths to light, and what they are looked at given; None where `lit` says it.
        causal, every: Which of these paths: only causal ones, only others, or all.
    """

    line: Line
    nodes: tuple[str, ...] = ()
    adjust: tuple[str, ...] | None = None
    between: tuple[str, str, tuple[str, ...]] | None = None
    lit: Lit | None = None
    causal: bool = False
    every: bool = False


class EffectPage(QWidget):
    """Three lists. Looking at a line lights its nodes and the paths that it closes; Enter adjusts for a set."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._rows: tuple[_Row, ...] = ()
        self._choice = Segmented(self._titles(0, 0, 0, 0), name=self.tr("Ways to the effect"))
        self._choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._sentence = Label("", "second", "t2", wrap=True)
        self._list = LineList(self.tr("What serves"))
        self._adjust = Button(self.tr("Adjust for these"))
        self._estimate = Button(self.tr("Estimate with these"), "ghost")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._adjust)
        foot.addWidget(self._estimate)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(self._choice)
        column.addWidget(self._sentence)
        column.addWidget(self._list, 1)
        column.addLayout(foot)
        self.setFocusProxy(self._list)
        self._choice.chosen.connect(self._refresh)
        self._list.looked_at.connect(self._look)
        self._list.taken.connect(self._take)
        self._adjust.clicked.connect(lambda: self._take(self._list.current()))
        self._estimate.clicked.connect(self._wish)
        around.identifying.changed.connect(self._refresh)
        self._refresh()

    def sentence(self) -> str:
        """What it says of the list that is shown."""
        return self._sentence.text()

    def lines(self) -> tuple[Line, ...]:
        return self._list.lines()

    def show_list(self, index: int) -> None:
        """0 sets to adjust for, 1 for the direct effect, 2 front doors, 3 instruments."""
        self._choice.set_current(index)
        self._refresh()

    def look_at(self, row: int) -> None:
        self._list.look_at(row)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self._look(self._list.current()))     # when all pages have turned

    # what there is

    def _titles(self, adjust: int, direct: int, doors: int, instruments: int) -> list[str]:
        words = (self.tr("Adjust"), self.tr("Direct"), self.tr("Front door"), self.tr("Instruments"))
        return [f"{word} {count}" for word, count in zip(words, (adjust, direct, doors, instruments))]

    def _refresh(self, *_: object) -> None:
        answers = self._around.identifying.answers
        shown = max(self._choice.current(), 0)
        self._choice.set_options(self._titles(
            len(answers.adjustments.sets) if answers.adjustments else 0,
            len(answers.direct.sets) if answers.direct else 0,
            len(answers.front_doors.sets) if answers.front_doors else 0,
            len(answers.instruments.found) if answers.instruments else 0,
        ))
        self._choice.set_current(shown)
        told = self._told(answers, shown)
        if told is None:                        # it is looked for: what was found before stays till then
            return
        sentence, self._rows = told
        self._sentence.setText(sentence)
        self._list.set_lines([row.line for row in self._rows])
        self._offer(self._list.current())

    def _told(self, answers: Answers, shown: int) -> tuple[str, tuple[_Row, ...]] | None:
        if answers.refusal is not None:
            return str(answers.refusal), ()
        if not answers.asked:
            return self.tr("Mark an exposure and an outcome: select a node and press X or Y."), ()
        sets = answers.adjustments if shown == 0 else answers.direct
        if shown < 2 and sets is not None:
            return sets.sentence(), self._set_rows(answers, sets.sets, sets.why_not)
        doors, found = answers.front_doors, answers.instruments
        if shown == 2 and doors is not None:
            return doors.sentence(), self._door_rows(answers, doors.sets, doors.why_not)
        if shown == 3 and found is not None:
            rows = [
                _Row(
                    Line(one.name, self.tr("given {}").format(listed(one.given)) if one.given else "", sign="target"),
                    (one.name, *one.given), None, (one.name, answers.exposures[0], one.given), every=True,
                )
                for one in found.found
            ]
            return found.sentence(), (*rows, *self._why(found.why_not))
        if shown and len(answers.exposures) + len(answers.outcomes) > 2:
            return self.tr("This is looked for with one exposure and one outcome."), ()
        return None

    def _set_rows(
        self, answers: Answers, sets: Sequence[tuple[str, ...]], why: WhyNot | None
    ) -> tuple[_Row, ...]:
        now = {node.name for node in answers.graph.nodes if Mark.ADJUSTED in node.marks}
        rows = []
        for names in sets:
            count = self.tr("1 node") if len(names) == 1 else self.tr("{} nodes").format(len(names))
            on = now == set(names)
            line = Line(
                listed(names, self.tr("nothing")), "", self.tr("adjusted now") if on else count,
                "circle-check" if on else "circle", "ok" if on else "t2", strong=on,
            )
            rows.append(_Row(line, names, names, (answers.exposures[0], answers.outcomes[0], names)))
        return (*rows, *self._why(why))

    def _door_rows(
        self, answers: Answers, sets: Sequence[tuple[str, ...]], why: WhyNot | None
    ) -> tuple[_Row, ...]:
        ends = answers.exposures[0], answers.outcomes[0], ()
        rows = [_Row(Line(listed(names), sign="route"), names, None, ends, causal=True) for names in sets]
        return (*rows, *self._why(why))

    def _why(self, why: WhyNot | None) -> tuple[_Row, ...]:
        """Where there is nothing: what stands in the way."""
        if why is None:
            return ()
        lit = Lit.of([why.path]) if why.path is not None else Lit((why.nodes,)) if why.nodes else None
        line = Line(str(why.path) if why.path is not None else why.sentence, self.tr("stands in the way"),
                    sign="triangle-alert", colour="warn")
        return (_Row(line, lit=lit),)

    # the hand

    def _look(self, row: int) -> None:
        self._offer(row)
        canvas = self._around.canvas
        if not self.isVisible():
            return                              # another page lights what it speaks of
        if not 0 <= row < len(self._rows):
            canvas.set_lit(None)
            return
        told = self._rows[row]
        if told.nodes and marked(canvas.graph(), Mark.EXPOSURE):       # else what is selected is the exposure
            canvas.select(tuple(name for name in told.nodes if name in canvas.graph()))
        canvas.set_lit(told.lit if told.between is None else self._lit(told))

    def _lit(self, row: _Row) -> Lit | None:
        """The paths that a set closes; those that a front door lies on; those from an instrument to the exposure."""
        graph = self._around.identifying.answers.graph
        assert row.between is not None
        start, end, given = row.between
        selected = [name for name in conditioned(graph) if Mark.SELECTED in graph.node(name).marks]
        found: list[Path] = []
        try:
            ways = every_path(graph, start, end, {*given, *selected} - {start, end}, Fuse(_PATIENCE))
            every = (path for path in ways if row.every or path.causal is row.causal)
            found.extend(islice(every, _MOST_LIT))
        except Burnt:
            pass                                # those found until then are lit
        return Lit.of(found) if found else Lit((row.nodes,)) if row.nodes else None

    def _offer(self, row: int) -> None:
        adjust = self._rows[row].adjust if 0 <= row < len(self._rows) else None
        total = self._choice.current() == 0
        for button in (self._adjust, self._estimate):
            button.setVisible(self._choice.current() < 2)
            button.setEnabled(adjust is not None)
        self._estimate.setVisible(total)

    def _take(self, row: int) -> None:
        """Mark the nodes of the set as adjusted, and no others."""
        adjust = self._rows[row].adjust if 0 <= row < len(self._rows) else None
        if adjust is None:
            return
        graph = adjusted(self._around.workspace.graph, adjust)
        self._around.workspace.set_graph(graph, self.tr("Adjust for {}").format(listed(adjust, self.tr("nothing"))))

    def _wish(self) -> None:
        """Adjust for the set, and go on to the method that estimates with it."""
        self._take(self._list.current())
        self._around.estimate()


def adjusted(graph: Graph, names: Sequence[str]) -> Graph:
    """The graph in which these nodes are marked adjusted, and no others."""
    nodes = (
        replace(node, marks=node.marks | {Mark.ADJUSTED} if node.name in names else node.marks - {Mark.ADJUSTED})
        for node in graph.nodes
    )
    return replace(graph, nodes=tuple(nodes))

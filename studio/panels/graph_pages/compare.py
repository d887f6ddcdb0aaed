"""The graph beside another one: how far they are apart, in numbers with words, and each difference to jump to."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.graph.compare import Comparison, Difference, Hits, agreement, compare
from engines.graph.graph import Edge
from engines.refusals import Refusal
from studio.dialogs import ask_files, ask_target
from studio.exports.atomic import write_text
from studio.intake.kinds import read_graph
from studio.panels.graph_pages import Around
from studio.panels.graph_pages.tables import csv_text
from studio.workspace import Truth
from widgets.graph.edits import shown
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.line_list import Line, LineList
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar
from widgets.kit.tool_button import ToolButton


class ComparePage(QWidget):
    """Looking at a difference rings its edge on the canvas and brings it into view."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around, self._against = around, around.against
        self._comparison = Comparison()
        self._differences: tuple[Difference, ...] = ()
        self.with_what = Button("", "plain", "git-compare", menu=True)
        self.save = ToolButton("download", self.tr("Export the differences as a table"))
        self._error = ErrorBar()
        self._figures = [Label("", "second", elide=True) for _ in range(3)]
        self._figures[0].set_role("second", 600)
        self._figures[1].setAccessibleDescription(self.tr("Pairs of nodes that are joined, whatever the ends."))
        self._figures[2].setAccessibleDescription(self.tr("Counted on the edges that both graphs have."))
        self.list = LineList(self.tr("Differences"))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.with_what)
        head.addStretch(1)
        head.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._error)
        for figure in self._figures:
            figure.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            column.addWidget(figure)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.with_what)
        self.with_what.clicked.connect(self._ask)
        self.save.clicked.connect(self._export)
        self.list.looked_at.connect(self._look)
        self.list.taken.connect(self._look)
        self._against.changed.connect(self._refresh)
        around.workspace.graph_changed.connect(self._refresh)
        self._refresh()

    def figures(self) -> tuple[str, ...]:
        """The numbers, in words."""
        return tuple(figure.text() for figure in self._figures if figure.text())

    def read(self, path: Path) -> None:
        """Compare with the graph of a file."""
        try:
            self._against.choose(Truth(path.stem, read_graph(path)))
        except Refusal as refusal:
            self._error.show_message(refusal.sentence, refusal.cause)

    def write(self, path: Path) -> None:
        """Write the differences as CSV."""
        rows = [
            (*d.pair, *("" if edge is None else shown(edge) for edge in (d.here, d.there)), self._kind(d))
            for d in self._differences
        ]
        try:
            write_text(path, csv_text(("source", "target", "here", "there", "difference"), rows))
        except OSError as error:
            self._error.show_message(self.tr("{} cannot be written.").format(path.name), str(error))

    def _refresh(self, *_: object) -> None:
        other, graph = self._against.current, self._around.workspace.graph
        self._error.clear()
        self.with_what.set_text(self.tr("Choose a graph") if other is None else self.tr("With {}").format(other.name))
        self.with_what.setAccessibleName(self.tr("Compare the graph with: {}").format(
            self.tr("nothing") if other is None else other.name
        ))
        self._comparison = Comparison() if other is None else compare(graph, other.graph)
        self._differences = self._comparison.differences()
        self.save.setEnabled(bool(self._differences))
        if other is None:
            said = (self.tr("Choose what to compare the graph with: differences are drawn and listed."), "", "")
        else:
            counts = agreement(graph, other.graph)
            said = (
                self._distance(),
                self._hits(self.tr("Edges"), counts.adjacencies),
                self._hits(self.tr("Arrowheads"), counts.heads_on_common),
            )
        for figure, text in zip(self._figures, said, strict=True):
            figure.setText(text)
            figure.setVisible(bool(text))
        lines = [self._line(difference) for difference in self._differences]
        lines += [Line(self.tr("Node {}").format(n), figure=self.tr("only here")) for n in self._comparison.nodes_here]
        lines += [
            Line(self.tr("Node {}").format(n), figure=self.tr("only there")) for n in self._comparison.nodes_there
        ]
        self.list.set_lines(lines)

    def _distance(self) -> str:
        found = self._comparison
        if not found.distance:
            return self.tr("Both graphs have the same edges.")
        return self.tr("SHD {}: {} only here, {} only there, {} turned").format(
            found.distance, len(found.only_here), len(found.only_there), len(found.turned)
        )

    def _hits(self, what: str, hits: Hits) -> str:
        if not hits.here and not hits.there:
            return self.tr("{}: none").format(what)
        shares = ["–" if share is None else f"{100 * share:.0f}\u00a0%" for share in (hits.precision, hits.recall)]
        return self.tr("{}: {} of {} right (precision {}), {} of {} found (recall {})").format(
            what, hits.both, hits.here, shares[0], hits.both, hits.there, shares[1]
        )

    def _kind(self, difference: Difference) -> str:
        if difference.here is None:
            return self.tr("only there")
        return self.tr("only here") if difference.there is None else self.tr("turned")

    def _line(self, difference: Difference) -> Line:
        here, there = difference.here, difference.there
        if here is not None and there is not None:
            text = self.tr("{}, there {}").format(shown(here), shown(_as(there, here)))
            return Line(text, figure=self.tr("turned"), sign="refresh-cw")
        edge = here or there
        assert edge is not None
        return Line(shown(edge), figure=self._kind(difference), sign="plus" if here is not None else "minus")

    def _look(self, row: int) -> None:
        if 0 <= row < len(self._differences):
            self._around.canvas.show_edge(*self._differences[row].pair)
        elif 0 <= row - len(self._differences) < len(self._comparison.nodes_here):
            self._around.canvas.show_node(self._comparison.nodes_here[row - len(self._differences)])

    def _ask(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = self._against.current
        menu.add(self.tr("Nothing"), partial(self._against.choose, None), on=current is None)
        if (known := self._against.known()) is not None:
            menu.add(self.tr("{}, taken for true").format(known.name), partial(self._against.choose, known),
                     on=current == known)
        for truth in self._against.learned():
            menu.add(truth.name, partial(self._against.choose, truth), on=current == truth)
        earlier = self._against.earlier()
        if earlier:
            inner = menu.add_menu(self.tr("An earlier state"))
            for state in earlier:
                inner.add(state.name, partial(self._against.choose, state), on=current == state)
        menu.addSeparator()
        menu.add(self.tr("A graph file"), self._ask_file, sign="folder-open")
        menu.popup_under(self.with_what)

    def _ask_file(self) -> None:
        ask_files(self.window(), self.tr("Compare with a graph"), lambda paths: self.read(paths[0]))

    def _export(self) -> None:
        ask_target(
            self.window(), self.tr("Export the differences"), [self.tr("Table (*.csv)")], "csv", self.write
        )


def _as(edge: Edge, other: Edge) -> Edge:
    """An edge written in the order of another one between the same nodes."""
    seen = edge.seen_from(other.source)
    return edge if edge.directed and not seen.directed else seen

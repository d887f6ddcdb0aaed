"""The graph as text that can be written: what is typed draws the graph, what is drawn rewrites the text."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.graph import formats
from engines.graph.graph import Edge, Graph, Node
from engines.graph.layout import spread
from engines.graph.sorts import broken
from engines.refusals import Refusal
from studio.panels.graph_pages import Around
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton
from widgets.numbered_text import NumberedText

PAUSE = 450             # ms without a key, after which what was typed is read
_FIRST = ".dagitty"
_PICTURE = ".tex"       # drawn from the graph and never read but for its comments, so it is only shown
_REMEMBERED = 50        # texts as the analyst wrote them, so that undo brings them back


class TextPage(QWidget):
    """A text that draws the graph after each pause, as one undo step. While it cannot be read the graph stays.

    The analyst's own text stays as it is until the graph is changed elsewhere; a step back brings it back.
    """

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = around.workspace
        self._ending = _FIRST
        self._written: OrderedDict[tuple[str, Graph], str] = OrderedDict()
        self._shown: Graph | None = None            # the graph that the text stood for last
        self._filling, self._broken, self._waits = False, False, False
        self._choice = Button("", "ghost", menu=True)
        self._take = Button(self.tr("Back to the graph"), "ghost", "rotate-ccw")
        copy = ToolButton("copy", self.tr("Copy the text"))
        self.editor = NumberedText(self.tr("Text of the graph"))
        self._sign = Sign("circle-alert", "err", 16)
        self._sentence = Label("", "second", wrap=True)
        self._pause = QTimer(self, singleShot=True)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._choice)
        head.addStretch(1)
        head.addWidget(self._take)
        head.addWidget(copy)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 0, 0)
        foot.setSpacing(6)
        foot.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.editor, 1)
        column.addLayout(foot)
        self.setFocusProxy(self.editor)
        self._choice.clicked.connect(self._choose)
        self._take.clicked.connect(self._rewrite)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.editor.text()))
        self.editor.textChanged.connect(self._typed)
        self.editor.left.connect(self.read_now)
        self._pause.timeout.connect(self.read_now)
        around.workspace.graph_changed.connect(self._follow)
        self.show_as(_FIRST)

    def text(self) -> str:
        return self.editor.text()

    def sentence(self) -> str:
        """Why the text is not the graph; empty while it is."""
        return "" if self._sentence.isHidden() else self._sentence.text()

    def show_as(self, ending: str) -> None:
        """Show the graph in the format with this ending."""
        self.read_now()
        self._ending = ending
        self._choice.set_text(formats.FORMATS[ending].title)
        self.editor.setReadOnly(ending == _PICTURE)
        self._rewrite()

    def read_now(self) -> None:
        """Read what was typed without waiting for the pause."""
        if not self._waits:
            return
        self._waits = False
        self._pause.stop()
        name, text = f"graph{self._ending}", self.text()
        try:
            graph = self._read(text, name)
        except Refusal as refusal:
            self._refuse(refusal, name)
            return
        self._broken = False
        self._say(0, "")
        if _drawing(graph) == _drawing(self._workspace.graph):
            graph = self._workspace.graph           # only spaces, comments or the order of edges differ
        self._remember(graph, text)
        self._shown = graph
        self._workspace.set_graph(graph, self.tr("Edit the text of the graph"))

    def _read(self, text: str, name: str) -> Graph:
        """The graph that a text draws; nodes stay pinned, and where they are when the text gives them no place."""
        graph = spread(formats.parse(text, name)) if text.strip() else Graph()
        there = {node.name: node for node in self._workspace.graph.nodes}
        graph = replace(graph, nodes=tuple(
            replace(node, position=node.position or there[node.name].position, pinned=there[node.name].pinned)
            if node.name in there else node for node in graph.nodes
        ))
        graph.order()
        if (breach := broken(self._workspace.sort, graph)) is not None:
            raise Refusal(breach.sentence, breach.rule, about=breach.about)
        return graph

    def _refuse(self, refusal: Refusal, name: str) -> None:
        found = re.match(re.escape(name) + r"(?:, line (\d+))?: ", refusal.sentence)
        line = int(found[1] or 0) if found else _line_of(refusal.about, self.text())
        said = refusal.sentence[found.end() :] if found else refusal.sentence
        self._broken = True
        where = self.tr("Line {}: ").format(line) if line else ""
        self._say(line, f"{where}{said if where else said[:1].upper() + said[1:]} {refusal.cause}".strip())

    def _say(self, line: int, sentence: str) -> None:
        self.editor.mark(line)
        self._sentence.setText(sentence)
        self._sign.setVisible(bool(sentence))
        self._sentence.setVisible(bool(sentence))
        self._take.setVisible(self._broken)

    def _typed(self) -> None:
        if not self._filling:
            self._waits = True
            self._pause.start(PAUSE)

    def _follow(self, graph: Graph) -> None:
        """The graph was changed: the text follows, unless something in it waits to be read or to be put right."""
        if graph != self._shown and not self._broken and not self._waits:
            self._rewrite()

    def _rewrite(self) -> None:
        graph = self._workspace.graph
        text = self._written.get((self._ending, graph))
        try:
            text = formats.compose(graph, f"graph{self._ending}") if text is None else text
            if "\u2029" in text:
                raise Refusal(self.tr("A name holds a separator of paragraphs, which would end its line here."))
        except Refusal as refusal:
            self._say(0, f"{refusal.sentence} {refusal.cause}".strip())
            return
        self._filling = True
        self.editor.put(text, again=self._broken)
        self._filling, self._broken, self._waits, self._shown = False, False, False, graph
        self._pause.stop()
        self._say(0, "")

    def _remember(self, graph: Graph, text: str) -> None:
        self._written[self._ending, graph] = text
        self._written.move_to_end((self._ending, graph))
        if len(self._written) > _REMEMBERED:
            self._written.popitem(last=False)

    def _choose(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for ending in first_endings():
            menu.add(formats.FORMATS[ending].title, partial(self.show_as, ending), on=ending == self._ending)
        menu.popup_under(self._choice)


def first_endings() -> tuple[str, ...]:
    """An ending for each format, DAGitty's first."""
    by_title = {formats.FORMATS[_FIRST].title: _FIRST}
    for ending, known in formats.FORMATS.items():
        by_title.setdefault(known.title, ending)
    return tuple(by_title.values())


def _drawing(graph: Graph) -> tuple[tuple[Node, ...], set[Edge]]:
    """The graph whatever the order of its edges and the side from which each is told."""
    return graph.nodes, {edge.seen_from(min(edge.pair)) for edge in graph.edges}


def _line_of(names: tuple[str, ...], text: str) -> int:
    """The last line that names two of the nodes that a refusal is about; 0 where none does."""
    lines = [i + 1 for i, line in enumerate(text.split("\n")) if sum(name in line for name in names) > 1]
    return lines[-1] if lines else 0

"""All statements in one list, the broken ones first; two fields require or forbid an edge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engines.graph import knowledge_edits as edits
from engines.graph.knowledge import Breach, Knowledge, Pair, Statement
from studio.panels.graph_pages import Around
from studio.panels.knowledge_words import variables
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.line_list import Line, LineList


class KnownEdges(QWidget):
    """Looking at a line rings its edge on the canvas, Enter goes to the next edge of it; Delete takes it away."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._statements: list[tuple[Statement, Breach | None]] = []
        self._next = 0
        self.cause, self.effect = QLineEdit(), QLineEdit()
        for field, name in ((self.cause, self.tr("Cause")), (self.effect, self.tr("Effect"))):
            field.setPlaceholderText(name)
            field.setAccessibleName(name)
            field.textChanged.connect(self._count_pairs)
        self._count = Label("", "second", "t2")
        self.require, self.forbid = Button(self.tr("Require")), Button(self.tr("Forbid"))
        self.list = LineList(self.tr("What is known"))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.cause, 1)
        line.addWidget(Label("→", "body", "t2"))
        line.addWidget(self.effect, 1)
        for widget in (self._count, self.require, self.forbid):
            line.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.list, 1)
        self.require.clicked.connect(lambda: self._know(edits.required))
        self.forbid.clicked.connect(lambda: self._know(edits.forbidden))
        self.list.looked_at.connect(self._look)
        self.list.taken.connect(self._take)
        around.canvas.selection_changed.connect(self._fill)
        for signal in (around.workspace.knowledge_changed, around.workspace.graph_changed,
                       around.workspace.data_changed):
            signal.connect(self._refresh)
        self._refresh()
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.list.current()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.list.hasFocus() and row >= 0:
            self._remove(self._statements[row][0])
        else:
            super().keyPressEvent(event)

    def _refresh(self, *_: object) -> None:
        known, graph = self._around.workspace.knowledge, self._around.workspace.graph
        breaches = {breach.statement.text: breach for breach in known.breaches(graph)} if graph.edges else {}
        every = [(s, breaches.get(s.text)) for s in known.statements(variables(self._around.workspace))]
        self._statements = sorted(every, key=lambda pair: pair[1] is None)
        self.list.set_lines([self._line(*pair) for pair in self._statements])
        self._count_pairs()

    def _line(self, statement: Statement, breach: Breach | None) -> Line:
        count = len(statement.pairs())
        figure = self.tr("1 edge") if count == 1 else self.tr("{} edges").format(count)
        if breach is not None:
            return Line(statement.text, breach.sentence(), figure, "triangle-alert", "warn", strong=True)
        sign = "columns-3" if statement.written is None else "check" if statement.required else "ban"
        return Line(statement.text, "", figure, sign)

    def _terms(self) -> Pair:
        return self.cause.text().strip(), self.effect.text().strip()

    def _count_pairs(self, *_: object) -> None:
        names, known = variables(self._around.workspace), self._around.workspace.knowledge
        sides = [known.members(term, names) if term else () for term in self._terms()]
        unknown = next((side[0] for side in sides if len(side) == 1 and side[0] not in names), "")
        count = sum(a != b for a in sides[0] for b in sides[1])
        if unknown:
            said = self.tr("no such name")
        elif all(self._terms()):
            said = self.tr("1 edge") if count == 1 else self.tr("{} edges").format(count)
        else:
            said = ""
        self._count.setText(said)
        self._count.setVisible(bool(said))
        for button in (self.require, self.forbid):
            button.setEnabled(count > 0 and not unknown)

    def _know(self, edit: Callable[[Knowledge, str, str], edits.Change]) -> None:
        self._around.workspace.set_knowledge(*edit(self._around.workspace.knowledge, *self._terms()))
        self.cause.clear()
        self.effect.clear()

    def _fill(self, *_: object) -> None:
        """The last two nodes that were selected on the canvas stand ready in the fields."""
        chosen = self._around.canvas.selection()
        if len(chosen) >= 2:
            self.cause.setText(chosen[-2])
            self.effect.setText(chosen[-1])

    def _pairs(self, row: int) -> tuple[Pair, ...]:
        statement, breach = self._statements[row]
        return breach.pairs if breach is not None else statement.pairs()

    def _look(self, row: int) -> None:
        self._next = 0
        if 0 <= row < len(self._statements) and self._pairs(row):
            self._around.canvas.show_edge(*self._pairs(row)[0])

    def _take(self, row: int) -> None:
        """The next edge that the line speaks of."""
        pairs = self._pairs(row)
        if pairs:
            self._next = (self._next + 1) % len(pairs)
            self._around.canvas.show_edge(*pairs[self._next])

    def _remove(self, statement: Statement) -> None:
        change = edits.taken_back(self._around.workspace.knowledge, statement)
        if change is not None:
            self._around.workspace.set_knowledge(*change)

"""Groups: a name for several variables, by their names and by patterns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engines.graph import knowledge_edits as edits
from studio.panels.graph_pages import Around
from studio.panels.knowledge_words import variables
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.line_list import Line, LineList


class KnownGroups(QWidget):
    """Two fields make a group or make it anew; looking at one selects its nodes, Delete takes it away."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self.name, self.members = QLineEdit(), QLineEdit()
        self.name.setPlaceholderText(self.tr("Group"))
        self.name.setAccessibleName(self.tr("Name of the group"))
        self.members.setPlaceholderText(self.tr("Names and patterns, as dose, gene_*"))
        self.members.setAccessibleName(self.tr("Names and patterns of the group"))
        self._count = Label("", "second", "t2")
        self.make = Button(self.tr("Group"))
        self.list = LineList(self.tr("Groups"))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.name, 1)
        line.addWidget(self.members, 2)
        line.addWidget(self._count)
        line.addWidget(self.make)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.list, 1)
        self.name.textChanged.connect(self._match)
        self.members.textChanged.connect(self._match)
        self.members.returnPressed.connect(self._group)
        self.make.clicked.connect(self._group)
        self.list.looked_at.connect(self._look)
        around.canvas.selection_changed.connect(self._fill)
        for signal in (around.workspace.knowledge_changed, around.workspace.data_changed):
            signal.connect(self._refresh)
        self._refresh()
        self._match()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.list.current()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.list.hasFocus() and row >= 0:
            known = self._around.workspace.knowledge
            self._around.workspace.set_knowledge(*edits.ungrouped(known, known.groups[row][0]))
        else:
            super().keyPressEvent(event)

    def _refresh(self, *_: object) -> None:
        known, names = self._around.workspace.knowledge, variables(self._around.workspace)
        lines = []
        for name, terms in known.groups:
            count = len(known.members(name, names))
            figure = self.tr("1 name") if count == 1 else self.tr("{} names").format(count)
            lines.append(Line(name, ", ".join(terms), figure, "layers", strong=True))
        self.list.set_lines(lines)

    def _terms(self) -> tuple[str, ...]:
        """The terms in the field; a text that is itself a name is one, whatever stands in it."""
        typed = self.members.text().strip()
        if typed in variables(self._around.workspace):
            return (typed,)
        return tuple(term for part in typed.split(",") if (term := part.strip()))

    def _match(self, *_: object) -> None:
        names, known = variables(self._around.workspace), self._around.workspace.knowledge
        found = {name for term in self._terms() for name in known.members(term, names) if name in names}
        terms = self._terms()
        said = self.tr("1 name") if len(found) == 1 else self.tr("{} names").format(len(found))
        self._count.setText(said if terms else "")
        self.make.setEnabled(bool(found and self.name.text().strip() and self.name.text().strip() not in names))

    def _group(self) -> None:
        if self.make.isEnabled():
            known = self._around.workspace.knowledge
            self._around.workspace.set_knowledge(*edits.grouped(known, self.name.text().strip(), self._terms()))
            self.name.clear()
            self.members.clear()

    def _fill(self, *_: object) -> None:
        """Nodes that are selected together stand ready in the field, unless something is typed there."""
        chosen = self._around.canvas.selection()
        if len(chosen) >= 2 and not self.name.text():
            self.members.setText(", ".join(chosen))

    def _look(self, row: int) -> None:
        known, canvas = self._around.workspace.knowledge, self._around.canvas
        if 0 <= row < len(known.groups):
            members = known.members(known.groups[row][0], canvas.graph().names)
            canvas.select(tuple(name for name in members if name in canvas.graph()))

"""Do some nodes tell anything of others, once a third set is known? By which paths?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from engines.graph.graph import Mark
from engines.graph.separation import Path, conditioned
from engines.graph.ways import Ways, ways
from engines.refusals import Refusal
from studio.panels.graph_pages import Around
from studio.workspace import implied_picture
from widgets.graph.values import Lit
from widgets.kit.label import Label
from widgets.kit.line_list import Line, LineList
from widgets.kit.tool_button import ToolButton


class SeparationPage(QWidget):
    """Three fields of names, divided by commas, each filled from the selection by its tool; below the paths.

    Looking at a path lights it. The fields begin with exposure, outcome and what is adjusted for.
    """

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._paths: tuple[Path, ...] = ()
        self._background = around.identifying.background()
        names = (self.tr("From"), self.tr("To"), self.tr("Given"))
        self._fields = tuple(QLineEdit() for _ in names)
        cells = QGridLayout()
        cells.setHorizontalSpacing(6)
        cells.setVerticalSpacing(4)
        for at, (name, field) in enumerate(zip(names, self._fields)):
            field.setAccessibleName(name)
            field.setPlaceholderText(self.tr("Names, divided by commas"))
            take = ToolButton("crosshair", self.tr("{}: take the selection").format(name))
            take.clicked.connect(lambda _=False, field=field: self._fill(field, around.canvas.selection()))
            row, side = divmod(at, 2)
            cells.addWidget(Label(name, "second", "t2"), row, 3 * side)
            cells.addWidget(field, row, 3 * side + 1, 1, 1 if at < 2 else 4)
            cells.addWidget(take, row, 3 * side + 2 if at < 2 else 5)
            field.textChanged.connect(self._ask)
        self._sentence = Label("", "second", "t1", wrap=True)
        self._list = LineList(self.tr("Paths"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addLayout(cells)
        column.addWidget(self._sentence)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._fields[0])
        self._list.looked_at.connect(self._look)
        self._background.found.connect(self._take)
        around.workspace.graph_changed.connect(self._ask)
        around.workspace.data_changed.connect(self._ask)
        self._begin()

    def ask(self, first: Sequence[str], second: Sequence[str], given: Sequence[str] = ()) -> None:
        """Put names into the fields."""
        for field, names in zip(self._fields, (first, second, given)):
            self._fill(field, names)

    def sentence(self) -> str:
        return self._sentence.text()

    def lines(self) -> tuple[Line, ...]:
        return self._list.lines()

    def look_at(self, row: int) -> None:
        self._list.look_at(row)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self._look(self._list.current()))     # when all pages have turned

    def _begin(self) -> None:
        graph = self._around.workspace.graph
        marked = [[n.name for n in graph.nodes if mark in n.marks] for mark in (Mark.EXPOSURE, Mark.OUTCOME)]
        self.ask(marked[0], marked[1], conditioned(graph))
        self._ask()

    def _fill(self, field: QLineEdit, names: Sequence[str]) -> None:
        field.setText(", ".join(names))

    def _names(self, field: QLineEdit, known: Sequence[str]) -> tuple[str, ...]:
        """A name may hold a comma: the whole text is tried first."""
        text = field.text().strip()
        if text in known:
            return (text,)
        return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))

    def _ask(self, *_: object) -> None:
        workspace = self._around.workspace
        graph = implied_picture(workspace.graph, workspace.data)
        first, second, given = (self._names(field, graph.names) for field in self._fields)
        self._background.drop()
        if not first or not second:
            self._show(self.tr("Name a node at both ends."), ())
            return
        self._background.ask({"ways": lambda fuse: ways(graph, first, second, given, fuse)})

    def _take(self, _part: str, value: object) -> None:
        if isinstance(value, Refusal):
            self._show(str(value), ())
        elif isinstance(value, Ways):
            self._show(value.sentence(), (*value.open, *value.blocked))

    def _show(self, sentence: str, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self._sentence.setText(sentence)
        self._list.set_lines([self._line(path) for path in paths])

    def _line(self, path: Path) -> Line:
        if path.open:
            return Line(str(path), "", self.tr("open"), "route", "t1", strong=True)
        return Line(str(path), "", self.tr("blocked at {}").format(", ".join(path.blocked_at)), "ban")

    def _look(self, row: int) -> None:
        if self.isVisible():                    # else another page lights what it speaks of
            self._around.canvas.set_lit(Lit.of([self._paths[row]]) if 0 <= row < len(self._paths) else None)

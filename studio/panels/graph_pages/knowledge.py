"""What is known beforehand: tiers, required and forbidden edges, groups; and whether the graph obeys it."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from engines.graph import knowledge_edits as edits
from engines.graph.knowledge import Knowledge
from studio.dialogs import ask_files, ask_target
from studio.exports.atomic import write_text
from studio.panels.graph_pages import Around
from studio.panels.graph_pages.knowledge_edges import KnownEdges
from studio.panels.graph_pages.knowledge_groups import KnownGroups
from studio.panels.graph_pages.knowledge_tiers import KnownTiers
from studio.panels.knowledge_words import contradiction, obeyed, variables
from widgets.kit.label import Label
from widgets.kit.menu import Menu
from widgets.kit.message_bar import ErrorBar
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton


class KnowledgePage(QWidget):
    """Three views of one thing, a line that says how the graph stands to it, and a menu for all of it."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = around.workspace
        self._views = (KnownTiers(around), KnownEdges(around), KnownGroups(around))
        self._choice = Segmented(
            (self.tr("Tiers"), self.tr("Statements"), self.tr("Groups")), name=self.tr("What is known")
        )
        self._choice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._sign = Sign("circle-check", "ok", 16)
        self._line = Label("", "second", elide=True)
        self._line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._against = Label("", "second", "warn", wrap=True)
        self._more = ToolButton("ellipsis", self.tr("More about knowledge"))
        self._error = ErrorBar()
        self._stack = QStackedWidget()
        for view in self._views:
            self._stack.addWidget(view)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._choice)
        head.addWidget(self._sign)
        head.addWidget(self._line, 1)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._against)
        column.addWidget(self._error)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self._choice)
        self._choice.chosen.connect(self._stack.setCurrentIndex)
        self._more.clicked.connect(self._ask)
        for signal in (around.workspace.knowledge_changed, around.workspace.graph_changed,
                       around.workspace.data_changed):
            signal.connect(self._refresh)
        self._refresh()

    def tiers(self) -> KnownTiers:
        return self._views[0]

    def edges(self) -> KnownEdges:
        return self._views[1]

    def groups(self) -> KnownGroups:
        return self._views[2]

    def line(self) -> str:
        """What it says about the graph."""
        return self._line.text()

    def against(self) -> str:
        """Why no method could be given this knowledge; empty when it is sound."""
        return self._against.text()

    def show_view(self, index: int) -> None:
        """0 tiers, 1 statements, 2 groups."""
        self._choice.set_current(index)
        self._stack.setCurrentIndex(index)

    def read(self, path: Path) -> None:
        """Take knowledge from a JSON file in the place of what there is; a file that is none is refused here."""
        try:
            found = Knowledge.from_json(json.loads(path.read_text("utf-8")))
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            self._error.show_message(
                self.tr("{} cannot be read as knowledge.").format(path.name),
                self.tr("It should be JSON with required, forbidden and tiers. {}").format(error),
            )
            return
        self._error.clear()
        self._workspace.set_knowledge(found, self.tr("Import knowledge from {}").format(path.name))

    def write(self, path: Path) -> None:
        """Write the knowledge as JSON, as the command line reads it."""
        try:
            write_text(path, json.dumps(self._workspace.knowledge.to_json(), ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            self._error.show_message(self.tr("{} cannot be written.").format(path.name), str(error))

    def _refresh(self, *_: object) -> None:
        workspace = self._workspace
        refusal = contradiction(workspace.knowledge, variables(workspace)) if workspace.knowledge else None
        said, good = obeyed(workspace.knowledge, workspace.graph, short=True)
        self._against.setText("" if refusal is None else f"{refusal.sentence} {refusal.cause}".strip())
        self._against.setVisible(refusal is not None)
        self._line.setText(said)
        self._sign.setVisible(bool(said))
        self._sign.set_sign("circle-check" if good else "triangle-alert", "ok" if good else "warn")
        self._error.clear()

    def _ask(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        graph, known = self._workspace.graph, self._workspace.knowledge
        no_edges = "" if any(graph.parents(name) for name in graph.names) else self.tr("The graph has no edges.")
        nothing = "" if known else self.tr("Nothing is known yet.")
        menu.add(self.tr("Require every edge of the graph"), lambda: self._whole(True), off_because=no_edges)
        menu.add(self.tr("Forbid every edge of the graph"), lambda: self._whole(False), off_because=no_edges)
        menu.addSeparator()
        menu.add(self.tr("Import knowledge"), self._import, sign="folder-open")
        menu.add(self.tr("Export knowledge"), self._export, sign="download", off_because=nothing)
        menu.addSeparator()
        menu.add(
            self.tr("Forget all knowledge"),
            lambda: self._workspace.set_knowledge(Knowledge(), self.tr("Forget all knowledge")), off_because=nothing,
        )
        menu.popup_under(self._more)

    def _whole(self, require: bool) -> None:
        self._workspace.set_knowledge(
            *edits.whole(self._workspace.knowledge, self._workspace.graph, require=require)
        )

    def _import(self) -> None:
        ask_files(self.window(), self.tr("Import knowledge"), lambda paths: self.read(paths[0]))

    def _export(self) -> None:
        ask_target(self.window(), self.tr("Export knowledge"), [self.tr("Knowledge (*.json)")], "json", self.write)

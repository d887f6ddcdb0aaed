"""Tiers as columns: names and patterns are dragged, or moved by keys, from one to the next."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from engines.graph import knowledge_edits as edits
from engines.graph.knowledge import Knowledge, is_pattern
from studio.panels.graph_pages import Around
from studio.panels.knowledge_words import variables
from widgets.graph.tier_board import TierBoard, TierColumn, TierItem
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.menu import Menu


class KnownTiers(QWidget):
    """A field that finds names and holds patterns, over the board of tiers."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Name or pattern, as gene_*"))
        self.field.setAccessibleName(self.tr("Name or pattern to put into a tier"))
        self._count = Label("", "second", "t2")
        self.put = Button(self.tr("Put into"), "plain", menu=True)
        self.board = TierBoard(self.tr("Tiers"))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.field, 1)
        line.addWidget(self._count)
        line.addWidget(self.put)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.board.area(), 1)
        self.field.textChanged.connect(self._match)
        self.field.returnPressed.connect(self._ask_where)
        self.put.clicked.connect(self._ask_where)
        self.board.moved.connect(self._move)
        self.board.menu_wished.connect(self._ask_tier)
        for signal in (around.workspace.knowledge_changed, around.workspace.data_changed,
                       around.workspace.graph_changed):
            signal.connect(self._refresh)
        self._refresh()
        self._match()

    def matches(self) -> str:
        """How many columns the field means, in words."""
        return self._count.text()

    def put_into(self, tier: int) -> None:
        """What stands in the field, else what is selected, goes into a tier (0 is the first)."""
        typed = self.field.text().strip()
        terms = (typed,) if typed else self.board.selection()
        if terms:
            self.field.clear()
            self._change(edits.moved(self._known, terms, tier))

    @property
    def _known(self) -> Knowledge:
        return self._around.workspace.knowledge

    def _change(self, change: edits.Change) -> None:
        self._around.workspace.set_knowledge(*change)

    def _refresh(self, *_: object) -> None:
        known, names = self._known, variables(self._around.workspace)
        resolved = known.resolved(names)
        placed = {name for tier in (*known.tiers, *resolved.tiers) for name in tier}
        columns = [TierColumn(self.tr("In no tier"), tuple(TierItem(n) for n in names if n not in placed))]
        for k, tier in enumerate(known.tiers):
            items = tuple(self._item(term, names) for term in tier)
            columns.append(TierColumn(self.tr("Tier {}").format(k + 1), items, self._rule(k)))
        columns.append(TierColumn(self.tr("New tier"), ghost=True))
        self.board.set_columns(columns)

    def _item(self, term: str, names: tuple[str, ...]) -> TierItem:
        if term in names:
            return TierItem(term)
        members = self._known.members(term, names)
        if members == (term,):
            return TierItem(term, "?", self.tr("{} is not a variable of the data").format(term))
        shown = ", ".join(members[:12]) + (", …" if len(members) > 12 else "")
        return TierItem(term, str(len(members)), self.tr("{}: {}").format(term, shown or self.tr("no variable")))

    def _rule(self, k: int) -> str:
        within, ahead = k in self._known.closed, k in self._known.next_only
        if within and ahead:
            return self.tr("none within, next only")
        return self.tr("none within") if within else self.tr("causes only the next") if ahead else ""

    def _match(self, *_: object) -> None:
        typed, names = self.field.text().strip(), variables(self._around.workspace)
        found = self._known.members(typed, names) if typed else ()
        unknown = found == (typed,) and typed not in names
        if not typed:
            self._count.setText("")
        elif unknown:
            near = [name for name in names if typed.casefold() in name.casefold()]
            self._count.setText(self.tr("no such name"))
            self.board.select(*near)
        else:
            self._count.setText(self.tr("1 name") if len(found) == 1 else self.tr("{} names").format(len(found)))
            self.board.select(*found)
        self.put.setEnabled(bool((typed and ((found and not unknown) or is_pattern(typed))) or self.board.selection()))

    def _move(self, terms: tuple[str, ...], column: int) -> None:
        self._change(edits.moved(self._known, terms, column - 1 if column else None))

    def _ask_where(self) -> None:
        if not self.put.isEnabled():
            return
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for k in range(len(self._known.tiers) + 1):
            title = self.tr("Tier {}") if k < len(self._known.tiers) else self.tr("New tier {}")
            menu.add(title.format(k + 1), partial(self.put_into, k))
        menu.popup_under(self.put)

    def _ask_tier(self, column: int, at: QPoint) -> None:
        tier, known = column - 1, self._known
        if column == len(known.tiers) + 1:
            self._change(edits.with_tier(known))
            return
        if tier < 0:
            return
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        within, ahead = tier in known.closed, tier in known.next_only
        menu.add(
            self.tr("No edges within the tier"), lambda: self._change(edits.closed(self._known, tier, on=not within)),
            on=within,
        )
        menu.add(
            self.tr("It may only cause the next tier"),
            lambda: self._change(edits.next_only(self._known, tier, on=not ahead)), on=ahead,
        )
        menu.addSeparator()
        menu.add(
            self.tr("Remove the tier"), lambda: self._change(edits.without_tier(self._known, tier)), sign="trash-2"
        )
        menu.popup(at)

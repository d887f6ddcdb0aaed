"""The Data page: the data sets, the table or the pictures, and the column that is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolTip, QVBoxLayout, QWidget

from engines.data.kinds import ColumnType, DataKind, Images
from engines.data.labels import FILE
from engines.data.roles import Role
from engines.data.step_words import said
from engines.data.summary import Advice, ColumnSummary, advice, column_summary, footer, summaries
from studio.desk import Desk
from studio.dialogs import ask_files
from studio.intake.intake import Reading
from studio.intake.kinds import recognised
from studio.panels.own_keys import OwnKeys
from studio.runs.time_left import rounded
from studio.workspace import OpenData
from widgets.data import (
    BusyCard,
    ColumnInspector,
    ColumnsView,
    DataFooter,
    DataSetList,
    DataTableView,
    ImageGridView,
    ListsView,
    MatchView,
    PairsView,
    RefusedCard,
    card_of,
)
from widgets.kit.action import Action
from widgets.kit.message_bar import AdviceBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.search_field import SearchField
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_count, format_duration, format_number
from widgets.theme import Theme

_LEFT, _RIGHT, _GAP = 272, 336, 8
_CROWDED = 1100         # px of the page, text and all; below, list and inspector give way
_LEFT_CROWDED, _RIGHT_CROWDED = 248, 272
_RIGHT_WORDS = 200      # px that the inspector's words need, whatever their size
_INSPECTOR_BINS = 48
_FIND = 150             # px
_HUNDREDS = 5_000       # rows or pictures from which on hundreds are counted


class DataPage(QWidget):
    """Bound to the desk: opens, shows and prepares data; gives roles and types."""

    dropped = Signal(list)                  # list of Path
    add_asked = Signal()
    folder_asked = Signal()
    item_chosen = Signal(int)               # row id of what is to be asked about
    export_wished = Signal(object)          # QWidget: the view that is shown
    item_opened = Signal(int)               # the same, to be asked about now

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._workspace = desk, desk.workspace
        self._shown: OpenData | None = None             # whose summaries these are
        self._summaries: tuple[ColumnSummary, ...] = ()
        self._ignored: set[str] = set()
        self.sets = DataSetList(recognised)
        self.table = DataTableView()
        self.columns = ColumnsView()
        self.images = ImageGridView()
        self.inspector = ColumnInspector()
        self._footer = DataFooter()
        self._advice = AdviceBar()
        self._views = QStackedWidget()
        self.pairs = PairsView()
        self.match = MatchView()
        self.lists = ListsView()
        for view in (self.table, self.columns, self.pairs, self.images, self.match, self.lists):
            self._views.addWidget(view)
        self._tabs = Segmented((self.tr("Table"), self.tr("Columns")), name=self.tr("View"))
        self._middle = PanelFrame("")
        self._right = PanelFrame("")
        self._lay_out()
        self._connect()
        self._show_files()
        self._show_data(self._workspace.data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """List and inspector give way to the view where the window is small for its text."""
        px = Theme.current().px
        crowded = self.width() < px(_CROWDED)
        self._left.setFixedWidth(_LEFT_CROWDED if crowded else _LEFT)
        self._right.setFixedWidth(max(_RIGHT_CROWDED, px(_RIGHT_WORDS)) if crowded else _RIGHT)

    def _lay_out(self) -> None:
        left = PanelFrame(self.tr("Data sets"))
        add = ToolButton("plus", self.tr("Add data"), keys="Ctrl+O")
        add.clicked.connect(self.add_asked)
        left.add_tool(add)
        left.set_body(self.sets)
        self._left = left
        self._middle.add_head(self._tabs)
        self._find = SearchField(self.tr("Find"), "Ctrl F", width=_FIND)
        self._middle.add_tool(self._find)
        self._export = ToolButton("download", self.tr("Export the view"), keys="Ctrl+E")
        self._export.clicked.connect(self._export_view)
        OwnKeys(self, {"Ctrl+E": self._export_view})
        self._middle.add_tool(self._export)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bars = QVBoxLayout()
        bars.setContentsMargins(12, 12, 12, 12)
        bars.addWidget(self._advice)
        self._bars = QWidget()
        self._bars.setLayout(bars)
        column.addWidget(self._bars)
        column.addWidget(self._views, 1)
        self._empty = State(
            self.tr("Drop a file or folder"), self.tr("Tables, images, graphs and models"), "download",
            (
                Action(self.tr("Choose file"), self.add_asked.emit, "plain", "file-plus"),
                Action(self.tr("Choose folder"), self.folder_asked.emit, "plain", "folder-open"),
            ),
        )
        self._pages = EmptyOr(content, self._empty)
        self._middle.set_body(self._pages)
        self._middle.set_footer(self._footer)
        self._right.set_body(self.inspector)
        row = QHBoxLayout(self)
        row.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        row.setSpacing(_GAP)
        row.addWidget(left)
        row.addWidget(self._middle, 1)
        row.addWidget(self._right)
        self.setFocusProxy(self.table)

    def view(self) -> QWidget:
        """The view that is shown of the data."""
        return self._views.currentWidget()

    def _export_view(self) -> None:
        if self._workspace.data is not None or self.view() is self.lists:
            self.export_wished.emit(self.view())

    def _connect(self) -> None:
        desk, workspace = self._desk, self._workspace
        workspace.data_changed.connect(self._show_data)
        workspace.datasets_changed.connect(self._show_files)
        workspace.method_changed.connect(self._advise)
        intake = desk.intake
        intake.changed.connect(self._show_files)
        intake.progressed.connect(self._show_files)
        intake.lists_wished.connect(self._show_lists)
        self.sets.chosen.connect(workspace.choose_data)
        self.sets.remove_asked.connect(workspace.remove_data)
        self.sets.offer_chosen.connect(intake.take_offer)
        self.sets.dismissed.connect(intake.dismiss)
        self.sets.stop_asked.connect(intake.stop)
        self._footer.stop_asked.connect(self._stop_reading)
        self.match.labels_asked.connect(self._choose_labels)
        self.match.labels_left.connect(intake.drop_labels)
        self.match.order_chosen.connect(intake.match_in_order)
        self.match.step_left.connect(intake.take_back)
        self.sets.dropped.connect(self.dropped)
        self._tabs.chosen.connect(self._show_view)
        for view in (self.table, self.columns, self.inspector):
            view.role_chosen.connect(self._give_role)
            view.type_chosen.connect(self._give_type)
        self.inspector.unit_chosen.connect(self._give_unit)
        self.inspector.whole_chosen.connect(self._give_whole)
        self.table.column_chosen.connect(self._show_column)
        self.columns.column_chosen.connect(self._show_column)
        self.pairs.column_chosen.connect(self._show_column)
        self.table.rows_chosen.connect(self._take_rows)
        self.images.current_chosen.connect(self.item_chosen)
        self.images.opened.connect(self.item_opened)
        self.table.find_asked.connect(self._find.setFocus)
        self._find.returnPressed.connect(self._find_next)

    # desk to views

    def _show_files(self) -> None:
        cards: list[Any] = [card_of(opened.name, opened.data) for opened in self._workspace.datasets]
        cards += [
            BusyCard(key, reading.name, reading_words(reading, short=True), reading.fraction)
            for key, reading in self._desk.intake.reading.items()
        ]
        cards += [
            RefusedCard(
                key, refused.path.name, refused.refusal.sentence, refused.refusal.cause, refused.refusal.offers,
            )
            for key, refused in self._desk.intake.refused.items()
        ]
        self.sets.set_cards(cards)
        if (opened := self._workspace.data) is not None:
            self.sets.set_current(opened.name)
        self._show_reading()

    def _show_reading(self) -> None:
        """In the foot how far the file is that is being read; in the middle too, while there is nothing else."""
        reading = next(iter(self._desk.intake.reading.values()), None)
        opened = self._workspace.data
        if reading is None:
            self._show_read(opened)
            if opened is None:
                self._pages.show_state(self._empty)
            return
        words = reading_words(reading)
        self._footer.set_reading(words, reading.fraction)
        if opened is None:
            busy = State(self.tr("Reading {}").format(reading.name), words, kind="busy", fraction=reading.fraction)
            self._pages.show_state(busy)

    def _show_read(self, opened: OpenData | None) -> None:
        if opened is None:
            self._footer.clear()
        elif opened is self._shown:
            self._footer.set_read(
                footer(opened.data, self._summaries), opened.reference.fingerprint,
                warns=any(s.constant for s in self._summaries),
            )

    def _stop_reading(self) -> None:
        for key in list(self._desk.intake.reading)[:1]:
            self._desk.intake.stop(key)

    def _show_data(self, opened: OpenData | None) -> None:
        self._pages.show_content(opened is not None)
        self._right.setVisible(opened is not None and bool(opened.data.attributes.columns))
        for tool in (self._tabs, self._export):
            tool.setVisible(opened is not None)
        self._find.setVisible(opened is not None and self._views.currentWidget() is self.table)
        if opened is None:
            self._middle.set_title("")
            self._middle.set_note("")
            self._footer.clear()
            return
        data, table = opened.data, opened.data.attributes
        other = self._shown is None or self._shown.name != opened.name
        self._shown, self._summaries = opened, summaries(data)
        pictured = isinstance(data, Images)
        tabs = (self.tr("Table"), self.tr("Columns"), self.tr("Pairs"))
        self._tabs.set_options((self.tr("Grid"), self.tr("Labels"), self.tr("Match"), *tabs[1:]) if pictured else tabs)
        if other:
            self._tabs.set_current(0)
        self._middle.set_title(data.name)
        items = self.tr("{} images") if pictured else self.tr("{} rows")
        shape = items.format(format_count(len(data)))
        named = self.tr("{} × {} columns").format(shape, format_count(len(table.columns)))
        self._middle.set_note(named if table.columns else self.tr("{}, no labels").format(shape))
        self.table.set_table(table, self._summaries)
        self.columns.set_table(table, self._summaries)
        self.pairs.set_table(table, self._summaries)
        self._show_pictures(opened)
        self._show_read(opened)
        if pictured and self.table.column() == "":
            told = (*table.having(Role.LABEL, Role.FACTOR), *table.columns)
            self._show_column(next((column.name for column in told if column.name != FILE), FILE))
        self.sets.set_current(opened.name)
        self._show_view(self._tabs.current())
        self._show_column(self.table.column() or (table.names[0] if table.names else ""))
        self._advise()

    def _show_pictures(self, opened: OpenData) -> None:
        """Pictures with the caption that says most, and how their labels were matched."""
        images = opened.data if isinstance(opened.data, Images) else None
        self.images.set_images(images)
        self.match.set_images(images)
        if images is None:
            return
        captions = [c.name for c in images.attributes.having(Role.LABEL)]
        self.images.set_caption(next(iter(captions), FILE))
        labels = opened.reference.labels
        named = FILE in images.attributes
        if labels:
            sentence = Path(labels).name if named else self.tr("{}, matched in order").format(Path(labels).name)
        elif set(images.attributes.names) - {FILE}:
            sentence = self.tr("The labels come with the images")
        else:
            sentence = self.tr("The images have no labels yet")
        ordered = None if not named else {"step": "match_in_order"} in opened.reference.steps
        self.match.set_labels(sentence, given=bool(labels), in_order=ordered)
        self.match.set_steps([said(step) for step in opened.reference.steps])

    def _show_view(self, index: int) -> None:
        pictured = self._workspace.data is not None and isinstance(self._workspace.data.data, Images)
        views: tuple[QWidget, ...] = (self.table, self.columns, self.pairs)
        if pictured:
            views = (self.images, self.table, self.match, *views[1:])
        self._views.setCurrentWidget(views[min(index, len(views) - 1)])
        self._find.setVisible(self._views.currentWidget() is self.table)
        self.setFocusProxy(self._views.currentWidget())

    def _show_lists(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        """The names that a refusal speaks of, in the place of the data."""
        self.lists.set_lists(lists)
        self._pages.show_content()
        self._bars.setVisible(False)
        self._views.setCurrentWidget(self.lists)

    def _show_column(self, name: str) -> None:
        opened = self._workspace.data
        if opened is None or name not in opened.data.attributes:
            self.inspector.set_column(None, None)
            return
        table = opened.data.attributes
        place = table.names.index(name)
        column = table.columns[place]
        self.inspector.set_column(column, column_summary(column, _INSPECTOR_BINS), place + 1, len(table.columns))
        self._right.set_title(self.inspector.heading())
        self._right.set_note(self.inspector.note())
        self.table.set_column(name)
        self.columns.set_column(name)
        self.pairs.set_column(name)

    def _advise(self, *_: object) -> None:
        """What is to be said about the data before a method is run on it; one thing at a time."""
        opened = self._workspace.data
        said: tuple[Advice, ...] = ()
        if opened is not None:
            announced = self._desk.choosing.announced()
            minds = announced is not None and not announced.accepts.long_tails
            said = advice(opened.data, self._summaries, announced.title if announced is not None and minds else "")
        said = tuple(a for a in said if a.sentence not in self._ignored)
        self._bars.setVisible(bool(said))
        if not said:
            self._advice.clear()
            return
        first = said[0]
        actions = [
            Action(offer, partial(self._desk.intake.prepare, step, offer)) for offer, step in first.remedies.items()
        ]
        actions.append(Action(self.tr("Leave as is"), partial(self._ignore, first.sentence), "ghost"))
        self._advice.show_message(first.sentence, "", actions)

    def _ignore(self, sentence: str) -> None:
        self._ignored.add(sentence)
        self._advise()

    # hand to desk

    def _choose_labels(self) -> None:
        ask_files(
            self.window(), self.tr("Choose a table of labels"),
            lambda paths: self._desk.intake.use_labels(paths[0]),
        )

    def _give_role(self, name: str, role: Role) -> None:
        self._workspace.set_role(name, role)

    def _give_type(self, name: str, type_: ColumnType) -> None:
        self._desk.intake.retype(name, type_)

    def _give_unit(self, name: str, unit: str) -> None:
        step = {"step": "set_unit", "columns": [name], "unit": unit}
        self._desk.intake.prepare(step, self.tr("Unit of {}").format(name))

    def _give_whole(self, name: str, whole: bool) -> None:
        text = self.tr("Whole numbers in {}").format(name)
        self._desk.intake.prepare({"step": "set_whole", "columns": [name], "whole": whole}, text)

    def _find_next(self) -> None:
        """The next cell, or column, that holds what is typed; the field says when there is none."""
        found = self.table.find_text(self._find.text())
        self._find.setToolTip("" if found else self.tr("No cell and no column holds “{}”.").format(self._find.text()))
        if not found:
            QToolTip.showText(self._find.mapToGlobal(self._find.rect().bottomLeft()), self._find.toolTip(), self._find)

    def _take_rows(self, rows: Any) -> None:
        if len(rows):
            self.item_chosen.emit(int(rows[0]))


def reading_words(reading: Reading, *, short: bool = False) -> str:
    """How far a file is: "Read 12,400 of 70,000 images, 8 s left"; short: "12,400 of 70,000"."""
    if reading.whole is None:
        return _tr("Reading")
    words = _tr("Read {} of {} rows") if reading.kind is DataKind.TABLE else _tr("Read {} of {} images")
    done = reading.done - reading.done % 100 if reading.whole > _HUNDREDS else reading.done
    told = (_tr("{} of {}") if short else words).format(format_count(done), format_count(reading.whole))
    if short or reading.left.seconds is None:
        return told
    left = rounded(reading.left.seconds)
    return _tr("{}, {} left").format(told, format_number(left, "s", 0) if left < 60 else format_duration(left))


def _tr(text: str) -> str:
    return QCoreApplication.translate("DataPage", text)

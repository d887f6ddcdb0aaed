"""The Counterfactual panel: four modes over one exploration, its do-sliders, and the traversal of one factor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.contract import Answer, Support
from engines.data.kinds import Images
from engines.refusals import Refusal
from engines.runtime.messages import Refused
from studio.exploration.comparison import Comparison, OpensAndAsks
from studio.exploration.exploration import Exploration, Subject, Wish
from studio.exports.data_files import factors_of
from studio.exports.exhibit import Exhibit
from studio.panels.counterfactual.checks import ChecksMode
from studio.panels.counterfactual.do_rows import DoRows
from studio.panels.counterfactual.further import FurtherResults
from studio.panels.counterfactual.grid import GridMode
from studio.panels.counterfactual.side_by_side import SideBySide
from studio.panels.counterfactual.traversal import Traversal
from studio.panels.inset import Inset
from studio.question.sentence import plain
from studio.question.wording import what_if
from widgets.controls import SeedRow
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.follow import follow_theme
from widgets.kit.label import Hairline, Label
from widgets.kit.menu import Menu
from widgets.kit.message_bar import AdviceBar, ErrorBar
from widgets.kit.panel_frame import PanelFrame
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State
from widgets.kit.tool_button import ToolButton
from widgets.pictures.pixels import fitted
from widgets.pictures.tile import MARGIN
from widgets.theme import Theme

_ROWS, _ROWS_COMPACT = 166, 146     # px that the rows keep before a tile steps down
_TOP, _BOTTOM = 10, 13
_UNDER, _UNDER_COMPACT = 8, 0       # px between measurements and hairline
_HEAD, _HEAD_COMPACT = 33, 29       # px of the "Do" line
_OVER, _OVER_COMPACT = 5, 3         # px between hairline and traversal
_LINES = 4              # px of two hairlines and the gap under the first
_APART = 16             # px between the pictures of a large traversal, at least
_SIDE_BY_SIDE, _TRAVERSAL, _GRID, _CHECKS = range(4)

Models = Callable[[], Sequence[tuple[Path, str]]]
"""The models at hand: folder and title."""


class CounterfactualPanel(PanelFrame):
    """Bound to an exploration: shows what it asks and answers, and turns gestures into wishes."""

    train_wished = Signal()
    model_wished = Signal()
    report_wished = Signal()
    export_wished = Signal(object)          # Exhibit
    copy_wished = Signal(object)            # Exhibit

    def __init__(
        self, exploration: Exploration, engine: OpensAndAsks, models: Models, threads: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Counterfactual", parent)
        self._exploration, self._models = exploration, models
        self._compact = False
        self._next = (self.tr("Train"), "play")
        self.comparison = Comparison(engine, exploration, threads, self)
        self._side = SideBySide(engine, exploration, self.comparison, self.sentence)
        self._triptych = self._side.triptych
        self._traversal = Traversal(engine, exploration, self)
        self._strip, self._walk = self._traversal.strip, self._traversal.view
        self._grid = GridMode(engine, exploration)
        self._checks = ChecksMode(engine, exploration, self.comparison)
        self._views = QStackedWidget()
        for view in (self._side, self._walk, self._grid, self._checks):
            self._views.addWidget(view)
        self._error, self._advice = ErrorBar(), AdviceBar()
        self._do_title, self._do_note = Label("", "title"), Label("", "second", "t2")
        self._reset = Button(self.tr("Reset all"), "ghost", "rotate-ccw")
        self._rows = DoRows(exploration)
        self._further = FurtherResults()
        self._line = Hairline()
        self._content = QWidget()
        self._fill_header()
        self._lay_out()
        self._pages = EmptyOr(self._content, self._empty())
        self.set_body(self._pages)
        self._connect()
        self._take_subject(exploration.subject)

    def sentence(self) -> str:
        """What is asked, as the caption of exports."""
        subject, wish = self._exploration.subject, self._exploration.wish
        if subject is None or wish.item is None:
            return ""
        controls = {control.name: control for control in subject.controls}
        return plain(what_if(subject.data, wish.item, wish.do, controls))

    def mode(self) -> str:
        """Which view is shown, by its name in the head."""
        return self._modes.options()[self._modes.current()]

    def show_mode(self, mode: str) -> None:
        """Show a view by its name; another name changes nothing."""
        if mode in self._modes.options() and self._modes.isVisibleTo(self):
            self._show_mode(self._modes.options().index(mode))

    def figure(self) -> QWidget:
        """The view that a figure of this panel shows."""
        return self.exhibit().view

    def exhibit(self) -> Exhibit:
        """What the mode that is shown has to export."""
        mode = self._modes.current()
        if mode == _TRAVERSAL:
            return self._traversal.exhibit()
        if mode == _GRID:
            return self._grid.exhibit()
        if mode == _CHECKS:
            return self._checks.exhibit()
        return Exhibit(self._side.figure(), (), *self._factors())

    def set_compact(self, compact: bool) -> None:
        """Low windows: smaller rows, the traversal folded."""
        if compact == self._compact:
            return
        self._compact = compact
        self._rows.set_compact(compact)
        self._do_note.setVisible(not compact)
        self._strip.set_folded(compact)
        self._traversal.ask_soon()              # what was folded may never have been asked for
        self._space()
        self._fit()

    def offer(self, text: str, icon: str) -> None:
        """The next step, as the panel offers it while no model is open."""
        self._next = (text, icon)
        if self._exploration.subject is None:
            self._pages.show_state(self._empty())

    def export_figure(self) -> None:
        """Ask where to, and write what is shown."""
        if self._exploration.subject is not None:
            self.export_wished.emit(self.exhibit())

    def copy(self) -> None:
        """What is shown onto the clipboard, with its recipe."""
        if self._exploration.subject is not None:
            self.copy_wished.emit(self.exhibit())

    def choose_factual(self) -> None:
        """Offer images to choose from."""
        self._show_mode(_SIDE_BY_SIDE)
        self._side.choose_factual()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._pass_on()

    def _pass_on(self) -> None:
        """The keyboard goes on to the row of the selected factor, where there is one."""
        row = self._rows.row(self._exploration.selected)
        if row is not None and row.isVisibleTo(self):
            row.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.text() == ",":
            self._exploration.step(-1)
        elif event.text() == ".":
            self._exploration.step(1)
        elif event.key() == Qt.Key.Key_D and not event.modifiers():
            self._side.turn_difference()
        elif event.key() == Qt.Key.Key_Space:
            self._side.show_factual(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._side.show_factual(False)
        else:
            super().keyReleaseEvent(event)

    # layout

    def _fill_header(self) -> None:
        modes = (self.tr("Side by side"), self.tr("Traversal"), self.tr("Grid"), self.tr("Checks"))
        self._modes = Segmented(modes, name=self.tr("View"))
        self.add_head(self._modes)
        self.add_head(self._side.whole.pick)
        self._seed = SeedRow()
        self.add_tool(self._seed)
        self.add_divider()
        export = ToolButton("download", self.tr("Export the figure"), keys="Ctrl+E")
        export.clicked.connect(self.export_figure)
        self.add_tool(export)
        self._menu = Menu("", self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.header.add_menu(self._menu)

    def _fill_menu(self) -> None:
        menu, exploration, comparison = self._menu, self._exploration, self.comparison
        subject = exploration.subject
        menu.clear()
        menu.add(self.tr("Previous factual"), lambda: exploration.step(-1), keys=",")
        menu.add(self.tr("Next factual"), lambda: exploration.step(1), keys=".")
        pictured = subject is not None and isinstance(subject.data, Images)
        if pictured:
            menu.add(self.tr("Choose an image"), self.choose_factual, sign="images")
        menu.add(self.tr("Reset all"), exploration.free_all, sign="rotate-ccw")
        menu.addSeparator()
        menu.add(self.tr("Copy with its recipe"), self.copy, sign="copy", keys="Ctrl+C")
        menu.add(self.tr("Export"), self.export_figure, sign="download", keys="Ctrl+E")
        menu.add(self.tr("Add to report"), self.report_wished.emit, sign="clipboard-list")
        if subject is None or not pictured:
            return
        menu.addSeparator()
        compared = {rival.model for rival in comparison.rivals}
        others = [(folder, title) for folder, title in self._models() if str(folder) != subject.model]
        for folder, title in others:
            if str(folder) in compared:
                menu.add(self.tr("Compare without {}").format(title), partial(comparison.remove, str(folder)), sign="x")
            else:
                menu.add(
                    self.tr("Compare with {}").format(title), partial(comparison.add, folder, title), sign="git-compare"
                )
        if not others:
            menu.add(
                self.tr("Compare with another model"), off_because=self.tr("No other model is at hand: train one, "
                                                                           "or open one in Models."),
            )

    def _lay_out(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(16, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(self._do_title)
        head.addWidget(self._do_note)
        head.addStretch(1)
        head.addWidget(self._reset)
        self._views_place, self._strip_place = QHBoxLayout(), QHBoxLayout()
        self._views_place.addWidget(self._views)
        self._strip_place.addWidget(self._strip)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, _TOP, 0, _BOTTOM)
        column.setSpacing(0)
        for bar in (self._error, self._advice):
            column.addWidget(Inset(bar, (16, 0, 16, 8)))
        column.addLayout(self._views_place)
        column.addWidget(Hairline())
        column.addSpacing(2)
        column.addWidget(self._head)
        column.addWidget(self._rows, 1)
        column.addWidget(self._line)
        column.addLayout(self._strip_place)
        column.addWidget(self._further)
        follow_theme(self._space)

    def _connect(self) -> None:
        exploration = self._exploration
        self._triptych.installEventFilter(self)
        self._modes.chosen.connect(self._show_mode)
        self._reset.clicked.connect(exploration.free_all)
        self._rows.grown.connect(self._fit)
        self._strip.folded.connect(self._take_fold)
        self._side.currentChanged.connect(lambda _: self._show_strip())
        self._side.room_wished.connect(self._fit)
        self.comparison.refused.connect(self._take_uncompared)
        self._seed.seeded.connect(exploration.set_seed)
        self._seed.thrown.connect(lambda: exploration.set_seed((exploration.wish.seed * 7919 + 104729) % 9973))
        self._seed.locked.connect(lambda on: self._seed.set_seed(exploration.wish.seed, locked=on))
        exploration.subject_changed.connect(self._take_subject)
        exploration.expected_changed.connect(self._take_expected)
        exploration.wish_changed.connect(self._take_wish)
        exploration.answered.connect(self._take_answer)
        exploration.refused.connect(self._take_refusal)
        exploration.selected_changed.connect(self._take_selected)

    def _space(self) -> None:
        """The distances of low windows and of others."""
        compact, side = self._compact, 16 - MARGIN
        self._views_place.setContentsMargins(side, 0, side, _UNDER_COMPACT if compact else _UNDER)
        self._strip_place.setContentsMargins(side, _OVER_COMPACT if compact else _OVER, side, 0)
        self._head.setFixedHeight(Theme.current().px(_HEAD_COMPACT if compact else _HEAD))

    def _fit(self) -> None:
        """Tiles step down a whole multiple before the rows lose the room they need."""
        compact, px = self._compact, Theme.current().px
        rows = min(self._rows.content_height(), px(_ROWS_COMPACT if compact else _ROWS))
        strip = 0
        if self._strip.isVisibleTo(self):
            strip = self._strip.sizeHint().height() + (_OVER_COMPACT if compact else _OVER)
        under = _UNDER_COMPACT if compact else _UNDER
        room = self._pages.height() - _TOP - _BOTTOM - _LINES - under - self._head.height() - rows - strip
        shown = self._views.currentWidget()
        if shown is self._walk:
            across = (self._views.width() - 2 * MARGIN - 4 * _APART) // 5
            down = (room - self._walk.sizeHint().height()) // 2 + self._walk.side()
            square = fitted(self._pixels(), max(min(across, down), 28), self.devicePixelRatioF())
            self._walk.set_side(round(max(square.width(), square.height())))
            self._views.setFixedHeight(self._walk.height())
            return
        high = self._side.high_in(self._views.width(), room)
        self._views.setFixedHeight(high if shown is self._side else max(room, 200))
        said = self._advice.sizeHint().height() if self._advice.isVisibleTo(self) else 0
        self._further.set_room(room - high - said - (self._rows.content_height() - rows))

    def _pixels(self) -> tuple[int, int]:
        subject = self._exploration.subject
        if subject is None or not isinstance(subject.data, Images):
            return (28, 28)
        height, width = subject.data.pixels.shape[1:3]
        return int(height), int(width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._triptych and event.type() is QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _empty(self) -> State:
        if title := self._exploration.expected:
            said = self.tr("Opening {}").format(title)
            return State(said, self.tr("The first model takes some seconds."), kind="busy")
        text, icon = self._next
        return State(
            self.tr("Train a model to ask what if"), self.tr("Or open one that was trained before."), "box",
            (
                Action(text, self.train_wished.emit, "plain", icon),
                Action(self.tr("Open a model"), self.model_wished.emit, "plain", "folder-open"),
            ),
        )

    # exploration to view

    def _take_subject(self, subject: Subject | None) -> None:
        if subject is None:
            self._pages.show_state(self._empty())
            return
        self._pages.show_content(True)
        self._modes.setVisible(isinstance(subject.data, Images))     # a row has one view, and nothing measures it
        self._error.clear()
        self._traversal.clear()
        self._name_head(subject)
        self._side.take_subject(subject)
        self._show_mode(_SIDE_BY_SIDE)

    def _name_head(self, subject: Subject) -> None:
        """Factors are set in the world, anything else in the answer alone."""
        self._do_title.setText(self.tr("Do") if subject.factors else self.tr("Settings"))
        if not subject.factors:
            note = self.tr("the answer follows; nothing is trained again")
        elif subject.graph is None:
            note = self.tr("set a factor; what depends on it follows")
        else:
            note = self.tr("drag to set a factor; those below it in the graph follow")
        self._do_note.setText(note)

    def _take_expected(self, _title: str) -> None:
        if self._exploration.subject is None:
            self._pages.show_state(self._empty())

    def _take_selected(self, name: str) -> None:
        self._rows.show_row(name)
        if self.hasFocus():                             # it was given before there was a row to give it to
            self._pass_on()

    def _take_wish(self, wish: Wish) -> None:
        self._error.clear()
        self._side.take_factual()
        if self._side.currentWidget() is self._side.chooser and wish.item is not None:
            self._side.show_fitting()
        self._seed.set_seed(wish.seed, locked=self._seed.is_locked())
        self._reset.setEnabled(self._exploration.is_set)

    def _take_answer(self, answer: Answer, seconds: float) -> None:
        if answer.support is not Support.INSIDE:
            self._advice.show_message(self.tr("This question lies {}.").format(answer.support), answer.support_note)
        elif answer.support_note:
            self._advice.show_message(answer.support_note)
        else:
            self._advice.clear()
        self._side.take_answer(answer, seconds)
        self._further.set_results(self._side.further(answer))
        self._fit()

    def _take_refusal(self, refused: Refused) -> None:
        if not self._side.take_refusal(refused) or self._views.currentWidget() is not self._side:
            self._error.show_message(refused.sentence, refused.cause)

    def _take_uncompared(self, refusal: Refusal) -> None:
        self._error.show_message(refusal.sentence, refusal.cause)

    def _take_fold(self, folded: bool) -> None:
        self._fit()
        if not folded:
            self._traversal.ask()

    def _factors(self) -> tuple[tuple[str, ...], Sequence[Sequence[object]]]:
        """Every factor before and after, and why."""
        answer = self._exploration.answer
        return ((), []) if answer is None or not answer.factors else factors_of(answer)

    def _show_mode(self, mode: int) -> None:
        """Modes that need the room of the strip do without it."""
        self._modes.set_current(mode)
        self._views.setCurrentIndex(mode)
        self._show_strip()
        if mode == _TRAVERSAL:
            self._traversal.ask()

    def _show_strip(self) -> None:
        subject = self._exploration.subject
        pictured = subject is not None and isinstance(subject.data, Images)
        shown = pictured and self._modes.current() == _SIDE_BY_SIDE and self._side.has_strip()
        self._strip.setVisible(shown)
        self._line.setVisible(shown)
        self._fit()

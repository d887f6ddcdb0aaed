"""The Counterfactual panel: factual, counterfactual and difference; do-sliders; the traversal of one factor."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from engines.contract import Answer, Budget, Choice, Slider, Support
from engines.data.kinds import Images
from engines.results import TableResult
from engines.runtime.messages import Refused
from studio.exploration import Exploration, Subject, Wish
from studio.panels.checks_table import ChecksTable
from studio.panels.do_rows import DoRows
from studio.panels.inset import Inset
from studio.panels.node_states import picture_of
from studio.panels.row_triptych import RowTriptych
from studio.sentence import plain
from studio.wording import item_text, value_text, what_if
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
from widgets.numbers import format_duration, format_number
from widgets.pictures import Measured, StripItem, TraversalStrip, Triptych
from widgets.pictures.pixels import fitted
from widgets.pictures.strip import Look, PictureStrip
from widgets.pictures.tile import CAPTION, MARGIN, MEASURED
from widgets.theme import Theme

STEPS = 9
_SETTLE = 120           # ms of rest before the traversal is asked for
_ROWS, _ROWS_COMPACT = 166, 146     # px that the rows keep before a tile steps down
_TOP, _BOTTOM = 10, 13
_UNDER, _UNDER_COMPACT = 8, 0       # px between measurements and hairline
_HEAD, _HEAD_COMPACT = 33, 29       # px of the "Do" line
_OVER, _OVER_COMPACT = 5, 3         # px between hairline and traversal
_LINES = 4              # px of two hairlines and the gap under the first
_TABLE = 300            # px of the table that stands in the place of pictures
_APART = 16             # px between the pictures of a large traversal, at least
_SIDE_BY_SIDE, _TRAVERSAL, _CHECKS = range(3)


class CounterfactualPanel(PanelFrame):
    """Bound to an exploration: shows what it asks and answers, and turns gestures into wishes."""

    train_wished = Signal()
    model_wished = Signal()
    export_wished = Signal(object)          # QWidget to draw

    def __init__(self, exploration: Exploration, parent: QWidget | None = None) -> None:
        super().__init__("Counterfactual", parent)
        self._exploration = exploration
        self._compact = False
        self._pictures: dict[int, np.ndarray] = {}
        self._values: tuple[float | str, ...] = ()
        modes = (self.tr("Side by side"), self.tr("Traversal"), self.tr("Checks"))
        self._modes = Segmented(modes, name=self.tr("View"))
        self.add_head(self._modes)
        self._seed = SeedRow()
        self.add_tool(self._seed)
        self.add_divider()
        export = ToolButton("download", self.tr("Export the figure"), keys="Ctrl+E")
        self.add_tool(export)
        menu = Menu(parent=self)
        menu.addAction(self.tr("Previous factual"), lambda: exploration.step(-1))
        menu.addAction(self.tr("Next factual"), lambda: exploration.step(1))
        menu.addAction(self.tr("Reset all"), exploration.free_all)
        self.header.add_menu(menu)

        self._triptych = Triptych()
        self._row = RowTriptych()
        self._walk = PictureStrip(140, rows=2)
        self._checks = ChecksTable(exploration)
        self._triptych.installEventFilter(self)
        self._views = QStackedWidget()
        for view in (self._triptych, self._row, self._walk, self._checks):
            self._views.addWidget(view)
        self._error = ErrorBar()
        self._advice = AdviceBar()
        self._do_note = Label(self.tr("drag to set a factor; those below it in the graph follow"), "second", "t2")
        self._reset = Button(self.tr("Reset all"), "ghost", "rotate-ccw")
        self._rows = DoRows(exploration)
        self._strip = TraversalStrip()
        self._line = Hairline()
        self._content = QWidget()
        self._lay_out()
        self._pages = EmptyOr(self._content, self._empty())
        self.set_body(self._pages)

        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLE)
        self._rest.timeout.connect(self._ask_traversal)

        export.clicked.connect(self.export_figure)
        self._modes.chosen.connect(self._show_mode)
        self._reset.clicked.connect(exploration.free_all)
        self._triptych.stepped.connect(exploration.step)
        self._strip.chosen.connect(self._jump)
        self._walk.chosen.connect(self._jump)
        self._strip.folded.connect(self._take_fold)
        self._seed.seeded.connect(exploration.set_seed)
        self._seed.thrown.connect(lambda: exploration.set_seed((exploration.wish.seed * 7919 + 104729) % 9973))
        self._seed.locked.connect(lambda on: self._seed.set_seed(exploration.wish.seed, locked=on))
        exploration.subject_changed.connect(self._take_subject)
        exploration.wish_changed.connect(self._take_wish)
        exploration.answered.connect(self._take_answer)
        exploration.refused.connect(self._take_refusal)
        exploration.selected_changed.connect(self._take_selected)
        exploration.traversed.connect(self._take_traversed)
        self._take_subject(exploration.subject)

    def sentence(self) -> str:
        """What is asked, as the caption of exports."""
        subject, wish = self._exploration.subject, self._exploration.wish
        if subject is None or wish.item is None:
            return ""
        controls = {control.name: control for control in subject.controls}
        return plain(what_if(subject.data, wish.item, wish.do, controls))

    def figure(self) -> QWidget:
        """The view that an export draws."""
        return self._views.currentWidget()

    def set_compact(self, compact: bool) -> None:
        """Low windows: smaller rows, the traversal folded."""
        if compact == self._compact:
            return
        self._compact = compact
        self._rows.set_compact(compact)
        self._do_note.setVisible(not compact)
        self._strip.set_folded(compact)
        self._rest.start()                      # what was folded may never have been asked for
        self._space()
        self._fit()

    def export_figure(self) -> None:
        """Ask where to, and write PNG, SVG or PDF."""
        if self._exploration.subject is not None:
            self.export_wished.emit(self.figure())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == ",":
            self._exploration.step(-1)
        elif event.text() == ".":
            self._exploration.step(1)
        else:
            super().keyPressEvent(event)

    # layout

    def _lay_out(self) -> None:
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(16, 0, 12, 0)
        head.setSpacing(8)
        head.addWidget(Label(self.tr("Do"), "title"))
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
        follow_theme(self._space)

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
        self._triptych.set_most_side(max(room - px(CAPTION) - px(MEASURED), 84))
        shown = self._views.currentWidget()
        if shown is self._walk:
            across = (self._views.width() - 2 * MARGIN - 4 * _APART) // 5
            down = (room - self._walk.sizeHint().height()) // 2 + self._walk.side()
            square = fitted(self._pixels(), max(min(across, down), 28), self.devicePixelRatioF())
            self._walk.set_side(round(max(square.width(), square.height())))
            self._views.setFixedHeight(self._walk.height())
        else:
            high = self._triptych.height()
            self._views.setFixedHeight(high if shown is self._triptych else max(high, _TABLE))

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
        return State(
            self.tr("Train a model to ask what if"), self.tr("Or open one that was trained before."), "box",
            (
                Action(self.tr("Train"), self.train_wished.emit, "plain", "play"),
                Action(self.tr("Open a model"), self.model_wished.emit, "plain", "folder-open"),
            ),
        )

    # exploration to view

    def _take_subject(self, subject: Subject | None) -> None:
        self._pages.show_content(subject is not None)
        if subject is None:
            return
        self._modes.setVisible(isinstance(subject.data, Images))     # a row has one view, and nothing measures it
        self._pictures.clear()
        self._values = ()
        self._modes.set_current(_SIDE_BY_SIDE)
        self._show_mode(_SIDE_BY_SIDE)
        self._triptych.set_counterfactual(None)
        self._take_factual()
        self._fit()

    def _take_factual(self) -> None:
        subject, wish = self._exploration.subject, self._exploration.wish
        if subject is None or wish.item is None:
            return
        if isinstance(subject.data, Images):
            self._triptych.set_factual(subject.data.pixels[subject.position(wish.item)])
            self._triptych.factual.set_caption(self.tr("Factual"), self.tr("as recorded"))
            self._triptych.factual.set_description(self.tr("Factual: {}").format(item_text(subject.data, wish.item)))

    def _take_wish(self, wish: Wish) -> None:
        self._error.clear()
        self._take_factual()
        self._seed.set_seed(wish.seed, locked=self._seed.is_locked())
        self._reset.setEnabled(bool(wish.do))
        self._rest.start()

    def _take_answer(self, answer: Answer, seconds: float) -> None:
        subject = self._exploration.subject
        if subject is None:
            return
        if answer.support is Support.INSIDE:
            self._advice.clear()
        else:
            self._advice.show_message(
                self.tr("This question lies {}.").format(answer.support), answer.support_note
            )
        if isinstance(subject.data, Images):
            if (picture := picture_of(answer)) is not None:
                self._show_picture(picture, answer, seconds)
            return
        rows = [r for r in answer.results if isinstance(r, TableResult) and r.factual is not None]
        if rows:
            self._row.set_result(rows[0], answer.factors)

    def _show_picture(self, picture: np.ndarray, answer: Answer, seconds: float) -> None:
        final = answer.stage is Budget.FINAL
        self._triptych.set_counterfactual(picture, fade=final)
        tile = self._triptych.counterfactual
        if final and answer.step >= answer.total:
            note = self.tr("refined in {}").format(format_duration(seconds))
        elif answer.step > 1:
            note = self.tr("step {} of {}").format(answer.step, answer.total)
        else:
            note = self.tr("preview")
        tile.set_caption(self.tr("Counterfactual"), note)
        tile.set_progress(None if final and answer.step >= answer.total else answer.step / max(answer.total, 1))
        tile.set_description(self.tr("Counterfactual: {}").format(self.sentence()))
        if answer.measured:
            self._triptych.factual.set_measured(Measured(self._measured_line(answer, factual=True)))
            good = all(abs(m.counterfactual - m.wanted) <= m.tolerance for m in answer.measured)
            far = "" if good else ", ".join(
                self.tr("{} off by {}").format(m.name, format_number(abs(m.counterfactual - m.wanted), m.unit, 2))
                for m in answer.measured if abs(m.counterfactual - m.wanted) > m.tolerance
            )
            tip = self.tr("Measured by {}. {}").format(answer.measured[0].predictor, far).strip()
            tile.set_measured(
                Measured(self._measured_line(answer, factual=False), "ok" if good else "off", tip)
            )

    def _measured_line(self, answer: Answer, *, factual: bool) -> str:
        subject = self._exploration.subject
        assert subject is not None
        said: list[str] = []
        for m in answer.measured:
            text = value_text(m.factual if factual else m.counterfactual, subject.control(m.name))
            said.append(f"{m.name} {text}" if said else text)
        return self.tr("measured {}").format(", ".join(said))

    def _take_refusal(self, refused: Refused) -> None:
        self._error.show_message(refused.sentence, refused.cause)

    def _take_selected(self, name: str) -> None:
        self._rows.show_row(name)
        self._rest.start()

    # traversal

    def _ask_traversal(self) -> None:
        subject, selected = self._exploration.subject, self._exploration.selected
        if subject is None or not selected or not isinstance(subject.data, Images):
            return
        if self._strip.is_folded() and self._modes.current() != _TRAVERSAL:
            title = self.tr("Traversal of {}").format(selected)
            self._strip.set_traversal(title, self._items(), "", self._steps_text())
            return
        control = subject.control(selected)
        factual = self._exploration.factual(selected)
        wished = self._exploration.wish.do.get(selected)
        match control:
            case Slider(low=low, high=high) if isinstance(factual, float):
                fixed = [factual] if wished is None or wished == factual else [factual, float(wished)]
                grid = list(np.linspace(low, high, STEPS))
                self._values = with_values(grid, fixed)
            case Choice(options=options):
                self._values = options
            case _:
                return
        self._exploration.traverse(self._values)

    def _take_fold(self, folded: bool) -> None:
        self._fit()
        if not folded:
            self._ask_traversal()

    def _take_traversed(self, index: int, answer: Answer) -> None:
        picture = picture_of(answer)
        if picture is not None and index < len(self._values):
            self._pictures[index] = picture
            if all(i in self._pictures for i in range(len(self._values))):
                title, items = self.tr("Traversal of {}").format(self._exploration.selected), self._items()
                self._strip.set_traversal(
                    title, items, self.tr("other noise held, same seed"), self._steps_text()
                )
                self._walk.setAccessibleName(title)
                self._walk.set_items(items)

    def _items(self) -> list[StripItem]:
        subject, selected = self._exploration.subject, self._exploration.selected
        if subject is None or not self._pictures:
            return []
        factual = self._exploration.factual(selected)
        wished = self._exploration.wish.do.get(selected)
        items = []
        for i, value in enumerate(self._values):
            if i not in self._pictures:
                continue
            decimals = subject_decimals(subject, selected)
            text = value if isinstance(value, str) else format_number(float(value), "", decimals)
            caption = self.tr("{} factual").format(text) if value == factual else text
            look: Look = "current" if value == wished else "factual" if value == factual else ""
            items.append(StripItem(self._pictures[i], caption, look))
        return items

    def _steps_text(self) -> str:
        return self.tr("{} steps").format(len(self._values) or STEPS)

    def _jump(self, index: int) -> None:
        if index < len(self._values):
            value = self._values[index]
            self._exploration.set(self._exploration.selected, value if isinstance(value, str) else float(value))

    def _show_mode(self, mode: int) -> None:
        """The traversal as a view of its own is larger than its strip, which is away meanwhile."""
        subject = self._exploration.subject
        pictured = subject is not None and isinstance(subject.data, Images)
        views = {_SIDE_BY_SIDE: self._triptych if pictured else self._row, _TRAVERSAL: self._walk}
        self._views.setCurrentWidget(views.get(mode, self._checks))
        self._strip.setVisible(pictured and mode != _TRAVERSAL)
        self._line.setVisible(pictured and mode != _TRAVERSAL)
        if mode == _TRAVERSAL and self._strip.is_folded():
            self._ask_traversal()
        self._fit()


def with_values(grid: list[float], fixed: list[float]) -> tuple[float, ...]:
    """The grid with each of the fixed values in the place of its nearest neighbour, in order."""
    free = list(grid)
    for value in fixed:
        free.remove(min(free, key=lambda other: abs(other - value)))
    return tuple(sorted([*free, *fixed]))


def subject_decimals(subject: Subject, name: str) -> int:
    """Decimals with which a factor is written."""
    control = subject.control(name)
    return control.decimals if isinstance(control, Slider) else 0



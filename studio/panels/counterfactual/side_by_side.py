"""Factual, counterfactual and difference: of pictures, rows and curves; the choice of a factual; models compared."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from engines.contract import Answer
from engines.data.kinds import Images
from engines.results import CurveResult, Result, TableResult
from engines.runtime.messages import Refused
from studio.exploration.cells import AsksAndTells
from studio.exploration.comparison import Comparison
from studio.exploration.exploration import Exploration, Subject
from studio.panels.counterfactual.chooser import FactualChooser
from studio.panels.counterfactual.compare import ComparisonView
from studio.panels.counterfactual.further import is_beside
from studio.panels.counterfactual.row_triptych import RowTriptych
from studio.panels.counterfactual.tile_words import is_done, measured_line, progress_note
from studio.panels.counterfactual.whole_answer import WholeAnswer
from studio.panels.node_states import picture_of
from studio.question.wording import item_text
from widgets.kit.action import Action
from widgets.kit.state_view import State
from widgets.pictures import Measured, Triptych
from widgets.pictures.tile import CAPTION, MEASURED
from widgets.results.curve_pair import CurvePair
from widgets.theme import Theme

TABLE = 300             # px of the table, curves or strip that stand in the place of pictures, at least
_UNDER_ROW, _LEAST_ROW, _LEAST_CURVE = 12, 112, 168


class SideBySide(QStackedWidget):
    """Shows the page that fits what is asked and answered. `sentence` says what is asked, for screen readers."""

    room_wished = Signal()          # what is shown needs another height

    def __init__(
        self, engine: AsksAndTells, exploration: Exploration, comparison: Comparison, sentence: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._exploration, self._comparison, self._sentence = exploration, comparison, sentence
        self.triptych = Triptych()
        self.row = RowTriptych()
        self.curve = CurvePair(CurveResult("", "", ()))
        self.whole = WholeAnswer()
        self.values = QWidget()                 # row and curve, whichever the answer holds, or another of its results
        both = QVBoxLayout(self.values)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(8)
        both.addWidget(self.row, 2)
        both.addWidget(self.curve, 3)
        both.addWidget(self.whole, 3)
        self.curve.hide()
        self._held = (True, False)              # whether the answer holds a row, and a curve
        self.whole.turned.connect(self._turn)
        self.chooser = FactualChooser(exploration)
        self.comparison = ComparisonView(engine, exploration, comparison)
        for page in (self.triptych, self.values, self.chooser, self.comparison):
            self.addWidget(page)
        self.triptych.stepped.connect(exploration.step)
        self.chooser.chosen.connect(self._choose)
        self.chooser.left.connect(self.show_fitting)
        comparison.changed.connect(self.show_fitting)

    def high_in(self, width: int, room: int) -> int:
        """The height that the page takes of `room`, px; pictures step down to it by whole multiples."""
        px = Theme.current().px
        self.triptych.set_most_side(max(room - px(CAPTION) - px(MEASURED), 84))
        if self.currentWidget() is self.triptych:
            return self.triptych.height()
        if self.currentWidget() is self.comparison:
            self.comparison.set_room(width, room)
            return max(room, TABLE)
        if self.currentWidget() is self.chooser:
            return max(self.triptych.height(), TABLE, self.chooser.sizeHint().height())
        if self.currentWidget() is not self.values:
            return max(self.triptych.height(), TABLE)
        lines = round(self.row.figure_size()[1]) + px(_UNDER_ROW)       # a short row leaves its room to the factors
        if self.row.isHidden() or not self.curve.isHidden():
            high = max(room, TABLE)
            self.row.setMinimumHeight(min(lines, max(high - px(_LEAST_CURVE), px(_LEAST_ROW))))
            self.row.setMaximumHeight(max(lines, px(_LEAST_ROW)))
            return high
        self.row.setMinimumHeight(0)
        return min(max(self.triptych.height(), TABLE), max(lines, px(_LEAST_ROW)))

    def has_strip(self) -> bool:
        """Whether the traversal has room under this page."""
        return self.currentWidget() is not self.comparison

    def figure(self) -> QWidget:
        """What an export draws."""
        page = self.currentWidget()
        if page is self.values:
            if (figure := self.whole.figure()) is not None:
                return figure
            return self.curve if self.row.isHidden() else self.row
        return self.comparison.tiles if page is self.comparison else page or self

    def choose_factual(self) -> None:
        """Offer twelve images to choose from."""
        self.chooser.refresh()
        self.setCurrentWidget(self.chooser)
        self.chooser.setFocus()

    def show_fitting(self) -> None:
        """The page for the data and the answer."""
        subject = self._exploration.subject
        if subject is None:
            return
        if not isinstance(subject.data, Images):
            self.setCurrentWidget(self.values)
        elif self._exploration.wish.item is None:
            self.choose_factual()
        elif self._comparison.rivals:
            self.setCurrentWidget(self.comparison)
        else:
            self.setCurrentWidget(self.triptych)

    def take_subject(self, _subject: Subject) -> None:
        """Another model."""
        self.triptych.set_counterfactual(None)
        self.whole.set_results(())
        self.take_factual()
        self.show_fitting()

    def take_factual(self) -> None:
        """The factual that is asked about now."""
        subject, wish = self._exploration.subject, self._exploration.wish
        if subject is None or wish.item is None or not isinstance(subject.data, Images):
            return
        self.triptych.set_factual(subject.data.pixels[subject.position(wish.item)])
        self.triptych.factual.set_caption(self.tr("Factual"), self.tr("as recorded"))
        self.triptych.factual.set_description(self.tr("Factual: {}").format(item_text(subject.data, wish.item)))

    def take_answer(self, answer: Answer, seconds: float) -> None:
        """A better answer to the wish."""
        subject = self._exploration.subject
        if subject is None:
            return
        if isinstance(subject.data, Images):
            self._show_picture(subject, answer, seconds)
            return
        curve, table, before = _curve(answer), _row(answer), len(self.row.lines())
        if curve is not None:
            self.curve.set_result(curve)
        if table is not None:
            self.row.set_result(table, answer.factors)
        if curve is not None or table is not None:
            turned = self._held != (table is not None, curve is not None) or len(self.row.lines()) != before
            self._held = table is not None, curve is not None
            if turned:
                self._turn()
        self.whole.set_results(self._choices(answer))

    def further(self, answer: Answer) -> tuple[Result, ...]:
        """What the answer holds beside what is shown here; of pictures nothing."""
        subject = self._exploration.subject
        if subject is None or isinstance(subject.data, Images):
            return ()
        return tuple(result for result in answer.results if result not in (_curve(answer), _row(answer)))

    def _choices(self, answer: Answer) -> tuple[Result, ...]:
        """All that can stand in the row's place, where the answer holds more than fits beside it."""
        row, others = _row(answer), self.further(answer)
        several = row is not None and len(row.table) > 1
        if not several and all(is_beside(result) for result in others):
            return ()
        return (row, *others) if several and row is not None else others

    def _turn(self) -> None:
        """Row and curve, or the result that was chosen."""
        row, curve = self._held
        whole = bool(self.whole.chosen())
        self.row.setVisible(row and not whole)
        self.curve.setVisible(curve and not whole)
        self.room_wished.emit()

    def take_refusal(self, refused: Refused) -> bool:
        """Say in the counterfactual's place why there is none; False where that place is no picture."""
        if self.currentWidget() is not self.triptych:
            return False
        again = Action(self.tr("Ask again"), lambda: self._exploration.apply(self._exploration.wish))
        actions = [again]
        if self._exploration.wish.do:
            actions.append(Action(self.tr("Reset all"), self._exploration.free_all))
        tile = self.triptych.counterfactual
        self.triptych.set_counterfactual(None)
        tile.set_measured(Measured(""))
        tile.set_progress(None)
        tile.set_caption(self.tr("Counterfactual"), self.tr("no answer"))
        tile.show_state(State(refused.sentence, refused.cause, actions=tuple(actions), kind="failed"))
        return True

    def show_factual(self, shown: bool) -> None:
        """The factual in the counterfactual's place, as while Space is held."""
        page = self.currentWidget()
        if page is self.comparison:
            for tile in self.comparison.tiles.counterfactuals:
                tile.show_factual(shown)
        elif page is self.values:
            self.curve.show_factual(shown)
            self.row.show_factual(shown)
        else:
            self.triptych.counterfactual.show_factual(shown)

    def turn_difference(self) -> None:
        """Difference on or off."""
        if self.currentWidget() is self.triptych:
            self.triptych.show_difference(not self.triptych.shows_difference())
        elif self.currentWidget() is self.values:
            shown = not self.row.shows_difference()
            self.row.show_difference(shown)
            self.curve.show_difference(shown)

    def _choose(self, item: int) -> None:
        self._exploration.choose(item)
        self.show_fitting()

    def _show_picture(self, subject: Subject, answer: Answer, seconds: float) -> None:
        picture = picture_of(answer)
        if picture is None:
            return
        done = is_done(answer)
        self.triptych.set_counterfactual(picture, fade=done)
        tile = self.triptych.counterfactual
        tile.set_caption(self.tr("Counterfactual"), progress_note(answer, seconds))
        tile.set_progress(None if done else answer.step / max(answer.total, 1))
        tile.set_description(self.tr("Counterfactual: {}").format(self._sentence()))
        if answer.measured:
            self.triptych.factual.set_measured(measured_line(answer, subject, factual=True))
            tile.set_measured(measured_line(answer, subject))


def _curve(answer: Answer | None) -> CurveResult | None:
    """The first curve with a counterfactual, when the answer holds one."""
    curves = [] if answer is None else [r for r in answer.results if isinstance(r, CurveResult)]
    return next((r for r in curves if any(line.role == "counterfactual" for line in r.lines)), None)


def _row(answer: Answer) -> TableResult | None:
    """The row before and after."""
    return next((r for r in answer.results if isinstance(r, TableResult) and r.factual is not None), None)

"""The checks: what is measured in the counterfactual that is shown, and over many pictures."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from engines.contract import Answer, Slider
from engines.data.kinds import Images, Table
from engines.results import TableResult
from engines.runtime.measuring import (
    CHOICE,
    COLUMNS,
    COMPOSITION,
    EFFECTIVENESS,
    MINIMALITY,
    PICTURES,
    REVERSIBILITY,
    TRUTH,
    Figure,
)
from engines.runtime.messages import Refused
from studio.exploration.cells import AsksAndTells, Cell, Cells
from studio.exploration.comparison import Comparison
from studio.exploration.exploration import Exploration, Subject
from studio.exploration.measuring import SetMeasurement
from studio.exports.exhibit import Exhibit
from studio.question.wording import spoken_unit, value_text
from widgets.kit.action import Action
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.segmented import Segmented
from widgets.kit.state_view import EmptyOr, State
from widgets.line_table import Cell as TextCell
from widgets.line_table import LineTable
from widgets.numbers import format_count, format_number
from widgets.pictures.tile import MARGIN

_SETTLE = 300           # ms of rest before the picture is measured
_PICTURE, _SET = range(2)
_EACH, _WISH = range(2)
_WORDS = {
    COMPOSITION: "Composition, nothing set", EFFECTIVENESS: "Effectiveness", MINIMALITY: "Minimality",
    TRUTH: "Distance to the truth", REVERSIBILITY: "Reversibility, do and back",
}


class ChecksMode(QWidget):
    """Two pages: this picture, and the whole set."""

    def __init__(
        self, engine: AsksAndTells, exploration: Exploration, comparison: Comparison, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pages = QStackedWidget()
        self.picture = PictureChecks(engine, exploration, comparison, "checks")
        self.set = SetChecks(engine, exploration)
        for page in (self.picture, self.set):
            self._pages.addWidget(page)
        self._which = Segmented((self.tr("This picture"), self.tr("The whole set")), name=self.tr("What is measured"))
        self._which.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._which.chosen.connect(lambda page: self.show_set(page == _SET))
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.setSpacing(12)
        head.addWidget(self._which, 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.set.tools, 1, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        self.show_set(False)
        exploration.subject_changed.connect(self._take_subject)

    def show_set(self, shown: bool) -> None:
        """The page of the whole set, or that of the picture."""
        self._which.set_current(_SET if shown else _PICTURE)
        self.set.tools.setVisible(shown)
        self._pages.setCurrentIndex(_SET if shown else _PICTURE)

    def exhibit(self) -> Exhibit:
        """The page that is shown as a figure, and its figures picture by picture as a table."""
        whole = self._pages.currentIndex() == _SET
        view = self.set.figure() if whole else self.picture.figure()
        sentence = self.set.sentence() if whole else ""
        return Exhibit(view, (), *self._rows(), sentence)

    def _rows(self) -> tuple[tuple[str, ...], list[list[object]]]:
        tables = self.set.measurement.tables if self._pages.currentIndex() == _SET else self.picture.tables()
        rows: list[list[object]] = [
            [column.label(i) for column in table.columns] for table in tables for i in range(len(table))
        ]
        return (COLUMNS if rows else ()), rows

    def _take_subject(self, _subject: Subject | None) -> None:
        self.show_set(False)


class PictureChecks(EmptyOr):
    """One line a check of the current wish; beside it the same check of the models that are compared."""

    def __init__(
        self, engine: AsksAndTells, exploration: Exploration, comparison: Comparison, name: str,
        parent: QWidget | None = None,
    ) -> None:
        """`name`: of its queries."""
        content = QWidget()
        super().__init__(content, State(""), parent)
        self._exploration, self._comparison, self._engine = exploration, comparison, engine
        self._name = name
        self._table = LineTable(self.tr("Checks of the counterfactual"))
        self._predictor = Label("", "second", "t2", wrap=True)
        self._found: dict[str, Table] = {}
        self._cells: dict[str, Cells] = {}
        column = QVBoxLayout(content)
        column.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.addWidget(self._table, 1)
        column.addWidget(self._predictor)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLE)
        self._rest.timeout.connect(self._ask)
        exploration.wish_changed.connect(self._follow)
        exploration.subject_changed.connect(self._clear)
        comparison.changed.connect(self._follow)
        self._clear()

    def figure(self) -> QWidget:
        """What an export draws."""
        return self._table

    def tables(self) -> list[Table]:
        """The figures of the picture, of the open model first."""
        return [self._found[model] for model in self._models() if model in self._found]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rest.start()

    def _models(self) -> dict[str, str]:
        """Titles by model: the open one first."""
        subject = self._exploration.subject
        own = {} if subject is None else {subject.model: subject.title}
        return own | {rival.model: rival.title for rival in self._comparison.rivals}

    def _clear(self, *_: object) -> None:
        self._found.clear()
        self.show_content(False)
        self._say_busy()

    def _follow(self, *_: object) -> None:
        for cells in self._cells.values():
            cells.forget()
        self._found.clear()
        self._rest.start()

    def _ask(self) -> None:
        subject, wish = self._exploration.subject, self._exploration.wish
        if not self.isVisible() or subject is None or wish.item is None or not isinstance(subject.data, Images):
            return
        for model in self._models():
            if model not in self._cells:
                self._cells[model] = Cells(self._engine, f"{self._name} {model}", self)
                self._cells[model].answered.connect(lambda _, answer, __, model=model: self._take(model, answer))
                self._cells[model].refused.connect(lambda _, refused: self._take_refusal(refused))
            self._cells[model].ask(
                model, (Cell((wish.item,), wish.do),), values=wish.values, seed=wish.seed, measure=True
            )

    def _take(self, model: str, answer: Answer) -> None:
        self._found[model] = next(r.table for r in answer.results if isinstance(r, TableResult))
        self._show()

    def _take_refusal(self, refused: Refused) -> None:
        self.show_state(State(refused.sentence, refused.cause, "", (Action(self.tr("Measure again"), self._ask),),
                              "refused"))
        self.show_content(False)

    def _say_busy(self) -> None:
        self.show_state(State(self.tr("Measuring this picture"), "", "", (), "busy"))

    def _show(self) -> None:
        subject = self._exploration.subject
        models = {model: title for model, title in self._models().items() if model in self._found}
        if subject is None or subject.model not in models:
            return
        own = self._found[subject.model]
        head = [self.tr("Check"), self.tr("Factual"), self.tr("Wanted"), self.tr("Tolerance")]
        if len(self._models()) > 1:
            head += [self.tr("{} off by").format(title) for title in models.values()]
            lines = [self._compared(own, row, subject, list(models)) for row in range(len(own))]
        else:
            head += [self.tr("Read"), self.tr("Off by")]
            lines = [_line(own, row, subject) for row in range(len(own))]
        self._table.set_lines(head, lines)
        self._predictor.setText(read_by(
            (str(own["factor"].label(i) or ""), str(own["predictor"].label(i)), bool(own["independent"].values[i]))
            for i in range(len(own))
        ))
        self.show_content(True)


    def _compared(self, own: Table, row: int, subject: Subject, models: list[str]) -> list[TextCell]:
        """One check with the distance of every model."""
        key = (own["check"].label(row), own["factor"].label(row))
        line = _line(own, row, subject)[:4]
        for model in models:
            table = self._found[model]
            same = [i for i in range(len(table)) if (table["check"].label(i), table["factor"].label(i)) == key]
            line.append(_distance(table, same[0], subject) if same else TextCell(""))
        return line


class SetChecks(QWidget):
    """Measures many pictures and shows what the figures come to, growing while it works."""

    def __init__(self, engine: AsksAndTells, exploration: Exploration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exploration = exploration
        self.measurement = SetMeasurement(engine, exploration, self)
        ways = (self.tr("Each factor in turn"), self.tr("What is asked now"))
        self._how = Segmented(ways, name=self.tr("What is set"))
        self._button = Button(self.tr("Measure the set"), "plain", "gauge")
        self._stop = Button(self.tr("Stop"), "plain", "square")
        self._bar = ProgressBar()
        self._bar.setAccessibleName(self.tr("Pictures measured"))
        self._bar.setFixedWidth(80)
        self._note = Label("", "second", "t2", elide=True)
        self._table = LineTable(self.tr("Checks of the whole set"))
        self._predictor = Label("", "second", "t2", wrap=True)
        content = QWidget()
        below = QVBoxLayout(content)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self._table, 1)
        below.addWidget(self._predictor)
        self._body = EmptyOr(content, self._idle())
        self.tools = QWidget()
        head = QHBoxLayout(self.tools)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        for part in (self._how, self._button, self._stop, self._bar):
            head.addWidget(part)
        head.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, MARGIN, 0)
        column.addWidget(self._body, 1)
        self._button.clicked.connect(self.measure)
        self._stop.clicked.connect(self.measurement.stop)
        self.measurement.changed.connect(self._show)
        self.measurement.refused.connect(self._take_refusal)
        self._show()

    def figure(self) -> QWidget:
        """What an export draws."""
        return self._table

    def sentence(self) -> str:
        """What was measured, as the caption of exports."""
        measured = self.measurement
        return self.tr("Measured on {} {}. {}").format(
            format_count(measured.pictures), measured.what, self._predictor.text()
        )

    def measure(self) -> None:
        """Begin anew."""
        do = dict(self._exploration.wish.do) if self._how.current() == _WISH else None
        self.measurement.start(do)

    def _idle(self) -> State:
        return State(
            self.tr("Nothing is measured yet"),
            self.tr("{} held-out pictures are asked about, each factor in turn set to values drawn from the data; "
                    "the slider goes on meanwhile.").format(PICTURES), "gauge",
        )

    def _show(self) -> None:
        measurement, subject = self.measurement, self._exploration.subject
        running = measurement.is_running
        self._button.setVisible(not running)
        self._how.setEnabled(not running)
        self._stop.setVisible(running)
        self._bar.setVisible(running)
        self._bar.set_fraction(measurement.done / measurement.total if measurement.total else 0.0)
        figures = measurement.figures()
        share = f"{format_number(100 * measurement.done / max(measurement.total, 1), '', 0)} %, " if running else ""
        told = self.tr("{}{} {}").format(share, format_count(measurement.pictures), measurement.what)
        self._note.setText(told if measurement.total else "")
        self._body.show_content(bool(figures))
        if not figures:
            busy = State(self.tr("Measuring the first pictures"), "", "", (), "busy")
            self._body.show_state(busy if running else self._idle())
        if not figures or subject is None:
            return
        head = [self.tr("Check"), self.tr("Set"), self.tr("Mean"), self.tr("Spread"), self.tr("Pictures"),
                self.tr("Within tolerance")]
        self._table.set_lines(head, [_figure_line(figure) for figure in figures])
        self._predictor.setText(read_by((f.factor, f.predictor, f.independent) for f in figures))

    def _take_refusal(self, refused: Refused) -> None:
        self._body.show_state(State(
            refused.sentence, refused.cause, "", (Action(self.tr("Measure again"), self.measure),), "refused",
        ))


def read_by(read: Iterable[tuple[str, str, bool]]) -> str:
    """Who measured what, and who is not independent of the model."""
    by: dict[tuple[str, bool], list[str]] = {}
    for factor, predictor, independent in read:
        if factor and factor not in by.setdefault((predictor, independent), []):
            by[predictor, independent].append(factor)
    said = [
        f"{', '.join(factors)} by {predictor}" + ("" if independent else ", not independent of the model")
        for (predictor, independent), factors in by.items() if factors
    ]
    return f"Read off the pictures: {'; '.join(said)}." if said else ""


def _named(check: str, factor: str) -> str:
    return f"{_WORDS[check]}, {factor}" if factor else _WORDS[check]


def _line(table: Table, row: int, subject: Subject) -> list[TextCell]:
    check, factor = str(table["check"].label(row)), str(table["factor"].label(row) or "")
    said = [_said(str(table[name].label(row) or ""), factor, subject) for name in ("factual", "wanted", "read")]
    tolerance = float(table["tolerance"].values[row])
    allowed = "" if tolerance != tolerance or not factor or _is_choice(table, row) else _raw(tolerance, factor, subject)
    return [
        TextCell(_named(check, factor)), TextCell(said[0]), TextCell(said[1]), TextCell(allowed, "t2"),
        TextCell(said[2], bold=True), _distance(table, row, subject),
    ]


def _distance(table: Table, row: int, subject: Subject) -> TextCell:
    """How far off, with its verdict where there is a tolerance."""
    value, tolerance = float(table["value"].values[row]), float(table["tolerance"].values[row])
    factor = str(table["factor"].label(row) or "")
    if _is_choice(table, row):
        right = value == 1.0
        return TextCell("right" if right else "wrong", "ok" if right else "warn", _sign(right))
    if not factor:
        return TextCell(f"{format_number(value, '', 1)} of 255")
    good = value <= tolerance
    return TextCell(_raw(value, factor, subject), "ok" if good else "warn", _sign(good))


def _figure_line(figure: Figure) -> list[TextCell]:
    set_to = TextCell(figure.set or "nothing", "t2")
    if figure.choice:
        values = [TextCell(f"{format_number(100 * figure.mean, '', 0)} % right", bold=True), TextCell("")]
    else:
        unit = spoken_unit(figure.unit) or ("of 255" if figure.unit else "")
        values = [
            TextCell(format_number(figure.mean, unit, _decimals(figure.mean)), bold=True),
            TextCell(f"± {format_number(figure.spread, '', _decimals(figure.mean))}"),
        ]
    within = TextCell("")
    if figure.within is not None:
        allowed = format_number(figure.tolerance, spoken_unit(figure.unit), _decimals(figure.tolerance))
        within = TextCell(f"{format_number(100 * figure.within, '', 0)} % within {allowed}", "t2")
    count = TextCell(format_count(figure.count))
    return [TextCell(_named(figure.check, figure.factor)), set_to, *values, count, within]


def _decimals(value: float) -> int:
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2


def _sign(good: bool) -> str:
    return "circle-check" if good else "triangle-alert"


def _is_choice(table: Table, row: int) -> bool:
    return table["unit"].label(row) == CHOICE


def _said(text: str, factor: str, subject: Subject) -> str:
    """A value as it came, in the factor's own writing."""
    is_number = any(control.name == factor and isinstance(control, Slider) for control in subject.factors)
    return _raw(float(text), factor, subject) if is_number and text else text


def _raw(value: float, factor: str, subject: Subject) -> str:
    return value_text(value, subject.control(factor))

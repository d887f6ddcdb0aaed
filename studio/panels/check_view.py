"""A method's check on a page: what it claims, the run of it, and the last verdict with all that was measured."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.catalogue import DISTRIBUTION, Announced, Catalogue
from studio.runs.checks import CheckRuns
from studio.runs.costs import about_seconds
from studio.runs.verdicts import Criterion, Verdict
from widgets.controls.schema import plain
from widgets.dates import format_date
from widgets.kit.button import Button
from widgets.kit.fold_header import FoldHeader
from widgets.kit.label import Hairline, Label
from widgets.kit.message_bar import ErrorBar
from widgets.kit.progress_bar import ProgressBar
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import EmptyOr, Sign, State
from widgets.numbers import format_duration, format_number

_OUTCOMES = {
    "passed": ("circle-check", "ok"), "failed": ("circle-alert", "err"), "incomplete": ("triangle-alert", "warn"),
}
_OPEN = ("circle-help", "t2")


INSTALL = f'pip install "{DISTRIBUTION}[checks]"'
"""Installs the peers that checks compare with."""


class CheckView(EmptyOr):
    """Shows one method's check; "Run the check" and "Stop" stand on it."""

    def __init__(self, catalogue: Catalogue, checks: CheckRuns, parent: QWidget | None = None) -> None:
        content = QWidget()
        super().__init__(content, State(""), parent)
        self.show_state(State(self.tr("No method is chosen"), self.tr("Its check appears here."), "circle-help"))
        self._catalogue, self._checks = catalogue, checks
        self._method = ""
        self._claim = Label("", "body", wrap=True)
        self._sign = Sign("", "t2", 20)
        self._verdict = Label("", "card", wrap=True)
        self._when = Label("", "second", "t2", wrap=True)
        self._error = ErrorBar(closable=False)
        self._run = Button("", "plain", "play")
        self._stop = Button(self.tr("Stop"), "plain", "square")
        self._install = Button(self.tr("Copy the line that installs what is missing"), "plain", "copy")
        self._bar = ProgressBar()
        self._phase = Label("", "second", "t2", wrap=True)
        self._criteria = Listing()
        self._fakes = Listing()
        self._fakes_head = Label(self.tr("Fakes that it must reject"), "card")
        self._all = FoldHeader(self.tr("All figures"), opened=False)
        self._figures = FiguresGrid()
        self._all.fold(self._figures)
        self._run.clicked.connect(lambda: self._checks.start(self._method))
        self._stop.clicked.connect(self._checks.stop)
        self._install.clicked.connect(lambda: QGuiApplication.clipboard().setText(INSTALL))
        checks.changed.connect(self._follow)
        self._lay_out(content)

    def set_method(self, method: str) -> None:
        """Show the check of this method."""
        self._method = method
        announced = self._catalogue.find(method)
        if announced is None or announced.check is None:
            name = announced.title if announced is not None else self.tr("This method")
            self.show_state(State(
                self.tr("{} brings no check").format(name),
                self.tr("Only built-in methods have one that runs here."), "circle-help",
            ))
            return
        self.show_content()
        self._claim.setText(announced.check.claim)
        self._tell_verdict(announced)
        self._tell_run()

    def method(self) -> str:
        """The method whose check is shown."""
        return self._method

    def run_button(self) -> Button:
        """Begins the check."""
        return self._run

    def stop_button(self) -> Button:
        """Ends it; there while it runs."""
        return self._stop

    def said(self) -> str:
        """The verdict as it is said."""
        return self._verdict.text()

    @Slot(str)
    def _follow(self, method: str) -> None:
        if method == self._method and self._checks.running != method:
            self.set_method(method)
        elif self._method and self.shows_content():
            self._tell_run()

    def _tell_run(self) -> None:
        running, mine = self._checks.running, self._checks.running == self._method
        for part in (self._bar, self._phase, self._stop):
            part.setVisible(mine)
        self._run.setVisible(not mine)
        self._run.setEnabled(not running)
        expected = self._checks.expected(self._method)
        self._run.set_text(self.tr("Run the check, {}").format(about_seconds(expected)))
        other = self._catalogue.find(running)
        self._run.setToolTip(
            self.tr("The check of {} runs").format(other.title) if running and other is not None else ""
        )
        sentence, cause = self._checks.failure(self._method)
        if sentence and not mine:
            self._error.show_message(sentence, cause)
        else:
            self._error.clear()
        if not mine:
            return
        state = self._checks.state
        self._bar.set_fraction(min(state.seconds / expected, 0.98) if expected else None)
        self._bar.setAccessibleName(self.tr("Progress of the check"))
        spent = self.tr("{} of {}").format(format_duration(state.seconds), about_seconds(expected))
        if state.phase:
            counted = "" if state.total is None else self.tr(", {} of {}").format(
                format_number(state.done, "", 0), format_number(state.total, "", 0)
            )
            spent = self.tr("Part {}: {}{}. {}.").format(state.part, state.phase, counted, spent)
        else:
            spent = self.tr("Starting. {}.").format(spent)
        self._phase.setText(spent)

    def _tell_verdict(self, announced: Announced) -> None:
        verdict, check = announced.verdict, announced.check
        assert check is not None
        if verdict is None:
            self._sign.set_sign(*_OPEN)
            self._verdict.setText(self.tr("Not checked on this machine"))
            day = format_date(date.fromisoformat(check.calibrated))
            self._when.setText(self.tr("Its limits were set on {} and stay.").format(day))
            self._criteria.set_lines([
                (*_OPEN, name, sentence, "") for name, sentence in check.criteria.items()
            ])
        else:
            self._sign.set_sign(*_OUTCOMES[verdict.outcome])
            self._verdict.setText(verdict.sentence)
            day, span = format_date(verdict.on), format_duration(verdict.seconds)
            self._when.setText(self.tr("Run here on {} in {}.").format(day, span))
            self._criteria.set_lines([_line(criterion) for criterion in verdict.criteria])
            self._fakes.set_lines([_fake(name, verdict) for name in verdict.fakes])
        self._install.setVisible(verdict is not None and verdict.outcome == "incomplete")
        for part in (self._fakes, self._fakes_head):
            part.setVisible(verdict is not None and bool(verdict.fakes))
        self._all.setVisible(verdict is not None)
        self._figures.setVisible(verdict is not None and self._all.isChecked())
        if verdict is not None:
            self._figures.set_figures(verdict)

    def _lay_out(self, content: QWidget) -> None:
        scroll = ScrollColumn(margins=(16, 12, 16, 16))
        column = scroll.column
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._verdict, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._run)
        buttons.addWidget(self._stop)
        buttons.addStretch(1)
        column.addLayout(head)
        column.addWidget(self._when)
        column.addSpacing(10)
        column.addWidget(self._error)
        column.addWidget(self._bar)
        column.addSpacing(4)
        column.addWidget(self._phase)
        column.addSpacing(6)
        column.addLayout(buttons)
        column.addSpacing(6)
        column.addWidget(self._install)
        column.addSpacing(18)
        column.addWidget(Label(self.tr("What it claims"), "card"))
        column.addSpacing(2)
        column.addWidget(self._claim)
        column.addSpacing(18)
        column.addWidget(Label(self.tr("What must hold"), "card"))
        column.addSpacing(4)
        column.addWidget(self._criteria)
        column.addSpacing(18)
        column.addWidget(self._fakes_head)
        column.addSpacing(4)
        column.addWidget(self._fakes)
        column.addSpacing(12)
        column.addWidget(self._all)
        column.addWidget(self._figures)
        column.addStretch(1)
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)


class Listing(QWidget):
    """Lines with a sign, a name, a sentence and figures; hairlines between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_lines(self, lines: list[tuple[str, str, str, str, str]]) -> None:
        """(sign, colour, name, sentence, figures) of each line."""
        _clear(self._column)
        for place, (sign, colour, name, sentence, figures) in enumerate(lines):
            if place:
                self._column.addWidget(Hairline())
            self._column.addWidget(_ListLine(sign, colour, name, sentence, figures))


class _ListLine(QWidget):
    def __init__(self, sign: str, colour: str, name: str, sentence: str, figures: str) -> None:
        super().__init__()
        self.setAccessibleName(f"{name}. {sentence} {figures}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(8)
        mark = Sign(sign, colour, 16)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(name[:1].upper() + name[1:], "title", wrap=True))
        for text, ink in ((sentence, "t2"), (figures, "t1")):
            if text:
                words.addWidget(Label(text, "second", ink, wrap=True))
        row.addLayout(words, 1)


class FiguresGrid(QWidget):
    """Every figure of ours, the baselines and the fakes, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)

    def set_figures(self, verdict: Verdict) -> None:
        """Figure by figure: ours first, then those that have it."""
        _clear(self._grid)
        rows = 0
        for figure, value in verdict.ours.items():
            self._grid.addWidget(Label(figure, "second", weight=600, wrap=True), rows, 0, 1, 2)
            rows += 1
            told = [(self.tr("this method"), value)]
            told += [(name, figures[figure]) for name, figures in verdict.baselines.items() if figure in figures]
            told += [
                (self.tr("fake: {}").format(name), figures[figure])
                for name, figures in verdict.fakes.items() if figure in figures and name not in verdict.baselines
            ]
            for name, measured in told:
                self._grid.addWidget(Label(name, "second", "t2", wrap=True), rows, 0)
                self._grid.addWidget(Label(number(measured), "second"), rows, 1, Qt.AlignmentFlag.AlignRight)
                rows += 1
            self._grid.setRowMinimumHeight(rows, 6)
            rows += 1


def number(value: float) -> str:
    """A figure as a check shows it: four digits at most, small ones as powers of ten."""
    if value and abs(value) < 1e-3:
        return f"{value:.1e}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")
    return plain(float(f"{value:.4g}"))


def _line(criterion: Criterion) -> tuple[str, str, str, str, str]:
    sign, colour = {True: _OUTCOMES["passed"], False: _OUTCOMES["failed"], None: _OPEN}[criterion.held]
    parts = []
    for figure, value in criterion.ours.items():
        others = [f"{name} {number(told[figure])}" for name, told in criterion.others.items() if figure in told]
        parts.append(", ".join([f"{figure}: {number(value)}", *others]))
    return sign, colour, criterion.name, criterion.sentence, "; ".join(parts) or _tr("Not judged.")


def _fake(name: str, verdict: Verdict) -> tuple[str, str, str, str, str]:
    if name not in verdict.rejected:
        return (*_OPEN, name, _tr("Not judged."), "")
    reasons = verdict.rejected[name]
    if not reasons:
        said = _tr("Not rejected: it meets every criterion, so the check proves nothing.")
        return (*_OUTCOMES["failed"], name, said, "")
    return (*_OUTCOMES["passed"], name, _tr("Rejected by: {}.").format(", ".join(reasons)), "")


def _clear(layout: QVBoxLayout | QGridLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _tr(text: str) -> str:
    return QCoreApplication.translate("CheckView", text)

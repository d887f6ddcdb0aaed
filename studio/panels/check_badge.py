"""The badge of a method: whether its claim was checked on this machine; a click runs the check or shows it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QSize, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.catalogue import Announced, Catalogue
from studio.runs.checks import CheckRuns
from studio.runs.costs import about_seconds
from widgets.dates import format_day
from widgets.kit.control import Control
from widgets.kit.menu import Menu
from widgets.kit.painting import painter_on, text_in, text_width
from widgets.kit.pill import PillKind, paint_pill
from widgets.theme import Theme, draw_icon, font

_CHEVRON = 12


class CheckBadge(Control):
    """A pill in words and colour of the verdict. Its menu: run the check, show what it checked."""

    shown_wished = Signal(str)              # id of the method whose check is to be shown

    def __init__(self, catalogue: Catalogue, checks: CheckRuns, parent: QWidget | None = None) -> None:
        super().__init__("", parent, ring_radius=9)
        self._catalogue, self._checks = catalogue, checks
        self._method = ""
        self._kind: PillKind = "grey"
        self._menu = Menu("", self)
        self.clicked.connect(self._open)
        checks.changed.connect(self._follow)

    def set_method(self, method: str) -> None:
        """The badge of this method."""
        self._method = method
        announced = self._catalogue.find(method)
        if announced is not None:
            checking = self._checks.running == method
            text, self._kind = (self.tr("checking"), "info") if checking else check_words(announced)
            self.setText(text)
            self.setAccessibleName(text)
            self.setAccessibleDescription(self.tr("The check of {}").format(announced.title))
            self.updateGeometry()
            self.update()

    def menu(self) -> Menu:
        """What a click opens."""
        return self._menu

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), font("strong_caption", weight=600)) + 18 + _CHEVRON
        return QSize(round(width), Theme.current().px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), painter_on(self)
        box = self.box().adjusted(0, (self.height() - theme.px(18)) / 2, 0, -(self.height() - theme.px(18)) / 2)
        paint_pill(painter, box, "", self._kind, theme)
        ink = theme.t2 if self._kind == "grey" else theme.colour(self._kind)
        text_in(painter, box.adjusted(8, 0, 0, 0), self.text(), font("strong_caption", weight=500), ink)
        draw_icon(painter, "chevron-down", QPointF(box.right() - 4 - _CHEVRON / 2, box.center().y()), ink, _CHEVRON)

    @Slot(str)
    def _follow(self, method: str) -> None:
        if method == self._method:
            self.set_method(method)

    def _open(self) -> None:
        self._menu.clear()
        announced = self._catalogue.get(self._method)
        if announced.check is None:
            self._menu.add(self.tr("Run the check"), off_because=self.tr("This method brings no check."))
        elif self._checks.running == self._method:
            self._menu.add(self.tr("Stop the check"), self._checks.stop, sign="square")
        else:
            busy = self.tr("Another check runs.") if self._checks.running else ""
            text = self.tr("Run the check, {}").format(about_seconds(self._checks.expected(self._method)))
            self._menu.add(text, self._start, sign="play", off_because=busy)
        show = self.tr("Show what it checked")
        self._menu.add(show, lambda: self.shown_wished.emit(self._method), sign="list-checks")
        self._menu.popup_under(self)

    def _start(self) -> None:
        self._checks.start(self._method)
        self.shown_wished.emit(self._method)


def check_words(announced: Announced) -> tuple[str, PillKind]:
    """How a method's check stands on this machine, and the colour of that."""
    verdict = announced.verdict
    if verdict is not None:
        day = format_day(verdict.on)
        if verdict.outcome == "passed":
            return _tr("checked {}").format(day), "ok"
        if verdict.outcome == "incomplete":
            return _tr("check incomplete {}").format(day), "warn"
        return _tr("check failed {}").format(day), "err"
    if announced.reconstruction:
        return _tr("reconstructed"), "warn"
    return _tr("not checked here"), "grey"


def _tr(text: str) -> str:
    return QCoreApplication.translate("CheckBadge", text)

"""The bar over a result whose items can be decided on: what was said so far, the acts, what is shown, and the use."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engines.results import ImageGridResult, Result
from studio.panels.correction_popup import CorrectionPopup
from studio.runs.row_actions import RowActions, Use, is_of_data
from studio.runs.runs import RunInfo
from widgets.decisions import Act, Decisions, Shown, Value, Verdict, word
from widgets.kit.button import Button
from widgets.kit.menu import Menu
from widgets.kit.tool_button import ToolButton
from widgets.numbers import format_count


class RowBar(QWidget):
    """Bound to the decisions of the project. Hidden while what is enlarged has no items."""

    refused = Signal(str)               # why a value was not taken; empty when one was
    counted = Signal(str)               # "12 accepted, 3 corrected"; empty for nothing

    def __init__(self, actions: RowActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._view: Any = None
        self._info: RunInfo | None = None
        self._result: Result | None = None
        self._shown = Shown.ALL
        self._tools = {
            Act.ACCEPT: ToolButton("check", self.tr("Accept"), keys="A"),
            Act.CORRECT: ToolButton("pencil", self.tr("Correct"), keys="C"),
            Act.DROP: ToolButton("x", self.tr("Drop"), keys="X"),
            Act.MARK: ToolButton("flag", self.tr("Mark"), keys="M"),
        }
        self._filter = Button("", "ghost", "filter", menu=True)
        self._use = Button(self.tr("Use as input"), "plain", "", menu=True)
        self._menu = Menu("", self)
        self._popup: CorrectionPopup | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for act, tool in self._tools.items():
            tool.clicked.connect(partial(self._act, act))
            row.addWidget(tool)
        row.addStretch(1)
        row.addWidget(self._filter)
        row.addSpacing(6)
        row.addWidget(self._use)
        self._filter.clicked.connect(self._open_filter)
        self._use.clicked.connect(self._open_uses)
        actions.changed.connect(self._take_change)
        self._name_filter()
        self.hide()

    def set_target(self, view: Any, info: RunInfo | None, result: Result | None) -> None:
        """The view that is enlarged and the result of a run in it; a view without items hides the bar."""
        has_items = view is not None and info is not None and result is not None and hasattr(view, "set_decisions")
        if view is not self._view:
            self._view = view if has_items else None
            if has_items:
                self._connect(view)
        if result is None or self._result is None or result.name != self._result.name or info is not self._info:
            self._shown = Shown.ALL
        self._info, self._result = info, result
        self.setVisible(has_items)
        self.counted.emit("")
        self._filter.setVisible(has_items and len(view.items()) > 1)
        if has_items:
            self._tell()

    def decisions(self) -> Decisions:
        """What was said of the items that are enlarged."""
        if self._info is None or self._result is None:
            return Decisions()
        return self._actions.of(self._info.number, self._result.name)

    def show_only(self, shown: Shown) -> None:
        """Which items are to be seen."""
        self._shown = shown
        self._tell()

    def uses(self) -> Menu:
        """The menu of what can be made of the decisions; what cannot says why."""
        self._menu.clear()
        decisions, result = self.decisions(), self._result
        accepted, corrected, dropped = (
            len(decisions.having(v)) for v in (Verdict.ACCEPTED, Verdict.CORRECTED, Verdict.DROPPED)
        )
        foreign = "" if result is not None and is_of_data(result) else self.tr("These are no rows of the data.")
        kept = accepted + corrected
        for use, text, count, why in (
            (Use.ACCEPTED, self.tr("Only the {} accepted or corrected"), kept, self.tr("Nothing is accepted yet.")),
            (Use.NOT_DROPPED, self.tr("All but the {} dropped"), dropped, self.tr("Nothing is dropped yet.")),
            (Use.CORRECTED, self.tr("All, with the {} corrected"), corrected, self.tr("Nothing is corrected yet.")),
        ):
            off = foreign or ("" if count else why)
            self._menu.add(text.format(format_count(count)), partial(self._derive, use), off_because=off)
        return self._menu

    def popup(self) -> CorrectionPopup | None:
        """The field in which a picture is corrected, None before there was one."""
        return self._popup

    # private

    def _connect(self, view: Any) -> None:
        view.acted.connect(self._act)
        if hasattr(view, "corrected"):
            view.corrected.connect(self._correct)
        if hasattr(view, "refused"):
            view.refused.connect(self.refused)

    def _act(self, act: Act) -> None:
        if self._view is None or self._info is None or self._result is None:
            return
        items, place = self._view.chosen_items(), (self._info.number, self._result.name)
        if not items:
            self.refused.emit(self.tr("Nothing is chosen: choose a row first."))
            return
        self.refused.emit("")
        match act:
            case Act.ACCEPT:
                self._actions.judge(*place, items, Verdict.ACCEPTED)
            case Act.DROP:
                self._actions.judge(*place, items, Verdict.DROPPED)
            case Act.MARK:
                self._actions.mark(*place, items)
            case Act.CORRECT if isinstance(self._result, ImageGridResult):
                self._open_popup(items)
            case Act.CORRECT:
                self._view.begin_correction()

    def _correct(self, items: tuple[int, ...], column: str, value: Value) -> None:
        if self._info is not None and self._result is not None:
            self.refused.emit("")
            self._actions.correct(self._info.number, self._result.name, items, column, value)

    def _open_popup(self, items: tuple[int, ...]) -> None:
        assert self._info is not None
        columns = self._actions.columns(self._info.request.data)
        if not columns:
            self.refused.emit(self.tr("The data of this run are not open, so there is nothing to correct."))
            return
        if self._popup is None:
            self._popup = CorrectionPopup(self.window())
            self._popup.corrected.connect(self._correct)
        corner = self._tools[Act.CORRECT].mapTo(self.window(), QPoint(0, self.height() + 4))
        self._popup.open_for(items, columns, corner)

    def _derive(self, use: Use) -> None:
        if self._info is not None and self._result is not None:
            self._actions.derive(self._info.request.data, self._result, self.decisions(), use)

    def _take_change(self, run: int, result: str) -> None:
        if self._info is not None and self._result is not None and (run, result) == (
            self._info.number, self._result.name
        ):
            self._tell()

    def _tell(self) -> None:
        if self._view is None or self._result is None:
            return
        decisions = self.decisions()
        self._view.set_decisions(decisions, self._shown)
        self.counted.emit(decisions.sentence())
        self._name_filter()

    def _name_filter(self) -> None:
        self._filter.set_text(self.tr("Show: {}").format(word(self._shown)))

    def _open_filter(self) -> None:
        self._menu.clear()
        for shown in Shown:
            self._menu.add(word(shown), partial(self.show_only, shown), on=shown is self._shown)
        self._menu.popup_under(self._filter)

    def _open_uses(self) -> None:
        self.uses().popup_under(self._use)

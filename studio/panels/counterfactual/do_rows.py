"""The rows under "Do": one for each control of the model, bound to the exploration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engines.contract import Choice, Constraints, Control, FactorValue, How, Slider, Stepper, Toggle
from engines.data.kinds import ColumnType
from engines.graph.graph import Graph
from studio.exploration.exploration import Exploration, Subject, Wish
from widgets.controls import (
    ChoiceRow,
    ChoiceState,
    ConstrainedColumn,
    ConstraintsRow,
    ConstraintsState,
    ControlRow,
    DoSliderRow,
    SliderState,
    StepperRow,
    StepperState,
    ToggleRow,
    ToggleState,
)

_BINS = 48
_SCROLL_BAR = 10        # px


class DoRows(QScrollArea):
    """Rows that scroll between two hairlines when there are more than fit; intervened ones come first."""

    grown = Signal()            # the rows together have another height: each is higher where there is little width

    def __init__(self, exploration: Exploration, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exploration = exploration
        self._rows: dict[str, ControlRow] = {}
        self._before: Mapping[str, float | str] | None = None
        self._histograms: dict[str, tuple[float, ...]] = {}
        self._compact = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(16, 0, 16, 0)
        self._column.setSpacing(0)
        self.setWidget(content)
        exploration.subject_changed.connect(self._rebuild)
        exploration.wish_changed.connect(self._refresh)
        exploration.answered.connect(self._refresh)
        self._rebuild(exploration.subject)

    def row(self, name: str) -> ControlRow | None:
        """The row of a control."""
        return self._rows.get(name)

    def content_height(self) -> int:
        """Height of all rows together."""
        return sum(row.sizeHint().height() for row in self._rows.values())

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        for row in self._rows.values():
            row.set_compact(compact)
        self._order()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._order()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and event.size().height() != event.oldSize().height():
            self.grown.emit()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._column.minimumSize().width() + _SCROLL_BAR, super().minimumSizeHint().height())

    def _order(self) -> None:
        """Intervened rows first where not all rows fit; nothing moves under a hand that drags."""
        if self._before is not None:
            return
        names = list(self._rows)
        if self.content_height() > self.viewport().height():
            names.sort(key=lambda name: name not in self._exploration.wish.do)      # stable: else as announced
        if names == [name for _, name in sorted((self._column.indexOf(row), name) for name, row in self._rows.items())]:
            return
        for place, name in enumerate(names):
            self._column.insertWidget(place, self._rows[name])
        self._column.activate()
        self.show_row(self._exploration.selected)

    def show_row(self, name: str) -> None:
        """Scroll a row into view."""
        if (row := self._rows.get(name)) is not None:
            self.ensureWidgetVisible(row, 0, 0)

    def _rebuild(self, subject: Subject | None) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        self._histograms = {}
        if subject is None:
            return
        for control in (*subject.factors, *subject.settings):
            row = self._row(control)
            row.set_compact(self._compact)
            self._rows[control.name] = row
            self._column.addWidget(row)
        self._column.addStretch(1)
        self._refresh()

    def _row(self, control: Control) -> ControlRow:
        name, exploration = control.name, self._exploration
        set_to: Any = exploration.set if control.do else exploration.set_value
        drag: Any = exploration.drag if control.do else exploration.drag_value
        row: ControlRow
        match control:
            case Slider(live=live):
                row = slider = DoSliderRow()
                if live:
                    slider.moved.connect(lambda value: self._drag(drag, name, value))
                slider.released.connect(lambda value: self._release(name, value, control.do))
                slider.typed.connect(lambda value: set_to(name, value))
            case Choice():
                row = choice = ChoiceRow()
                choice.chosen.connect(lambda value: set_to(name, value))
            case Toggle():
                row = toggle = ToggleRow()
                toggle.toggled.connect(lambda value: set_to(name, value))
            case Stepper():
                row = stepper = StepperRow()
                stepper.stepped.connect(lambda value: set_to(name, value))
            case Constraints():
                row = constraints = ConstraintsRow()
                constraints.changed.connect(lambda value: set_to(name, value))
        row.setToolTip(control.help)
        row.freed.connect(lambda: exploration.free(name))
        row.held.connect(lambda on: exploration.hold(name) if on else exploration.free(name))
        if control.do:
            row.selected.connect(lambda: exploration.select(name))
        return row

    def _drag(self, drag: Any, name: str, value: float) -> None:
        if self._before is None:
            self._before = dict(self._exploration.wish.do)
        drag(name, value)

    def _release(self, name: str, value: float, do: bool) -> None:
        before, self._before = self._before, None
        if do:
            self._exploration.set(name, value, before)
        else:
            self._exploration.set_value(name, value)

    def _refresh(self, *_: object) -> None:
        subject, wish, answer = self._exploration.subject, self._exploration.wish, self._exploration.answer
        if subject is None:
            return
        by_name = {factor.name: factor for factor in answer.factors} if answer else {}
        for control in (*subject.factors, *subject.settings):
            row = self._rows.get(control.name)
            if row is not None:
                self._show(row, control, subject, wish, by_name.get(control.name))
        self._order()

    def _show(
        self, row: Any, control: Control, subject: Subject, wish: Wish, factor: FactorValue | None
    ) -> None:
        name = control.name
        if not control.do:
            value = wish.values.get(name, control.default)
            match control:
                case Slider():
                    row.set_state(
                        SliderState(
                            name=name, how="setting", value=float(value), low=control.low, high=control.high,
                            bounds=control.bounds, unit=control.unit, decimals=control.decimals,
                        )
                    )
                case Choice():
                    row.set_state(ChoiceState(name=name, how="setting", options=control.options, value=str(value)))
                case Toggle():
                    row.set_state(ToggleState(name=name, how="setting", value=bool(value)))
                case Stepper():
                    row.set_state(
                        StepperState(name=name, how="setting", low=control.low, high=control.high, value=int(value))
                    )
                case Constraints():
                    columns = tuple(
                        ConstrainedColumn(one.name, one.low, one.high, one.levels, one.unit, one.whole, one.target)
                        for one in control.columns
                    )
                    row.set_state(ConstraintsState(name=name, how="setting", columns=columns, value=value))
            return
        factual = self._exploration.factual(name)
        if factor is not None and factor.how is How.SET and name not in wish.do:
            factor = None                       # it was set free; the answer to that is still to come
        how, status = row_status(name, factual, wish.do, self._exploration.graph, factor)
        value = wish.do.get(name, factor.counterfactual if factor else factual)
        match control:
            case Slider():
                if isinstance(value, str) or value != value:
                    return
                row.set_state(
                    SliderState(
                        name=name, how=how, status=status, value=float(value), low=control.low, high=control.high,
                        bounds=control.bounds, unit=control.unit, decimals=control.decimals,
                        histogram=self._histogram(subject, control), factual=float(factual),
                        spread=factor.spread if factor else None,
                    )
                )
            case Choice():
                row.set_state(
                    ChoiceState(
                        name=name, how=how, status=status, options=control.options, value=str(value),
                        factual=str(factual),
                    )
                )

    def _histogram(self, subject: Subject, control: Slider) -> tuple[float, ...]:
        if control.name not in self._histograms:
            column = subject.data.attributes[control.name]
            counts: tuple[float, ...] = ()
            if column.type is ColumnType.NUMBER and control.high > control.low:
                values = column.values[~column.missing]
                found, _ = np.histogram(values, bins=_BINS, range=(control.low, control.high))
                counts = tuple(float(count) for count in found)
            self._histograms[control.name] = counts
        return self._histograms[control.name]


def row_status(
    name: str, factual: float | str, do: Mapping[str, float | str], graph: Graph | None, factor: FactorValue | None
) -> tuple[Any, str]:
    """How a row is drawn and the few words under its name: who set it, or whom it follows."""
    if name in do:
        if do[name] == factual:
            return "held", "held at its factual value"
        if graph is None:
            return "do", "set by you"
        parents = graph.parents(name) if name in graph else ()
        if not parents:
            return "do", "set by you, noise cut"
        return "do", f"set by you, {len(parents)} edge{'s' if len(parents) > 1 else ''} cut"
    causes = [cause for cause in do if graph is not None and cause in graph and name in graph.descendants(cause)]
    if factor is not None and factor.how is How.FOLLOWS and causes:
        return "follows", f"follows {causes[0]}" if len(causes) == 1 else f"follows {len(causes)} factors"
    if do and factor is not None and factor.how is How.UNAFFECTED:
        return "free", "not affected"
    return "free", ""

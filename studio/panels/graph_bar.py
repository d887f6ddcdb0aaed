"""The bar under the graph: what is identified, how far a learned graph is from a known one, the threshold."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from engines.contract import Answer, Slider
from engines.graph import identification
from engines.graph.answers import listed
from engines.graph.compare import compare
from engines.graph.do_calculus.effect import Verdict
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph, Mark
from engines.refusals import Refusal
from engines.results import GraphResult
from studio.exploration.exploration import Exploration, Subject
from studio.identifying.identifying import Identifying
from studio.panels.graph_against import Against
from studio.panels.knowledge_words import obeyed
from studio.question.wording import size_text
from studio.workspace import Workspace, implied_picture
from widgets.kit.button import Button
from widgets.kit.label import Label
from widgets.kit.state_view import Sign
from widgets.numbers import format_number

_NOTCHES = 1000
_PATIENCE = 0.05        # s, that the window waits for the path that stands in the way
_NARROW = 480           # px; below it the sentence is short


class GraphBar(QWidget):
    """One line. A control of the open model that changes the graph itself (a threshold) has its slider here."""

    formula_wished = Signal()

    def __init__(
        self, workspace: Workspace, exploration: Exploration, against: Against, identifying: Identifying,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._against, self._identifying = against, identifying
        self._workspace, self._exploration = workspace, exploration
        self._sign = Sign("circle-check", "ok", 16)
        self._sentence = Label("", "second", elide=True)
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._formula = Button(self.tr("Formula"), "ghost", height=24)
        self._asked = False                     # whether there is an effect to ask for
        self._formula.setToolTip(self.tr("The effect as a formula, {}").format(identification.CONDITION))
        self._formula.clicked.connect(self.formula_wished)
        self._name = Label("", "second", "t2")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, _NOTCHES)
        self._slider.setMinimumWidth(56)
        self._slider.setMaximumWidth(110)
        self._value = Label("", "second", weight=600)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._sentence, 1)
        for widget in (self._formula, self._name, self._slider, self._value):
            row.addWidget(widget)
        self._slider.sliderMoved.connect(self._move)
        self._slider.sliderReleased.connect(self._release)
        self._slider.valueChanged.connect(self._step)
        workspace.graph_changed.connect(self._refresh)
        against.changed.connect(self._refresh)
        identifying.changed.connect(self._refresh)
        workspace.knowledge_changed.connect(self._refresh)
        workspace.data_changed.connect(self._refresh)
        exploration.subject_changed.connect(self._take_subject)
        exploration.wish_changed.connect(self._refresh)
        exploration.selected_changed.connect(self._refresh)
        exploration.answered.connect(self._take_answer)
        self._take_subject(exploration.subject)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    def _threshold(self) -> Slider | None:
        """The first slider of the open model that is no factor, when its answers redraw the graph."""
        subject, answer = self._exploration.subject, self._exploration.answer
        if subject is None or answer is None or not any(isinstance(r, GraphResult) for r in answer.results):
            return None
        return next((c for c in subject.settings if isinstance(c, Slider)), None)

    def _take_answer(self, _answer: Answer, _seconds: float) -> None:
        if self._slider.isHidden() is (self._threshold() is not None):
            self._take_subject(self._exploration.subject)

    def _take_subject(self, _subject: Subject | None) -> None:
        slider = self._threshold()
        for widget in (self._name, self._slider, self._value):
            widget.setVisible(slider is not None)
        if slider is not None:
            self._name.setText(slider.name)
            self._slider.setAccessibleName(slider.name)
            self._slider.setToolTip(slider.help)
        self._refresh()

    def _refresh(self, *_: object) -> None:
        slider = self._threshold()
        if slider is not None:
            value = float(self._exploration.wish.values.get(slider.name, slider.default or slider.low))
            self._value.setText(format_number(value, slider.unit, slider.decimals))
            if not self._slider.isSliderDown():
                blocked = self._slider.blockSignals(True)
                self._slider.setValue(round(_NOTCHES * (value - slider.low) / (slider.high - slider.low)))
                self._slider.blockSignals(blocked)
        sentence, good = self._said()
        self._sentence.setText(sentence)
        self._formula.setVisible(self._asked)
        self._sign.setVisible(bool(sentence))
        self._sign.set_sign("circle-check" if good else "triangle-alert", "ok" if good else "warn")

    def _said(self) -> tuple[str, bool]:
        self._asked = False
        graph, truth = self._workspace.graph, self._against.current
        if not graph.nodes:
            return "", True
        told, obeys = obeyed(self._workspace.knowledge, graph)
        if not obeys:
            return told, False
        if truth is not None:
            said = comparison_sentence(graph, truth.graph, truth.name)
            return f"{said}. {told}" if told else said, True
        cycle = graph.cycle()
        if cycle is not None:
            return self.tr("The graph has a cycle: {}.").format(" → ".join(cycle)), False
        whole = implied_picture(graph, self._workspace.data)
        exposure = marked(whole, Mark.EXPOSURE) or self._exploration.selected
        outcome = marked(whole, Mark.OUTCOME)
        if exposure in whole and outcome and exposure != outcome:
            try:
                verdict = identification.identify(whole, exposure, outcome, Fuse(_PATIENCE))
            except Refusal as refusal:
                return refusal.sentence, False
            self._asked = True
            sentence = verdict.sentence()
            if self.width() < _NARROW and verdict.identified and verdict.effect:
                sentence = self.tr("Identified. {}").format(sentence.partition(". ")[2])
            good = verdict.identified
            if not good and self._by_formula(whole, exposure, outcome):
                good = True
                sentence = self.tr("Effect of {} on {} is identified by a formula, not by adjustment.").format(
                    exposure, outcome
                )
            return f"{sentence} {self._otherwise(whole, exposure, outcome)}".strip(), good
        return told or self.tr("{}, no cycle").format(size_text(graph)), True

    def _by_formula(self, graph: Graph, exposure: str, outcome: str) -> bool:
        """Whether ID has found the effect identified; it is not known before it has."""
        answers = self._identifying.answers
        asked = answers.graph == graph and (answers.exposures, answers.outcomes) == ((exposure,), (outcome,))
        return asked and answers.effect is not None and answers.effect.verdict is Verdict.IDENTIFIED

    def _otherwise(self, graph: Graph, exposure: str, outcome: str) -> str:
        """How many sets there are; where none is, the other ways. Comes as soon as it is found."""
        answers = self._identifying.answers
        if answers.graph != graph or (answers.exposures, answers.outcomes) != ((exposure,), (outcome,)):
            return ""
        sets, doors, found = answers.adjustments, answers.front_doors, answers.instruments
        if sets is not None and len(sets.sets) > 1:
            return self.tr("{} sets serve.").format(len(sets.sets))
        if sets is None or sets.why_not is None:
            return ""
        if doors is not None and doors.sets:
            return self.tr("A front door is {}.").format(listed(doors.sets[0]))
        if found is not None and found.found:
            return self.tr("An instrument is {}.").format(found.found[0])
        return ""

    def _at(self, notch: int) -> float:
        slider = self._threshold()
        assert slider is not None
        return round(slider.low + (slider.high - slider.low) * notch / _NOTCHES, slider.decimals)

    def _move(self, notch: int) -> None:
        if (slider := self._threshold()) is not None:
            self._exploration.drag_value(slider.name, self._at(notch))

    def _release(self) -> None:
        if (slider := self._threshold()) is not None:
            self._exploration.set_value(slider.name, self._at(self._slider.value()))

    def _step(self, notch: int) -> None:
        """By the keyboard: no drag is under way."""
        if not self._slider.isSliderDown() and (slider := self._threshold()) is not None:
            self._exploration.set_value(slider.name, self._at(notch))


def marked(graph: Graph, mark: Mark) -> str:
    """The first node with a mark; an empty name when there is none."""
    return next((node.name for node in graph.nodes if mark in node.marks), "")


def comparison_sentence(graph: Graph, truth: Graph, name: str) -> str:
    """How far a graph is from a known one, beside how far the empty graph is."""
    empty = Graph(graph.nodes)
    return f"SHD {compare(graph, truth).distance}, empty graph {compare(empty, truth).distance}, to {name}"

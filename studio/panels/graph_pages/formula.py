"""The effect as a formula of what is observed: set on paper, in words, verified; or the hedge that excludes one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engines.graph.do_calculus.answer import answered
from engines.graph.do_calculus.drawn import ways
from engines.graph.do_calculus.effect import Effect
from engines.graph.do_calculus.remedies import Remedy, remedies
from engines.graph.fuse import SECONDS, Fuse
from engines.graph.graph import Graph
from engines.refusals import Refusal
from studio.identifying.background import Background
from studio.panels.graph_pages import Around
from studio.panels.graph_pages.formula_query import EffectQuery, QueryChips
from studio.workspace import implied_picture
from widgets.graph.formula_view import FormulaView
from widgets.graph.values import Lit
from widgets.kit.action import Action
from widgets.kit.fold_header import FoldHeader
from widgets.kit.label import Label
from widgets.kit.message_bar import MessageBar
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.state_view import Sign
from widgets.kit.tool_button import ToolButton

_LONGER = 60.0          # s; what is offered when the usual time was not enough
_PATIENCE = 300         # ms without an answer before the page says that it looks for one


@dataclass(frozen=True)
class _Told:
    """What was found for one query."""

    effect: Effect
    lit: Lit | None = None
    remedies: tuple[Remedy, ...] = ()


class FormulaPage(QWidget):
    """Follows the graph and its marks; the chips ask for another effect until the marks change."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._graph, self._marks = Graph(), EffectQuery()
        self._told: _Told | None = None
        self._lights = False                            # whether what is lit on the canvas was lit here
        self._background = Background()
        self._background.found.connect(self._take)
        self.destroyed.connect(self._background.close)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PATIENCE)
        self._late.timeout.connect(self._say_busy)

        self.chips = QueryChips()
        self.copy_text = ToolButton("copy", self.tr("Copy the formula as text"))
        self.copy_latex = ToolButton("sigma", self.tr("Copy the formula as LaTeX"))
        self._sign, self.verdict = Sign("", "ok", 16), Label("", "body", wrap=True, weight=600)
        self.formula = FormulaView()
        self.words = Label("", "second", wrap=True)
        self.proof = Label("", "second", "t2", wrap=True)
        self.message = MessageBar("err", closable=False)
        self._steps = FoldHeader(self.tr("How it was derived"), opened=False)
        self._told_steps = Label("", "second", "t2", wrap=True)
        self._steps.fold(self._told_steps)
        self._lay_out()

        self.chips.changed.connect(self._set)
        self.copy_text.clicked.connect(lambda: self._copy(latex=False))
        self.copy_latex.clicked.connect(lambda: self._copy(latex=True))
        around.workspace.graph_changed.connect(self._refresh)
        around.workspace.data_changed.connect(self._refresh)
        around.exploration.selected_changed.connect(self._select)
        self._refresh()

    def effect(self) -> Effect | None:
        """The answer that is shown."""
        return self._told.effect if self._told is not None else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._told is None:
            self._ask()
        QTimer.singleShot(0, self, self._relight)       # after the panel has put out what another page lit

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._background.drop()
        self._put_out()

    def _lay_out(self) -> None:
        scroll = ScrollColumn(margins=(12, 2, 12, 8))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.chips, 1)
        head.addWidget(self.copy_text)
        head.addWidget(self.copy_latex)
        verdict = QHBoxLayout()
        verdict.setSpacing(8)
        verdict.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        verdict.addWidget(self.verdict, 1)
        inner = scroll.column
        inner.setSpacing(4)
        inner.addLayout(verdict)
        for widget in (self.message, self.formula, self.words, self.proof, self._steps, self._told_steps):
            inner.addWidget(widget)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 2, 8, 2)
        bar.addLayout(head)
        column.addLayout(bar)
        column.addWidget(scroll, 1)
        self.setFocusProxy(self.chips.chip("do"))

    # asking

    def _refresh(self, *_: object) -> None:
        graph = implied_picture(self._around.workspace.graph, self._around.workspace.data)
        marks = EffectQuery.marked(graph, self._around.exploration.selected)
        query = marks if marks != self._marks else self.chips.query().within(graph)
        self._graph, self._marks = graph, marks
        self._set(query if query.complete else marks)

    def _select(self, *_: object) -> None:
        """A selected node stands for an exposure where none is marked; the panel puts out what was lit before."""
        if EffectQuery.marked(self._graph, self._around.exploration.selected) != self._marks:
            self._refresh()
        self._relight()

    def _set(self, query: EffectQuery) -> None:
        self.chips.set_query(self._graph, query)
        self._background.drop()
        self._told = None
        self._put_out()
        if self.isVisible():
            self._ask()

    def _ask(self, seconds: float = SECONDS) -> None:
        query, graph = self.chips.query(), self._graph
        if not query.complete:
            self._say(self.tr("Choose what is set and what follows."), "", "t2")
            self.words.setText(self.tr("Or mark nodes in the graph: X is the exposure, Y the outcome."))
            self.words.show()
            return
        self._late.start()
        self._background.ask({"effect": partial(_found, graph, query)}, seconds)

    def _say_busy(self) -> None:
        self._say(self.tr("Looking for a formula"), "hourglass", "t2")

    # telling

    def _take(self, _part: str, value: object) -> None:
        self._late.stop()
        if isinstance(value, Refusal):
            self._refuse(value)
        elif isinstance(value, _Told):
            self._told = value
            self._show(value)

    def _refuse(self, refusal: Refusal) -> None:
        self._say("", "", "t2")
        late = not refusal.about
        actions = (Action(self.tr("Search for a minute"), partial(self._ask, _LONGER)),) if late else ()
        self.message.show_message(refusal.sentence, refusal.cause, actions)

    def _say(self, sentence: str, sign: str, colour: str) -> None:
        """The verdict alone, nothing else."""
        self.verdict.setText(sentence)
        self.verdict.setVisible(bool(sentence))
        self._sign.set_sign(sign, colour)
        self._sign.setVisible(bool(sign))
        self.message.clear()
        for widget in (self.formula, self.words, self.proof, self._steps, self._told_steps):
            widget.hide()
        for button in (self.copy_text, self.copy_latex):
            button.setEnabled(False)

    def _show(self, told: _Told) -> None:
        effect = told.effect
        if effect.formula is None:
            self._show_failure(told)
            return
        self._say(self.tr("{} if the graph is right.").format(effect.sentence()[:-1]), "circle-check", "ok")
        self.formula.set_equation(effect.query_row(), effect.formula_row())
        self.words.setText(effect.words())
        assert effect.verification is not None
        self.proof.setText(effect.verification.sentence())
        self._told_steps.setText("\n".join(f"{i}. {step}" for i, step in enumerate(effect.steps, 1)))
        for widget in (self.formula, self.words, self.proof):
            widget.show()
        self._steps.setVisible(bool(effect.steps))
        self._told_steps.setVisible(bool(effect.steps) and self._steps.isChecked())
        for button in (self.copy_text, self.copy_latex):
            button.setEnabled(True)

    def _show_failure(self, told: _Told) -> None:
        effect = told.effect
        if effect.verification is not None:
            self._say(effect.sentence(), "triangle-alert", "warn")
            actions = (Action(self.tr("Try for a minute"), partial(self._ask, _LONGER)),)
            self.message.show_message(effect.verification.sentence(), "", actions)
        elif effect.hedge is None:
            self._say(effect.sentence(), "triangle-alert", "warn")
            self.words.setText(self.tr("No formula is shown: it would hold for the selected rows alone."))
            self.words.show()
        else:
            self._say("", "", "t2")
            cause = self._what_helps(len(told.remedies))
            steps = [Action(remedy.sentence(), partial(self._apply, remedy)) for remedy in told.remedies[:3]]
            self.message.show_message(effect.sentence(), cause, steps)
        self._relight()

    def _what_helps(self, remedies: int) -> str:
        if remedies:
            one = self.tr("This would settle it, if the graph is right.")
            return one if remedies == 1 else self.tr("One of these would settle it, if the graph is right.")
        return self.tr(
            "No single hidden cause, if it were measured, would settle it. An instrument may still give bounds, or the "
            "effect in a linear model."
        )

    def _apply(self, remedy: Remedy) -> None:
        workspace = self._around.workspace
        workspace.set_graph(remedy.applied(workspace.graph), remedy.sentence())

    def _copy(self, *, latex: bool) -> None:
        effect = self.effect()
        if effect is not None and effect.formula is not None:
            QGuiApplication.clipboard().setText(effect.latex() if latex else effect.text())

    # the hedge on the canvas

    def _relight(self, *_: object) -> None:
        if self._told is not None and self._told.lit is not None and self.isVisible():
            self._around.canvas.set_lit(self._told.lit)
            self._lights = True

    def _put_out(self) -> None:
        if self._lights:
            self._around.canvas.set_lit(None)
            self._lights = False


def _found(graph: Graph, query: EffectQuery, fuse: Fuse) -> _Told:
    """In the background: the effect, and where it is not identified the hedge and what would help."""
    effect = answered(graph, query.outcomes, query.do, query.given, fuse)
    if effect.hedge is None:
        return _Told(effect)
    return _Told(effect, Lit.obstacle(ways(graph, effect.hedge)), remedies(graph, effect, fuse))

"""What the graph claims, and what the data say of it."""

from __future__ import annotations

import math

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engines.graph.answers import listed
from engines.graph.judging import Judged, Verdict, Way, summary
from studio.panels.graph_pages import Around
from widgets.graph.values import Lit
from widgets.kit.label import Label
from widgets.kit.line_list import Line, LineList
from widgets.kit.segmented import Segmented
from widgets.kit.tool_button import ToolButton

_SIGNS = {
    Verdict.FAILS: ("circle-alert", "err"),
    Verdict.DOUBTFUL: ("triangle-alert", "warn"),
    Verdict.HOLDS: ("circle-check", "ok"),
    Verdict.UNTESTED: ("circle-dashed", "t2"),
}
_ORDER = tuple(_SIGNS)


class ImpliedPage(QWidget):
    """One line for each pair that is claimed to be independent, those that fail first; a look lights the nodes.

    While the page is open and data are loaded they are tested by themselves, anew after each change of the graph.
    """

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self._shown: tuple[Judged, ...] = ()
        self._way = Segmented((self.tr("Linear"), self.tr("Flexible")), name=self.tr("How dependence is looked for"))
        self._way.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._sentence = Label("", "second", "t2", wrap=True)
        self._mark = ToolButton("eye", self.tr("Show on the graph where a claim fails"), checkable=True)
        self._mark.setChecked(True)
        self._list = LineList(self.tr("What the graph claims"))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._way)
        head.addStretch(1)
        head.addWidget(self._mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 8, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._sentence)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)
        self._way.chosen.connect(lambda index: around.identifying.set_way(tuple(Way)[index]))
        self._mark.toggled.connect(self._sign)
        self._list.looked_at.connect(self._look)
        around.identifying.changed.connect(self._refresh)
        self._refresh()

    def sentence(self) -> str:
        """What it says of all of them."""
        return self._sentence.text()

    def lines(self) -> tuple[Line, ...]:
        return self._list.lines()

    def look_at(self, row: int) -> None:
        self._list.look_at(row)

    def set_marking(self, on: bool) -> None:
        """Whether failing claims are drawn on the graph."""
        self._mark.setChecked(on)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._around.identifying.set_judging(True)
        self._sign()
        QTimer.singleShot(0, self, lambda: self._look(self._list.current()))     # when all pages have turned

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._around.identifying.set_judging(False)
        self._around.canvas.set_doubted(())

    def _refresh(self, *_: object) -> None:
        answers = self._around.identifying.answers
        found = answers.implications
        judged: tuple[Judged, ...] = ()
        if answers.refusal is not None and found is None:
            sentence = str(answers.refusal)
        elif found is None:
            if self._around.identifying.busy:
                return                          # it is looked for: what was found before stays till then
            sentence = self.tr("Draw a graph: what it leaves out can be tested.")
        elif answers.judged is not None:
            sentence = summary(answers.judged, answers.rows) if found.claims else found.sentence()
            judged = tuple(sorted(answers.judged, key=lambda one: (_ORDER.index(one.verdict), one.p)))
        else:
            why = self.tr("Testing") if answers.rows else self.tr("Open data to test them.")
            sentence = f"{found.sentence()} {why}"
            judged = tuple(Judged(claim) for claim in found.claims)
        self._shown = judged
        self._sentence.setText(sentence)
        self._list.set_lines([self._line(one, answers.judged is not None) for one in judged])
        self._sign()

    def _line(self, one: Judged, tested: bool) -> Line:
        pair = self.tr("{} and {}").format(one.claim.first, one.claim.second)
        text = self.tr("{}, given {}").format(pair, listed(one.claim.given)) if one.claim.given else pair
        if not tested:
            return Line(text, sign="circle-dashed")
        words = {
            Verdict.FAILS: self.tr("fails"), Verdict.DOUBTFUL: self.tr("doubtful"),
            Verdict.HOLDS: self.tr("holds"), Verdict.UNTESTED: self.tr("not tested"),
        }
        sign, colour = _SIGNS[one.verdict]
        note = one.why if math.isnan(one.p) else self.tr("p {}, corrected {}; {} {:.2f}; {:,} rows").format(
            _p(one.p), _p(one.holm), one.test, one.effect, one.rows
        )
        return Line(text, note, words[one.verdict], sign, colour)

    def _look(self, row: int) -> None:
        canvas = self._around.canvas
        if not self.isVisible():
            return                              # another page lights what it speaks of
        if not 0 <= row < len(self._shown):
            canvas.set_lit(None)
            return
        claim = self._shown[row].claim
        canvas.select((*claim.given, claim.first, claim.second))
        canvas.set_lit(Lit(tuple((name,) for name in (claim.first, claim.second, *claim.given))))

    def _sign(self, *_: object) -> None:
        """A dotted edge for each pair whose claim fails."""
        on = self._mark.isChecked() and self.isVisible()
        failing = [one.claim for one in self._shown if one.verdict is Verdict.FAILS] if on else []
        self._around.canvas.set_doubted((claim.first, claim.second) for claim in failing)


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"

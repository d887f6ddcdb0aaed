"""The page "Formula": asks by marks and by chips, shows what was verified, lights the hedge, offers what would help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engines.graph.graph import Edge, Graph, Mark, Node, bidirected
from studio.exploration.exploration import Exploration
from studio.identifying.identifying import Identifying
from studio.panels.graph_against import Against
from studio.panels.graph_pages import Around
from studio.panels.graph_pages.formula import FormulaPage
from studio.project.history import History
from studio.runs.runs import Runs
from studio.workspace import Workspace
from tests.studio.stand_ins import Bench
from tests.studio.test_exploration import Recorded
from widgets.graph.canvas import GraphCanvas
from widgets.kit.button import Button

PLACES = {"w": (0.0, 0.0), "r": (200.0, 0.0), "x": (400.0, 0.0), "y": (600.0, 0.0)}
NAPKIN = Graph(
    tuple(
        Node(name, frozenset({Mark.EXPOSURE} if name == "x" else {Mark.OUTCOME} if name == "y" else ()), at)
        for name, at in PLACES.items()
    ),
    (Edge("w", "r"), Edge("r", "x"), Edge("x", "y"), bidirected("w", "x"), bidirected("w", "y")),
)
LOST = NAPKIN.with_edge(bidirected("x", "y"))


class Sheet:
    """The page beside a canvas, on a project of its own."""

    def __init__(self, graph: Graph, runs: Runs) -> None:
        self.history = History()
        self.workspace = Workspace(self.history)
        self.workspace.set_graph(graph, "Draw")
        self.exploration = Exploration(Recorded(), self.history)
        self.canvas = GraphCanvas()
        self.canvas.set_graph(graph)
        self.whole = QWidget()
        self.page = FormulaPage(
            Around(
                self.workspace, self.exploration, self.canvas, Against(self.workspace, runs),
                Identifying(self.workspace, self.exploration), lambda: None,
            )
        )
        column = QVBoxLayout(self.whole)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.page, 1)


Sheets: TypeAlias = Callable[[Graph], Sheet]


@pytest.fixture
def sheet(bench: Bench, on_show: Callable[..., QWidget]) -> Callable[[Graph], Sheet]:
    def show(graph: Graph) -> Sheet:
        made = Sheet(graph, bench.runs)
        on_show(made.whole, 424, 560)
        return made

    return show


def answered(qtbot: QtBot, page: FormulaPage) -> None:
    qtbot.waitUntil(lambda: page.effect() is not None, timeout=10_000)


def button(page: FormulaPage, text: str) -> Button:
    return next(one for one in page.findChildren(Button) if one.text() == text and one.isVisible())


def test_the_marked_effect_is_shown_verified_and_copied(sheet: Sheets, qtbot: QtBot) -> None:
    shown = sheet(NAPKIN)
    page = shown.page
    answered(qtbot, page)
    told = "P(y | do(x)) = [Σ_w P(x, y | w, r) P(w)] / [Σ_w P(x | w, r) P(w)]"
    assert page.formula.isVisible()
    assert page.formula.accessibleName() == told
    assert page.verdict.text() == "The effect of x on y is identified if the graph is right."
    assert page.proof.text().startswith("Verified on 3 random models, largest error ")
    page.copy_text.click()
    assert QGuiApplication.clipboard().text() == told
    page.copy_latex.click()
    assert QGuiApplication.clipboard().text().startswith(r"P(y \mid \operatorname{do}(x)) = \frac{\sum_{w}")


def test_chips_ask_for_another_effect_until_the_marks_change(sheet: Sheets, qtbot: QtBot) -> None:
    shown = sheet(NAPKIN)
    page = shown.page
    answered(qtbot, page)
    menu = page.chips.menu("given")
    next(action for action in menu.actions() if action.text() == "w").trigger()
    assert page.effect() is None                                # the old answer is gone at once
    answered(qtbot, page)
    assert page.effect().given == ("w",)
    assert page.chips.chip("given").accessibleName() == "given w"
    menu = page.chips.menu("do")
    next(action for action in menu.actions() if action.text() == "x").trigger()
    assert not page.chips.query().do
    assert "Choose" in page.verdict.text()
    swapped = NAPKIN.with_node(Node("y", position=PLACES["y"]))
    swapped = swapped.with_node(Node("r", frozenset({Mark.OUTCOME}), PLACES["r"]))
    shown.workspace.set_graph(swapped, "Another outcome")
    answered(qtbot, page)
    assert page.effect().outcomes == ("r",)
    assert page.effect().given == ()


def test_without_a_formula_the_hedge_is_lit_and_what_would_help_is_a_button(sheet: Sheets, qtbot: QtBot) -> None:
    shown = sheet(LOST)
    page = shown.page
    answered(qtbot, page)
    canvas = shown.canvas
    assert not page.formula.isVisible()
    assert not page.copy_text.isEnabled()
    assert "not identified" in page.message.accessibleName()
    lit = canvas.showing().lit
    assert lit is not None
    assert lit.alarm
    assert {"x", "y"} == {name for path in lit.paths for name in path}
    assert "stands in the way" in canvas.accessibleDescription()
    canvas.set_lit(None)                                        # as the panel does when a node is selected
    shown.exploration.select("w")
    assert canvas.showing().lit == lit
    button(page, "Measure the common cause of x and y").click()
    answered(qtbot, page)
    assert page.effect().verification.passed
    assert canvas.showing().lit is None
    assert "cause of x and y" in shown.workspace.graph
    shown.history.undo()
    answered(qtbot, page)
    assert canvas.showing().lit == lit
    page.hide()
    assert canvas.showing().lit is None


def test_a_search_that_takes_too_long_is_said(sheet: Sheets, qtbot: QtBot) -> None:
    shown = sheet(NAPKIN)
    page = shown.page
    page._ask(-1.0)
    qtbot.waitUntil(page.message.isVisible, timeout=10_000)
    assert page.message.accessibleName().startswith("The search was ended")
    button(page, "Search for a minute").click()
    answered(qtbot, page)
    assert page.formula.isVisible()

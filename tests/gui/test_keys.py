"""Each key that the help lists does what its line says, in the real window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engines.graph.graph import Graph
from engines.questions import Question
from studio.bars.key_table import KEYS
from studio.furnishing import _BY_NUMBER
from studio.panels.counterfactual.row_triptych import RowTriptych
from tests.gui.hands import Hands

Seen = Callable[[], object]
ELSEWHERE = {("Methods", "Up, down")}        # needs several methods that fit: tests of the panel have them


@pytest.fixture
def worked(window, analyst, finish, tmp_path):
    """A table whose graph was learned twice, and asked."""
    generator = np.random.default_rng(0)
    a = generator.normal(size=200)
    b = 2 * a + generator.normal(size=200)
    c = -1.5 * b + generator.normal(size=200)
    path = tmp_path / "chain.csv"
    np.savetxt(path, np.column_stack([a, b, c]), delimiter=",", header="a,b,c", comments="", fmt="%.5f")

    async def story() -> None:
        await analyst.read([path])
        analyst.desk.choose_question(Question.CAUSES)
        analyst.desk.workspace.change_settings("colide", {"bootstraps": 0})
        for number in (1, 2):
            analyst.desk.train()
            await analyst.trained(number)
        await analyst.answered()

    finish(story(), 60)
    window.activateWindow()
    return window


class Row:
    """One line of the table: keys, and what changes with each."""

    def __init__(self, *changes: tuple[str, Seen], place: Callable[[], object] = lambda: None) -> None:
        self.place, self.changes = place, changes


def rows(window) -> dict[tuple[str, str], Row]:
    """What each line of the table changes, and where the keyboard must be for it."""
    rooms, desk, homes = window.rooms, window.desk, window.homes
    canvas, plot, table = rooms.graph.canvas, rooms.curves.plot, rooms.data.table
    exploration, panel, results, models = desk.exploration, rooms.counterfactual, rooms.results, rooms.models
    asked: list[Question] = []
    window.start.question_chosen.disconnect()
    window.start.question_chosen.connect(asked.append)

    def at(name: str) -> None:
        window.show_panel(name)

    def focus() -> object:
        return QApplication.focusWidget()

    def asks_for_file() -> bool:
        return Hands(window).dialog() is not None

    def shown() -> tuple:
        return window.page(), tuple(homes.shown()), rooms.jobs.isVisible(), homes.last()

    def graph() -> Graph:
        return desk.workspace.graph

    def known() -> object:
        return desk.workspace.knowledge

    def on_node(*names: str) -> None:
        at("Graph")
        canvas.setFocus()
        canvas.select(names)

    def on_uneven() -> None:
        desk.workspace.set_graph(graph().placed({"a": (0.0, 0.0), "b": (200.0, 80.0), "c": (400.0, 400.0)}), "Move")
        on_node("a", "b", "c")

    def on_slider() -> None:
        at("Counterfactual")
        panel._rows.row("a").setFocus()

    def on_panel() -> None:
        at("Counterfactual")
        panel.setFocus(Qt.FocusReason.MouseFocusReason)

    def on_rows() -> None:
        at("Results")
        results.choose("edges")
        results.view().setFocus()
        results.view().choose_items(results.view().items()[:1])

    def said() -> object:
        return desk.rows.of(results.run(), "edges")

    def column(name: str) -> Callable[[], object]:
        return lambda: getattr(desk.workspace.data.data.attributes["b"], name)

    def on_column() -> None:
        at("Data")
        table.setFocus()
        table.set_column("b")

    def marks() -> object:
        return [node.marks for node in graph().nodes]

    def picked() -> object:
        return [card.is_picked() for card in models._cards.values()]

    def on_card() -> None:
        at("Start")
        window.start.card(Question.CAUSES).setFocus()

    def count() -> int:
        return len(desk.runs.all())

    def at_long_settings() -> None:
        desk.workspace.change_settings("colide", {"bootstraps": 200})
        at("Methods")

    def order() -> object:
        return jobs.order()             # as it is seen: places are told one by one

    def on_last_job() -> None:
        at("Jobs")
        jobs.row(desk.runs.all()[-1].number).setFocus()

    def current() -> object:
        return desk.runs.current and desk.runs.current.number

    def state() -> object:
        return [info.state for info in desk.runs.all()]

    def left() -> object:
        return rooms.leaving.isVisible(), desk.project, window.isVisible()

    jobs = rooms.jobs
    everywhere = {
        "Ctrl+1 to 9": Row(*((f"Ctrl+{i}", shown) for i in range(1, len(_BY_NUMBER) + 1)), place=partial(at, "Graph")),
        "F6, Shift+F6": Row(("F6", homes.last), ("Shift+F6", homes.last), place=partial(at, "Graph")),
        "Ctrl+\\": Row(("Ctrl+\\", homes.filled), ("Ctrl+\\", homes.filled), place=partial(at, "Graph")),
        "Ctrl+K": Row(("Ctrl+K", rooms.palette.isVisible)),
        "Esc": Row(("Esc", rooms.palette.isVisible)),
        "Ctrl+O": Row(("Ctrl+O", asks_for_file)),
        "F1": Row(("F1", rooms.help.isVisible), ("Esc", rooms.help.isVisible), place=partial(at, "Graph")),
        "Ctrl+Z": Row(("Ctrl+Z", graph), place=partial(on_node, "a")),
        "Ctrl+Shift+Z": Row(("Ctrl+Shift+Z", graph), place=partial(on_node, "a")),
    }
    return {("Everywhere", keys): row for keys, row in everywhere.items()} | {
        ("Start", "1 to 9, 0"): Row(*((key, lambda: len(asked)) for key in "1234567890"), place=partial(at, "Start")),
        ("Data", "Arrows"): Row(("Left", table.column), ("Down", lambda: list(table.rows())), place=on_column),
        ("Data", "Digits"): Row(("3", column("role")), place=on_column),
        ("Data", "T"): Row(("T", column("type")), ("T", column("type")), place=on_column),
        ("Data", "Ctrl+F"): Row(("Ctrl+F", focus), place=on_column),
        ("Graph", "Arrows"): Row(("Right", canvas.selection), ("Left", canvas.selection), place=partial(on_node, "a")),
        ("Graph", "Alt+arrows"): Row(("Alt+Right", graph), place=partial(on_node, "a")),
        ("Graph", "Enter"): Row(("Return", focus), ("Esc", focus), place=partial(on_node, "a")),
        ("Graph", "Delete"): Row(("Delete", graph), ("Ctrl+Z", graph), place=partial(on_node, "a")),
        ("Graph", "F, +, −"): Row(("+", canvas.zoom), ("-", canvas.zoom), ("+", canvas.zoom), ("F", canvas.zoom),
                                  place=partial(on_node, "a")),
        ("Graph", "X, Y, A, L, S"): Row(*((key, marks) for key in "XYALS"), place=partial(on_node, "a")),
        ("Graph", "Ctrl+D"): Row(("Ctrl+D", lambda: dict(exploration.wish.do)), place=partial(on_node, "a")),
        ("Graph", "Backspace"): Row(("Backspace", lambda: dict(exploration.wish.do)), place=partial(on_node, "a")),
        ("Graph", "Ctrl+A, Ctrl+I, G"): Row(("G", canvas.selection), ("Ctrl+A", canvas.selection),
                                            ("Ctrl+I", canvas.selection), place=partial(on_node, "a")),
        ("Graph", "Ctrl+arrows, C"): Row(("Ctrl+Left", graph), ("Ctrl+Z", graph), ("C", graph), ("Ctrl+Z", graph),
                                         place=on_uneven),
        ("Graph", "Ctrl+Shift+arrows"): Row(("Ctrl+Shift+Down", graph), ("Ctrl+Z", graph), place=on_uneven),
        ("Graph", "P"): Row(("P", graph), ("P", graph), place=partial(on_node, "a")),
        ("Graph", "Ctrl+C, Ctrl+V"): Row(("Ctrl+C", lambda: QApplication.clipboard().text()), ("Ctrl+V", graph),
                                         ("Ctrl+Z", graph), place=partial(on_node, "a")),
        ("Graph", "Ctrl+F"): Row(("Ctrl+F", focus), ("Esc", focus), place=partial(on_node, "a")),
        ("Graph", "Shift+O, Shift+Delete"): Row(("Shift+O", graph), ("Shift+Delete", graph),
                                                place=partial(on_node, "a", "b")),
        ("Graph", "Shift+K"): Row(("Shift+K", known), place=partial(on_node, "a", "b")),
        ("Graph", "Shift+E"): Row(("Shift+E", graph), place=partial(on_node, "a", "b")),
        ("Methods", "Tab"): Row(("Tab", focus), place=partial(at, "Methods")),
        ("Curves", "Arrows"): Row(("Left", plot.cursor_step), ("Shift+Left", plot.cursor_step), place=plot.setFocus),
        ("Curves", "+, −, 0"): Row(*((key, lambda: plot._view) for key in ("+", "-", "0")), place=plot.setFocus),
        ("Curves", "L"): Row(("L", plot.log), place=plot.setFocus),
        ("Curves", "[, ]"): Row(("]", plot.smoothing), ("[", plot.smoothing), place=plot.setFocus),
        ("Counterfactual", ", and ."): Row((".", lambda: exploration.wish.item), (",", lambda: exploration.wish.item),
                                           place=on_panel),
        ("Counterfactual", "D"): Row(("D", panel.findChild(RowTriptych).shows_difference), place=on_panel),
        ("Counterfactual", "Arrows"): Row(*((key, lambda: dict(exploration.wish.do))
                                            for key in ("Right", "Shift+Right", "Alt+Left")), place=on_slider),
        ("Counterfactual", "H"): Row(("H", lambda: dict(exploration.wish.do)), place=on_slider),
        ("Counterfactual", "Backspace"): Row(("Backspace", lambda: dict(exploration.wish.do)), place=on_slider),
        ("Counterfactual", "Ctrl+E"): Row(("Ctrl+E", asks_for_file), place=on_panel),
        ("Jobs", "Up, down"): Row(("Down", focus), ("Up", focus), place=partial(at, "Jobs")),
        ("Models", "Arrows"): Row(("Up", models.chosen), ("Down", models.chosen), place=partial(at, "Models")),
        ("Models", "Space"): Row(("Space", picked), place=partial(at, "Models")),
        ("Models", "Ctrl+M"): Row(("Ctrl+M", QApplication.activePopupWidget), ("Esc", QApplication.activePopupWidget),
                                  place=partial(at, "Models")),
        ("Models", "F2"): Row(("F2", focus), ("Esc", focus), place=partial(at, "Models")),
        ("Models", "Delete"): Row(("Delete", models.acts.question.isVisible), place=partial(at, "Models")),
        ("Models", "Enter"): Row(("Return", lambda: window.homes.last()), place=partial(at, "Models")),
        ("Results", "Arrows"): Row(("Down", results.chosen), ("Up", results.chosen), place=partial(at, "Results")),
        ("Results", "Ctrl+E"): Row(("Ctrl+E", asks_for_file), place=partial(at, "Results")),
        ("Results", "A"): Row(("A", said), place=on_rows), ("Results", "X"): Row(("X", said), place=on_rows),
        ("Results", "M"): Row(("M", said), place=on_rows),
        ("Results", "Ctrl+C"): Row(("Ctrl+C", lambda: QApplication.clipboard().text()), place=on_rows),
        ("Jobs", "Enter"): Row(("Return", lambda: jobs.grab().toImage()), place=partial(at, "Jobs")),
        ("Start", "Arrows"): Row(("Down", focus), place=on_card),
        ("Graph", "V, N, E, B, U, O, R, K"): Row(*((key, canvas.tool) for key in "EBURKV"), ("N", graph),
                                                 ("Esc", focus), place=partial(on_node, "a")),
        ("Graph", "Space"): Row(("Space", lambda: canvas.viewport().cursor().shape()), place=partial(on_node, "a")),
        ("Curves", "1 to 9"): Row(("1", lambda: plot.grab().toImage()), place=plot.setFocus),
        ("Counterfactual", "Space, held"): Row(("Space", lambda: panel._side.row._factual), place=on_panel),
        ("Counterfactual", "Ctrl+C"): Row(("Ctrl+C", lambda: QApplication.clipboard().mimeData().formats()),
                                          place=on_panel),
        ("Results", "C"): Row(("C", focus), ("Esc", focus), place=on_rows),
        ("Results", "Shift, Ctrl"): Row(("Shift+Down", lambda: results.view().chosen_items()), place=on_rows),
        ("Methods", "Ctrl+Enter"): Row(("Ctrl+Return", count), place=at_long_settings),
        ("Methods", "Ctrl+Shift+Enter"): Row(("Ctrl+Shift+Return", count), place=partial(at, "Methods")),
        ("Everywhere", "Ctrl+Enter"): Row(("Ctrl+Return", count), place=partial(at, "Graph")),
        ("Jobs", "Alt+up, down"): Row(("Alt+Up", order), ("Alt+Down", order), place=on_last_job),
        ("Jobs", "P"): Row(("P", state), ("P", state), place=partial(at, "Jobs")),
        ("Jobs", "Ctrl+."): Row(("Ctrl+.", state), place=partial(at, "Jobs")),
        ("Everywhere", "Ctrl+."): Row(("Ctrl+.", current), place=partial(at, "Graph")),
        ("Everywhere", "Ctrl+N"): Row(("Ctrl+N", left), ("Esc", left), place=partial(at, "Graph")),
        ("Everywhere", "Ctrl+Q"): Row(("Ctrl+Q", left), place=partial(at, "Graph")),
    }


def test_the_keys_of_the_help_do_what_they_say(worked, finish):
    hands, faults = Hands(worked), []
    known = rows(worked)
    assert {(found.title, keys) for found in KEYS for keys, _ in found.rows} == {*known, *ELSEWHERE}

    async def changed(state: Seen, before: object) -> bool:
        """Whether it changes; some of it is done by another thread or process."""
        for _ in range(200):
            if state() != before:
                return True
            await asyncio.sleep(0.02)
        return False

    async def story() -> None:
        for (title, keys), row in known.items():
            row.place()
            await hands._see()
            for key, state in row.changes:
                before = state()
                if key == "Space" and title != "Models":
                    QTest.keyPress(QApplication.focusWidget(), Qt.Key.Key_Space)
                else:
                    await hands.key(key)
                if not await changed(state, before):
                    faults.append(f"{title}, {keys}: {key} changes nothing")
                if key == "Space":
                    QTest.keyRelease(QApplication.focusWidget(), Qt.Key.Key_Space)
            while (dialog := hands.dialog()) is not None:
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
                await hands._see()

    finish(story(), 90)
    assert not faults, "\n".join(faults)

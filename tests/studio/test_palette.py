"""The command palette: what is found, what keys and clicks do, and where the keyboard goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.bars.fuzzy import match, ranked
from studio.bars.palette import Command, CommandPalette
from tests.studio.stand_ins import words

NAMES = ("Train", "Fit the graph", "Export the figure", "Export the graph", "Reset layout", "Resume run 16")


class Ran:
    """Remembers which commands ran."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def commands(self) -> list[Command]:
        made = [Command(name, lambda name=name: self.names.append(name), group="Window") for name in NAMES[:-1]]
        return [*made, Command(NAMES[-1], lambda: self.names.append(NAMES[-1]), off_because="no checkpoint")]


@pytest.fixture
def host(on_show: Callable[..., QWidget]) -> QWidget:
    window, field = QWidget(), QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(field)
    column.addStretch(1)
    on_show(window, 1000, 700)
    field.setFocus()
    return window


@pytest.fixture
def ran() -> Ran:
    return Ran()


@pytest.fixture
def palette(host: QWidget, ran: Ran) -> CommandPalette:
    made = CommandPalette(host)
    made.set_commands(ran.commands)
    made.open_palette()
    return made


def test_all_commands_stand_there_until_something_is_typed(palette: CommandPalette, qtbot: QtBot) -> None:
    assert palette.found() == list(NAMES)
    assert palette.field().hasFocus()
    qtbot.keyClicks(palette.field(), "exg")
    assert palette.found()[0] == "Export the graph"
    assert palette.current() == "Export the graph"


def test_enter_runs_and_gives_the_keyboard_back(palette: CommandPalette, host: QWidget, ran: Ran, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.field(), "reset")
    with qtbot.waitSignal(palette.ran) as told:
        qtbot.keyClick(palette.field(), Qt.Key.Key_Return)
    assert told.args == ["Reset layout"]
    assert ran.names == ["Reset layout"]
    assert not palette.isVisible()
    assert host.findChild(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly).hasFocus()


def test_arrows_go_round_and_escape_runs_nothing(palette: CommandPalette, ran: Ran, qtbot: QtBot) -> None:
    qtbot.keyClick(palette.field(), Qt.Key.Key_Down)
    assert palette.current() == NAMES[1]
    qtbot.keyClick(palette.field(), Qt.Key.Key_Up)
    qtbot.keyClick(palette.field(), Qt.Key.Key_Up)
    assert palette.current() == NAMES[-1]
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.field(), Qt.Key.Key_Escape)
    assert ran.names == []


def test_a_command_that_is_off_stays_open_and_does_nothing(palette: CommandPalette, ran: Ran, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.field(), "resume")
    qtbot.keyClick(palette.field(), Qt.Key.Key_Return)
    assert palette.isVisible()
    assert ran.names == []


def test_a_click_on_a_row_runs_it(palette: CommandPalette, ran: Ran, qtbot: QtBot) -> None:
    rows = palette._rows
    qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(60, 6 + 36 + 18))
    assert ran.names == [NAMES[1]]


def test_a_click_beside_it_closes(palette: CommandPalette, host: QWidget, ran: Ran, qtbot: QtBot) -> None:
    qtbot.mouseClick(host, Qt.MouseButton.LeftButton, pos=QPoint(10, 690))
    assert not palette.isVisible()
    assert ran.names == []


def test_what_is_shown_fits_what_was_found(palette: CommandPalette, qtbot: QtBot) -> None:
    tall = palette.height()
    qtbot.keyClicks(palette.field(), "layout")
    assert palette.found() == ["Reset layout"]
    assert palette.height() == tall - 5 * 36
    qtbot.keyClicks(palette.field(), "qqq")
    assert palette.found() == []
    assert "No command matches." in words(palette)
    qtbot.keyClick(palette.field(), Qt.Key.Key_Return)
    assert palette.isVisible()


def test_it_opens_anew_with_the_commands_of_the_moment(palette: CommandPalette, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.field(), "fit")
    palette.close_popup()
    palette.set_commands(lambda: [Command("Only one", int)])
    palette.open_palette()
    assert palette.query() == ""
    assert palette.found() == ["Only one"]


def test_word_starts_and_runs_of_letters_count_more() -> None:
    assert next(name for name, _ in ranked("eg", NAMES, str)) == "Export the graph"
    found = match("grp", "Export the graph")
    assert found is not None
    assert [("Export the graph")[i] for i in found.at] == ["g", "r", "p"]
    assert match("xyz", "Export") is None
    assert match("gf", "Fit the graph") is None


@given(st.text(max_size=20), st.data())
def test_letters_taken_from_a_text_in_order_always_match_it(text: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    query = "".join(c for c, keep in zip(text, kept, strict=True) if keep)
    if text.casefold() != text.lower() or len(text.casefold()) != len(text):
        return
    found = match(query, text)
    assert found is not None
    assert list(found.at) == sorted(set(found.at))

"""The settings: a change acts at once, is kept, and is there at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.bars.settings import SettingsPopup
from studio.settings import Settings
from widgets.kit.control import Control
from widgets.kit.tool_button import ToolButton
from widgets.theme import Theme, appearance


@pytest.fixture
def settings(own_settings: Path) -> Settings:
    return Settings()


@pytest.fixture
def opener(on_show: Callable[..., QWidget]) -> ToolButton:
    window, button = QWidget(), ToolButton("settings", "Settings")
    row = QHBoxLayout(window)
    row.addStretch(1)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
    on_show(window, 900, 600)
    return button


@pytest.fixture
def popup(settings: Settings, opener: ToolButton) -> SettingsPopup:
    made = SettingsPopup(settings, opener.window())
    opener.clicked.connect(lambda: made.open_under(opener))
    return made


def segment(popup: SettingsPopup, name: str, text: str) -> Control:
    """A segment by the name of its row and its word."""
    field = {"Colours": popup.scheme, "Motion": popup.motion, "Contrast": popup.contrast}[name]
    (found,) = [button for button in field.findChildren(Control) if button.text() == text]
    return found


def kept(file: Path, key: str) -> str:
    return str(QSettings(str(file), QSettings.Format.IniFormat).value(key))


def test_the_button_opens_and_closes(popup: SettingsPopup, opener: ToolButton, qtbot: QtBot) -> None:
    qtbot.mouseClick(opener, Qt.MouseButton.LeftButton)
    assert popup.isVisible()
    assert popup.geometry().right() <= opener.window().width() + 8
    qtbot.mouseClick(opener, Qt.MouseButton.LeftButton)
    assert not popup.isVisible()


def test_a_scheme_acts_at_once_and_is_kept(
    popup: SettingsPopup, opener: ToolButton, own_settings: Path, qtbot: QtBot
) -> None:
    popup.open_under(opener)
    qtbot.mouseClick(segment(popup, "Colours", "Dark"), Qt.MouseButton.LeftButton)
    assert Theme.current().dark
    assert kept(own_settings, "look/scheme") == "dark"
    qtbot.mouseClick(segment(popup, "Colours", "Light"), Qt.MouseButton.LeftButton)
    assert not Theme.current().dark


def test_text_size_moves_by_ten_within_its_bounds(
    popup: SettingsPopup, opener: ToolButton, own_settings: Path, qtbot: QtBot
) -> None:
    popup.open_under(opener)
    for _ in range(8):
        qtbot.mouseClick(popup.text_scale.more, Qt.MouseButton.LeftButton)
    assert appearance().text_scale() == 150
    assert not popup.text_scale.more.isEnabled()
    assert kept(own_settings, "look/text_scale") == "150"
    for _ in range(8):
        qtbot.mouseClick(popup.text_scale.less, Qt.MouseButton.LeftButton)
    assert appearance().text_scale() == 90


def test_motion_and_contrast_reach_the_theme(popup: SettingsPopup, opener: ToolButton, qtbot: QtBot) -> None:
    popup.open_under(opener)
    qtbot.mouseClick(segment(popup, "Motion", "Reduced"), Qt.MouseButton.LeftButton)
    assert Theme.current().duration(120) == 0
    qtbot.mouseClick(segment(popup, "Contrast", "High"), Qt.MouseButton.LeftButton)
    assert Theme.current().high_contrast
    assert Theme.current().border == 2


def test_threads_are_for_the_next_run(
    popup: SettingsPopup, settings: Settings, opener: ToolButton, qtbot: QtBot
) -> None:
    popup.open_under(opener)
    assert settings.threads == 0
    assert not popup.threads.less.isEnabled()
    with qtbot.waitSignal(settings.threads_changed) as told:
        qtbot.mouseClick(popup.threads.more, Qt.MouseButton.LeftButton)
    assert told.args == [1]
    assert settings.threads == 1


def test_the_next_start_looks_as_it_was_left(settings: Settings, dressed: QApplication) -> None:
    settings.set_scheme("dark")
    settings.set_text_scale(120)
    settings.set_motion("reduced")
    settings.set_threads(2)
    look = appearance()
    look.set_scheme("light")
    look.set_text_scale(100)
    look.set_motion("on")
    again = Settings()
    again.apply()
    assert (look.scheme(), look.text_scale(), look.motion()) == ("dark", 120, "reduced")
    assert again.threads == 2


def test_settings_that_make_no_sense_are_passed_over(own_settings: Path, dressed: QApplication) -> None:
    own_settings.write_text("[look]\nscheme=purple\ntext_scale=huge\n[compute]\nthreads=-3\n", "utf-8")
    settings = Settings()
    settings.apply()
    assert appearance().scheme() == "system"
    assert appearance().text_scale() == 100
    assert settings.threads == 0


def test_escape_closes_and_gives_the_keyboard_back(popup: SettingsPopup, opener: ToolButton, qtbot: QtBot) -> None:
    opener.setFocus()
    popup.open_under(opener)
    inside = popup.window().focusWidget()
    assert popup.isAncestorOf(inside)
    qtbot.keyClick(inside, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert opener.hasFocus()


def test_nothing_is_cut_off_at_the_largest_text(popup: SettingsPopup, opener: ToolButton) -> None:
    appearance().set_text_scale(150)
    popup.open_under(opener)
    assert popup.height() >= popup.sizeHint().height()
    for button in popup.findChildren(Control):
        assert button.width() >= button.sizeHint().width(), button.text()
        corner = button.mapTo(popup, QPoint(button.width(), button.height()))
        assert popup.rect().contains(corner)

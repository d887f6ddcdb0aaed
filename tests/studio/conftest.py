"""The application dressed with the theme, a project with runs on a stand-in engine, and widgets on show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.studio.stand_ins import Bench
from widgets.theme import appearance


@pytest.fixture(scope="session")
def _theme_installed(qapp: QApplication) -> QApplication:
    appearance().install(qapp)
    return qapp


@pytest.fixture
def dressed(_theme_installed: QApplication) -> Iterator[QApplication]:
    """The application in the light theme; each test leaves the look as it was."""
    look = appearance()
    look.set_scheme("light")
    yield _theme_installed
    look.set_scheme("light")
    look.set_text_scale(100)
    look.set_contrast("system")
    look.set_motion("system")


@pytest.fixture
def bench(tmp_path: Path, dressed: QApplication) -> Iterator[Bench]:
    """A project with a stand-in engine."""
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def on_show(qtbot: QtBot, dressed: QApplication) -> Callable[..., QWidget]:
    """`on_show(widget, width, height)`: the widget in a window of its own that has the keyboard."""

    kept = []           # a test may hold on to a part of it only

    def show(widget: QWidget, width: int = 912, height: int = 752) -> QWidget:
        qtbot.addWidget(widget)
        kept.append(widget)
        widget.resize(width, height)
        with qtbot.waitExposed(widget):
            widget.show()
        widget.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
        return widget

    return show


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings in a file of this test."""
    file = tmp_path / "settings.ini"
    monkeypatch.setattr("studio.settings.stored", lambda: QSettings(str(file), QSettings.Format.IniFormat))
    return file

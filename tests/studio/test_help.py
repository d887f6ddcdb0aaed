"""Help: a method's page, the keys, and the way from what has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.bars import help as help_module
from studio.bars.help import ABOUT, TOPIC, HelpView
from studio.bars.key_table import KEYS
from studio.catalogue import Catalogue
from studio.panels.check_view import CheckView
from studio.runs.checks import CheckRuns
from widgets.kit.panel_frame import PanelFrame
from widgets.theme import Theme, appearance, font

PAGE = """# CoLiDE

Learns a graph from a table.

## When to use it

You have **numbers**, and [the paper](https://arxiv.org/abs/2310.02895).

| figure | good |
|---|---|
| SHD | under 17 |
"""


@pytest.fixture
def host(on_show: Callable[..., QWidget]) -> QWidget:
    window, panel, field = QWidget(), PanelFrame("Curves"), QLineEdit()
    panel.set_body(field)
    column = QVBoxLayout(window)
    column.addWidget(panel)
    on_show(window, 1280, 720)
    field.setFocus()
    return window


@pytest.fixture
def view(host: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> HelpView:
    pages = {"colide": PAGE}
    monkeypatch.setattr(help_module, "page_of", pages.get)
    catalogue = Catalogue(tmp_path / "state")
    return HelpView(host, CheckView(catalogue, CheckRuns(catalogue, lambda: 1, host)))


def field_of(host: QWidget) -> QLineEdit:
    return host.findChildren(QLineEdit)[0]


def test_a_page_is_set_in_the_type_of_the_theme(view: HelpView) -> None:
    view.show_method("colide")
    document = view.page().document()
    heading, body = document.firstBlock(), document.firstBlock().next()
    assert heading.text() == "CoLiDE"
    assert heading.begin().fragment().charFormat().font().pixelSize() == font("section").pixelSize()
    assert body.begin().fragment().charFormat().font().pixelSize() in (-1, font("body").pixelSize())
    assert "SHD" in view.page().toPlainText()


def test_it_follows_the_theme_without_losing_the_page(view: HelpView) -> None:
    view.show_method("colide")
    images = []
    for scheme in ("light", "dark"):
        appearance().set_scheme(scheme)  # type: ignore[arg-type]
        assert view.page().text() == PAGE
        image = view.grab().toImage()
        images.append(image.pixelColor(image.width() // 2, image.height() - 40).name())
    assert images == [Theme.of("light").bg1.name(), Theme.of("dark").bg1.name()]


def test_links_lead_nowhere(view: HelpView) -> None:
    view.show_method("colide")
    assert not view.page().openLinks()
    assert not view.page().openExternalLinks()


def test_a_method_without_a_page_says_so(view: HelpView) -> None:
    view.show_method("unheard", "Unheard-of")
    shown = [w.accessibleName() for w in view.findChildren(QWidget) if w.isVisible()]
    assert "There is no help page for Unheard-of yet." in shown


def test_f1_shows_the_keys_of_the_panel_that_has_the_keyboard(view: HelpView, host: QWidget) -> None:
    view.show_for(field_of(host))
    assert view.isVisible()
    assert view.keys().first() == "Curves"


def test_a_topic_wins_over_the_panel_it_stands_in(view: HelpView, host: QWidget) -> None:
    field = field_of(host)
    field.setProperty(TOPIC, "method:colide")
    view.show_for(field)
    assert view.page().isVisible()
    field.setProperty(TOPIC, "method")
    view.show_for(field, "colide")
    assert view.page().isVisible()


def test_f1_on_a_field_shows_what_it_is_for_before_the_page(view: HelpView, host: QWidget) -> None:
    field_of(host).parentWidget().setProperty(TOPIC, "method")
    field_of(host).setProperty(ABOUT, "# Penalty\n\nLarger gives fewer edges.")
    view.show_for(field_of(host), "colide", "CoLiDE")
    assert view.page().document().firstBlock().text() == "Penalty"
    assert "Learns a graph from a table." in view.page().toPlainText()


def test_what_stands_nowhere_gets_the_keys_that_hold_everywhere(view: HelpView) -> None:
    view.show_keys("Results")
    assert view.keys().first() == "Results"
    view.show_for(None)
    assert view.keys().first() == "Everywhere"


def test_tabs_change_between_method_and_keys(view: HelpView, qtbot: QtBot) -> None:
    view.show_method("colide")
    (keys,) = [w for w in view.findChildren(QWidget) if getattr(w, "text", str)() == "Keys" and hasattr(w, "click")]
    qtbot.mouseClick(keys, Qt.MouseButton.LeftButton)
    assert view.keys().isVisible()
    assert not view.page().isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F1])
def test_escape_and_f1_close_and_give_the_keyboard_back(
    view: HelpView, host: QWidget, qtbot: QtBot, key: Qt.Key
) -> None:
    view.show_keys()
    assert view.isAncestorOf(host.focusWidget()) or host.focusWidget() is view
    with qtbot.waitSignal(view.closed):
        qtbot.keyClick(host.focusWidget(), key)
    assert field_of(host).hasFocus()


def test_it_stays_at_the_right_edge(view: HelpView, host: QWidget, qtbot: QtBot) -> None:
    view.show_keys()
    host.resize(1440, 900)
    qtbot.waitUntil(lambda: view.geometry().right() == 1440 - 8 - 1)
    assert view.geometry().getRect()[1::2] == (100, 752)


def test_every_panel_has_its_keys_and_no_key_twice() -> None:
    assert [found.title for found in KEYS] == [
        "Everywhere", "Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Jobs", "Models", "Results",
    ]
    for found in KEYS:
        if found.title != "Counterfactual":
            keys = [key for key, _ in found.rows]
            assert len(keys) == len(set(keys)), found.title

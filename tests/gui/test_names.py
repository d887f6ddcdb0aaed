"""Who cannot see or does not use a mouse: each control has a name, and Tab reaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QMenu, QWidget, QWidgetAction

from studio.bars.popup import Popup
from studio.window import MainWindow
from widgets.kit.focus_ring import FocusRing
from widgets.kit.panel_frame import PanelFrame

PAGES = ("Start", "Data", "Graph", "Methods", "Curves", "Counterfactual", "Results", "Models", "Jobs")
KNOWN = ("mode Side by side", "data Grid", "jobs")      # what a page shows at first


def controls(window: QWidget) -> Iterator[QWidget]:
    """What can have the keyboard and is to be seen now."""
    for widget in window.findChildren(QWidget):
        if widget.isVisibleTo(window) and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            yield widget


def name_of(widget: QWidget) -> str:
    """As a screen reader gets it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def described(widget: QWidget) -> str:
    parents, parent = [], widget.parentWidget()
    while parent is not None and len(parents) < 3:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} in {', '.join(parents)}"


def is_part(widget: QWidget) -> bool:
    """The viewport and line edit inside another control, which speaks for them."""
    parent = widget.parentWidget()
    return isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget


def reached_by_tab(window: QWidget) -> set[QWidget]:
    """Every widget that has the focus while Tab goes once round."""
    found: set[QWidget] = set()
    for _ in range(400):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        held = QApplication.focusWidget()
        if held is None or held in found:
            break
        found.add(held)
    return found


@pytest.fixture
def ring(qapp: QApplication) -> Iterator[None]:
    """The ring of focus, which the studio's start brings in."""
    made = FocusRing(qapp)
    yield
    qapp.focusChanged.disconnect(made._move)
    made.deleteLater()


@pytest.fixture
def lived_in(ring, window, analyst, finish):
    """The sample open, its model asked: every panel has something to show."""

    async def story() -> None:
        await analyst.open_sample("morpho_digits")
        exploration = analyst.desk.exploration
        await analyst.until(lambda: exploration.subject is not None, exploration.subject_changed)
        await analyst.answered()

    finish(story(), 60)
    return window


def nameless(window: QWidget) -> list[str]:
    return [described(widget) for widget in controls(window) if not is_part(widget) and not name_of(widget)]


def under_a_drawer(window: QWidget, widget: QWidget) -> bool:
    """Whether a drawer lies where the middle of a control would be seen: Tab passes over it."""
    drawers = (window.rooms.jobs, window.rooms.reports.drawer) if isinstance(window, MainWindow) else ()
    top = window.childAt(widget.mapTo(window, widget.rect().center()))
    return any(
        top is not None and drawer.isAncestorOf(top) and not drawer.isAncestorOf(widget) for drawer in drawers
    )


def missed(window: QWidget) -> list[str]:
    """Controls that take Tab, can be seen, and are not reached by it."""
    reached = reached_by_tab(window)
    return [
        f"{described(widget)}: {name_of(widget)}"
        for widget in controls(window)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None and not is_part(widget) and widget not in reached
        and not under_a_drawer(window, widget)
    ]


async def seen() -> None:
    """Let a layout come to rest."""
    for _ in range(6):
        QApplication.sendPostedEvents()
        await asyncio.sleep(0)


def states(window: MainWindow) -> dict[str, Callable[[], object]]:
    """What can be opened beside the pages, by a name, with what opens it."""
    rooms, desk = window.rooms, window.desk
    data, counterfactual = rooms.data, rooms.counterfactual

    def mode(name: str) -> Callable[[], None]:
        return lambda: (window.show_panel("Counterfactual"), counterfactual.show_mode(name))

    def tab(index: int) -> Callable[[], None]:
        return lambda: (window.show_panel("Data"), data._tabs.chosen.emit(index))

    found = {
        **{f"mode {name}": mode(name) for name in ("Traversal", "Grid", "Checks", "Side by side")},
        **{f"data {name}": tab(i) for i, name in enumerate(data._tabs.options())},
        "images to choose from": lambda: (window.show_panel("Counterfactual"), counterfactual.choose_factual()),
        "jobs": lambda: window.show_panel("Jobs"),
        "report": lambda: (rooms.jobs.close_drawer(), rooms.reports.drawer.open_drawer()),
        "sweep": lambda: (rooms.reports.drawer.toggle(), rooms._open_sweep()),
        "help: keys": rooms.help.show_keys,
        "help: method": lambda: rooms.help.show_method("causal_diffae", "CausalDiffAE"),
        "help: check": lambda: rooms.help.show_check("causal_diffae"),
        "palette": lambda: (rooms.help.close_help(), rooms.palette.open_palette()),
        "settings": lambda: (rooms.palette.close_popup(), rooms._open_settings()),
        "rename": lambda: (rooms.settings.close_popup(), window.take_project_wish("rename")),
        "removal": lambda: (rooms.rename.close_popup(), window.show_panel("Models"), rooms.models.acts.ask_remove()),
        "earlier states": window.show_earlier,
    }
    assert desk.project is not None
    return found


def faceless(window: QWidget, known: set[QWidget]) -> list[str]:
    """Controls that look the same with the keyboard as without it; those that are `known` are not looked at again."""
    new = [widget for widget in controls(window) if widget not in known]
    known.update(new)
    return [f"{described(widget)}: {name_of(widget)}" for widget in new if not shows_focus(widget, window)]


def shows_focus(widget: QWidget, window: QWidget) -> bool:
    """Whether it can be seen that a control has the keyboard: at itself, or for a large view at its panel's border."""
    if is_part(widget) or widget.focusProxy() is not None or isinstance(widget, Popup):
        return True                                     # a popup has it for what stands in it
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.sendPostedEvents()
    if not widget.hasFocus() or widget.visibleRegion().isEmpty():
        return True                                     # it passes the keyboard on, or is folded away
    places = [QRect(widget.mapTo(window, QPoint()), widget.size()).adjusted(-6, -6, 6, 6)]
    frame = widget
    while frame is not None and not isinstance(frame, PanelFrame):
        frame = frame.parentWidget()
    large = isinstance(widget, QAbstractScrollArea | PanelFrame) or widget.property("ringRadius") == -1
    if large and frame is not None:
        places.append(QRect(frame.mapTo(window, QPoint()), frame.size()))
    held = [window.grab(place).toImage() for place in places]
    widget.clearFocus()
    QApplication.sendPostedEvents()
    return any(window.grab(place).toImage() != image for place, image in zip(places, held, strict=True))


def test_before_anything_is_open_each_control_has_a_name(window):
    for page in PAGES:
        window.show_panel(page)
        assert not nameless(window), page


def test_each_control_has_a_name_and_tab_reaches_it_and_it_shows_focus(lived_in, finish):
    known: set[QWidget] = set()
    for page in PAGES:
        lived_in.show_panel(page)
        lived_in.activateWindow()
        assert len(list(controls(lived_in))) > 5
        assert not nameless(lived_in), page
        assert not missed(lived_in), page
        finish(seen())
        assert not faceless(lived_in, known), page
    faults = []
    for state, opened in states(lived_in).items():
        opened()
        finish(seen())
        before = len(known)
        faults += [f"{state}: {fault} has no name" for fault in nameless(lived_in)]
        faults += [f"{state}: {fault} does not show focus" for fault in faceless(lived_in, known)]
        if len(known) == before and state not in KNOWN:
            faults.append(f"{state}: it opens nothing new")
    assert not faults, "\n".join(dict.fromkeys(faults))


def test_each_line_of_a_menu_and_a_floating_panel_have_names_and_tab_goes_round_in_it(lived_in, finish):
    menus = [menu for menu in lived_in.findChildren(QMenu) if type(menu).__module__.startswith("widgets")]
    assert len(menus) > 8
    for menu in menus:
        menu.aboutToShow.emit()
        for action in menu.actions():
            assert action.isSeparator() or action.text() or isinstance(action, QWidgetAction), described(menu)
    lived_in.show_panel("Counterfactual")
    lived_in.homes.turn_last()
    floating = lived_in.rooms.counterfactual.window()
    assert floating is not lived_in
    floating.activateWindow()
    finish(seen())
    assert not nameless(floating)
    assert not missed(floating)

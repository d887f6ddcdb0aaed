"""Homes: panels dock, float, hide, fill and are dragged; what is where can be kept and put back."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QMainWindow, QMenu, QWidget

from studio.homes import Arrangement, Frame, Home, Homes
from studio.homes.floating import FloatingPanel, clamped
from widgets.kit import Button, Label, Menu, PanelFrame, SearchField, ToolButton, ValueBox
from widgets.theme import Theme, appearance, font

DESIGN = {
    "Graph": Home.TOP_LEFT, "Methods": Home.TOP_LEFT, "Curves": Home.BOTTOM_LEFT,
    "Counterfactual": Home.RIGHT, "Results": Home.RIGHT, "Models": Home.RIGHT,
}
SIZES = ((1024, 640), (1280, 720), (1440, 900), (2200, 1100))


class Desk(QMainWindow):
    """A window with the six panels, each with a field to type into."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumSize(1024, 640)
        self.homes = Homes()
        self.exported: list[str] = []
        for name, home in DESIGN.items():
            panel = PanelFrame(name)
            panel.set_body(QLineEdit())
            export = (lambda: self.exported.append("Curves")) if name == "Curves" else None
            self.homes.add(name, panel, home, export)
        self.setCentralWidget(self.homes)


@pytest.fixture
def desk(on_show) -> Desk:
    found = on_show(Desk(), 1440, 900)
    assert isinstance(found, Desk)
    return found


@pytest.fixture
def no_menu_stays() -> Iterator[None]:
    yield
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def settled() -> None:
    for _ in range(4):
        QCoreApplication.sendPostedEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def boxes(desk: Desk) -> dict[str, QRect]:
    """Where each shown panel lies on the desktop."""
    panels = {name: desk.homes.panel(name) for name in desk.homes.shown()}
    return {name: QRect(panel.mapToGlobal(QPoint()), panel.size()) for name, panel in panels.items()}


def drag(desk: Desk, name: str, to: QPoint, *, release: bool = True) -> None:
    """Drag a panel by the empty middle of its header to a point of the desktop."""
    header = desk.homes.panel(name).header
    start = QPoint(header.width() // 2, 4)
    QTest.mousePress(header, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(header, start + QPoint(30, 0))
    QTest.mouseMove(header, header.mapFromGlobal(to))
    if release:
        QTest.mouseRelease(header, Qt.MouseButton.LeftButton, pos=header.mapFromGlobal(to))
    settled()


def lines(menu: QMenu) -> dict[str, object]:
    """The menu's actions by their words, without keys."""
    return {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}


def open_menu(desk: Desk, name: str) -> Menu:
    menu = desk.homes.panel(name).header.menu()
    menu.aboutToShow.emit()
    return menu


# --------------------------------------------------------------------------------------------------- float, dock, hide


def test_a_floating_panel_is_a_window_with_its_title_and_closing_it_docks_it_where_it_was(desk):
    homes, panel = desk.homes, desk.homes.panel("Curves")
    homes.dock("Curves", Home.RIGHT)
    homes.float_panel("Curves")
    window = panel.window()
    assert isinstance(window, FloatingPanel)
    assert window.isVisible()
    assert window.windowTitle() == "Curves, Otherwise"
    assert "Curves" in homes.shown()
    window.close()
    settled()
    assert panel.window() is desk
    assert not homes.is_floating("Curves")
    assert homes.home("Curves") is Home.RIGHT
    assert panel.isVisible()


def test_it_floats_again_where_it_floated_last(desk):
    homes = desk.homes
    homes.float_panel("Graph")
    homes.panel("Graph").window().setGeometry(70, 90, 500, 400)
    homes.dock("Graph")
    homes.float_panel("Graph")
    assert homes.panel("Graph").window().geometry() == QRect(70, 90, 500, 400)


def test_hiding_gives_the_place_to_the_next_panel_and_then_to_the_other_homes(desk):
    homes = desk.homes
    homes.hide_panel("Graph")
    assert set(homes.shown()) == {"Methods", "Curves", "Counterfactual"}
    height = homes.panel("Curves").height()
    homes.hide_panel("Methods")
    settled()
    assert homes.panel("Curves").height() > height
    homes.show("Graph")
    assert set(homes.shown()) == {"Graph", "Curves", "Counterfactual"}


def test_a_hidden_window_comes_back_as_a_window(desk):
    homes = desk.homes
    homes.float_panel("Models")
    homes.hide_panel("Models")
    assert not homes.panel("Models").isVisible()
    homes.show("Models")
    assert homes.panel("Models").isVisible()
    assert homes.is_floating("Models")


def test_with_nothing_docked_the_way_back_stands_in_the_place(desk):
    for name in DESIGN:
        desk.homes.hide_panel(name)
    settled()
    assert desk.homes.shown() == []
    button = next(found for found in desk.findChildren(Button) if found.text() == "Reset the layout")
    button.click()
    assert set(desk.homes.shown()) == {"Graph", "Curves", "Counterfactual"}


def test_floating_and_docking_leaves_no_window_behind(desk):
    settled()
    before = set(map(id, QApplication.topLevelWidgets()))
    for i in range(30):
        name = list(DESIGN)[i % len(DESIGN)]
        desk.homes.float_panel(name)
        desk.homes.dock(name)
        settled()
    assert set(map(id, QApplication.topLevelWidgets())) == before


def test_in_a_window_of_its_own_everything_keeps_the_look_in_force(desk, dressed):
    look, theme = appearance(), Theme.current
    box, search, words = ValueBox("dose"), SearchField("Find"), Label("said", "title")
    body = QWidget()
    row = QHBoxLayout(body)
    for widget in (box, search, words):
        row.addWidget(widget)
    desk.homes.panel("Curves").set_body(body)
    settled()
    look.set_scheme("dark")
    look.set_text_scale(150)
    desk.homes.float_panel("Curves")
    field = box.findChild(QLineEdit)
    assert field.palette().text().color() == theme().t1
    assert search.palette().placeholderText().color() == theme().t2
    assert words.palette().windowText().color() == theme().t1
    assert field.font().pixelSize() == words.font().pixelSize() == font("title").pixelSize() == 20
    look.set_scheme("light")
    assert field.palette().text().color() == theme().t1
    window = desk.homes.panel("Curves").window()
    assert window.grab().toImage().pixelColor(2, 2) == theme().bg0


def test_files_can_be_dropped_on_a_floating_panel(desk, tmp_path):
    heard: list[list[Path]] = []
    desk.homes.dropped.connect(heard.append)
    desk.homes.float_panel("Curves")
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "table.csv"))])
    window, held = desk.homes.panel("Curves").window(), (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (
        QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, files, *held),
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, files, *held),
    ):
        QApplication.sendEvent(window, event)
    assert heard == [[tmp_path / "table.csv"]]


def test_windows_are_out_of_sight_while_there_is_no_desk(desk):
    desk.homes.float_panel("Curves")
    desk.homes.set_away(True)
    assert not desk.homes.panel("Curves").isVisible()
    desk.homes.set_away(False)
    assert desk.homes.panel("Curves").isVisible()


# ------------------------------------------------------------------------------------------------------- fill, keyboard


def test_filling_takes_the_window_and_gives_it_back(desk):
    before = boxes(desk)
    desk.homes.fill("Graph")
    settled()
    assert desk.homes.shown() == ["Graph"]
    assert desk.homes.panel("Graph").width() > 1400
    desk.homes.fill("")
    settled()
    assert boxes(desk) == before


def test_a_floating_panel_fills_its_screen_and_escape_ends_it(desk, qtbot):
    homes = desk.homes
    homes.float_panel("Curves")
    window = homes.panel("Curves").window()
    frame = window.geometry()
    homes.fill("Curves")
    qtbot.waitUntil(window.isMaximized)
    assert set(homes.shown()) == {"Graph", "Counterfactual", "Curves"}
    QTest.keyClick(homes.panel("Curves"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isMaximized())
    assert homes.filled() == ""
    assert window.geometry() == frame


def test_the_walk_goes_round_docked_and_floating_panels_and_back(desk, qtbot):
    homes = desk.homes
    homes.float_panel("Curves")
    homes.focus("Graph")
    qtbot.waitUntil(lambda: homes.held() == "Graph")
    walked = []
    for forward in (True, True, True, False):
        homes.walk(forward)
        qtbot.waitUntil(lambda seen=tuple(walked): homes.held() and (not seen or homes.held() != seen[-1]))
        walked.append(homes.held())
    assert walked == ["Counterfactual", "Curves", "Graph", "Curves"]
    assert QApplication.activeWindow() is homes.panel("Curves").window()


def test_the_keys_of_the_window_work_in_a_floating_panel(desk, qtbot):
    heard: list[str] = []
    shortcut = QShortcut(QKeySequence("Ctrl+5"), desk)
    shortcut.activated.connect(lambda: heard.append("Ctrl+5"))
    desk.homes.float_panel("Curves")
    field = desk.homes.panel("Curves").body()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["Ctrl+5"]
    QTest.keyClick(field, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert desk.exported == ["Curves"]
    QTest.keyClicks(field, "typed")
    assert field.text() == "typed"


def test_the_keyboard_stays_in_a_panel_that_goes_elsewhere(desk, qtbot):
    desk.homes.focus("Curves")
    for home in (Home.RIGHT, Home.TOP_LEFT):
        desk.homes.dock("Curves", home)
        qtbot.waitUntil(lambda: desk.homes.held() == "Curves")


# ---------------------------------------------------------------------------------------------------------------- tabs


def test_a_home_with_several_panels_has_tabs_for_mouse_and_arrows(desk, qtbot):
    homes = desk.homes
    header = homes.panel("Counterfactual").header
    assert header._tabs.titles() == ["Counterfactual", "Results", "Models"]
    QTest.mouseClick(header._tabs.tab(1), Qt.MouseButton.LeftButton)
    assert "Results" in homes.shown()
    header = homes.panel("Results").header
    header.take_keyboard(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "Models" in homes.shown())
    assert homes.panel("Models").header.tabs_held()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert "Counterfactual" in homes.shown()
    assert homes.panel("Curves").header._tabs.titles() == []


def test_tabs_fold_into_the_title_before_a_tool_goes_and_no_tool_is_lost(desk, qtbot, no_menu_stays):
    homes = desk.homes
    header = homes.panel("Graph").header
    pressed: list[str] = []
    tools = [ToolButton("maximize", f"Tool {i}") for i in range(9)]
    for tool in tools:
        tool.clicked.connect(lambda _on=False, tool=tool: pressed.append(tool.accessibleName()))
        header.add_tool(tool)
    desk.resize(1440, 900)
    settled()
    assert all(tool.isVisible() for tool in tools)
    desk.resize(1024, 640)
    settled()
    assert header.width() <= 310
    assert header._folded.isVisible()
    assert not header._tabs.isVisible()
    lost = [tool for tool in tools if not tool.isVisible()]
    assert 0 < len(lost) < len(tools)
    menu = open_menu(desk, "Graph")
    for tool in lost:
        lines(menu)[tool.accessibleName()].trigger()
    assert pressed == [tool.accessibleName() for tool in lost]
    QTest.mouseClick(header._folded, Qt.MouseButton.LeftButton)
    chooser = QApplication.activePopupWidget()
    assert list(lines(chooser)) == ["Graph", "Methods", "Curves"]
    lines(chooser)["Curves"].trigger()
    assert "Curves" in homes.shown()


# ---------------------------------------------------------------------------------------------------------------- menu


def test_the_menu_of_a_panel_says_and_does_where_it_stands(desk):
    homes = desk.homes
    menu = open_menu(desk, "Curves")
    assert list(lines(menu)) == ["Export the figure", "Float", "Move to", "Fill the window", "Hide"]
    lines(menu)["Export the figure"].trigger()
    assert desk.exported == ["Curves"]
    lines(menu)["Float"].trigger()
    assert homes.is_floating("Curves")
    assert "Dock" in lines(open_menu(desk, "Curves"))
    lines(open_menu(desk, "Curves"))["Dock"].trigger()
    assert not homes.is_floating("Curves")
    move = lines(open_menu(desk, "Curves"))["Move to"].menu()
    move.aboutToShow.emit()
    assert {text: action.isEnabled() for text, action in lines(move).items()} == {
        "Left top": True, "Right": True, "Left bottom": False,
    }
    lines(move)["Right"].trigger()
    assert homes.home("Curves") is Home.RIGHT
    lines(open_menu(desk, "Curves"))["Fill the window"].trigger()
    assert homes.filled() == "Curves"
    lines(open_menu(desk, "Curves"))["End filling the window"].trigger()
    assert homes.filled() == ""
    lines(open_menu(desk, "Curves"))["Hide"].trigger()
    assert "Curves" not in homes.shown()
    assert "Export the figure" not in lines(open_menu(desk, "Models"))


def test_the_lines_stay_although_a_panel_fills_its_menu_as_it_opens(on_show):
    homes, panel = Homes(), PanelFrame("Graph")
    menu = Menu("", panel)

    def fill() -> None:
        menu.clear()
        menu.add("Its own")

    menu.aboutToShow.connect(fill)
    panel.header.add_menu(menu)
    for i in range(9):
        panel.header.add_tool(ToolButton("maximize", f"Tool {i}"))
    homes.add("Graph", panel, Home.TOP_LEFT)
    on_show(homes, 260, 400)
    for _ in range(3):
        menu.aboutToShow.emit()
        found = list(lines(menu))
        assert found[0].startswith("Tool ")
        assert found[found.index("Its own"):] == ["Its own", "Float", "Move to", "Fill the window", "Hide"]


# ---------------------------------------------------------------------------------------------------------------- drag


@pytest.mark.parametrize("home", [Home.TOP_LEFT, Home.BOTTOM_LEFT, Home.RIGHT])
def test_a_panel_is_dragged_by_its_header_into_another_home(desk, home):
    homes = desk.homes
    centre = homes.mapToGlobal(homes.places()[home].center())
    name = "Counterfactual" if home is not Home.RIGHT else "Graph"
    drag(desk, name, centre, release=False)
    assert homes._drag._tint.isVisible()
    assert homes._drag._tint.geometry() == homes.places()[home]
    QTest.mouseRelease(homes.panel(name).header, Qt.MouseButton.LeftButton,
                       pos=homes.panel(name).header.mapFromGlobal(centre))
    assert homes.home(name) is home
    assert name in homes.shown()
    assert not homes._drag._tint.isVisible()
    assert QApplication.overrideCursor() is None


def test_dropped_outside_the_window_it_floats_under_the_pointer_and_can_be_dragged_back(desk):
    homes = desk.homes
    desk.setGeometry(0, 0, 1180, 640)
    settled()
    outside = desk.frameGeometry().bottomRight() + QPoint(-300, 60)
    drag(desk, "Graph", outside)
    assert homes.is_floating("Graph")
    drag(desk, "Graph", homes.mapToGlobal(homes.places()[Home.RIGHT].center()))
    assert not homes.is_floating("Graph")
    assert homes.home("Graph") is Home.RIGHT


def test_escape_ends_a_drag_and_a_click_is_none(desk, qtbot):
    homes = desk.homes
    before = homes.arrangement()
    homes.focus("Curves")
    drag(desk, "Curves", homes.mapToGlobal(homes.places()[Home.RIGHT].center()), release=False)
    QTest.keyClick(homes.panel("Curves"), Qt.Key.Key_Escape)
    assert not homes._drag._tint.isVisible()
    assert QApplication.overrideCursor() is None
    header = homes.panel("Curves").header
    QTest.mouseRelease(header, Qt.MouseButton.LeftButton, pos=QPoint(2000, 5))
    assert homes.home("Curves") is Home.BOTTOM_LEFT
    assert dict(homes.arrangement().homes) == dict(before.homes)
    graph = homes.panel("Graph").header
    QTest.mouseClick(graph, Qt.MouseButton.LeftButton, pos=QPoint(graph.width() // 2, 4))
    qtbot.waitUntil(lambda: homes.held() == "Graph")


# ----------------------------------------------------------------------------------------------------- sizes, very wide


def test_splitters_keep_their_share_when_the_window_changes(desk):
    homes = desk.homes
    homes._all.moveSplitter(700, 1)
    homes._left.moveSplitter(300, 1)
    settled()
    share = homes.panel("Graph").width() / homes.width()
    desk.resize(1700, 1000)
    settled()
    assert homes.panel("Graph").width() / homes.width() == pytest.approx(share, abs=0.01)
    desk.resize(1440, 900)
    settled()
    assert homes.panel("Graph").height() == pytest.approx(300, abs=2)
    homes.reset()
    settled()
    assert homes.panel("Graph").width() == pytest.approx(504, abs=2)


def test_the_lines_between_homes_can_be_moved_by_key(desk, qtbot):
    homes = desk.homes
    before = boxes(desk)
    line = homes._all.handle(1)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    QTest.keyClick(line, Qt.Key.Key_Right)
    QTest.keyClick(line, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    settled()
    assert boxes(desk)["Graph"].width() == before["Graph"].width() + 16 - 160
    line = homes._left.handle(1)
    QTest.keyClick(line, Qt.Key.Key_Down)
    settled()
    assert boxes(desk)["Graph"].height() == before["Graph"].height() + 16
    assert {"left", "top"} <= set(homes.arrangement().shares)


def test_above_1920_curves_may_stand_right_of_the_counterfactual(desk):
    homes = desk.homes
    assert Home.FAR_RIGHT not in homes.places()
    desk.resize(2200, 1100)
    settled()
    homes.dock("Curves", Home.FAR_RIGHT)
    settled()
    place = boxes(desk)
    assert place["Curves"].left() > place["Counterfactual"].right()
    assert place["Graph"].height() > 1000
    desk.resize(1440, 900)
    settled()
    assert boxes(desk)["Curves"].top() > boxes(desk)["Graph"].bottom()
    desk.resize(2200, 1100)
    settled()
    assert boxes(desk) == place


def test_panels_that_cannot_stand_one_above_the_other_share_a_home(desk):
    homes = desk.homes
    for name in ("Graph", "Curves"):
        homes.panel(name).body().setMinimumHeight(330)
    desk.resize(1440, 700)
    settled()
    assert set(homes.shown()) == {"Graph", "Counterfactual"}
    assert homes.panel("Graph").header._tabs.titles() == ["Graph", "Methods", "Curves"]
    desk.resize(1440, 900)
    settled()
    assert set(homes.shown()) == {"Graph", "Curves", "Counterfactual"}


# ------------------------------------------------------------------------------------------------------ kept, put back


def act(desk: Desk, chance: random.Random) -> None:
    """Something that an analyst does to the layout."""
    homes, name = desk.homes, chance.choice(list(DESIGN))
    match chance.randrange(10):
        case 0 | 1:
            homes.show(name)
        case 2:
            homes.hide_panel(name)
        case 3:
            homes.float_panel(name)
        case 4:
            homes.dock(name)
        case 5:
            homes.dock(name, chance.choice(list(homes.places())))
        case 6:
            homes.fill(chance.choice([name, ""]))
        case 7:
            homes._all.moveSplitter(chance.randrange(350, 900), 1)
        case 8:
            homes._left.moveSplitter(chance.randrange(150, 500), 1)
        case 9 if homes.is_floating(name):
            window = homes.panel(name).window()
            window.setGeometry(chance.randrange(100), chance.randrange(100), chance.randrange(400, 700), 300)


@pytest.mark.parametrize("seed", range(3))
def test_after_a_hundred_gestures_the_layout_comes_back_in_a_fresh_window(desk, on_show, seed):
    chance = random.Random(seed)
    for step in range(100):
        act(desk, chance)
        if step % 25 == 24:
            desk.resize(*chance.choice(SIZES))
        settled()
        assert_sound(desk)
    if desk.homes.is_floating(desk.homes.filled()):
        desk.homes.fill("")
    settled()
    kept = json.loads(json.dumps(desk.homes.arrangement().to_plain()))
    fresh = Desk()
    fresh.homes.arrange(Arrangement.from_plain(kept, fresh.homes.design()))
    on_show(fresh, desk.width(), desk.height())
    settled()
    assert fresh.homes.shown() == desk.homes.shown()
    assert [fresh.homes.home(name) for name in DESIGN] == [desk.homes.home(name) for name in DESIGN]
    assert fresh.homes.filled() == desk.homes.filled()
    for name in DESIGN:
        assert fresh.homes.is_floating(name) is desk.homes.is_floating(name)
        if desk.homes.is_floating(name):
            assert fresh.homes.panel(name).window().geometry() == desk.homes.panel(name).window().geometry()
    assert {name: box.size() for name, box in boxes(fresh).items()} == {
        name: box.size() for name, box in boxes(desk).items()
    }


def assert_sound(desk: Desk) -> None:
    """What is said to be shown is to be seen, and nothing else."""
    homes = desk.homes
    assert {name for name in DESIGN if homes.panel(name).isVisible()} == set(homes.shown())
    for name in DESIGN:
        assert (homes.panel(name).window() is desk) is not homes.is_floating(name)


DAMAGED = [
    None, [], "layout", {}, {"format": 99}, {"format": 1},
    {"format": 1, "homes": [], "recent": [], "hidden": [], "floating": [], "frames": {}, "filled": "", "shares": {}},
    {"format": 1, "homes": {"Graph": "attic"}, "recent": [], "hidden": [], "floating": [], "frames": {}, "filled": "",
     "shares": {}},
    {"format": 1, "homes": {}, "recent": [], "hidden": [], "floating": [], "frames": {"Graph": [0, 0, -4, 2]},
     "filled": "", "shares": {}},
    {"format": 1, "homes": {}, "recent": [], "hidden": [], "floating": [], "frames": {"Graph": [1e300, 0, 9, 9]},
     "filled": "", "shares": {}},
    {"format": 1, "homes": {}, "recent": [], "hidden": [], "floating": [], "frames": {}, "filled": "",
     "shares": {"left": float("nan")}},
    {"format": 1, "homes": {}, "recent": 7, "hidden": [], "floating": [], "frames": {}, "filled": [], "shares": {}},
]


@pytest.mark.parametrize("plain", DAMAGED)
def test_a_damaged_document_gives_the_layout_of_the_design(desk, plain):
    design = desk.homes.design()
    assert Arrangement.from_plain(plain, design) == design


def test_an_older_document_knows_fewer_panels_and_a_strange_one_more(desk):
    plain = {
        "format": 1, "homes": {"Curves": "right", "Attic": "right"}, "recent": ["Attic", "Curves"], "hidden": ["Attic"],
        "floating": ["Graph", "Attic"], "frames": {"Attic": [1, 2, 3, 4]}, "filled": "Attic", "shares": {"left": 0.5},
    }
    found = Arrangement.from_plain(plain, desk.homes.design())
    assert set(found.homes) == set(DESIGN)
    assert found.homes["Curves"] is Home.RIGHT
    assert found.homes["Models"] is Home.RIGHT
    assert found.recent[0] == "Curves"
    assert not found.floating           # a window without a place does not float
    assert found.filled == ""


def test_a_window_comes_to_lie_on_a_screen_that_exists():
    main, second = QRect(0, 0, 1920, 1040), QRect(1920, 0, 1280, 1024)
    assert clamped(Frame(2000, 50, 500, 400), [main, second]) == Frame(2000, 50, 500, 400)
    assert clamped(Frame(2000, 50, 500, 400), [main]) == Frame(1420, 50, 500, 400)
    assert clamped(Frame(-4000, -900, 500, 400), [main, second]) == Frame(0, 0, 500, 400)
    assert clamped(Frame(10, 10, 9000, 9000), [main]) == Frame(0, 0, 1920, 1040)
    assert clamped(Frame(10, 10, 20, 20), []) == Frame(10, 10, 20, 20)

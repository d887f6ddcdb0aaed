"""What must hold for every widget of the kit: named, reachable, following the theme, growing with text, mortal."""

import gc
import weakref

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.widgets.kit_samples import CONTROLS, EVERYTHING
from widgets.kit import Control
from widgets.theme import appearance


def picture(widget: QWidget) -> QImage:
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


@pytest.mark.parametrize("name", CONTROLS)
def test_controls_have_a_name_for_screen_readers(name, qtbot, dressed):
    widget = CONTROLS[name]()
    qtbot.addWidget(widget)
    interface = QAccessible.queryAccessibleInterface(widget.focusProxy() or widget)
    assert interface.text(QAccessible.Text.Name).strip()


@pytest.mark.parametrize("name", CONTROLS)
def test_controls_are_reached_by_tab_and_are_large_enough(name, qtbot, dressed):
    widget = CONTROLS[name]()
    qtbot.addWidget(widget)
    assert (widget.focusProxy() or widget).focusPolicy() & Qt.FocusPolicy.TabFocus
    assert widget.sizeHint().height() >= 24
    assert widget.sizeHint().width() >= 24


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
@pytest.mark.parametrize("name", [name for name, make in CONTROLS.items() if name not in ("value box", "search field")])
def test_buttons_are_pressed_by_key(name, key, qtbot, dressed):
    widget = CONTROLS[name]()
    qtbot.addWidget(widget)
    assert isinstance(widget, Control)
    with qtbot.waitSignal(widget.clicked):
        qtbot.keyClick(widget, key)


@pytest.mark.parametrize("name", EVERYTHING)
def test_everything_follows_the_theme(name, qtbot, dressed):
    widget = EVERYTHING[name]()
    ground = QWidget()
    qtbot.addWidget(ground)
    QVBoxLayout(ground).addWidget(widget)
    ground.show()
    qtbot.waitExposed(ground)
    light = picture(ground)
    appearance().set_scheme("dark")
    dark = picture(ground)
    appearance().set_scheme("light")
    assert dark != light
    centre = dark.pixelColor(2, 2).lightness(), light.pixelColor(2, 2).lightness()
    assert centre[0] < 40 < 200 < centre[1]
    assert picture(ground) == light


@pytest.mark.parametrize("name", EVERYTHING)
def test_everything_grows_with_the_text(name, qtbot, dressed):
    if name in ("progress", "surface", "switch"):
        pytest.skip("holds no text")
    widget = EVERYTHING[name]()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    small = widget.sizeHint()
    appearance().set_text_scale(150)
    qtbot.waitUntil(
        lambda: widget.sizeHint().width() > small.width() or widget.sizeHint().height() > small.height()
    )


@pytest.mark.parametrize("name", EVERYTHING)
def test_everything_dies_when_closed(name, qtbot, dressed):
    widget = EVERYTHING[name]()
    widget.show()
    seen = weakref.ref(widget)
    with qtbot.waitSignal(widget.destroyed):
        widget.close()
        widget.deleteLater()
    assert not shiboken6.isValid(widget)
    appearance().set_scheme("dark")         # what is gone must not be asked to follow
    del widget
    gc.collect()
    assert seen() is None


def test_hovered_controls_show_it_at_once_where_motion_is_reduced(qtbot, dressed):
    appearance().set_motion("reduced")
    widget = CONTROLS["plain button"]()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    rest = picture(widget)
    widget._turn(True)
    assert picture(widget) != rest
    widget._turn(False)
    assert picture(widget) == rest

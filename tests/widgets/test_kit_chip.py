"""Chips: click, type, Enter."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from widgets.kit import Chip
from widgets.kit.laid_out import widgets_in
from widgets.theme import Theme


def editable(qtbot) -> Chip:
    place = QWidget()
    chip = Chip("thickness = 3.40 px", "accent", editable=True, removable=True)
    column = QVBoxLayout(place)
    column.addWidget(chip)
    column.addWidget(QLineEdit())
    qtbot.addWidget(place)
    place.show()
    place.activateWindow()
    qtbot.waitUntil(place.isActiveWindow)
    chip.setFocus()
    chip.place = place          # keeps it alive as long as the chip is looked at
    return chip


def test_typing_and_enter_tell_the_new_words(qtbot, dressed):
    chip = editable(qtbot)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert chip.is_editing()
    field = chip.findChild(QLineEdit)
    qtbot.keyClicks(field, "4 px")
    with qtbot.waitSignal(chip.edited) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["4 px"]
    assert not chip.is_editing()
    assert chip.text() == "thickness = 3.40 px"         # the owner decides what it becomes


def test_escape_leaves_everything_as_it_was(qtbot, dressed):
    chip = editable(qtbot)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    field = chip.findChild(QLineEdit)
    qtbot.keyClicks(field, "9")
    with qtbot.assertNotEmitted(chip.edited):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not chip.is_editing()


def test_leaving_the_field_ends_editing_without_a_word(qtbot, dressed):
    chip = editable(qtbot)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    with qtbot.assertNotEmitted(chip.edited):
        widgets_in(chip.parentWidget().layout())[1].setFocus()
    assert not chip.is_editing()


def test_unchanged_words_are_not_told(qtbot, dressed):
    chip = editable(qtbot)
    qtbot.keyClick(chip, Qt.Key.Key_Space)
    with qtbot.assertNotEmitted(chip.edited):
        qtbot.keyClick(chip.findChild(QLineEdit), Qt.Key.Key_Return)


def test_backspace_removes_only_what_may_be_removed(qtbot, dressed):
    chip = editable(qtbot)
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Backspace)
    fixed = Chip("image 4,021")
    qtbot.addWidget(fixed)
    with qtbot.assertNotEmitted(fixed.removed):
        qtbot.keyClick(fixed, Qt.Key.Key_Backspace)


def test_setting_the_text_is_silent_and_fits(qtbot, dressed):
    chip = Chip("a", "accent")
    qtbot.addWidget(chip)
    narrow = chip.sizeHint().width()
    with qtbot.assertNotEmitted(chip.edited):
        chip.set_text("thickness = 3.40 px")
    assert chip.sizeHint().width() > narrow


def test_only_interventions_wear_the_accent(qtbot, dressed):
    theme = Theme.current()
    grounds = {}
    for kind in ("grey", "flat", "accent"):
        chip = Chip("image", kind)
        qtbot.addWidget(chip)
        chip.resize(chip.sizeHint())
        grounds[kind] = chip.grab().toImage().pixelColor(5, 5)
    assert grounds == {"grey": theme.bg2, "flat": theme.bg2, "accent": theme.acc_tint}


def test_a_picture_is_shown_unblurred(qtbot, dressed):
    picture = QPixmap(2, 2)
    picture.fill(QColor("white"))
    chip = Chip("image 3")
    qtbot.addWidget(chip)
    chip.set_picture(picture)
    chip.resize(chip.sizeHint())
    image = chip.grab().toImage()
    assert {image.pixelColor(x, 14).name() for x in range(5, 23)} == {QColor("white").name()}

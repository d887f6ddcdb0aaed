"""The number field: reads by locale, refuses in words, tells only the hand."""

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLineEdit

from widgets.kit import ValueBox


@pytest.fixture
def box(qtbot, dressed):
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    box = ValueBox("px", 2, name="thickness")
    box.set_range(1, 6)
    box.set_value(3.4)
    qtbot.addWidget(box)
    box.show()
    box.activateWindow()
    qtbot.waitUntil(box.isActiveWindow)
    yield box
    QLocale.setDefault(before)


def field(box: ValueBox) -> QLineEdit:
    return box.findChild(QLineEdit)


def type_in(qtbot, box: ValueBox, text: str) -> None:
    field(box).setFocus()
    field(box).selectAll()
    qtbot.keyClicks(field(box), text)
    qtbot.keyClick(field(box), Qt.Key.Key_Return)


def test_it_has_the_size_of_the_design_and_writes_by_locale(box):
    assert (box.sizeHint().width(), box.sizeHint().height()) == (92, 28)
    assert field(box).text() == "3.40"


@pytest.mark.parametrize(("text", "number"), [("4", 4.0), ("4.25 px", 4.25), ("1", 1.0), ("6", 6.0)])
def test_what_the_hand_types_is_told(qtbot, box, text, number):
    with qtbot.waitSignal(box.value_edited) as told:
        type_in(qtbot, box, text)
    assert told.args == [number]
    assert box.value() == number


def test_setting_is_silent(qtbot, box):
    with qtbot.assertNotEmitted(box.value_edited):
        box.set_value(5)
    assert field(box).text() == "5.00"


@pytest.mark.parametrize(("text", "words"), [("three", "not a number"), ("9", "1.00 to 6.00"), ("nan", "not a number")])
def test_nonsense_is_refused_with_a_sentence_and_the_value_stays(qtbot, box, text, words):
    with qtbot.waitSignal(box.refused) as told, qtbot.assertNotEmitted(box.value_edited):
        type_in(qtbot, box, text)
    assert words in told.args[0]
    assert words in box.error()
    assert box.value() == 3.4
    with qtbot.waitSignal(box.refused) as told:
        qtbot.keyClick(field(box), Qt.Key.Key_Escape)
    assert told.args == [""]
    assert field(box).text() == "3.40"


def test_escape_brings_back_what_was_there(qtbot, box):
    field(box).setFocus()
    field(box).selectAll()
    qtbot.keyClicks(field(box), "5")
    with qtbot.assertNotEmitted(box.value_edited):
        qtbot.keyClick(field(box), Qt.Key.Key_Escape)
    assert field(box).text() == "3.40"


def test_arrows_step_within_the_range(qtbot, box):
    with qtbot.waitSignal(box.value_edited) as told:
        qtbot.keyClick(field(box), Qt.Key.Key_Up)
    assert told.args[0] == pytest.approx(3.45)
    with qtbot.waitSignal(box.value_edited) as told:
        qtbot.keyClick(field(box), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert told.args[0] == pytest.approx(2.95)
    box.set_value(6)
    with qtbot.assertNotEmitted(box.value_edited):
        qtbot.keyClick(field(box), Qt.Key.Key_Up)


def test_a_new_value_does_not_disturb_typing(qtbot, box):
    field(box).setFocus()
    field(box).selectAll()
    qtbot.keyClicks(field(box), "5")
    box.set_value(2)
    assert field(box).text() == "5"


def test_no_value_is_an_empty_field(box):
    box.set_value(None)
    assert field(box).text() == ""
    assert box.value() is None


def test_a_german_analyst_types_a_comma(qtbot, box):
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    with qtbot.waitSignal(box.value_edited) as told:
        type_in(qtbot, box, "4,5")
    assert told.args == [4.5]
    assert field(box).text() == "4,50"


def test_counterfactual_states_show_in_the_accent(qtbot, box):
    from widgets.theme import Theme

    def accents() -> int:
        image = box.grab().toImage()
        accent = Theme.current().acc.rgb()
        return sum(image.pixel(x, y) == accent for x in range(image.width()) for y in range(image.height()))

    field(box).clearFocus()
    assert accents() == 0
    box.set_state("do")
    framed = accents()
    box.set_state("follows")
    assert framed > 50
    assert 0 < accents() < framed

"""The form: made from the schema alone, silent when set, and firm about what cannot be."""

from typing import Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from engines.contract import MethodParameters, parameter
from widgets.controls import ParameterForm
from widgets.controls.schema import fields_of, plain
from widgets.kit.scroll_column import ScrollColumn
from widgets.kit.segmented import Segmented
from widgets.kit.switch import Switch
from widgets.kit.tool_button import ToolButton


class Parameters(MethodParameters):
    steps: int = parameter(1600, help="Training steps.", unit="steps", ge=1, le=100_000)
    rate: float = parameter(0.002, help="Learning rate.", gt=0, lt=0.1)
    size: Literal["small", "large"] = parameter("small", help="Size of the network.")
    clip: bool = parameter(False, help="Clip pictures.")
    limit: float | None = parameter(None, help="Stop there.")
    widths: tuple[float, ...] = parameter((1.0, 0.9), help="Widths.", advanced=True)
    noise_weight: float = parameter(0.1, help="Weight of the noise.", ge=0, advanced=True)


@pytest.fixture
def form(qtbot, dressed):
    widget = ParameterForm()
    qtbot.addWidget(widget)
    widget.resize(360, 900)
    widget.set_schema(Parameters.model_json_schema())
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def editor(form, name, kind=QLineEdit):
    return form.field(name).findChild(kind)


def type_into(qtbot, edit, text):
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    qtbot.keyClicks(edit, text)


def test_fields_come_from_the_schema():
    fields = {field.name: field for field in fields_of(Parameters.model_json_schema())}
    assert [field.kind for field in fields.values()] == [
        "whole", "number", "choice", "toggle", "number", "numbers", "number"
    ]
    assert fields["noise_weight"].title == "Noise weight"
    assert fields["steps"].unit == "steps"
    assert fields["limit"].optional
    assert (fields["rate"].low, fields["rate"].open_low) == (0, True)


def test_the_defaults_are_valid_parameters(form):
    assert Parameters(**form.values()) == Parameters()


def test_setting_values_fires_nothing_and_shows_them(qtbot, form):
    with qtbot.assertNotEmitted(form.values_changed), qtbot.assertNotEmitted(form.validity_changed):
        form.set_values({"steps": 20, "rate": 0.01, "size": "large", "clip": True, "widths": (0.5,), "unknown": 1})
    assert editor(form, "steps").text() == "20"
    assert editor(form, "size", Segmented).current() == 1
    assert editor(form, "clip", Switch).isChecked()
    assert form.values()["widths"] == [0.5]
    assert Parameters(**form.values()).rate == 0.01


def test_a_typed_value_counts_with_enter(qtbot, form):
    edit = editor(form, "steps")
    with qtbot.assertNotEmitted(form.values_changed):
        type_into(qtbot, edit, "20")
    with qtbot.waitSignal(form.values_changed) as changed:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert changed.args[0]["steps"] == 20
    assert type(changed.args[0]["steps"]) is int


def test_commit_takes_what_is_being_typed(qtbot, form):
    type_into(qtbot, editor(form, "rate"), "0.05")
    with qtbot.waitSignal(form.values_changed) as changed:
        form.commit()
    assert changed.args[0]["rate"] == 0.05


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("steps", "0", "From 1 to 100,000."),
        ("steps", "1.5", "Type a whole number."),
        ("steps", "", "A number is needed."),
        ("rate", "0", "More than 0 and less than 0.1."),
        ("rate", "fast", "Type a number."),
        ("noise_weight", "-1", "At least 0."),
    ],
)
def test_what_cannot_be_is_said_under_the_field_and_counted(qtbot, form, name, text, sentence):
    with qtbot.waitSignal(form.validity_changed) as wrong:
        type_into(qtbot, editor(form, name), text)
    assert form.field(name).error().replace("100000", "100,000") == sentence
    assert form.invalid() == wrong.args[0] == 1
    with qtbot.assertNotEmitted(form.values_changed):
        qtbot.keyClick(editor(form, name), Qt.Key.Key_Return)
    assert Parameters(**form.values()) == Parameters()
    with qtbot.waitSignal(form.validity_changed) as right:
        type_into(qtbot, editor(form, name), "0.02" if name != "steps" else "20")
    assert right.args == [0]


def test_an_error_in_an_advanced_field_unfolds_it(qtbot, form):
    assert not editor(form, "widths").isVisible()
    type_into(qtbot, editor(form, "widths"), "1; wide")
    assert form.field("widths").error() == "Type a number."
    assert editor(form, "widths").isVisible()


def test_an_empty_optional_field_is_none(qtbot, form):
    form.set_values({"limit": 3.0})
    type_into(qtbot, editor(form, "limit"), "")
    form.commit()
    assert form.values()["limit"] is None


def test_a_change_can_be_taken_back(qtbot, form):
    form.set_schema(Parameters.model_json_schema(), {"size": "large"})
    form.set_values({"size": "small"})
    field = form.field("size")
    assert field.is_changed()
    assert not form.field("steps").is_changed()
    with qtbot.waitSignal(form.values_changed) as changed:
        qtbot.mouseClick(field.findChild(ToolButton), Qt.MouseButton.LeftButton)
    assert changed.args[0]["size"] == "large"
    assert not field.is_changed()


def test_choices_tell_their_value(qtbot, form):
    segments = editor(form, "size", Segmented)
    with qtbot.waitSignal(form.values_changed) as changed:
        qtbot.mouseClick(segments.children()[-1], Qt.MouseButton.LeftButton)
    assert changed.args[0]["size"] == "large"


def test_many_options_become_a_list(qtbot, dressed):
    form = ParameterForm()
    qtbot.addWidget(form)
    form.set_schema({"properties": {"kind": {"enum": [f"option {i}" for i in range(9)], "default": "option 2"}}})
    box = form.findChild(QComboBox)
    assert box.currentText() == "option 2"
    with qtbot.waitSignal(form.values_changed) as changed:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert changed.args[0] == {"kind": "option 3"}


def test_the_help_text_fits_under_the_field(qtbot, form):
    for name in form.values():
        view = form.field(name)
        assert view.height() >= view.sizeHint().height() or not view.isVisible()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (0.002, "0.002"), (5.0, "5"), (1e-5, "0.00001"), (2.5e-4, "0.00025"), (1e-9, "1e-09")],
)
def test_numbers_are_written_with_the_digits_they_have(value, text):
    assert plain(value) == text


@pytest.mark.parametrize("width", [240, 304, 760])
def test_help_of_many_words_is_whole_at_any_width(qtbot, dressed, width):
    words = "Topological: a code follows its parents' codes, for any graph without cycles. Official: one step. " * 2
    form = ParameterForm()
    qtbot.addWidget(form)
    options = {"enum": ["topological", "official"], "default": "official", "description": words}
    form.set_schema({"properties": {"first": options, "second": {**options, "advanced": True}}})
    scroll = ScrollColumn()
    qtbot.addWidget(scroll)
    scroll.column.addWidget(form)
    scroll.column.addStretch(1)
    scroll.resize(width, 500)
    scroll.show()
    qtbot.waitExposed(scroll)
    assert form.width() <= scroll.width()
    labels = form.field("first").findChildren(QLabel)
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))

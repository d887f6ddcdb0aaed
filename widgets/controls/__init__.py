"""What the analyst sets: do-sliders, choices, toggles, steppers, seeds, and the form of a method's parameters."""

from widgets.controls.choice import ChoiceRow, ChoiceState
from widgets.controls.do_slider import DoSliderRow
from widgets.controls.numbers import changed_text, number_of, number_text
from widgets.controls.row import ControlRow, RowState
from widgets.controls.seed import SeedRow
from widgets.controls.slider_state import SliderState
from widgets.controls.stepper import StepperRow, StepperState
from widgets.controls.toggle import ToggleRow, ToggleState
from widgets.controls.value_box import ValueBox

__all__ = [
    "ChoiceRow", "ChoiceState", "ControlRow", "DoSliderRow", "RowState", "SeedRow", "SliderState",
    "StepperRow", "StepperState", "ToggleRow", "ToggleState", "ValueBox", "changed_text", "number_of", "number_text",
]

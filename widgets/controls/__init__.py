"""What the analyst sets: do-sliders, choices, toggles, steppers, seeds, and the form of a method's parameters."""

from widgets.controls.choice import ChoiceRow, ChoiceState
from widgets.controls.constraint_line import ConstrainedColumn
from widgets.controls.constraints import ConstraintsRow, ConstraintsState
from widgets.controls.do_slider import DoSliderRow
from widgets.controls.form import ParameterForm
from widgets.controls.row import ControlRow, RowState
from widgets.controls.seed import SeedRow
from widgets.controls.slider_state import SliderState
from widgets.controls.stepper import StepperRow, StepperState
from widgets.controls.toggle import ToggleRow, ToggleState

__all__ = [
    "ChoiceRow", "ChoiceState", "ConstrainedColumn", "ConstraintsRow", "ConstraintsState", "ControlRow", "DoSliderRow",
    "ParameterForm", "RowState", "SeedRow", "SliderState", "StepperRow", "StepperState", "ToggleRow", "ToggleState",
]

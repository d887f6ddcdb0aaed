"""What `--do` and `--set` may say, by the controls that a model offers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from engines.contract import Choice, Constraints, Control, Slider, Stepper, Toggle
from engines.refusals import Refusal
from studio.commands.arguments import value_of


def chosen(controls: Iterable[Control], texts: Mapping[str, str], *, do: bool) -> dict[str, Any]:
    """The values for the controls that set a factor (`do`) or anything else.

    Raises:
        Refusal: when there is no such control, or it cannot be set so.
    """
    known = {control.name: control for control in controls if control.do is do}
    kind = "factor" if do else "control"
    for name in texts:
        if name not in known:
            names = ", ".join(known) or "none"
            raise Refusal(f"The model has no {kind} {name}.", f"Its {kind}s are {names}.", about=(name,))
    return {name: _value(known[name], text) for name, text in texts.items()}


def _value(control: Control, text: str) -> Any:
    value = value_of(text)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match control:
        case Slider(bounds=(low, high), unit=unit):
            if number and math.isfinite(value) and low <= value <= high:
                return float(value)
            takes = f"a number from {low:g} to {high:g} {unit}".rstrip()
        case Stepper(low=low, high=high):
            if number and value == int(value) and low <= value <= high:
                return int(value)
            takes = f"a whole number from {low} to {high}"
        case Choice(options=options):
            if text in options:
                return text
            takes = f"one of {', '.join(options)}"
        case Toggle():
            if isinstance(value, bool):
                return value
            takes = "true or false"
        case Constraints():
            return control.checked(value)
    raise Refusal(f"{control.name} cannot be set to {text!r}.", f"It takes {takes}.", about=(control.name,))

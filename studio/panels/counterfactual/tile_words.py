"""What stands over and under a counterfactual picture: how far its refinement is, and what is measured in it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engines.contract import Answer, Budget
from studio.exploration.exploration import Subject
from studio.question.wording import value_text
from widgets.numbers import format_duration, format_number
from widgets.pictures import Measured


def is_done(answer: Answer) -> bool:
    """Whether nothing better is to come."""
    return answer.stage is Budget.FINAL and answer.step >= answer.total


def progress_note(answer: Answer, seconds: float) -> str:
    """From "preview" over "step 8 of 25" to "refined in 0.6 s"; `seconds` 0 where they are not known."""
    if is_done(answer):
        return _tr("refined in {}").format(format_duration(seconds)) if seconds else _tr("refined")
    if answer.step > 1:
        return _tr("step {} of {}").format(answer.step, answer.total)
    return _tr("preview")


def measured_line(answer: Answer, subject: Subject, *, factual: bool = False) -> Measured:
    """The line under the tile: what is read off the picture, and whether it is what was asked for."""
    said: list[str] = []
    for m in answer.measured:
        text = value_text(m.factual if factual else m.counterfactual, subject.control(m.name))
        said.append(f"{m.name} {text}" if said else text)
    line = _tr("measured {}").format(", ".join(said))
    if factual or not answer.measured:
        return Measured(line if said else "")
    far = [m for m in answer.measured if abs(m.counterfactual - m.wanted) > m.tolerance]
    off = ", ".join(
        _tr("{} off by {}").format(m.name, format_number(abs(m.counterfactual - m.wanted), m.unit, 2)) for m in far
    )
    tip = _tr("Measured by {}. {}").format(answer.measured[0].predictor, off).strip()
    return Measured(line, "off" if far else "ok", tip)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CounterfactualPanel", text)

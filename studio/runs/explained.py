"""Which model a run explained, in words: its name and when it was made, as they were when the run was queued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from engines.runtime.messages import ModelReference
from studio.runs.runs import RunInfo
from widgets.dates import format_moment


def explained_words(info: RunInfo) -> str:
    """"explains Plain predictor, run 1, made 24 Nov, 20:12"; empty where the run explains none."""
    return "" if info.request.model is None else _tr("explains {}").format(named(info.request.model))


def explained_line(runs: Iterable[RunInfo]) -> str:
    """The same of several runs, model by model: "Runs 2 and 3 explain …; run 4 explains …"."""
    by_model: dict[ModelReference, list[int]] = {}
    for info in runs:
        if info.request.model is not None:
            by_model.setdefault(info.request.model, []).append(info.number)
    parts = []
    for model, numbers in by_model.items():
        text = _tr("run {} explains {}") if len(numbers) == 1 else _tr("runs {} explain {}")
        parts.append(text.format(listed(numbers), named(model)))
    line = "; ".join(parts)
    return f"{line[:1].upper()}{line[1:]}"


def named(model: ModelReference) -> str:
    """The model's name, and when it was made where that is known."""
    try:
        made = format_moment(datetime.fromisoformat(model.made).astimezone())
    except ValueError:
        return model.title
    return _tr("{}, made {}").format(model.title, made)


def listed(numbers: Iterable[int]) -> str:
    """"2, 3 and 5"."""
    *first, last = sorted(numbers)
    return _tr("{} and {}").format(", ".join(map(str, first)), last) if first else str(last)


def _tr(text: str) -> str:
    return QCoreApplication.translate("explained", text)

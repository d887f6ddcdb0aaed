"""What the runs of a method differ in, and by what of it they can be drawn together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from studio.runs.runs import RunInfo
from widgets.controls.schema import plain

SEEDS = "\0seeds"
"""Group by: runs that differ in their seed alone belong together."""


def differing(runs: Sequence[RunInfo]) -> tuple[str, ...]:
    """The settings that are not the same in all runs, in the order of the method's."""
    names = dict.fromkeys(name for info in runs for name in info.request.parameters)
    return tuple(name for name in names if len({_key(info, name) for info in runs}) > 1)


def groupings(runs: Sequence[RunInfo]) -> tuple[str, ...]:
    """By what runs can be grouped: a setting that differs, or seeds where several have the same settings."""
    settings = differing(runs)
    sorts = {tuple(_key(info, name) for name in settings) for info in runs}
    return (*settings, SEEDS) if len(sorts) < len(runs) else settings


def grouping_text(by: str) -> str:
    """As the menu says it: "penalty", "settings, over seeds"."""
    return _tr("settings, over seeds") if by == SEEDS else by


def group_of(info: RunInfo, by: str, settings: Sequence[str]) -> str:
    """The group's name: the value of the setting, "0.1"; with seeds all settings that differ, "penalty 0.1"."""
    if not by:
        return ""
    if by != SEEDS:
        said = _said(info, by)
        return said if isinstance(info.request.parameters.get(by), bool) else said.removeprefix(f"{by} ")
    return ", ".join(_said(info, name) for name in settings) or _tr("all runs")


def _said(info: RunInfo, name: str) -> str:
    value = info.request.parameters.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{name} {plain(value)}"
    if isinstance(value, list | tuple):
        return f"{name} {json.dumps(value)}"
    return f"{name} {value}"


def _key(info: RunInfo, name: str) -> str:
    value: Any = info.request.parameters.get(name)
    return json.dumps(value, sort_keys=True, default=str)


def _tr(text: str) -> str:
    return QCoreApplication.translate("run_groups", text)

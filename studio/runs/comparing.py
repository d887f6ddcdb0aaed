"""What two runs, or several models, have in common and where they differ: in words, section by section."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from engines.graph.compare import compare
from engines.graph.graph import Graph
from engines.results import GraphResult, Result
from studio.catalogue import Announced
from studio.models.predictors import is_held_out, predictor_section
from studio.models.shelf import ShelvedModel
from studio.question.wording import size_text
from studio.runs.runs import RunInfo
from widgets.cards import CompareRow, CompareSection, value_text
from widgets.curves.figures import short_text
from widgets.dates import format_date, format_day
from widgets.numbers import format_count, format_duration, format_number

_NAMED = 4              # differences that a sentence names


def compare_runs(here: RunInfo, there: RunInfo, announced: Announced | None) -> tuple[CompareSection, ...]:
    """Data, settings and last scalars of two runs of a method; where both have a number, its difference."""
    pair = (here, there)
    made = (
        CompareRow(_tr("Method"), tuple(info.request.method for info in pair)),
        CompareRow(_tr("Data"), tuple(Path(info.request.data.path).name for info in pair)),
        CompareRow(_tr("Preparation"), tuple(_steps(info.request.data.steps) for info in pair)),
        CompareRow(_tr("Graph"), tuple(_graph_size(info.request.graph) for info in pair)),
        CompareRow(_tr("Seed"), tuple(str(info.request.seed) for info in pair)),
    )
    settings = _settings([info.request.parameters for info in pair], [announced, announced])
    last = [{name: values[-1] for name, (_, values) in info.scalars.items() if values} for info in pair]
    return (
        CompareSection(_tr("Made of"), made), CompareSection(_tr("Settings"), settings),
        CompareSection(_tr("Figures"), _figures(last, with_difference=True)),
    )


def compare_models(models: Sequence[ShelvedModel]) -> tuple[CompareSection, ...]:
    """Method, data, graph, settings, figures and checks of two to four models."""
    first = next((model.graph for model in models if model.graph is not None), None)
    made = (
        CompareRow(_tr("Question"), tuple(m.question.sentence if m.question else "" for m in models)),
        CompareRow(_tr("Data"), tuple(m.data_name for m in models)),
        CompareRow(_tr("Items"), tuple("" if m.items is None else format_count(m.items) for m in models)),
        CompareRow(_tr("Fingerprint of the data"), tuple(fingerprint_of(m.card) for m in models)),
        CompareRow(_tr("Made"), tuple(_day(m) for m in models)),
        CompareRow(_tr("Training took"), tuple(_seconds(m.card) for m in models)),
        CompareRow(_tr("Seed"), tuple(str(m.card.get("seed", "")) for m in models)),
    )
    graphs = (
        CompareRow(_tr("Graph"), tuple(_graph_size(m.graph) for m in models)),
        CompareRow(_tr("SHD from the first"), tuple(_distance(m.graph, first) for m in models)),
    )
    settings = _settings([m.card.get("parameters", {}) for m in models], [m.announced for m in models])
    checks = (
        CompareRow(_tr("Check"), tuple(check_text(m.announced) for m in models)),
        CompareRow(_tr("Reconstructed"), tuple(
            _tr("yes") if m.announced is not None and m.announced.reconstruction else _tr("no") for m in models
        )),
    )
    predictors = predictor_section(models)
    figures = [
        {name: value for name, value in model.figures.items() if not (predictors and is_held_out(name))}
        for model in models
    ]
    return (
        *predictors, CompareSection(_tr("Made of"), made), CompareSection(_tr("Graph"), graphs),
        CompareSection(_tr("Settings"), settings), CompareSection(_tr("Figures"), _figures(figures)),
        CompareSection(_tr("Checks"), checks),
    )


def difference_sentence(sections: Sequence[CompareSection]) -> str:
    """What differs, by name: "Different: Penalty, objective and 3 more"."""
    names = [row.name for section in sections for row in section.differing]
    if not names:
        return _tr("Nothing differs")
    more = _tr(" and {} more").format(len(names) - _NAMED) if len(names) > _NAMED else ""
    return _tr("Different: {}{}").format(", ".join(names[:_NAMED]), more)


def graph_difference(here: Result | None, there: Result | None) -> str:
    """Two graphs in a sentence with their structural Hamming distance; empty where one is none."""
    if not isinstance(here, GraphResult) or not isinstance(there, GraphResult):
        return ""
    return compare(here.graph, there.graph).sentence()


def setting_rows(parameters: Mapping[str, Any], announced: Announced | None) -> list[tuple[str, str]]:
    """Parameters by their titles in the form, with their units."""
    known = announced.parameters.get("properties", {}) if announced is not None else {}
    rows = []
    for name, value in parameters.items():
        field = known.get(name, {})
        rows.append((field.get("title") or name.replace("_", " "), _value(value, field.get("unit", ""))))
    return rows


def check_text(announced: Announced | None) -> str:
    """How the method's check ended here."""
    if announced is None:
        return _tr("not installed here")
    verdict = announced.verdict
    if verdict is None:
        return _tr("not checked here")
    ended = {"passed": _tr("passed on {}"), "failed": _tr("failed on {}"), "incomplete": _tr("incomplete on {}")}
    return ended[verdict.outcome].format(format_date(verdict.on))


def fingerprint_of(card: Mapping[str, Any]) -> str:
    """Of the data of a model, in groups of four, as the Data page writes it."""
    reference = card.get("data", {}).get("reference", {})
    plain = reference.get("fingerprint", "") if isinstance(reference, dict) else ""
    short = str(plain)[:8]
    return " ".join(short[i : i + 4] for i in range(0, len(short), 4))


def _settings(
    parameters: Sequence[Mapping[str, Any]], announced: Sequence[Announced | None]
) -> tuple[CompareRow, ...]:
    """Every setting that one of them has, in the order in which they first come."""
    written = [dict(setting_rows(plain, method)) for plain, method in zip(parameters, announced, strict=True)]
    names = dict.fromkeys(name for settings in written for name in settings)
    return tuple(CompareRow(name, tuple(settings.get(name, "") for settings in written)) for name in names)


def _figures(figures: Sequence[Mapping[str, float]], *, with_difference: bool = False) -> tuple[CompareRow, ...]:
    rows = []
    for name in dict.fromkeys(name for one in figures for name in one):
        values = [one.get(name) for one in figures]
        whole = all(value is None or float(value).is_integer() for value in values)
        write = value_text if whole else short_text         # the same precision in the whole row
        texts = tuple("" if value is None else write(value) for value in values)
        difference = ""
        if with_difference and None not in values and len(set(values)) > 1:
            change = float(values[0]) - float(values[1])            # type: ignore[arg-type]
            difference = _signed(change)
        rows.append(CompareRow(name, texts, difference))
    return tuple(rows)


def _signed(change: float) -> str:
    text = value_text(abs(change))
    return f"+{text}" if change > 0 else f"\N{MINUS SIGN}{text}"


def _value(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return _tr("on") if value else _tr("off")
    if not isinstance(value, (int, float)):
        return str(value)
    written = f"{value:.6g}"
    if "e" in written or not math.isfinite(value):
        return value_text(float(value), unit)
    return format_number(float(value), unit, len(written.partition(".")[2]))


def _steps(steps: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(str(step.get("step", "")).replace("_", " ") for step in steps) or _tr("none")


def _graph_size(graph: Graph | None) -> str:
    return "" if graph is None else size_text(graph)


def _distance(graph: Graph | None, first: Graph | None) -> str:
    if graph is None or first is None:
        return ""
    return format_count(compare(graph, first).distance)


def _day(model: ShelvedModel) -> str:
    return "" if model.made is None else f"{format_day(model.made.date())} {model.made.year}"


def _seconds(card: Mapping[str, Any]) -> str:
    seconds = card.get("seconds")
    return format_duration(seconds) if isinstance(seconds, (int, float)) else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("comparing", text)

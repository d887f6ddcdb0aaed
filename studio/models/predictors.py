"""What a predictor's card tells: its sort, what it predicts from how many columns, how well on held-out rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from engines.data.roles import Role
from studio.models.shelf import ShelvedModel
from widgets.cards import CompareRow, CompareSection
from widgets.curves.figures import short_text
from widgets.numbers import format_count, format_number

_BEFORE = "held-out "


def held_out(model: ShelvedModel) -> dict[str, dict[str, float]]:
    """By target, its figures on the rows that were kept aside; none of a model that predicts nothing."""
    found: dict[str, dict[str, float]] = {}
    for name, value in model.figures.items():
        figure, comma, target = name.removeprefix(_BEFORE).partition(", ")
        if name.startswith(_BEFORE) and comma and target in model.carded.targets:
            found.setdefault(target, {})[figure] = value
    return found


def is_held_out(name: str) -> bool:
    """Whether a figure stands among those of the predictors already."""
    return name.startswith(_BEFORE)


def split_words(model: ShelvedModel) -> str:
    """The rows that it was judged by: "20 % of 600 rows, drawn with seed 0"; empty where the card does not say."""
    columns = model.card.get("data", {}).get("columns", ())
    if (named := next((one["name"] for one in columns if one.get("role") == Role.SPLIT), "")):
        return _tr("those that {} does not train on").format(named)
    share = model.card.get("parameters", {}).get("held_out")
    if not isinstance(share, (int, float)) or model.items is None:
        return ""
    text = _tr("{} of {} rows, drawn with seed {}")
    return text.format(format_number(100 * share, "%", 0), format_count(model.items), model.card.get("seed", 0))


def inputs_words(model: ShelvedModel) -> str:
    """"5 inputs"."""
    count = len(model.carded.features)
    return _tr("1 input") if count == 1 else _tr("{} inputs").format(count)


def card_lines(model: ShelvedModel) -> list[str]:
    """For the small card: how well it does, from how many columns, and whether it has gradients."""
    told = [f"{target}: {_short(figures)}" for target, figures in held_out(model).items()]
    return [
        "; ".join(told) if told else _tr("predicts {}").format(", ".join(model.carded.targets)),
        inputs_words(model), _tr("gradients") if model.has_gradients else _tr("no gradients"),
    ]


def predictor_section(models: Sequence[ShelvedModel]) -> tuple[CompareSection, ...]:
    """The predictors side by side; nothing where none of the models is one."""
    if not any(model.can_do for model in models):
        return ()
    rows = [
        CompareRow(_tr("Kind"), tuple(m.carded.sort for m in models)),
        CompareRow(_tr("Predicts"), tuple(", ".join(m.carded.targets) for m in models)),
        CompareRow(_tr("Gradients"), tuple(
            "" if not m.can_do else _tr("yes") if m.has_gradients else _tr("no") for m in models)),
        CompareRow(_tr("Inputs"), tuple(str(len(m.carded.features)) if m.can_do else "" for m in models)),
        CompareRow(_tr("Judged by"), tuple(split_words(m) for m in models)),
    ]
    told = [held_out(model) for model in models]
    names = dict.fromkeys((target, figure) for one in told for target, figures in one.items() for figure in figures)
    for target, figure in names:
        values = [one.get(target, {}).get(figure) for one in told]
        rows.append(CompareRow(
            f"{target}: {figure}", tuple("" if value is None else short_text(value) for value in values)))
    return (CompareSection(_tr("As predictors"), tuple(rows)),)


def _short(figures: dict[str, float]) -> str:
    """The figure that is read most easily: the share that is right, or R²; else the first."""
    name = next((one for one in ("right", "R²") if one in figures), next(iter(figures)))
    return f"{name} {short_text(figures[name])}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("predictors", text)

"""The sentences of the question bar, undo steps and captions."""

from __future__ import annotations

from collections.abc import Mapping

from engines.contract import Constraints, Control, Slider
from engines.data.kinds import DataKind, DataSet
from engines.graph.graph import Graph
from engines.questions import Question
from studio.question.sentence import Part
from widgets.numbers import format_count, format_number


def value_text(value: float | str, control: Control) -> str:
    """A value with its unit, as the analyst reads it."""
    if isinstance(value, str) or not isinstance(control, Slider):
        return str(value)
    return format_number(float(value), spoken_unit(control.unit), control.decimals)


def spoken_unit(unit: str) -> str:
    """The unit as it is said beside a value: "of 255" tells the scale in a value box only."""
    return "" if unit.startswith("of ") else unit


def size_text(graph: Graph) -> str:
    """How large a graph is: "3 nodes, 1 edge"."""
    counted = (("node", len(graph.nodes)), ("edge", len(graph.edges)))
    return ", ".join(f"{format_count(count)} {word}{'' if count == 1 else 's'}" for word, count in counted)


def edge_count(graph: Graph) -> str:
    """How large a graph is, where there is little room: "7 edges"."""
    return size_text(graph).rpartition(", ")[2]


def set_sentence(name: str, value: object, control: Control) -> str:
    """The name of the undo step that sets a control: "Set thickness to 3.40 px"."""
    if isinstance(control, Constraints):
        return f"Change the {name}"
    text = value_text(value, control) if isinstance(value, (float, int, str)) else str(value)
    return f"Set {name} to {text}"


def item_text(data: DataSet, item: int) -> str:
    """The factual as words: "image 4,021" or "row 812"."""
    noun = "image" if data.kind is DataKind.IMAGES else "row"
    return f"{noun} {format_number(item, '', 0)}"


def what_if(data: DataSet, item: int, do: Mapping[str, float | str], controls: Mapping[str, Control]) -> list[Part]:
    """"What would [image 4,021] be if [thickness = 3.40 px]?"; more than two interventions fold."""
    verb = "be if" if data.kind is DataKind.IMAGES else "have been if"
    parts = [Part("What would"), Part(item_text(data, item), "item"), Part(verb)]
    names = list(do)
    for i, name in enumerate(names[:2]):
        if i:
            parts.append(Part("and"))
        parts.append(Part(f"{name} = {value_text(do[name], controls[name])}", "do", name))
    if len(names) > 2:
        parts.append(Part(f"and {len(names) - 2} more"))
    if not names:
        parts.append(Part("…"))
    return [*parts, Part("?")]


def question_about(question: Question, data_name: str | None) -> list[Part]:
    """A question with its data set: "Which variables cause which? in [sachs_cytometry]"."""
    parts = [Part(question.sentence)]
    return parts if data_name is None else [*parts, Part("in"), Part(data_name, "data")]

"""What the canvas shows on each node, from the wish and the answer of an exploration."""

from __future__ import annotations

import numpy as np

from engines.contract import Answer, Control, FactorValue, How, Slider
from engines.data.kinds import Images
from engines.graph.graph import Graph
from engines.results import ImageGridResult
from studio.exploration.exploration import Exploration
from studio.question.wording import spoken_unit
from studio.workspace import PICTURE
from widgets.graph.values import How as NodeHow
from widgets.graph.values import NodeState
from widgets.graph.values import Slider as NodeSlider
from widgets.numbers import format_change, format_number
from widgets.pictures import image_of

_HOW = {How.SET: NodeHow.SET, How.FOLLOWS: NodeHow.FOLLOWS, How.UNAFFECTED: NodeHow.UNAFFECTED}


def node_states(exploration: Exploration, graph: Graph, picture: np.ndarray | None) -> dict[str, NodeState]:
    """One state a node that the model knows; `picture` is the newest counterfactual."""
    subject, wish = exploration.subject, exploration.wish
    if subject is None or wish.item is None:
        return {}
    by_name = {factor.name: factor for factor in exploration.answer.factors} if exploration.answer else {}
    states = {}
    for control in subject.factors:
        if control.name in graph:
            states[control.name] = _state(exploration, control, by_name.get(control.name))
    if PICTURE in graph and isinstance(subject.data, Images):
        factual = subject.data.pixels[subject.position(wish.item)]
        shown = factual if picture is None else picture
        how = NodeHow.FOLLOWS if wish.do else NodeHow.FREE
        states[PICTURE] = NodeState(how=how, picture=image_of(np.asarray(shown)))
    return states


def picture_of(answer: Answer) -> np.ndarray | None:
    """The counterfactual picture of the first item: the first picture of the first grid in the answer."""
    for result in answer.results:
        if isinstance(result, ImageGridResult) and len(result.pictures):
            return np.asarray(result.pictures[0])
    return None


def value_at(slider: Slider, fraction: float) -> float:
    """The raw value at a place of the node's mini slider, which spans the range of the data."""
    value = slider.low + fraction * (slider.high - slider.low)
    return round(value, slider.decimals)


def _state(exploration: Exploration, control: Control, factor: FactorValue | None) -> NodeState:
    name = control.name
    wish, graph = exploration.wish, exploration.graph
    factual = exploration.factual(name)
    wished = wish.do.get(name)
    if factor is not None and factor.how is How.SET and wished is None:
        factor = None                           # it was set free; the answer to that is still to come
    now = wished if wished is not None else factor.counterfactual if factor else factual
    how = NodeHow.SET if wished is not None else _HOW[factor.how] if factor and wish.do else NodeHow.FREE
    has_noise = isinstance(control, Slider) and graph is not None and name in graph
    noise = "" if has_noise else None
    if isinstance(control, Slider) and isinstance(factual, float) and isinstance(now, (int, float)):
        unit, decimals = spoken_unit(control.unit), control.decimals
        changed = how in (NodeHow.SET, NodeHow.FOLLOWS) and round(now - factual, decimals) != 0
        span = control.high - control.low
        places = [min(max((value - control.low) / span, 0.0), 1.0) if span else 0.5 for value in (float(now), factual)]
        return NodeState(
            format_number(factual, unit, decimals),
            format_number(float(now), unit, decimals) if changed or wished is not None else "",
            format_change(now - factual, "", decimals) if changed else "",
            how, NodeSlider(*places), noise,
        )
    changed = str(now) != str(factual)
    return NodeState(str(factual), str(now) if changed else "", "", how, None, noise)

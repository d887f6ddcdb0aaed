"""Can the effect of one node on another be computed from data? By adjustment, if the graph is right.

The criterion is that of Shpitser, VanderWeele and Robins (2010), which is complete for adjustment: a set Z serves when
no node of it is a descendant of a node on a causal path from exposure to outcome (the exposure apart), and Z separates
the two once the first edges of the causal paths are taken away. Nodes that are latent cannot be adjusted for; nodes
that are selected always are. That no set serves does not mean that no other formula does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engines.graph.adjustment import smallest_adjustment
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph, Mark
from engines.graph.separation import Path, checked, connected
from engines.graph.ways import open_between
from engines.refusals import Refusal

CONDITION = "if the graph is right"


@dataclass(frozen=True)
class Identification:
    """Whether and how an effect is identified by adjustment, under `CONDITION`.

    Attributes:
        exposure, outcome: The question.
        identified: Whether some set serves.
        adjust: A set of the fewest nodes, in the order of nodes.
        effect: False where no causal path leads from exposure to outcome, so that there is no effect.
        open_path: Without identification, a path that no set blocks.
        selected: Nodes that are selected, so conditioned upon in any case.
    """

    exposure: str
    outcome: str
    identified: bool
    adjust: tuple[str, ...] = ()
    effect: bool = True
    open_path: Path | None = None
    selected: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The answer in words, without its condition."""
        if not self.effect:
            return f"{self.exposure} has no effect on {self.outcome}: no path of causes leads there."
        if self.identified:
            return f"Effect of {self.exposure} on {self.outcome} is identified. Adjust for {_listed(self.adjust)}."
        why = f": {self.open_path} stays open" if self.open_path is not None else ""
        return f"Effect of {self.exposure} on {self.outcome} is not identified by adjustment{why}."


def identify(graph: Graph, exposure: str, outcome: str, fuse: Fuse | None = None) -> Identification:
    """Find a smallest set to adjust for, or say what stays open; when the fuse burns, without the path.

    Raises:
        Refusal: for a graph with a cycle or with edges of no clear direction, an unknown or doubled name, or an
            exposure or outcome that is latent.
    """
    _asked(graph, exposure, outcome)
    selected = _marked(graph, Mark.SELECTED)
    between, forbidden = _causal(graph, exposure, outcome)
    if not between:
        return Identification(exposure, outcome, True, effect=False, selected=selected)
    rest = _without_first_edges(graph, exposure, between)
    base = set(selected) - {exposure, outcome}
    if base & forbidden:
        path = open_between(rest, (exposure,), (outcome,), base, fuse or Fuse())
        return Identification(exposure, outcome, False, open_path=path, selected=selected)
    adjust = smallest_adjustment(graph, exposure, outcome)
    if adjust is None:
        related = set(rest.ancestors(exposure, outcome, *base))
        barred = forbidden | {exposure, outcome} | set(_marked(graph, Mark.LATENT))
        path = open_between(rest, (exposure,), (outcome,), base | related - barred, fuse or Fuse())
        return Identification(exposure, outcome, False, open_path=path, selected=selected)
    return Identification(exposure, outcome, True, adjust, selected=selected)


def adjusts(graph: Graph, exposure: str, outcome: str, given: Iterable[str]) -> bool:
    """Whether adjusting for `given` (and what is selected) gives the effect.

    Raises:
        Refusal: as `identify`.
    """
    _asked(graph, exposure, outcome)
    known = set(given) | set(_marked(graph, Mark.SELECTED))
    between, forbidden = _causal(graph, exposure, outcome)
    if known & (forbidden | {exposure, outcome}) or set(given) & set(_marked(graph, Mark.LATENT)):
        return False
    return outcome not in connected(_without_first_edges(graph, exposure, between), [exposure], known)


def _asked(graph: Graph, exposure: str, outcome: str) -> None:
    checked(graph, (exposure, outcome))
    graph.order()
    if exposure == outcome:
        raise Refusal(f"{exposure} is exposure and outcome at once.", "Mark two nodes.", about=(exposure,))
    for name in (exposure, outcome):
        if Mark.LATENT in graph.node(name).marks:
            raise Refusal(f"{name} is latent, so its effect cannot be measured.", about=(name,))


def _causal(graph: Graph, exposure: str, outcome: str) -> tuple[set[str], set[str]]:
    """Nodes on causal paths without the exposure, and all that descend from them."""
    between = set(graph.descendants(exposure)) & (set(graph.ancestors(outcome)) | {outcome})
    return between, between | set(graph.descendants(*between))


def _without_first_edges(graph: Graph, exposure: str, between: set[str]) -> Graph:
    """The proper back-door graph."""
    first = {(exposure, child) for child in graph.children(exposure) if child in between}
    kept = tuple(edge for edge in graph.edges if edge.bidirected or not {edge.pair, edge.pair[::-1]} & first)
    return replace(graph, edges=kept)


def _marked(graph: Graph, mark: Mark) -> tuple[str, ...]:
    return tuple(node.name for node in graph.nodes if mark in node.marks)


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return "nothing"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

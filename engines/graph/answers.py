"""What answers about a graph have in common: why there is none, and whether they are all that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from engines.graph.bits import Bits
from engines.graph.fuse import SECONDS, Burnt
from engines.graph.graph import Graph, Mark
from engines.graph.separation import Path, checked
from engines.refusals import Refusal

MOST = 100
"""How many answers of one sort are listed."""

_Found = TypeVar("_Found")


class Ended(StrEnum):
    """Why a list ends where it does."""

    ALL = "all"
    MOST = "most"
    TIME = "time"


@dataclass(frozen=True)
class WhyNot:
    """Why there is no answer.

    Attributes:
        sentence: The reason, complete.
        path: The path that stands in the way, None where it is no path.
        nodes: The nodes that stand in the way, in the order of nodes.
    """

    sentence: str
    path: Path | None = None
    nodes: tuple[str, ...] = ()


def up_to(found: Iterator[_Found], most: int = MOST) -> tuple[tuple[_Found, ...], Ended]:
    """The first of a search, and why there are no more."""
    told: list[_Found] = []
    try:
        for one in found:
            if len(told) == most:
                return tuple(told), Ended.MOST
            told.append(one)
    except Burnt:
        return tuple(told), Ended.TIME
    return tuple(told), Ended.ALL


def limit_words(ended: Ended, count: int, what: str) -> str:
    """A sentence on a list that was cut short; empty where it is complete."""
    match ended:
        case Ended.MOST:
            return f"There are more: the first {count} {what} are listed."
        case Ended.TIME:
            return f"The search was ended after {SECONDS:.0f} s: {count} {what} found until then are listed."
        case Ended.ALL:
            return ""


def listed(names: Sequence[str], nothing: str = "nothing") -> str:
    """Names in a sentence."""
    if not names:
        return nothing
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def asked(graph: Graph, exposures: Iterable[str], outcomes: Iterable[str]) -> Bits:
    """The graph to ask for an effect in.

    Raises:
        Refusal: for a graph with a cycle or with edges of no clear direction, an unknown name, no exposure or outcome,
            one that is both, or one that is latent.
    """
    causes, effects = tuple(exposures), tuple(outcomes)
    checked(graph, (*causes, *effects))
    graph.order()
    if not causes or not effects:
        what = "outcome" if causes else "exposure"
        raise Refusal(f"No node is marked as {what}.", "Select one and press X for exposure or Y for outcome.")
    for name in causes:
        if name in effects:
            raise Refusal(f"{name} is exposure and outcome at once.", "Mark two nodes.", about=(name,))
    for name in (*causes, *effects):
        if Mark.LATENT in graph.node(name).marks:
            raise Refusal(f"{name} is latent, so its effect cannot be measured.", about=(name,))
    return Bits.of(graph)


def obstacles(graph: Graph, path: Path, barred: Iterable[str]) -> str:
    """What on an open path cannot be held fixed, in words; empty where nothing stands out.

    Args:
        barred: Nodes that may not be adjusted for although they are seen.
    """
    kept = set(barred)
    told = [f"{name} is latent" for name in path.nodes[1:-1] if Mark.LATENT in graph.node(name).marks]
    hidden = [edge.pair for edge in path.edges if edge.bidirected]
    told += [f"the hidden cause of {one} and {other} is not seen" for one, other in hidden]
    told += [f"{name} is itself an effect of the exposure" for name in path.nodes[1:-1] if name in kept]
    return listed(told, "")

"""Which sets may be adjusted for? All from which no node can be spared.

A set serves when no node of it descends from a node on a causal path from exposure to outcome (the exposure apart), and
when it separates the two in the proper back-door graph, in which the first edges of the causal paths are taken away
(Shpitser, VanderWeele and Robins 2010; for sets of exposures van der Zander, Liskiewicz and Textor 2014). Latent nodes
are never taken, selected nodes are held fixed in any case. For the direct effect in a linear model the edge from
exposure to outcome is taken away instead, and no descendant of the outcome may be taken (Pearl's single door).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from engines.graph.answers import MOST, Ended, WhyNot, asked, limit_words, listed, obstacles, up_to
from engines.graph.bits import Bits, each, union
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph
from engines.graph.separators import Near, between, minimal, smallest
from engines.graph.ways import open_between


@dataclass(frozen=True)
class Adjustments:
    """The sets that serve, if the graph is right.

    Attributes:
        exposures, outcomes: The question.
        sets: Each in the order of nodes; the first has the fewest nodes, the others follow by their number.
        effect: False where no causal path leads from an exposure to an outcome, so that there is no effect.
        ended: Whether these are all.
        why_not: Where no set serves.
        direct: Whether the direct effect was asked for.
        selected: Nodes that are held fixed in any case.
    """

    exposures: tuple[str, ...]
    outcomes: tuple[str, ...]
    sets: tuple[tuple[str, ...], ...] = ()
    effect: bool = True
    ended: Ended = Ended.ALL
    why_not: WhyNot | None = None
    direct: bool = False
    selected: tuple[str, ...] = ()

    def sentence(self) -> str:
        """The answer in words."""
        cause, result = listed(self.exposures), listed(self.outcomes)
        way = "direct effect" if self.direct else "effect"
        if not self.effect and self.direct:
            return f"{cause} has no direct effect on {result}: no edge leads there."
        if not self.effect:
            return f"{cause} has no effect on {result}: no path of causes leads there."
        if self.why_not is not None:
            return f"The {way} of {cause} on {result} is not identified by adjustment: {self.why_not.sentence}"
        count = len(self.sets)
        sets = "One set serves" if count == 1 else f"{count} sets serve"
        told = f"{sets} to adjust for in the {way} of {cause} on {result}."
        return f"{told} {limit_words(self.ended, count, 'sets')}".strip()


def adjustments(
    graph: Graph, exposures: Iterable[str], outcomes: Iterable[str], fuse: Fuse | None = None, most: int = MOST
) -> Adjustments:
    """All minimal sets for the total effect, at most `most`; when the fuse burns, those found until then.

    Raises:
        Refusal: see `answers.asked`.
    """
    causes, effects = tuple(exposures), tuple(outcomes)
    bits = asked(graph, causes, effects)
    about = Causal.of(bits, bits.set(causes), bits.set(effects))
    question = Adjustments(causes, effects, effect=bool(about.between), selected=bits.named(bits.selected))
    return _answered(graph, about, question, fuse or Fuse(), most)


def direct_adjustments(
    graph: Graph, exposure: str, outcome: str, fuse: Fuse | None = None, most: int = MOST
) -> Adjustments:
    """All minimal sets for the coefficient of the edge from exposure to outcome in a linear model.

    Raises:
        Refusal: see `answers.asked`.
    """
    bits = asked(graph, (exposure,), (outcome,))
    cause, effect = bits.set((exposure,)), bits.set((outcome,))
    edge = effect if union(bits.children, cause) & effect else 0
    about = Causal(cause, effect, edge, bits.descendants(effect), bits.without(cause, effect))
    question = Adjustments(
        (exposure,), (outcome,), effect=bool(edge), direct=True, selected=bits.named(bits.selected)
    )
    return _answered(graph, about, question, fuse or Fuse(), most)


def smallest_adjustment(graph: Graph, exposure: str, outcome: str) -> tuple[str, ...] | None:
    """A set of the fewest nodes, or None where none serves.

    Raises:
        Refusal: see `answers.asked`.
    """
    bits = asked(graph, (exposure,), (outcome,))
    about = Causal.of(bits, bits.set((exposure,)), bits.set((outcome,)))
    found = None if about.spoilt else smallest(about.undirected(), about.causes, about.effects)
    return None if found is None else bits.named(found)


@dataclass(frozen=True)
class Causal:
    """What lies between exposures and outcomes.

    Attributes:
        causes, effects: The question.
        between: Nodes on the causal paths in question, without the exposures.
        forbidden: Nodes that may not be adjusted for, as they follow from these paths.
        cut: The graph without the first edges of these paths.
    """

    causes: int
    effects: int
    between: int
    forbidden: int
    cut: Bits

    @staticmethod
    def of(bits: Bits, causes: int, effects: int) -> Causal:
        """All proper causal paths: those that meet the exposures only at their start."""
        onwards = bits.without(bits.all, causes).descendants(causes) & ~causes
        middle = onwards & bits.without(causes, bits.all).ancestors(effects)
        return Causal(causes, effects, middle, bits.descendants(middle), bits.without(causes, middle))

    @property
    def spoilt(self) -> int:
        """Nodes that are selected although they may not be held fixed."""
        return self.cut.selected & self.forbidden

    @property
    def forced(self) -> int:
        return self.cut.selected & ~(self.causes | self.effects)

    @property
    def allowed(self) -> int:
        return self.cut.all & ~(self.forbidden | self.cut.latent | self.causes | self.effects)

    def undirected(self) -> Near:
        return between(self.cut, self.causes, self.effects, self.allowed, self.forced)


def _answered(graph: Graph, about: Causal, question: Adjustments, fuse: Fuse, most: int) -> Adjustments:
    if not question.effect:
        return question
    if about.spoilt:
        names = about.cut.named(about.spoilt)
        what = "is selected and follows" if len(names) == 1 else "are selected and follow"
        return replace(question, why_not=WhyNot(f"{listed(names)} {what} from the exposure.", nodes=names))
    near = about.undirected()
    least = smallest(near, about.causes, about.effects)
    if least is None:
        return replace(question, why_not=_why_not(graph, about, fuse))
    others = (found for found in minimal(near, about.causes, about.effects, fuse) if found != least)
    sets, ended = up_to(chain((least,), others), most)
    ordered = sorted(sets[1:], key=lambda found: (found.bit_count(), *each(found)))
    return replace(question, sets=tuple(about.cut.named(found) for found in (least, *ordered)), ended=ended)


def _why_not(graph: Graph, about: Causal, fuse: Fuse) -> WhyNot:
    """The path that stays open when all that may be adjusted for is adjusted for."""
    cut = about.cut
    known = cut.ancestors(about.causes | about.effects | about.forced) & about.allowed | about.forced
    path = open_between(cut.kept(graph), cut.named(about.causes), cut.named(about.effects), cut.named(known), fuse)
    if path is None:
        return WhyNot("A path stays open whatever is adjusted for.")
    reason = obstacles(graph, path, cut.named(about.forbidden))
    return WhyNot(f"{path} stays open{', as ' + reason if reason else ''}.", path, path.nodes)

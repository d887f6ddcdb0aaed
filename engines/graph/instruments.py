"""Which nodes may serve as instruments, each with the set that it needs?

A node z is an instrument for the effect of x on y in a linear model, given W, when z is tied to x given W and separated
from y given W once the first edges of the causal paths from x to y are taken away; neither z nor W follows from these
paths (Brito and Pearl 2002). If some set does, then the one next to y among the ancestors of y and z does for some node
(van der Zander, Textor and Liskiewicz 2015), so that one set a node is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from engines.graph.adjustment import Causal
from engines.graph.answers import Ended, WhyNot, asked, limit_words, listed, obstacles
from engines.graph.bits import Bits, each
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph
from engines.graph.separators import between, nearest
from engines.graph.ways import open_between


@dataclass(frozen=True)
class Instrument:
    """A node that moves the outcome only through the exposure, once `given` is held fixed."""

    name: str
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} given {listed(self.given)}" if self.given else self.name


@dataclass(frozen=True)
class Instruments:
    """All instruments found, those that need the fewest nodes first.

    Attributes:
        exposure, outcome: The question.
        found: One for each node that can be one.
        why_not: Where there is none.
        ended: Whether all nodes were looked at.
    """

    exposure: str
    outcome: str
    found: tuple[Instrument, ...] = ()
    why_not: WhyNot | None = None
    ended: Ended = Ended.ALL

    def sentence(self) -> str:
        """The answer in words."""
        if self.why_not is not None:
            return f"No instrument for the effect of {self.exposure} on {self.outcome}: {self.why_not.sentence}"
        count = len(self.found)
        nodes = "1 instrument" if count == 1 else f"{count} instruments"
        told = f"{nodes} for the effect of {self.exposure} on {self.outcome}."
        return f"{told} {limit_words(self.ended, count, 'instruments')}".strip()


def instruments(graph: Graph, exposure: str, outcome: str, fuse: Fuse | None = None) -> Instruments:
    """All conditional instruments; when the fuse burns, those found until then.

    Raises:
        Refusal: see `answers.asked`.
    """
    bits = asked(graph, (exposure,), (outcome,))
    cause, effect = bits.set((exposure,)), bits.set((outcome,))
    about = Causal.of(bits, cause, effect)
    if not about.between:
        why = WhyNot(f"{exposure} has no effect on {outcome}.")
        return Instruments(exposure, outcome, why_not=why)
    if about.spoilt:
        names = bits.named(about.spoilt)
        return Instruments(
            exposure, outcome, why_not=WhyNot(f"{listed(names)}, selected, follows from the exposure.", nodes=names)
        )
    fuse = fuse or Fuse()
    found, ended = [], Ended.ALL
    candidates = about.allowed & ~about.forced
    for i in each(candidates):
        if fuse.burnt:
            ended = Ended.TIME
            break
        given = _given(bits, about, 1 << i)
        if given is not None:
            found.append(Instrument(bits.names[i], bits.named(given)))
    if not found:
        why = _why_not(graph, bits, about, candidates, fuse)
        return Instruments(exposure, outcome, why_not=why, ended=ended)
    return Instruments(exposure, outcome, tuple(sorted(found, key=lambda one: len(one.given))), ended=ended)


def _given(bits: Bits, about: Causal, node: int) -> int | None:
    """The set that makes a node an instrument, without what is selected; None where none next to the outcome does."""
    cut = about.cut
    near = between(cut, about.effects, node, about.allowed & ~node, about.forced)
    given = nearest(near, about.effects, node)
    if given is None or not bits.connected(node, given | about.forced) & about.causes:
        return None
    return given


def _why_not(graph: Graph, bits: Bits, about: Causal, candidates: int, fuse: Fuse) -> WhyNot:
    """What rules the nodes out that are tied to the exposure; the nearest miss with its path."""
    tied = bits.connected(about.causes, about.forced) & candidates
    if not tied:
        return WhyNot(f"no node but those that follow from {listed(bits.named(about.causes))} is tied to it.")
    name = bits.names[next(each(bits.ancestors(about.causes) & tied or tied))]
    node = bits.set((name,))
    known = bits.ancestors(about.effects | node) & about.allowed & ~node | about.forced
    path = open_between(about.cut.kept(graph), (name,), bits.named(about.effects), bits.named(known), fuse)
    count = tied.bit_count()
    who = f"{name}, the only node tied to the exposure," if count == 1 else f"none of {count} nodes will do; {name}"
    if path is None:
        return WhyNot(f"{who} is no longer tied to the exposure once its other ways to the outcome are blocked.",
                      nodes=(name,))
    reason = obstacles(graph, path, bits.named(about.forbidden))
    return WhyNot(
        f"{who} reaches the outcome in another way: {path}{', as ' + reason if reason else ''}.", path, path.nodes
    )

"""Front-door sets: through which nodes does the whole effect pass, untouched by what confounds it?

A set M serves when every causal path from x to y passes it, no back-door path from x to M is open, and every back-door
path from M to y is blocked by x (Pearl 1995). Of the nodes that satisfy the second and, with each other, the third
condition there is a largest set, found step by step (Jeong, Tian and Bareinboim 2022); some set serves when it
intercepts all causal paths. Taking away what can be spared leaves a minimal set (Wienöbst, van der Zander and
Liskiewicz 2022); the others are found by forbidding, one after the other, each node of those that are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engines.graph.adjustment import Causal
from engines.graph.answers import MOST, Ended, WhyNot, asked, limit_words, listed, obstacles, up_to
from engines.graph.bits import Bits, each
from engines.graph.fuse import Fuse
from engines.graph.graph import Graph
from engines.graph.separation import Path
from engines.graph.ways import open_between


@dataclass(frozen=True)
class FrontDoors:
    """The minimal front-door sets.

    Attributes:
        exposure, outcome: The question.
        sets: Each in the order of nodes, the smallest first.
        why_not: Where there is none.
        ended: Whether these are all.
    """

    exposure: str
    outcome: str
    sets: tuple[tuple[str, ...], ...] = ()
    why_not: WhyNot | None = None
    ended: Ended = Ended.ALL

    def sentence(self) -> str:
        """The answer in words."""
        if self.why_not is not None:
            return f"No front-door set for the effect of {self.exposure} on {self.outcome}: {self.why_not.sentence}"
        count = len(self.sets)
        sets = "1 front-door set" if count == 1 else f"{count} front-door sets"
        told = f"{sets} for the effect of {self.exposure} on {self.outcome}."
        return f"{told} {limit_words(self.ended, count, 'sets')}".strip()


def front_doors(graph: Graph, exposure: str, outcome: str, fuse: Fuse | None = None, most: int = MOST) -> FrontDoors:
    """All minimal sets, at most `most`; when the fuse burns, those found until then.

    Raises:
        Refusal: see `answers.asked`.
    """
    bits = asked(graph, (exposure,), (outcome,))
    about = Causal.of(bits, bits.set((exposure,)), bits.set((outcome,)))
    if bits.selected:
        names = bits.named(bits.selected)
        why = WhyNot(f"the formula does not allow for a selection ({listed(names)}).", nodes=names)
        return FrontDoors(exposure, outcome, why_not=why)
    if not about.between:
        return FrontDoors(exposure, outcome, why_not=WhyNot(f"{exposure} has no effect on {outcome}."))
    fuse = fuse or Fuse()
    largest = _largest(bits, about, bits.all & ~(about.causes | about.effects | bits.latent))
    if _passed_by(bits, about, largest):
        return FrontDoors(exposure, outcome, why_not=_why_not(graph, bits, about, largest, fuse))
    sets, ended = up_to(_minimal(bits, about, largest, fuse), most)
    ordered = sorted(sets, key=lambda found: (found.bit_count(), *each(found)))
    return FrontDoors(exposure, outcome, tuple(bits.named(found) for found in ordered), ended=ended)


def _largest(bits: Bits, about: Causal, allowed: int) -> int:
    """The largest set of allowed nodes that satisfies the second and the third condition."""
    upwards = bits.without(about.causes, bits.all)
    found = allowed & ~upwards.connected(about.causes, 0)
    while True:
        open_behind = bits.without(found, bits.all).connected(about.effects, about.causes) & found
        if not open_behind:
            return found
        found &= ~open_behind


def _passed_by(bits: Bits, about: Causal, found: int) -> int:
    """Outcomes that a causal path reaches past the set."""
    return bits.without(bits.all, found).descendants(about.causes) & about.effects


def _minimal(bits: Bits, about: Causal, largest: int, fuse: Fuse) -> Iterator[int]:
    """Minimal sets within the largest one, each once."""
    told: set[int] = set()
    seen = {largest}
    waiting = [largest]
    for allowed in waiting:
        fuse.check()
        found = _shrunk(bits, about, allowed)
        if found not in told:
            told.add(found)
            yield found
        for i in each(found):
            fewer = _largest(bits, about, allowed & ~(1 << i))
            if fewer not in seen and not _passed_by(bits, about, fewer):
                seen.add(fewer)
                waiting.append(fewer)


def _shrunk(bits: Bits, about: Causal, found: int) -> int:
    for i in each(found):
        if found >> i & 1:
            fewer = _largest(bits, about, found & ~(1 << i))
            if not _passed_by(bits, about, fewer):
                found = fewer
    return found


def _why_not(graph: Graph, bits: Bits, about: Causal, largest: int, fuse: Fuse) -> WhyNot:
    """A causal path that no node which will do lies on, and what is wrong with the nodes on it."""
    exposure, outcome = bits.named(about.causes)[0], bits.named(about.effects)[0]
    way = _causal_way(bits, about, largest)
    middle = bits.set(way[1:-1])
    shown = " → ".join(way)
    if not middle:
        return WhyNot(f"the edge {shown} passes no other node.", nodes=way)
    if not middle & ~bits.latent:
        return WhyNot(f"all that lies on {shown} is latent.", nodes=way)
    seen = middle & ~bits.latent
    behind = bits.without(about.causes, bits.all).connected(about.causes, 0) & seen
    if behind:
        name = bits.named(behind)[0]
        path = open_between(
            bits.without(about.causes, bits.all).kept(graph), (exposure,), (name,), (), fuse
        )
        return WhyNot(f"{exposure} and {name} are confounded{_told(graph, path)}.", path, way)
    name = bits.named(seen)[0]
    path = open_between(bits.without(seen, bits.all).kept(graph), (name,), (outcome,), (exposure,), fuse)
    return WhyNot(f"{name} and {outcome} are confounded{_told(graph, path)}.", path, way)


def _told(graph: Graph, path: Path | None) -> str:
    if path is None:
        return ""
    reason = obstacles(graph, path, ())
    return f": {path} is open{', as ' + reason if reason else ''}"


def _causal_way(bits: Bits, about: Causal, avoided: int) -> tuple[str, ...]:
    """A shortest causal path that meets none of the avoided nodes."""
    end = next(each(about.effects))
    came: dict[int, int] = {}
    waiting = list(each(about.causes))
    for i in waiting:
        for j in each(bits.children[i] & ~avoided & ~about.causes):
            if j not in came:
                came[j] = i
                waiting.append(j)
    way = [end]
    while way[-1] in came:
        way.append(came[way[-1]])
    return tuple(bits.names[i] for i in reversed(way))

"""Are two sets of nodes separated given a third, and by which ways are they tied?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from engines.graph.answers import Ended, limit_words, listed, up_to
from engines.graph.bits import Bits
from engines.graph.fuse import Burnt, Fuse
from engines.graph.graph import Graph
from engines.graph.separation import Path, checked, every_path, open_path, separated

MOST_PATHS = 200


@dataclass(frozen=True)
class Ways:
    """Whether two sets are separated, with the paths between them.

    Attributes:
        first, second, given: The question.
        separated: The answer; it is exact also where the list of paths was cut short.
        open, blocked: Paths, the shortest first; each blocked one with the nodes that block it.
        ended: Whether these are all the paths.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    given: tuple[str, ...]
    separated: bool
    open: tuple[Path, ...] = ()
    blocked: tuple[Path, ...] = ()
    ended: Ended = Ended.ALL

    def sentence(self) -> str:
        """The answer in words."""
        known = f" given {listed(self.given)}" if self.given else ""
        one, other = listed(self.first), listed(self.second)
        if self.separated:
            count = len(self.blocked)
            paths = "no path joins them" if not count else f"each of {count} paths is blocked"
            if count == 1:
                paths = "the one path is blocked"
            if self.ended is not Ended.ALL:
                paths = "every path is blocked"
            told = f"{one} and {other} are separated{known}: {paths}."
        else:
            way = f": {self.open[0]} is open" if self.open else ""
            told = f"{one} and {other} are not separated{known}{way}."
        return f"{told} {limit_words(self.ended, len(self.open) + len(self.blocked), 'paths')}".strip()


def ways(
    graph: Graph, first: Iterable[str], second: Iterable[str], given: Iterable[str] = (), fuse: Fuse | None = None,
    most: int = MOST_PATHS,
) -> Ways:
    """Whether `given` separates two sets, and at most `most` paths between them.

    Raises:
        Refusal: see `separation.separated`.
    """
    ones, others, known = tuple(first), tuple(second), tuple(given)
    apart = separated(graph, ones, others, known)
    fuse = fuse or Fuse()
    witness = None if apart else open_between(graph, ones, others, known, fuse)
    found, ended = up_to(_between(graph, ones, others, known, fuse), most)
    opened = [path for path in found if path.open]
    if witness is not None and witness not in opened:
        opened.insert(0, witness)
    return Ways(ones, others, known, apart, tuple(opened), tuple(path for path in found if not path.open), ended)


def _between(
    graph: Graph, first: tuple[str, ...], second: tuple[str, ...], given: tuple[str, ...], fuse: Fuse
) -> Iterator[Path]:
    """Paths that meet the two sets only at their ends."""
    ends = {*first, *second}
    for start, end in product(first, second):
        for path in every_path(graph, start, end, given, fuse):
            if not ends & set(path.nodes[1:-1]):
                yield path


def open_between(
    graph: Graph, first: Iterable[str], second: Iterable[str], given: Iterable[str], fuse: Fuse
) -> Path | None:
    """A short open path between two sets; None where they are separated, or none was found before the fuse burnt."""
    known, others = tuple(given), tuple(second)
    checked(graph, (*known, *others))
    bits = Bits.of(graph)
    found = None
    for start in first:
        reached = bits.connected(bits.set((start,)), bits.set(known))
        for end in bits.named(reached & bits.set(others)):
            try:
                path = open_path(graph, start, end, known, fuse)
            except Burnt:
                return found
            if path is not None and (found is None or len(path.nodes) < len(found.nodes)):
                found = path
    return found

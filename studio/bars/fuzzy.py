"""Finding a command by some of its letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

_START, _NEXT, _EARLY = 8, 5, 0.05


@dataclass(frozen=True)
class Match:
    """How well a text fits what was typed, and at which of its characters."""

    score: float
    at: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """All letters of the query must come in the text, in order. Starts of words and letters side by side count more.

    The best of all ways to place the letters is found, not the first; None when there is none.
    """
    wanted, lower = query.casefold().replace(" ", ""), text.casefold()
    if not wanted:
        return Match(0.0, ())
    best: dict[int, tuple[float, tuple[int, ...]]] = {-1: (0.0, ())}
    for letter in wanted:
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for place, candidate in enumerate(lower):
            if candidate != letter:
                continue
            worth = 1.0 + _START * (place == 0 or not lower[place - 1].isalnum()) - _EARLY * place
            ways = [
                (score + worth + _NEXT * (before == place - 1 and before >= 0), (*at, place))
                for before, (score, at) in best.items() if before < place
            ]
            if ways:
                following[place] = max(ways)
        best = following
    if not best:
        return None
    score, at = max(best.values())
    return Match(score, at)


def ranked(query: str, items: Iterable[T], text_of: Callable[[T], str]) -> Sequence[tuple[T, Match]]:
    """Those that match, the best first; equal ones, and all when nothing is typed, in their own order."""
    found = [(item, fits) for item in items if (fits := match(query, text_of(item))) is not None]
    return sorted(found, key=lambda pair: -pair[1].score)

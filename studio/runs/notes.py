"""What a project keeps of its runs beside their records: the order of the queue, and how far each had come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from engines.refusals import Refusal
from studio.project import Kind, Project

_QUEUE, _REACHED = "queue", "reached"


class RunNotes:
    """Read when the project is opened; `write` puts what has changed since into the store.

    Args:
        on_error: Told when it could not be written; it is tried again at the next `write`.
    """

    def __init__(self, project: Project, on_error: Callable[[str], None]) -> None:
        self._project, self._on_error = project, on_error
        self._order: list[int] = list(project.store.get(Kind.SETTING, _QUEUE) or [])
        self._reached: dict[str, list[int]] = dict(project.store.get(Kind.SETTING, _REACHED) or {})
        self._unwritten: set[str] = set()

    def order(self) -> tuple[int, ...]:
        """The runs that work, wait or were interrupted, in the order of the queue."""
        return tuple(self._order)

    def reached(self, run: int) -> tuple[int, int] | None:
        """The last (step, total) that was noted of a run."""
        found = self._reached.get(str(run))
        return None if found is None else (found[0], found[1])

    def arrange(self, live: Sequence[int], kept: Collection[int]) -> None:
        """The queue is now `live`; interrupted runs among `kept` hold their places in between."""
        order = arranged(self._order, live, kept)
        if order != self._order:
            self._order = order
            self._unwritten.add(_QUEUE)

    def note(self, run: int, done: int, total: int) -> None:
        """How far a run has come."""
        if self._reached.get(str(run)) != [done, total]:
            self._reached[str(run)] = [done, total]
            self._unwritten.add(_REACHED)

    def forget(self, run: int) -> None:
        """A run is done: how far it came is of no interest any more."""
        if self._reached.pop(str(run), None) is not None:
            self._unwritten.add(_REACHED)

    def write(self) -> None:
        """Put what has changed into the store."""
        plain = {_QUEUE: self._order, _REACHED: self._reached}
        try:
            for name in sorted(self._unwritten):
                self._project.store.put(Kind.SETTING, name, plain[name])
                self._unwritten.discard(name)
        except Refusal as refusal:
            self._on_error(refusal.sentence)


def arranged(before: Sequence[int], live: Sequence[int], kept: Collection[int]) -> list[int]:
    """`before` without what is neither live nor kept; the live ones fill their places anew, new ones come last."""
    moving = iter(live)
    places = [number for number in before if number in kept or number in live]
    order = [next(moving) if number in live else number for number in places]
    return order + list(moving)

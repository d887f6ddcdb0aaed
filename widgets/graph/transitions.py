"""What moves by itself on the canvas: edges that are cut or heal, and nodes that glide to a new layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QWidget

from widgets.graph.geometry import Point
from widgets.theme import Theme

_CUT_MS, _HEAL_MS, _LAYOUT_MS = 120, 160, 240


class Transition(QVariantAnimation):
    """One change from 0 to 1, eased out; at once where motion is reduced or nobody looks."""

    def __init__(self, owner: QWidget, step: Callable[[float], None]) -> None:
        super().__init__(owner)
        self._owner, self._step = owner, step
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(step)

    def run(self, milliseconds: int) -> None:
        """Start over."""
        self.stop()
        self.setDuration(Theme.current().duration(milliseconds) if self._owner.isVisible() else 0)
        if self.duration():
            self.start()
        else:
            self._step(1.0)                        # an animation without length tells nothing the second time


class Cutting:
    """How far each edge is cut, by index: 0 (whole, absent) to 1."""

    def __init__(self, owner: QWidget, changed: Callable[[], None]) -> None:
        self.stages: dict[int, float] = {}
        self._from: dict[int, float] = {}
        self._wanted: frozenset[int] = frozenset()
        self._changed = changed
        self._transition = Transition(owner, self._step)

    def put(self, edges: Iterable[int]) -> None:
        """These edges are cut, at once."""
        self._transition.stop()
        self._wanted = frozenset(edges)
        self.stages = dict.fromkeys(self._wanted, 1.0)

    def lead_to(self, edges: Iterable[int]) -> None:
        """Cut these edges and heal all others, from where they are now."""
        wanted = frozenset(edges)
        if wanted == self._wanted:
            return
        grows = bool(wanted - self._wanted)
        self._wanted = wanted
        self._from = {i: self.stages.get(i, 0.0) for i in wanted | set(self.stages)}
        self._transition.run(_CUT_MS if grows else _HEAL_MS)

    def _step(self, share: float) -> None:
        stages = {i: start + ((i in self._wanted) - start) * share for i, start in self._from.items()}
        self.stages = {i: stage for i, stage in stages.items() if stage > 0}
        self._changed()


class Gliding:
    """Nodes on their way from where they were to where they belong."""

    def __init__(self, owner: QWidget, place: Callable[[dict[str, Point]], None]) -> None:
        self._from: dict[str, Point] = {}
        self._to: dict[str, Point] = {}
        self._place = place
        self._transition = Transition(owner, self._step)

    def lead(self, before: Mapping[str, Point], after: Mapping[str, Point]) -> None:
        """Move what has another place now; names that are new stand where they belong."""
        self._transition.stop()
        self._from = {name: before[name] for name, place in after.items() if before.get(name, place) != place}
        self._to = {name: after[name] for name in self._from}
        if self._from:
            self._transition.run(_LAYOUT_MS)

    def stop(self) -> None:
        self._transition.stop()

    def _step(self, share: float) -> None:
        self._place({
            name: (x + (self._to[name][0] - x) * share, y + (self._to[name][1] - y) * share)
            for name, (x, y) in self._from.items()
        })

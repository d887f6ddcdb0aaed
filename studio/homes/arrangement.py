"""The arrangement of the panels as a value: which is where, which is seen, how the room is shared. Knows no widget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

_FORMAT = 1
_FAR = 1_000_000        # px; no desktop reaches so far


class Home(StrEnum):
    """A place for panels; each shows one of its panels at a time."""

    TOP_LEFT = "top left"
    BOTTOM_LEFT = "bottom left"
    RIGHT = "right"
    FAR_RIGHT = "far right"         # opens in very wide windows only


@dataclass(frozen=True)
class Frame:
    """Where a floating panel's window lies on the desktop, px."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Arrangement:
    """Immutable; each verb gives the arrangement that follows.

    Attributes:
        homes: By panel, where it is docked, or goes when it is docked again.
        recent: All panels, the one that was brought to the front last comes first. A home shows the first of its own.
        hidden: Panels that are not to be seen, docked or floating.
        floating: Panels that are windows of their own.
        frames: Where the windows of panels lie, or lay when they last floated.
        filled: The panel that fills the window (a floating one: its screen), or empty.
        shares: By name of a splitter's part ("left", "top", "far right"), its share of the whole, 0 to 1; those that
            the analyst never moved are missing.
    """

    homes: Mapping[str, Home] = field(default_factory=dict)
    recent: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    floating: frozenset[str] = frozenset()
    frames: Mapping[str, Frame] = field(default_factory=dict)
    filled: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)

    # one verb each

    def with_panel(self, name: str, home: Home) -> Arrangement:
        """One panel more, behind those of its home."""
        return replace(self, homes={**self.homes, name: home}, recent=(*self.recent, name))

    def fronted(self, name: str) -> Arrangement:
        """The panel is the one that was used last."""
        return replace(self, recent=(name, *(other for other in self.recent if other != name)))

    def shown(self, name: str) -> Arrangement:
        """The panel is seen, in front of its home or as a window; another that fills the window ends that."""
        stays = self.filled == name or name in self.floating or self.filled in self.floating
        return replace(self.fronted(name), hidden=self.hidden - {name}, filled=self.filled if stays else "")

    def without(self, name: str) -> Arrangement:
        """The panel is not seen; the next one in its home takes its place."""
        return replace(self, hidden=self.hidden | {name}, filled="" if self.filled == name else self.filled)

    def floated(self, name: str, frame: Frame) -> Arrangement:
        """The panel is a window of its own."""
        return replace(
            self.fronted(name), hidden=self.hidden - {name}, floating=self.floating | {name},
            frames={**self.frames, name: frame}, filled="" if self.filled == name else self.filled,
        )

    def docked(self, name: str, home: Home | None = None) -> Arrangement:
        """The panel is in front of a home; None: of the one where it was."""
        homes = self.homes if home is None else {**self.homes, name: home}
        fills = "" if self.filled == name else self.filled
        return replace(self, homes=homes, floating=self.floating - {name}, filled=fills).shown(name)

    def filling(self, name: str) -> Arrangement:
        """The panel fills the window; an empty name ends that."""
        return replace(self.shown(name) if name else self, filled=name)

    def reframed(self, name: str, frame: Frame) -> Arrangement:
        """The panel's window lies elsewhere."""
        return replace(self, frames={**self.frames, name: frame})

    def shared(self, shares: Mapping[str, float]) -> Arrangement:
        """The analyst moved a splitter."""
        return replace(self, shares={**self.shares, **shares})

    # questions

    def seen(self, names: Iterable[str]) -> list[str]:
        """Those of the docked panels that are not hidden, the one used last first."""
        wanted = set(names) - self.hidden - self.floating
        return [name for name in self.recent if name in wanted]

    # as JSON data

    def to_plain(self) -> dict[str, Any]:
        """JSON data, for the project."""
        return {
            "format": _FORMAT, "homes": {name: home.value for name, home in self.homes.items()},
            "recent": list(self.recent), "hidden": sorted(self.hidden), "floating": sorted(self.floating),
            "frames": {name: [f.x, f.y, f.width, f.height] for name, f in self.frames.items()},
            "filled": self.filled, "shares": dict(self.shares),
        }

    @staticmethod
    def from_plain(plain: Any, design: Arrangement) -> Arrangement:
        """The inverse of `to_plain`. Panels that it lacks stand as in `design`; a damaged document gives `design`."""
        try:
            return _read(plain, design)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            return design


def _read(plain: Any, design: Arrangement) -> Arrangement:
    if plain["format"] != _FORMAT:
        return design
    known = set(design.homes)
    recent = [name for name in dict.fromkeys(plain["recent"]) if name in known]
    frames = {name: _frame(*sides) for name, sides in plain["frames"].items() if name in known}
    floating = known & set(plain["floating"])
    shares = {str(name): float(share) for name, share in plain["shares"].items()}
    if not all(0 < share < 1 for share in shares.values()):
        raise ValueError(f"Shares lie between 0 and 1, and {shares} do not.")
    return Arrangement(
        {name: Home(plain["homes"].get(name, home)) for name, home in design.homes.items()},
        (*recent, *(name for name in design.recent if name not in recent)),
        frozenset(known & set(plain["hidden"])), frozenset(floating & set(frames)), frames,
        plain["filled"] if plain["filled"] in known.difference(plain["hidden"]) else "", shares,
    )


def _frame(x: int, y: int, width: int, height: int) -> Frame:
    frame = Frame(int(x), int(y), int(width), int(height))
    if not (0 < frame.width < _FAR and 0 < frame.height < _FAR and abs(frame.x) < _FAR and abs(frame.y) < _FAR):
        raise ValueError(f"No window lies at {frame}.")
    return frame

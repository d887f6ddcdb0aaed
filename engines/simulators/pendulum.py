"""Pendulum: a swinging ball, a sun and the shadow that they throw; every counterfactual picture is known.

Source: Yang et al. (2021), "CausalVAE", section 5.1 and its generator. Graph: angle -> shadow length, angle -> shadow
position, light -> shadow length, light -> shadow position. Units: angle and light in steps of pi / 200 radians, as in
the source; the scene spans x 0..20 and y -1..21.

Symbols: n pictures of s x s pixels, three colours; every factor (n,).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FACTORS = ("angle", "light", "shadow length", "shadow position")
EDGES = (("angle", "shadow length"), ("angle", "shadow position"),
         ("light", "shadow length"), ("light", "shadow position"))
SIDE = 96
SHORTEST = 3.0                                   # shadow, units of the scene
NOISE = (1.2, 1.5)                               # standard deviations of length and position
CENTRE = np.array([2.0, 104.0, 7.5, 11.0])       # normaliser of the source: (label - centre) / reach
REACH = np.array([42.0, 44.0, 4.5, 8.0])

_PIVOT = (10.0, 10.5)
_LENGTH, _TIP = 8.0, 9.5            # pivot to ball centre, pivot to the ball's far side
_GROUND, _SUN_Y = -0.5, 20.5
_BALL, _SUN, _BLACK = (178, 34, 34), (255, 165, 0), (0, 0, 0)
_BOX = (0.125, 0.9, 0.11, 0.88)     # where the scene lies on the canvas: left, right, bottom, top
_STROKE = 4.0                       # pixels of a 96-pixel canvas


@dataclass(frozen=True)
class Pendulums:
    """Scenes with known factors. `angle`, `light` (n,), steps of pi / 200; `noise` (n, 2), what is added to the length
    and to the position of the shadow, units of the scene (none in the source).
    """

    angle: Array
    light: Array
    noise: Array | None = None

    @classmethod
    def grid(cls) -> "Pendulums":
        """All 7,308 scenes of the source, in its order. light = 100 is left out: its tangent is infinite."""
        angle, light = np.meshgrid(np.arange(-40.0, 44.0), np.arange(60.0, 148.0), indexing="ij")
        keep = light.ravel() != 100
        return cls(angle.ravel()[keep], light.ravel()[keep])

    def with_noise(self, seed: int) -> "Pendulums":
        """The same scenes with shadows that angle and light do not settle alone.

        Without it a picture's shadow can be read off its rod and sun, so that setting the shadow asks for scenes that
        no data show.
        """
        return replace(self, noise=np.random.default_rng(seed).normal(0, NOISE, (len(self), 2)))

    def factors(self) -> dict[str, Array]:
        """Factor values (n,), not rounded."""
        return dict(zip(FACTORS, (self.angle, self.light, *self._shadow(self.angle, self.light)), strict=True))

    def images(self, side: int = SIDE) -> NDArray[np.uint8]:
        """The pictures, (n, side, side, 3)."""
        return draw(self.factors(), side)

    def counterfactual(self, do: Mapping[str, float | Array],
                       side: int = SIDE) -> tuple[NDArray[np.uint8], dict[str, Array]]:
        """The true pictures and factors under `do`; the shadow follows angle and light unless it was set."""
        n = len(self.angle)
        angle, light = (np.broadcast_to(np.asarray(do.get(name, own), float), n)
                        for name, own in (("angle", self.angle), ("light", self.light)))
        follows = dict(zip(FACTORS, (angle, light, *self._shadow(angle, light)), strict=True))
        values = {name: np.broadcast_to(np.asarray(do.get(name, follows[name]), float), n) for name in FACTORS}
        return draw(values, side), values

    def _shadow(self, angle: Array, light: Array) -> tuple[Array, Array]:
        """Length and position (n,) at other angles and lights, each scene with its own noise."""
        length, position = shadow(angle, light)
        if self.noise is None:
            return length, position
        return np.maximum(SHORTEST, length + self.noise[:, 0]), position + self.noise[:, 1]

    def __len__(self) -> int:
        return len(self.angle)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> "Pendulums":
        return Pendulums(self.angle[rows], self.light[rows], None if self.noise is None else self.noise[rows])


def split(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row numbers for training and testing: every fourth picture after the first is for testing, as in the source."""
    rows = np.arange(n)
    test = (rows > 0) & (rows % 4 == 0)
    return rows[~test], rows[test]


def labels(scenes: Pendulums) -> NDArray[np.int64]:
    """The labels of the source (n, 4): shadow length and position are cut to whole numbers."""
    return np.stack(list(scenes.factors().values()), axis=1).astype(np.int64)


def normalise(values: Array) -> Array:
    """Labels (n, 4) in the source's units to about -1..1."""
    return (values - CENTRE) / REACH


def shadow(angle: Array, light: Array) -> tuple[Array, Array]:
    """Length and middle of the shadow (n,) that a sun at `light` throws of a pendulum at `angle`."""
    theta, phi = angle * np.pi / 200, light * np.pi / 200
    start = _PIVOT[0] - (_PIVOT[1] - _GROUND) / np.tan(phi)
    tip_x, tip_y = _PIVOT[0] + _TIP * np.sin(theta), _PIVOT[1] - _TIP * np.cos(theta)
    end = tip_x - (tip_y - _GROUND) / np.tan(phi)
    return np.maximum(SHORTEST, np.abs(start - end)), (start + end) / 2


def draw(values: Mapping[str, Array], side: int = SIDE) -> NDArray[np.uint8]:
    """Pictures (n, side, side, 3) of factor values (n,): rod, ball, sun and shadow, in this order, on white; edges by
    pixel coverage.
    """
    angle, light, length, position = (values[name] for name in FACTORS)
    n = len(angle)
    theta, phi = angle * np.pi / 200, light * np.pi / 200
    ball = (_PIVOT[0] + _LENGTH * np.sin(theta), _PIVOT[1] - _LENGTH * np.cos(theta))
    sun = (_PIVOT[0] + (_SUN_Y - _PIVOT[1]) / np.tan(phi), np.full(n, _SUN_Y))
    pivot = (np.full(n, _PIVOT[0]), np.full(n, _PIVOT[1]))
    ground = np.full(n, _GROUND)
    canvas = np.full((n, side, side, 3), 255.0, np.float32)
    for ink, coverage in (
        (_BLACK, _segment(pivot, ball, side)),
        (_BALL, _disc(ball, 1.5, side)),
        (_SUN, _disc(sun, 3.0, side)),
        (_BLACK, _segment((position - length / 2, ground), (position + length / 2, ground), side)),
    ):
        share = (coverage * _window(side))[..., None].astype(np.float32)
        canvas += share * (np.asarray(ink, np.float32) - canvas)
    return np.rint(canvas).astype(np.uint8)


Point = tuple[Array, Array]


def _units(side: int) -> tuple[float, float]:
    """Pixels a scene unit, along x and y."""
    left, right, bottom, top = _BOX
    return side * (right - left) / 20, side * (top - bottom) / 22


def _pixels(point: Point, side: int) -> Point:
    """Scene coordinates to pixel coordinates, y downwards."""
    x_unit, y_unit = _units(side)
    return side * _BOX[0] + x_unit * point[0], side * (1 - _BOX[2]) - y_unit * (point[1] + 1)


def _offsets(point: Point, side: int) -> Point:
    """From each point (n,) to each pixel centre: dx and dy, (n, side, side)."""
    x, y = _pixels(point, side)
    centres = np.arange(side) + 0.5
    return (np.broadcast_to(centres[None, None, :] - x[:, None, None], (len(x), side, side)),
            np.broadcast_to(centres[None, :, None] - y[:, None, None], (len(x), side, side)))


def _disc(centre: Point, radius: float, side: int) -> Array:
    dx, dy = _offsets(centre, side)
    rx, ry = (radius * unit for unit in _units(side))
    outside = (np.hypot(dx / rx, dy / ry) - 1) * min(rx, ry)
    return np.clip(0.5 - outside, 0, 1)


def _segment(start: Point, end: Point, side: int) -> Array:
    """A straight stroke whose square ends reach half its width beyond the two points."""
    dx, dy = _offsets(start, side)
    (x0, y0), (x1, y1) = _pixels(start, side), _pixels(end, side)
    along = np.hypot(x1 - x0, y1 - y0)
    ux, uy = (((b - a) / along)[:, None, None] for a, b in ((x0, x1), (y0, y1)))
    half = _STROKE * side / SIDE / 2
    forward, sideways = dx * ux + dy * uy, dx * uy - dy * ux
    length = along[:, None, None]
    ends = np.clip(np.minimum(forward + half, length + half - forward) + 0.5, 0, 1)
    return ends * np.clip(half - np.abs(sideways) + 0.5, 0, 1)


def _window(side: int) -> Array:
    """What lies outside the scene is not drawn: (side, side)."""
    left, right, bottom, top = (side * edge for edge in _BOX)
    x = np.arange(side) + 0.5
    y = side - x
    inside_x = np.clip(np.minimum(x - left, right - x) + 0.5, 0, 1)
    inside_y = np.clip(np.minimum(y - bottom, top - y) + 0.5, 0, 1)
    return inside_y[:, None] * inside_x[None, :]

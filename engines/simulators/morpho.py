"""Morpho digits: handwritten digits whose stroke thickness and brightness are known exactly, and so are their
counterfactuals.

Source: the MorphoMNIST law of Pawlowski, Castro and Glocker (2020), "Deep structural causal models", drawn from
skeletons so that thickness is exact by construction. Graph: thickness -> intensity; the digit is a root of its own.

Symbols: n pictures of s x s pixels; f fine pixels a pixel (SCALE); k (n, f s, f s) skeletons; d (n, f s, f s)
distance to the skeleton, pixels; t (n,) thickness, pixels; i (n,) intensity, grey levels 0..255; e (n,) the noise of
intensity, standard normal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.special import expit, logit

Array = NDArray[np.float64]

SCALE = 4                 # fine pixels a pixel, along each side
BRIGHTEST = 255.0
_CHUNK = 256              # pictures thinned at once: keeps the working set in the cache


@dataclass(frozen=True)
class Law:
    """How thickness and intensity come about.

    Attributes:
        thickness: "gamma" is 0.5 + Gamma(10, rate 5), the published law; "beta" is least + reach Beta(1.5, 1.5), which
            covers its range evenly.
        noise: How much of its own intensity has; 0.5 is published.
        slope, centre: Of the rise of intensity with thickness; pixels.
        darkest: Intensity of the thinnest strokes, grey levels.
        least, reach: Of the "beta" thickness, pixels.
    """

    thickness: Literal["gamma", "beta"] = "gamma"
    noise: float = 0.5
    slope: float = 2.0
    centre: float = 2.5
    darkest: float = 64.0
    least: float = 1.2
    reach: float = 3.3

    def draw_thickness(self, n: int, rng: np.random.Generator) -> Array:
        if self.thickness == "gamma":
            return 0.5 + rng.gamma(10.0, 1 / 5.0, n)
        return self.least + self.reach * rng.beta(1.5, 1.5, n)

    def intensity(self, t: Array, e: Array) -> Array:
        """The mechanism: i = darkest + (255 - darkest) sigmoid(slope (t - centre) + noise e)."""
        return self.darkest + (BRIGHTEST - self.darkest) * expit(self.slope * (t - self.centre) + self.noise * e)

    def abduct(self, t: Array, i: Array) -> Array:
        """The noise that made intensity i at thickness t: the inverse of the mechanism."""
        share = np.clip((i - self.darkest) / (BRIGHTEST - self.darkest), 1e-9, 1 - 1e-9)
        return (logit(share) - self.slope * (t - self.centre)) / self.noise


PUBLISHED = Law()
EVEN = Law(thickness="beta", noise=1.0)
LEGIBLE = Law(thickness="beta", noise=1.0, centre=2.8, darkest=90.0, least=1.8, reach=2.2)
"""No stroke so thin or dark that it could break: the law of the shipped sample."""


@dataclass(frozen=True)
class MorphoDigits:
    """Digits with known factors. `skeletons` (n, f s, f s) bool, `digit` (n,) int, `thickness`, `noise` (n,)."""

    skeletons: NDArray[np.bool_]
    digit: NDArray[np.int64]
    thickness: Array
    noise: Array
    law: Law = PUBLISHED

    @classmethod
    def sample(cls, skeletons: NDArray[np.bool_], digit: NDArray[np.int64], law: Law, seed: int) -> "MorphoDigits":
        """Give each skeleton a thickness and a noise drawn from the law."""
        rng = np.random.default_rng(seed)
        n = len(skeletons)
        return cls(skeletons, digit, law.draw_thickness(n, rng), rng.standard_normal(n), law)

    @property
    def intensity(self) -> Array:
        return self.law.intensity(self.thickness, self.noise)

    def factors(self) -> dict[str, Array]:
        return {"thickness": self.thickness, "intensity": self.intensity}

    def images(self) -> NDArray[np.uint8]:
        """The pictures, (n, s, s)."""
        return draw(self.skeletons, self.thickness, self.intensity)

    def counterfactual(self, do: Mapping[str, float | Array]) -> tuple[NDArray[np.uint8], dict[str, Array]]:
        """The true pictures (n, s, s) and factors had `do` been done to these very digits.

        Abduction: skeleton and noise stay. Action: `do` fixes thickness or intensity. Prediction: intensity
        follows thickness through the law unless it was set.
        """
        n = len(self.skeletons)
        t = np.broadcast_to(np.asarray(do.get("thickness", self.thickness), float), n)
        i = np.broadcast_to(np.asarray(do.get("intensity", self.law.intensity(t, self.noise)), float), n)
        return draw(self.skeletons, t, i), {"thickness": t, "intensity": i}

    def __len__(self) -> int:
        return len(self.skeletons)

    def __getitem__(self, rows: slice | NDArray[np.int64]) -> "MorphoDigits":
        return replace(self, skeletons=self.skeletons[rows], digit=self.digit[rows],
                       thickness=self.thickness[rows], noise=self.noise[rows])


def draw(skeletons: NDArray[np.bool_], t: Array, i: Array) -> NDArray[np.uint8]:
    """Strokes of width t (n,) and grey level i (n,) along skeletons (n, f s, f s), as pictures (n, s, s)."""
    pictures = np.empty((len(skeletons), *(side // SCALE for side in skeletons.shape[1:])), np.uint8)
    for row, skeleton in enumerate(skeletons):
        d = ndimage.distance_transform_edt(~skeleton) / SCALE
        stroke = np.clip(SCALE * (t[row] / 2 - d) + 0.5, 0, 1)
        h, w = pictures.shape[1:]
        coverage = stroke.reshape(h, SCALE, w, SCALE).mean(axis=(1, 3))
        pictures[row] = np.rint(coverage * i[row])
    return pictures


def fine(images: NDArray[np.uint8] | Array, scale: int = SCALE) -> Array:
    """Pictures (n, s, s) on the fine grid (n, scale s, scale s), as a share of each picture's bright level."""
    big = ndimage.zoom(np.asarray(images, np.float32), (1, scale, scale), order=3, mode="grid-constant",
                       grid_mode=True)
    big = ndimage.gaussian_filter(big, (0, 1, 1))        # a ragged outline would grow spurs
    bright = np.quantile(images.reshape(len(images), -1), 0.99, axis=1) if len(images) else np.zeros(0)
    return big / np.maximum(bright, 1.0)[:, None, None]


def skeletons_of(images: NDArray[np.uint8] | Array, scale: int = SCALE) -> NDArray[np.bool_]:
    """One-pixel-wide centre lines (n, scale s, scale s) of bright strokes on black, (n, s, s)."""
    return np.concatenate([thin(fine(images[at:at + _CHUNK], scale) > 0.5)
                           for at in range(0, max(len(images), 1), _CHUNK)])


def scikit_learn_digits(n: int = 1797) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Skeletons (n, 64, 64) and digits of scikit-learn's 8 x 8 digits: pictures of 16 x 16, no download."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return skeletons_of(bunch.images[:n], scale=8), bunch.target[:n].astype(np.int64)


def stored_skeletons(path: Path) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Skeletons (n, f s, f s) and digits kept in an archive as packed bits, as the sample Morpho digits has them."""
    with np.load(path) as archive:
        side = int(archive["side"])
        skeletons = np.unpackbits(archive["skeletons"]).reshape(-1, side, side).astype(bool)
        return skeletons, archive["digit"].astype(np.int64)


def thin(shapes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Thin shapes (n, h, w) to lines one pixel wide without breaking them (Guo and Hall 1989, algorithm A1)."""
    shapes = np.pad(shapes, ((0, 0), (1, 1), (1, 1)))
    inside = shapes[:, 1:-1, 1:-1]
    changed = True
    while changed:
        changed = False
        for removable in _REMOVABLE:
            remove = inside & removable[_neighbours(shapes)]
            if remove.any():
                inside &= ~remove
                changed = True
    return inside.copy()


_CLOCKWISE = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))     # from north


def _neighbours(padded: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The eight neighbours of each inner pixel as one byte, bit k for the k-th clockwise from north."""
    h, w = padded.shape[1] - 2, padded.shape[2] - 2
    code = np.zeros((len(padded), h, w), np.uint8)
    for bit, (dy, dx) in enumerate(_CLOCKWISE):
        code |= padded[:, 1 + dy:1 + dy + h, 1 + dx:1 + dx + w].view(np.uint8) << bit
    return code


def _removable_table(second: bool) -> NDArray[np.bool_]:
    """For each neighbourhood byte: may the pixel go in this half of an iteration?"""
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1 == 1
    n, ne, e, se, s, sw, w, nw = bits.T
    joins = ((~n & (ne | e)).astype(int) + (~e & (se | s)) + (~s & (sw | w)) + (~w & (nw | n)))
    pairs = np.minimum((nw | n).astype(int) + (ne | e) + (se | s) + (sw | w),
                       (n | ne).astype(int) + (e | se) + (s | sw) + (w | nw))
    held = (n | ne | ~se) & e if second else (s | sw | ~nw) & w
    return (joins == 1) & (pairs >= 2) & (pairs <= 3) & ~held


_REMOVABLE = (_removable_table(False), _removable_table(True))

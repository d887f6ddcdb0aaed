"""How good counterfactual pictures are: meters without a learned judge, disentanglement, effectiveness, composition.

Sources: Eastwood and Williams (2018) for DCI; Monteiro et al. (2023), "Measuring axiomatic soundness of counterfactual
image models", for composition and effectiveness. Symbols: n pictures of s x s pixels, grey levels 0..255; k factors;
D code numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, stats
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression

from engines.simulators.morpho import SCALE, fine, thin

Array = NDArray[np.float64]

_CHUNK = 256


@dataclass(frozen=True)
class StrokeMeter:
    """Reads thickness (pixels) and intensity (grey levels) off pictures of strokes; nothing in it is learned from a
    model. Thickness is twice the mean distance to the outline along the skeleton, intensity the upper quartile there;
    both calibrated by a monotone curve on pictures of known factors.
    """

    thickness_curve: IsotonicRegression
    intensity_curve: IsotonicRegression

    @classmethod
    def calibrated(cls, images: NDArray[np.uint8], thickness: Array, intensity: Array) -> "StrokeMeter":
        """A meter for pictures (n, s, s) like these, whose factors (n,) are known."""
        raw = strokes(images)
        curves = [IsotonicRegression(out_of_bounds="clip").fit(own, known)
                  for own, known in zip(raw.T, (thickness, intensity), strict=True)]
        return cls(*curves)

    def measure(self, images: NDArray[np.uint8]) -> dict[str, Array]:
        """thickness and intensity (n,) of pictures (n, s, s)."""
        raw = strokes(images)
        return {"thickness": self.thickness_curve.predict(raw[:, 0]),
                "intensity": self.intensity_curve.predict(raw[:, 1])}


def strokes(images: NDArray[np.uint8]) -> Array:
    """Uncalibrated thickness and intensity (n, 2) of pictures (n, s, s); an empty picture reads 0, 0."""
    raw = np.zeros((len(images), 2))
    for at in range(0, len(images), _CHUNK):
        part = images[at:at + _CHUNK]
        shapes = fine(part) > 0.5
        lines = thin(shapes)
        for row, (picture, shape, line) in enumerate(zip(part, shapes, lines, strict=True), at):
            if line.any():
                to_outline = ndimage.distance_transform_edt(shape)[line]
                y, x = np.nonzero(line)
                raw[row] = 2 * to_outline.mean() / SCALE, np.quantile(picture[y // SCALE, x // SCALE], 0.75)
    return raw


@dataclass(frozen=True)
class DCI:
    """Importance (k, D) of each code number for each factor, and the two scores in [0, 1]."""

    importance: Array
    disentanglement: float
    completeness: float


def dci(codes: Array, labels: Array, seed: int = 0) -> DCI:
    """Disentanglement and completeness of codes (n, D) with respect to labels (n, k).

    One gradient-boosted regression a factor; a code number is disentangled when it matters for one factor only, a
    factor is complete when one code number tells it.
    """
    importance = np.stack([
        GradientBoostingRegressor(random_state=seed).fit(codes, labels[:, j]).feature_importances_
        for j in range(labels.shape[1])
    ])
    return DCI(importance, *dci_scores(importance))


def dci_scores(importance: Array) -> tuple[float, float]:
    """Disentanglement and completeness of an importance matrix (k, D), each weighted by its share of the mass."""
    weight = importance + 1e-11
    return _evenness(weight.T), _evenness(weight)


def _evenness(weight: Array) -> float:
    """Mass-weighted mean over rows of 1 - entropy, the entropy to the base of the number of columns."""
    if weight.shape[1] == 1:
        return 1.0
    share = weight / weight.sum(axis=1, keepdims=True)
    entropy = stats.entropy(share, axis=1) / np.log(weight.shape[1])
    return float((weight.sum(axis=1) / weight.sum() * (1 - entropy)).sum())


def effectiveness(measured: Mapping[str, Mapping[str, Array]], true: Mapping[str, Mapping[str, Array]],
                  scale: Mapping[str, float]) -> Array:
    """Mean absolute error (k, k) in units of `scale`: rows the factor that was set, columns the factor measured.

    Both mappings hold, for each factor that was set, every factor's values (n,): as measured in the pictures, and as
    the true mechanisms give them. Lower is better.
    """
    names = list(scale)
    return np.array([[np.abs(measured[do][name] - true[do][name]).mean() / scale[name] for name in names]
                     for do in measured])


def composition(factual: NDArray[np.uint8], unchanged: NDArray[np.uint8]) -> float:
    """Mean absolute difference in grey levels between pictures and the answers to an empty `do`. Lower is better."""
    return float(np.abs(factual.astype(float) - unchanged.astype(float)).mean())


def follows(wanted: Array, measured: Array) -> float:
    """Spearman's rank correlation of the values asked for and the values found, 0 when either never varies."""
    if np.ptp(wanted) == 0 or np.ptp(measured) == 0:
        return 0.0
    return float(stats.spearmanr(wanted, measured).statistic)


def explained(label: Array, read: Array) -> float:
    """R2 of labels (n,) by readings (n,): the square of their correlation."""
    if np.ptp(label) == 0 or np.ptp(read) == 0:
        return 0.0
    return float(np.corrcoef(label, read)[0, 1] ** 2)

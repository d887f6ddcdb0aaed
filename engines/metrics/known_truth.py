"""Data whose counterfactuals are known, because the generator that drew them lies beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engines.data.kinds import Images
from engines.data.reference import DataReference
from engines.simulators.morpho import EVEN, LEGIBLE, PUBLISHED, MorphoDigits, stored_skeletons

SKELETONS = "skeletons.npz"
GENERATOR = "the generator that drew the digits"
_DRAWN_AGAIN = 3          # pictures by which the generator is recognised


@dataclass(frozen=True, eq=False)
class KnownDigits:
    """Morpho digits with the noise of every picture; row id k is digit k - 1."""

    digits: MorphoDigits

    def counterfactual(
        self, items: NDArray[np.int64], do: Mapping[str, float | str]
    ) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.float64]]] | None:
        """The true pictures (n, h, w, 1) and factors (n,); None when the generator cannot do this."""
        if not set(do) <= {"thickness", "intensity"}:
            return None
        digits = self.digits[np.asarray(items) - 1]
        pictures, factors = digits.counterfactual({name: float(value) for name, value in do.items()})
        return pictures[..., None], factors


def known_truth(data: Images, reference: DataReference | None) -> KnownDigits | None:
    """The generator of the data, when its skeletons lie beside them and draw exactly these pictures."""
    path = Path(reference.path).parent / SKELETONS if reference is not None else None
    if path is None or not path.is_file() or not len(data):
        return None
    try:
        skeletons, digit = stored_skeletons(path)
        with np.load(path) as archive:
            thickness, noise = archive["thickness"], archive["noise"]
    except (OSError, ValueError, KeyError):
        return None
    if data.row_ids.max() > len(skeletons):
        return None
    some = data.rows(np.arange(min(_DRAWN_AGAIN, len(data))))
    for law in (LEGIBLE, EVEN, PUBLISHED):
        known = KnownDigits(MorphoDigits(skeletons, digit, thickness, noise, law))
        drawn = known.digits[some.row_ids - 1].images()[..., None]
        if drawn.shape == some.pixels.shape and np.array_equal(drawn, some.pixels):
            return known
    return None

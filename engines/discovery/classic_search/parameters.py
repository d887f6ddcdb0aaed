"""What an analyst can set of a classic search."""

from __future__ import annotations

from typing import Literal

from engines.contract import MethodParameters, parameter

Search = Literal["PC", "FCI", "GES", "BOSS", "DirectLiNGAM"]


class Parameters(MethodParameters):
    """The search, its one threshold, and how often it is repeated on resampled rows."""

    search: Search = parameter(
        "BOSS", help="PC and FCI test independences, GES and BOSS compare scores, DirectLiNGAM reads non-Gaussian "
        "noise. Only FCI allows for hidden common causes."
    )
    alpha: float = parameter(
        0.01, gt=0, lt=1, help="PC and FCI: an independence is given up when its p-value is smaller."
    )
    penalty: float = parameter(
        1.0, gt=0, le=100, help="GES and BOSS on numbers: how much an edge must gain, in penalties of BIC. More gives "
        "fewer edges.", advanced=True,
    )
    least: float = parameter(
        0.1, ge=0, le=1, help="DirectLiNGAM: weaker edges are left out. In standard deviations of the effect for "
        "one of the cause.", advanced=True,
    )
    bootstraps: int = parameter(
        20, ge=0, le=1000, unit="samples", help="The search is repeated on so many resampled tables, to see how often "
        "each edge comes back."
    )

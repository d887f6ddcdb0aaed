"""VLUCI's answer as a network that other programs run: a row in, its U, outcomes in both arms and effect out.

Symbols: n rows, p encoded covariates, d entries of u. Standardised covariates; the outcome in raw units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Exportable
from engines.counterfactual_tables.vluci.encoding import levels
from engines.counterfactual_tables.vluci.networks import Confounded
from engines.data.kinds import DataSet
from engines.refusals import Refusal

if TYPE_CHECKING:
    from engines.counterfactual_tables.vluci.model import Vluci

EXAMPLES = 64


class Effect(nn.Module):
    """x (n, p), t (n,) in {0, 1} and y (n,) in raw units -> mean of u (n, d), outcome in arm 0 and in arm 1 (n,)."""

    def __init__(self, network: Confounded, outcome: tuple[float, float]) -> None:
        super().__init__()
        self.network, (self.centre, self.scale) = network, outcome

    def forward(self, x: Tensor, t: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        rows, arm, seen = x[None], t[None], (y[None] - self.centre) / self.scale
        u = self.network.guess(rows, arm, seen).mean                                            # abduction
        zero = self.network.outcome(rows, torch.zeros_like(arm), u)                             # action, prediction
        one = self.network.outcome(rows, torch.ones_like(arm), u)
        if self.network.binary:
            return u[0], zero.sigmoid()[0], one.sigmoid()[0]
        return u[0], self.centre + self.scale * zero[0], self.centre + self.scale * one[0]


def effect_part(model: Vluci, factual: DataSet | None) -> Exportable:
    """The main fit as one part, checked with complete rows of `factual`, or with drawn ones.

    Raises:
        Refusal: when no row is complete.
    """
    encoding = model.encoding
    if factual is None:
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(EXAMPLES, len(model.centre), generator=generator)
        t = (torch.arange(EXAMPLES) % 2).float()
        y = torch.randn(EXAMPLES, generator=generator)
        y = (y > 0).float() if model.binary else y
    else:
        table = factual.attributes
        gaps = np.any([table[c.name].missing for c in encoding.columns], axis=0)
        if gaps.all():
            raise Refusal(f"No row of {table.name} is complete.", "Choose other data.")
        table = table.rows(np.flatnonzero(~gaps)[:EXAMPLES])
        x, t, y = encoding.x(table), encoding.t(table), encoding.y(table)
    centre, scale = model.outcome
    t_levels = levels(encoding.treatment)
    return Exportable(
        "effect",
        "The hidden confounder of a row as it is believed to be, and the row's outcome in both arms at that value; "
        "their difference is the effect. Covariates standardised as `covariates` says, treatment 0 or 1, outcome in "
        "raw units.",
        Effect(model.confounded.chosen([0]), model.outcome).eval(),
        {"covariates": x, "treatment": t, "outcome": centre + scale * y},
        ("confounder", "outcome in arm 0", "outcome in arm 1"),
        1e-4 * max(1.0, abs(centre) + 10 * scale),
        {
            "covariates": [{"column": name, "centre": float(c), "scale": float(s)}
                           for name, c, s in zip(encoding.names, model.centre, model.scale, strict=True)],
            "levels": {c.name: list(c.levels) for c in encoding.columns if c.levels},
            "treatment": {encoding.treatment.name: list(t_levels)}, "outcome": encoding.target.name,
            "posterior contraction": model.contraction, "reconstruction": True,
        },
    )

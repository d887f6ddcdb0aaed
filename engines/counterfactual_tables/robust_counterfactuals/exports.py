"""The model and its bank as one network that other programs run: rows in raw units in, probabilities out.

Symbols: n rows, d features, q retrained models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engines.contract import Exportable
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.data.kinds import DataSet

if TYPE_CHECKING:
    from engines.counterfactual_tables.robust_counterfactuals.model import TRex

EXAMPLES = 64


class Chances(nn.Module):
    """rows (n, d) -> probability of the wanted class by the model (n,) and by each retrained one (n, q)."""

    def __init__(self, explained: Explained, bank: tuple[Explained, ...]) -> None:
        super().__init__()
        self._one, self._bank = explained, bank

    def forward(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        def chance(seen: Explained) -> Tensor:
            return seen.predictor.scores(rows)[seen.target].softmax(dim=1)[:, seen.wanted]

        return chance(self._one), torch.stack([chance(one) for one in self._bank], dim=1)


def bank_part(model: TRex, factual: DataSet | None) -> tuple[Exportable, ...]:
    """One part, checked with rows of `factual` or of the data; none where the model has no gradients.

    Raises:
        Refusal: when the rows do not fit.
    """
    predictor = model.predictor()
    if not predictor.differentiable:
        return ()
    rows = model.rows if factual is None else predictor.rows(factual.attributes)
    return (Exportable(
        "bank",
        f"The probability of {model.target} = {model.wanted} by the model that was explained, and by each that was "
        "trained again. Columns in the order of `features`, raw units; of a category the place of its level.",
        Chances(model.explained, tuple(model.world.bank)).eval(),
        {"rows": torch.from_numpy(rows[:EXAMPLES]).float()}, ("chance", "retrained"), 1e-4,
        {
            "features": [{"name": f.name, "levels": list(f.levels), "unit": f.unit} for f in predictor.features],
            "target": model.target, "wanted": model.wanted, "changed by": list(model.changed_by),
        },
    ),)

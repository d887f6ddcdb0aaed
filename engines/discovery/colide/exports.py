"""The learned linear model as a small graph of computations that other programs run.

Symbols: d variables, n rows; x - m = (x - m) W + z as in `sem`. All in raw units, double precision.
"""

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Exportable
from engines.discovery.colide.mathematics import causal_order
from engines.discovery.colide.sem import LinearSem

EXACT = 1e-9          # share of the largest value by which a written file may differ


class Counterfactual(nn.Module):
    """Rows (n, d) as they would have been with the cells marked in `chosen` (n, d) set to `values` (n, d)."""

    def __init__(self, sem: LinearSem) -> None:
        super().__init__()
        self.order = [int(j) for j in causal_order(sem.edges)]
        self.parents = [np.flatnonzero(sem.edges[:, j]).tolist() for j in range(len(sem.W))]
        self.W: Tensor
        self.means: Tensor
        self.register_buffer("W", torch.from_numpy(sem.W))
        self.register_buffer("means", torch.from_numpy(sem.means))

    def forward(self, rows: Tensor, chosen: Tensor, values: Tensor) -> Tensor:
        centred = rows - self.means
        noise = centred - centred @ self.W                                          # abduction
        now, changed = list(rows.unbind(1)), list(chosen.unbind(1))
        for j in self.order:
            follows = rows[:, j]
            if self.parents[j]:
                caused = sum((now[i] - self.means[i]) * self.W[i, j] for i in self.parents[j])
                moved = torch.stack([changed[i] for i in self.parents[j]]).any(0)
                follows = torch.where(moved, self.means[j] + caused + noise[:, j], follows)
                changed[j] = changed[j] | moved
            now[j] = torch.where(chosen[:, j], values[:, j], follows)               # action, then prediction
        return torch.stack(now, dim=1)


def mechanism(sem: LinearSem, names: tuple[str, ...], rows: np.ndarray, others: np.ndarray) -> Exportable:
    """The model as one part, checked with `rows` (n, d), of which each has one variable set as in `others` (n, d)."""
    n, d = rows.shape
    chosen = torch.arange(d)[None] == (torch.arange(n) % d)[:, None]
    largest = float(max(np.abs(rows).max(), np.abs(others).max(), 1.0))
    return Exportable(
        "counterfactual",
        "The rows as they would have been, everything else about them alike, when the cells marked in `chosen` are set "
        "to `values`. Raw units, columns in the order of `variables`; what no intervention reaches keeps its value.",
        Counterfactual(sem).eval(),
        {"rows": torch.tensor(rows), "chosen": chosen, "values": torch.tensor(others)},
        ("counterfactual",),
        EXACT * largest,
        {"variables": list(names), "weights": sem.W.tolist(), "means": sem.means.tolist()},
    )

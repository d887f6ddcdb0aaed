"""The encoder and the prediction as networks that other programs run. Raw units in and out.

Symbols: n rows, q readings, p actions, d latents.
"""

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Exportable

if TYPE_CHECKING:
    from engines.counterfactual_tables.intervention_extrapolation.model import Extrapolation

EXAMPLES = 32


class Encode(nn.Module):
    """Readings (n, q) to latents (n, d): of the first encoder, whitened."""

    def __init__(self, model: "Extrapolation") -> None:
        super().__init__()
        self.encoder = model.encoder.picked([0])
        self.mean: Tensor
        self.spread: Tensor
        self.centre: Tensor
        self.T: Tensor
        for name, value in (("mean", model.reading_scale[0]), ("spread", model.reading_scale[1])):
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))
        self.register_buffer("centre", model.centre[0])
        self.register_buffer("T", model.T[0])

    def forward(self, readings: Tensor) -> Tensor:
        raw: Tensor = self.encoder(((readings - self.mean) / self.spread)[None])[0]
        return (raw - self.centre) @ self.T


class Predict(nn.Module):
    """E[Y | X = x, do(A = a)] (n, 1) from latents (n, d) and actions (n, p)."""

    def __init__(self, model: "Extrapolation") -> None:
        super().__init__()
        self.nu, self.psi = model.nu.picked([0]), model.psi.picked([0])
        values = {"mean": model.action_scale[0], "spread": model.action_scale[1], "outcome": model.outcome_scale[:, 0]}
        self.mean: Tensor
        self.spread: Tensor
        self.outcome: Tensor
        self.W: Tensor
        self.alpha: Tensor
        for name, value in values.items():
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))
        self.register_buffer("W", model.linear[0, :-1].clone())
        self.register_buffer("alpha", model.linear[0, -1].clone())

    def forward(self, latents: Tensor, actions: Tensor) -> Tensor:
        V = latents - ((actions - self.mean) / self.spread) @ self.W - self.alpha
        told: Tensor = self.nu(latents[None])[0] + self.psi(V[None])[0]
        return told * self.outcome[1] + self.outcome[0]


def parts(model: "Extrapolation", X: np.ndarray | None) -> tuple[Exportable, ...]:
    """Checked with the first rows of X (raw), else with points around the mean of the training data."""
    if X is None:
        offsets = np.linspace(-1, 1, EXAMPLES)[:, None] * np.ones(len(model.reading_names))
        X = model.reading_scale[0] + offsets * model.reading_scale[1]
    x = torch.from_numpy(X[:EXAMPLES].astype(np.float32))
    encode, predict = Encode(model).eval(), Predict(model).eval()
    with torch.no_grad():
        latents = encode(x)
    share = np.linspace(0, 1, len(x))[:, None]
    a = torch.from_numpy((model.tried[0] + share * (model.tried[1] - model.tried[0])).astype(np.float32))
    with torch.no_grad():
        largest = float(max(predict(latents, a).abs().max(), 1.0))
    return (
        Exportable("encode", "The latents of readings in raw units: whitened, and moved linearly by the actions.",
                   encode, {"readings": x}, ("latents",), 1e-4 * float(max(latents.abs().max(), 1.0)),
                   {"readings": list(model.reading_names)}),
        Exportable("predict", "The expected outcome, raw units, of rows with these latents under these actions.",
                   predict, {"latents": latents, "actions": a}, ("outcome",), 1e-4 * largest,
                   {"actions": list(model.actions), "outcome": model.outcome}),
    )

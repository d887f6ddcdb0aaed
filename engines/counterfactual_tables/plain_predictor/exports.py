"""A predictor of layers as a network that other programs run: a row in raw units in, what is predicted out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Exportable
from engines.data.kinds import DataSet
from engines.predictors.layered import Layered

if TYPE_CHECKING:
    from engines.counterfactual_tables.plain_predictor.model import PlainPredictor

EXAMPLES = 64


class Prediction(nn.Module):
    """rows (n, d) -> one output a target: (n,) raw units, or (n, k) probabilities."""

    def __init__(self, predictor: Layered) -> None:
        super().__init__()
        self.predictor = predictor
        for number, (weight, bias) in enumerate(predictor.layers):
            self.register_buffer(f"weight{number}", torch.from_numpy(weight.astype(np.float32)))
            self.register_buffer(f"bias{number}", torch.from_numpy(bias.astype(np.float32)))
        encoding = predictor.encoding
        self.register_buffer("centre", torch.from_numpy(encoding.centre.astype(np.float32)))
        self.register_buffer("scale", torch.from_numpy(encoding.scale.astype(np.float32)))

    def forward(self, rows: Tensor) -> tuple[Tensor, ...]:
        scaled = (rows - self.get_buffer("centre")) / self.get_buffer("scale")
        parts = [
            (rows[:, j, None] == torch.arange(len(f.levels))).to(rows.dtype) if f.levels else scaled[:, j, None]
            for j, f in enumerate(self.predictor.features)
        ]
        values = torch.cat(parts, dim=1)
        for number in range(len(self.predictor.layers)):
            values = torch.relu(values) if number else values
            values = values @ self.get_buffer(f"weight{number}") + self.get_buffer(f"bias{number}")
        told, start = [], 0
        for target in self.predictor.targets:
            width = max(1, len(target.levels))
            part = values[:, start : start + width]
            told.append(part.softmax(dim=1) if target.levels else part[:, 0])
            start += width
        return tuple(told)


def prediction_part(model: PlainPredictor, factual: DataSet | None) -> tuple[Exportable, ...]:
    """The predictor as one part, checked with rows of `factual` or with drawn ones; none for trees.

    Raises:
        Refusal: when the rows do not fit.
    """
    predictor = model.predictor()
    if not isinstance(predictor, Layered):
        return ()
    if factual is None:
        drawn = np.random.default_rng(0).uniform(model.low, model.high, (EXAMPLES, len(model.low)))
        levels = [np.arange(EXAMPLES) % max(1, len(f.levels)) for f in predictor.features]
        whole = np.array([bool(f.levels) for f in predictor.features])
        rows = np.where(whole, np.column_stack(levels), drawn)
    else:
        rows = predictor.rows(factual.attributes)[:EXAMPLES]
    told = predictor.predict(rows)
    largest = max(float(np.abs(values).max()) for values in told.values())
    return (Exportable(
        "prediction",
        "What the model predicts of a row. The row's columns in the order of `features`, raw units, of a category the "
        "place of its level.",
        Prediction(predictor).eval(),
        {"rows": torch.from_numpy(rows.astype(np.float32))},
        tuple(target.name for target in predictor.targets),
        1e-4 * max(1.0, largest),
        {
            "features": [{"column": f.name, "levels": list(f.levels), "unit": f.unit} for f in predictor.features],
            "targets": [{"column": t.name, "levels": list(t.levels), "unit": t.unit} for t in predictor.targets],
        },
    ),)

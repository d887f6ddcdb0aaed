"""Training a predictor on a table: linear and boosting by scikit-learn, networks by the training loop.

Symbols: n rows, p encoded columns, o outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.abilities import Feature, Target
from engines.contract import Run
from engines.predictors.encoding import Encoding
from engines.predictors.layered import Layered
from engines.predictors.stored import Learning, Stored, widths
from engines.predictors.trees import Nodes, Trees
from engines.refusals import Refusal
from engines.training.loop import Recipe, train

AT_A_TIME = 10
"""Trees that are grown between two looks at the run."""


def ready(how: Learning) -> None:
    """Import what training this kind needs: that takes a second or two, which no step of a run should."""
    if how.kind == "linear":
        import sklearn.linear_model
    elif how.kind == "boosting":
        import sklearn.ensemble  # noqa: F401


def learn(
    how: Learning, features: Sequence[Feature], targets: Sequence[Target], rows: np.ndarray,
    wanted: Mapping[str, np.ndarray], run: Run,
) -> Stored:
    """Train one predictor of all targets.

    Args:
        rows: (n, d) as `Predictor.rows` gives them.
        wanted: (n,) by target: raw units, or the place of the level; every level occurs.

    Raises:
        Refusal: for a kind that is trained elsewhere.
    """
    ready(how)
    encoding = Encoding.fitted(features, rows)
    encoded = encoding.encode(rows)
    match how.kind:
        case "linear":
            return _linear(how, encoding, targets, encoded, wanted, run)
        case "boosting":
            return _boosted(how, encoding, targets, encoded, wanted, run)
        case "network":
            return _network(how, encoding, targets, encoded, wanted, run)
        case "ONNX file":
            raise Refusal("A model from an ONNX file cannot be trained again.", "Train a predictor here, and use that.")


def _linear(
    how: Learning, encoding: Encoding, targets: Sequence[Target], encoded: np.ndarray,
    wanted: Mapping[str, np.ndarray], run: Run,
) -> Layered:
    from sklearn.linear_model import LogisticRegression, Ridge

    weights, biases = [], []
    for target in run.steps(list(targets), "training"):
        if target.levels:
            fitted = LogisticRegression(C=1 / max(how.penalty, 1e-12), max_iter=1000)
            fitted.fit(encoded, wanted[target.name].astype(int))
            weight, bias = fitted.coef_.T, fitted.intercept_
            if len(target.levels) == 2:         # one column of logits for two levels: the first level's is 0
                weight = np.concatenate([np.zeros_like(weight), weight], axis=1)
                bias = np.concatenate([[0.0], bias])
        else:
            ridge = Ridge(alpha=how.penalty).fit(encoded, wanted[target.name])
            weight, bias = ridge.coef_[:, None], np.array([ridge.intercept_])
        weights.append(weight)
        biases.append(bias)
    whole = np.ascontiguousarray(np.concatenate(weights, axis=1)), np.concatenate(biases)
    return Layered(how, encoding, tuple(targets), (whole,))


def _boosted(
    how: Learning, encoding: Encoding, targets: Sequence[Target], encoded: np.ndarray,
    wanted: Mapping[str, np.ndarray], run: Run,
) -> Trees:
    from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

    seeds = run.generator.integers(2**31 - 1, size=len(targets))
    grown: list[Any] = []
    outputs: list[int] = []
    shares: list[float] = []
    start: list[float] = []
    chunks = -(-how.trees // AT_A_TIME)
    work = [(place, chunk) for place in range(len(targets)) for chunk in range(chunks)]
    growing: GradientBoostingClassifier | GradientBoostingRegressor
    for place, chunk in run.steps(work, "training"):
        target = targets[place]
        y = wanted[target.name]
        centre, scale = (0.0, 1.0) if target.levels else (float(y.mean()), float(y.std()) or 1.0)
        if chunk == 0:
            made = GradientBoostingClassifier if target.levels else GradientBoostingRegressor
            growing = made(
                init="zero", learning_rate=how.shrinkage, max_depth=how.depth, subsample=how.share,
                random_state=int(seeds[place]), warm_start=True,
            )
        growing.n_estimators = min(how.trees, AT_A_TIME * (chunk + 1))
        growing.fit(encoded, y.astype(int) if target.levels else (y - centre) / scale)
        if chunk < chunks - 1:
            continue
        columns = growing.estimators_.shape[1]
        first = len(start) + (1 if target.levels and columns == 1 else 0)   # of two levels the first's logit is 0
        for trees in growing.estimators_:
            grown += [tree.tree_ for tree in trees]
            outputs += [first + k for k in range(columns)]
            shares += [how.shrinkage * scale] * columns
        start += [centre] * max(1, len(target.levels))
    return Trees(how, encoding, tuple(targets), Nodes.of(grown, outputs, shares), np.array(start))


class Outputs(nn.Module):
    """ReLU layers from p encoded columns to o outputs, standardised for numbers."""

    def __init__(self, inputs: int, hidden: Sequence[int], outputs: int, generator: torch.Generator) -> None:
        super().__init__()
        sizes = [inputs, *hidden, outputs]

        def drawn(*shape: int, fan_in: int) -> nn.Parameter:
            return nn.Parameter((2 * torch.rand(shape, generator=generator) - 1) * fan_in**-0.5)

        self.weights = nn.ParameterList(drawn(a, b, fan_in=a) for a, b in pairwise(sizes))
        self.biases = nn.ParameterList(drawn(b, fan_in=a) for a, b in pairwise(sizes))

    def forward(self, x: Tensor) -> Tensor:
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = (torch.relu(x) if number else x) @ weight + bias
        return x


def _network(
    how: Learning, encoding: Encoding, targets: Sequence[Target], encoded: np.ndarray,
    wanted: Mapping[str, np.ndarray], run: Run,
) -> Layered:
    sizes = widths(targets)
    x = torch.from_numpy(encoded.astype(np.float32)).to(run.device)
    y, scales = {}, []
    for target in targets:
        raw = wanted[target.name]
        centre, scale = (0.0, 1.0) if target.levels else (float(raw.mean()), float(raw.std()) or 1.0)
        scales += [(centre, scale)] * max(1, len(target.levels))
        told = torch.from_numpy(raw.astype(np.int64) if target.levels else ((raw - centre) / scale).astype(np.float32))
        y[target.name] = told.to(run.device)

    def loss(network: Outputs, at: Tensor, _: int) -> tuple[Tensor, dict[str, Tensor]]:
        parts = torch.split(network(x[at]), sizes, dim=1)
        losses = {
            f"loss, {target.name}": functional.cross_entropy(part, y[target.name][at]) if target.levels
            else functional.mse_loss(part[:, 0], y[target.name][at])
            for target, part in zip(targets, parts, strict=True)
        }
        total = torch.stack(list(losses.values())).sum()
        decay = torch.stack([weight.square().sum() for weight in network.weights]).sum()
        return total + 0.5 * how.penalty / len(x) * decay, {name: value.detach() for name, value in losses.items()}

    network = Outputs(encoded.shape[1], how.hidden, sum(sizes), run.torch_generator).to(run.device)
    steps = how.epochs * -(-len(x) // how.batch)
    recipe = Recipe(steps, how.batch, how.rate, decay=0.3, clip=None, average=0.9, report=max(1, steps // 200))
    trained = train(network, loss, len(x), recipe, run, "training")
    layers = [
        (weight.detach().cpu().double().numpy(), bias.detach().cpu().double().numpy())
        for weight, bias in zip(trained.weights, trained.biases, strict=True)
    ]
    centre, scale = np.array(scales).T
    weight, bias = layers[-1]
    layers[-1] = (weight * scale, bias * scale + centre)
    return Layered(how, encoding, tuple(targets), tuple(layers))

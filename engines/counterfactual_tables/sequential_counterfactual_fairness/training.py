"""The loss and what it is taken from: as many rows of every source period in each step.

Symbols: T source periods, b rows of each a step; n = T · b rows, k entries a block.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import (
    Gaussian,
    divergence,
    mismatch,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import BLOCKS, Autoencoder
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters

RAMP = 0.3
"""Share of the steps over which invariance and independence gain their weight."""


@dataclass(frozen=True)
class Rows:
    """Source rows on the run's device: x (n, p), a and y (n,); periods: row numbers of each."""

    x: Tensor
    a: Tensor
    y: Tensor
    periods: tuple[Tensor, ...]

    def drawn(self, batch: int, generator: torch.Generator) -> Tensor:
        """`batch` row numbers of each period, with replacement, period after period."""
        return torch.cat([
            rows[torch.randint(len(rows), (batch,), generator=generator).to(rows.device)] for rows in self.periods])


class Learner(nn.Module):
    """The autoencoder, and its weights as they were half way, with which rows of the other world are made.

    With rows of the model that is being trained, the weight of fairness teaches the decoder to copy.
    """

    def __init__(self, model: Autoencoder) -> None:
        super().__init__()
        self.model = model
        self.frozen: Tensor
        self.register_buffer("frozen", nn.utils.parameters_to_vector(model.parameters()).detach().clone())

    @torch.no_grad()
    def freeze(self) -> None:
        """Take the weights as they are now."""
        self.frozen.copy_(nn.utils.parameters_to_vector(self.model.parameters()))

    @torch.no_grad()
    def otherwise(self, x: Tensor, a: Tensor) -> Tensor:
        """The rows with the attribute flipped, by the frozen weights."""
        weights, at = {}, 0
        for name, value in self.model.named_parameters():
            weights[f"inner.{name}"] = self.frozen[at : at + value.numel()].view_as(value)
            at += value.numel()
        other: Tensor = functional_call(_Flipped(self.model), weights, (x, a))
        return other


class _Flipped(nn.Module):
    def __init__(self, inner: Autoencoder) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor, a: Tensor) -> Tensor:
        return self.inner.counterfactual(x, a, 1 - a)


def loss(
    learner: Learner, data: Rows, step: int, parameters: Parameters, generator: torch.Generator
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """What is minimised at this step, and its parts for the curves."""
    model, settings, count = learner.model, parameters, len(data.periods)
    rows = data.drawn(settings.batch, generator)
    x, a, y = data.x[rows], data.a[rows], data.y[rows]
    period = torch.arange(count, device=x.device).repeat_interleave(settings.batch)
    q = model.encode(x, a)
    u = [one.drawn(torch.randn(one.mean.shape, generator=generator).to(x.device)) for one in q]
    means = [one.mean for one in q]

    normal = Gaussian(torch.zeros_like(means[0]), torch.zeros_like(means[0]))
    moving = [Gaussian(p.mean[period], p.log_variance[period]) for p in model.priors(count)]
    kl = torch.stack([divergence(one, p).mean() for one, p in zip(q, (normal, normal, *moving), strict=True)])
    reconstruction = (model.decode(u, a) - x).square().sum(1).mean()
    label = cross_entropy(model.logits(u), y)
    semantic = torch.cat(means[:2], dim=1)
    inv = torch.stack([mismatch(semantic[y == c], period[y == c], count) for c in (0, 1)]).mean()
    ind = torch.stack([mismatch(one, a.long(), 2) for one in means]).sum()

    half = settings.steps // 2
    if step == half:
        learner.freeze()
    fair = x.new_zeros(())
    if settings.fairness and step >= half:
        other = model.chance(learner.otherwise(x, a), 1 - a)
        fair = (model.logits(means).softmax(1)[:, 1] - other).abs().mean()
    ramp = min(1.0, step / max(1.0, RAMP * settings.steps))
    total = (
        reconstruction + settings.divergence * kl.sum() + settings.label * label + settings.fairness * fair
        + ramp * (settings.invariance * inv + settings.independence * ind)
    )
    parts = {"reconstruction": reconstruction, "cross-entropy of the label": label,
             "dependence on the period": inv, "dependence on the attribute": ind,
             **{f"divergence, {name}": value for name, value in zip(BLOCKS, kl, strict=True)}}
    if step >= half:
        parts["change when flipped"] = fair
    if settings.smoothness:
        smooth = torch.stack([
            one.view(count, settings.batch, -1).mean(1).diff(dim=0).abs().mean() for one in means[2:]]).sum()
        total = total + settings.smoothness * smooth
        parts["movement of the environment"] = smooth
    return total, {name: value.detach() for name, value in parts.items()}

"""The loss and what it is taken from: rows of every source period in each step, as many of each.

Symbols: T source periods, b rows of each a step; n = T · b rows, k entries a block.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from engines.contract import Run
from engines.counterfactual_tables.sequential_counterfactual_fairness.adversary import (
    Adversary,
    cost,
    orders,
    total_correlation,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import (
    Gaussian,
    divergence,
    mismatch,
)
from engines.counterfactual_tables.sequential_counterfactual_fairness.networks import BLOCKS, Autoencoder
from engines.counterfactual_tables.sequential_counterfactual_fairness.parameters import Parameters
from engines.training.loop import Recipe, train

POINTS = 200
"""Of each live curve."""

RAMP = 0.3
"""Share of the steps over which invariance and independence gain their weight."""


@dataclass(frozen=True)
class Rows:
    """Source rows on the run's device: x (n, p), a and y (n,); periods: row numbers of each."""

    x: Tensor
    a: Tensor
    y: Tensor
    periods: tuple[Tensor, ...]

    @property
    def most(self) -> int:
        """Rows of the largest period."""
        return max(len(rows) for rows in self.periods)

    def at(self, places: Tensor) -> Tensor:
        """Row numbers (T · b,): the rows at these places (b,) of each period in turn, a short one counted round."""
        return torch.cat([rows[places.to(rows.device) % len(rows)] for rows in self.periods])


class Learner(nn.Module):
    """The autoencoder, and its weights as they were half way, with which rows of the other world are made.

    With rows of the model that is being trained, the weight of fairness teaches the decoder to copy. `others` set out
    from the weights half way too, each with a weight of fairness of its own: points of the trade-off curve. Where there
    is an `adversary` of the model, each of the others has its own.
    """

    def __init__(self, model: Autoencoder, others: int = 0, adversary: Adversary | None = None) -> None:
        super().__init__()
        self.model = model
        self.adversaries: nn.ModuleList | None = None
        if adversary is not None:
            self.adversaries = nn.ModuleList([adversary, *(deepcopy(adversary) for _ in range(others))])
        self.others: nn.ModuleList | None = None
        if others:
            self.others = nn.ModuleList(deepcopy(model) for _ in range(others))
        self.frozen: Tensor
        self.register_buffer("frozen", nn.utils.parameters_to_vector(model.parameters()).detach().clone())

    @property
    def beside(self) -> tuple[Autoencoder, ...]:
        """The models of the trade-off curve."""
        return tuple(self.others or ())  # type: ignore[arg-type]

    def against(self, place: int) -> Adversary | None:
        """The adversary of the model (0), or of one beside it (1, 2 …)."""
        return None if self.adversaries is None else self.adversaries[place]  # type: ignore[return-value]

    @torch.no_grad()
    def freeze(self) -> None:
        """Take the weights as they are now, for the rows of the other world and for the models beside."""
        self.frozen.copy_(nn.utils.parameters_to_vector(self.model.parameters()))
        for other in self.beside:
            other.load_state_dict(self.model.state_dict())
        for adversary in list(self.adversaries or ())[1:]:
            adversary.load_state_dict(self.adversaries[0].state_dict())  # type: ignore[index]

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


def learnt(learner: Learner, data: Rows, parameters: Parameters, run: Run,
           watch: Callable[[Learner, int], None] | None = None, watch_every: int = 1) -> Learner:
    """The learner after all steps; `watch` is called with it now and then."""

    def one_step(learner: Learner, places: Tensor, step: int) -> tuple[Tensor, Mapping[str, Tensor]]:
        return loss(learner, data, places, step, parameters, run.torch_generator)

    recipe = Recipe(parameters.steps, parameters.batch, parameters.rate, clip=None, average=0.0,
                    report=max(1, parameters.steps // POINTS))
    return train(learner, one_step, data.most, recipe, run, "training", watch, watch_every)


@dataclass(frozen=True)
class _Batch:
    """x (n, p), a, y and period (n,); noise: (n, k) for each block; other: x in the other world, from half way on;
    order: shuffles for the adversary.
    """

    x: Tensor
    a: Tensor
    y: Tensor
    period: Tensor
    periods: int
    noise: Tensor
    other: Tensor | None
    order: Tensor | None


def loss(
    learner: Learner, data: Rows, places: Tensor, step: int, parameters: Parameters, generator: torch.Generator
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """What is minimised at this step, and the model's parts of it for the curves. places (b,): see `Rows.at`."""
    rows, count = data.at(places), len(data.periods)
    x, a = data.x[rows], data.a[rows]
    noise = torch.randn((len(BLOCKS), len(rows), parameters.dimensions), generator=generator).to(x.device)
    late = step >= parameters.half
    if step == parameters.half:
        learner.freeze()
    batch = _Batch(x, a, data.y[rows], torch.arange(count, device=x.device).repeat_interleave(len(places)), count,
                   noise, learner.otherwise(x, a) if late else None,
                   orders(len(rows), generator).to(x.device) if parameters.adversary else None)
    total, parts = _objective(learner.model, learner.against(0), batch, step, parameters, parameters.fairness)
    if late:
        for k, (other, weight) in enumerate(zip(learner.beside, parameters.weaker, strict=True), 1):
            total = total + _objective(other, learner.against(k), batch, step, parameters, weight)[0]
    return total, {name: value.detach() for name, value in parts.items()}


def _objective(
    model: Autoencoder, adversary: Adversary | None, batch: _Batch, step: int, parameters: Parameters, fairness: float
) -> tuple[Tensor, dict[str, Tensor]]:
    """Of one model and its adversary, with its weight of fairness."""
    x, a, y, period = batch.x, batch.a, batch.y, batch.period
    q = model.encode(x, a)
    u = [one.drawn(noise) for one, noise in zip(q, batch.noise, strict=True)]
    means = [one.mean for one in q]

    normal = Gaussian(torch.zeros_like(means[0]), torch.zeros_like(means[0]))
    moving = [Gaussian(p.mean[period], p.log_variance[period]) for p in model.priors(batch.periods)]
    kl = torch.stack([divergence(one, p).mean() for one, p in zip(q, (normal, normal, *moving), strict=True)])
    reconstruction = (model.decode(u, a) - x).square().sum(1).mean()
    label = cross_entropy(model.logits(u), y)
    semantic = torch.cat(means[:2], dim=1)
    inv = torch.stack([mismatch(semantic[y == c], period[y == c], batch.periods) for c in (0, 1)]).mean()
    ind = torch.stack([mismatch(one, a.long(), 2) for one in means]).sum()

    ramp = min(1.0, step / max(1.0, RAMP * parameters.steps))
    total = (
        reconstruction + parameters.divergence * kl.sum() + parameters.label * label
        + ramp * (parameters.invariance * inv + parameters.independence_at(step) * ind)
    )
    parts = {"reconstruction": reconstruction, "cross-entropy of the label": label,
             "dependence on the period": inv, "dependence on the attribute": ind,
             **{f"divergence, {name}": value for name, value in zip(BLOCKS, kl, strict=True)}}
    if batch.other is not None:
        fair = (model.logits(means).softmax(1)[:, 1] - model.chance(batch.other, 1 - a)).abs().mean()
        total = total + fairness * fair
        parts["change when flipped"] = fair
    if adversary is not None and batch.order is not None:
        lost, right = cost(adversary, u, a, batch.order)
        total = total + ramp * parameters.adversary * total_correlation(adversary, u, a) + lost
        parts["right answers of the adversary"] = right
    if parameters.smoothness:
        smooth = torch.stack([
            one.view(batch.periods, -1, one.shape[1]).mean(1).diff(dim=0).abs().mean() for one in means[2:]]).sum()
        total = total + parameters.smoothness * smooth
        parts["movement of the environment"] = smooth
    return total, parts

"""The one training loop: batches, optimiser, learning-rate schedule, clipping, averaged weights, checkpoints.

A method brings a network and a loss; the loop brings the rest and reports through the run.

Symbols: n rows of data; b rows a batch.
"""

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from engines.contract import Run

Network = TypeVar("Network", bound=nn.Module)
Loss = Callable[[Network, Tensor, int], tuple[Tensor, Mapping[str, Tensor]]]
Watch = Callable[[Network, int], None]


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        steps, batch: Number of updates; rows in each.
        rate: Peak learning rate of AdamW without weight decay.
        warm_up: Updates over which the rate rises from 0.
        decay: Share of the updates, at the end, over which it falls to 0 along half a cosine.
        clip: Largest gradient norm of each top-level part of the network; None for no limit.
        average: Decay of the exponential average of the weights.
        report: Updates between points of the live curves.
    """

    steps: int
    batch: int
    rate: float
    warm_up: int = 0
    decay: float = 0.0
    clip: float | None = 1.0
    average: float = 0.995
    report: int = 10

    def rate_at(self, step: int) -> float:
        """The learning rate of update `step` (0-based)."""
        rising = min(1.0, (step + 1) / self.warm_up) if self.warm_up else 1.0
        left = self.steps * self.decay
        past = step - (self.steps - left)
        falling = 0.5 * (1 + math.cos(math.pi * past / left)) if left and past > 0 else 1.0
        return self.rate * rising * falling


class Rows:
    """Row numbers in batches (b,), each row once before any comes again; its state travels with checkpoints."""

    def __init__(self, n: int, batch: int, generator: torch.Generator) -> None:
        self.n, self.batch, self.generator = n, min(batch, n), generator
        self.waiting = torch.empty(0, dtype=torch.int64)

    def next(self) -> Tensor:
        while len(self.waiting) < self.batch:
            self.waiting = torch.cat([self.waiting, torch.randperm(self.n, generator=self.generator)])
        rows, self.waiting = self.waiting[:self.batch], self.waiting[self.batch:]
        return rows


class Average(Generic[Network]):
    """An exponential average of a network's weights; buffers such as running statistics are copied."""

    def __init__(self, network: Network, decay: float) -> None:
        self.decay = decay
        self.network: Network = copy.deepcopy(network).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Move towards `network`; the first updates weigh more, so that the start is soon forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.network.parameters()), list(network.parameters()), 1 - decay)
        for kept, new in zip(self.network.buffers(), network.buffers(), strict=True):
            kept.copy_(new)


def train(network: Network, loss: Loss[Network], n: int, recipe: Recipe, run: Run, phase: str,
          watch: Watch[Network] | None = None, watch_every: int = 100) -> Network:
    """Train `network` on rows 0..n-1 and return its averaged copy, in evaluation mode.

    `loss(network, rows, step)` gives the scalar to minimise and the parts to draw as curves. `watch(average, step)` is
    called now and then to show what the averaged network can do. Goes on from `run.resumed` when there is one.
    """
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=0.0)
    average = Average(network, recipe.average)
    rows = Rows(n, recipe.batch, run.torch_generator)

    def state(next_step: int) -> dict[str, Any]:
        return {"step": next_step, "network": network.state_dict(), "average": average.network.state_dict(),
                "optimiser": optimiser.state_dict()["state"], "waiting": rows.waiting}

    start = 0
    if run.resumed is not None:
        start = int(run.resumed["step"])
        network.load_state_dict(run.resumed["network"])
        average.network.load_state_dict(run.resumed["average"])
        optimiser.load_state_dict({"state": run.resumed["optimiser"],
                                   "param_groups": optimiser.state_dict()["param_groups"]})
        rows.waiting = run.resumed["waiting"]

    network.train()
    for step in run.steps(recipe.steps, phase, start=start):
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate_at(step)
        total, parts = loss(network, rows.next(), step)
        optimiser.zero_grad()
        total.backward()
        norms = {name: nn.utils.clip_grad_norm_(part.parameters(), recipe.clip or math.inf)
                 for name, part in network.named_children()}
        optimiser.step()
        average.update(network, step)
        if step % recipe.report == 0 or step == recipe.steps - 1:
            for name, value in parts.items():
                run.scalar(name, float(value), step)
            for name, norm in norms.items():
                run.scalar(f"gradient norm, {name}" if len(norms) > 1 else "gradient norm", float(norm), step)
        if watch is not None and (step + 1) % watch_every == 0:
            watch(average.network, step)
        run.checkpoint(lambda: state(step + 1))      # noqa: B023  called at once, within this step
    return average.network


"""The two stages: encoders under the maximum moment restriction, then outcome networks with a control function.

Symbols: k encoders side by side, m outcome networks; n rows, q readings, p actions, d latents; all standardised.
X (n, q), A (n, p), Y (n, 1); phi, V (k, n, d).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engines.contract import Run
from engines.counterfactual_tables.intervention_extrapolation.mathematics import (
    SLIM,
    bandwidth,
    kernel,
    moment_restriction,
    ramp,
    residual,
    unbiased_restriction,
    whitened,
    whitening,
    with_one,
)
from engines.counterfactual_tables.intervention_extrapolation.networks import Parallel
from engines.counterfactual_tables.intervention_extrapolation.parameters import Parameters
from engines.results import Result
from engines.training.loop import Recipe, train

RISE = (1 / 6, 7 / 18)              # share of the steps between which the weight of the restriction rises
START = 0.1                         # share of the usual size that the last layers start with
LOOK_EVERY = 10                     # updates between two looks at the validation rows


class Stage:
    """One part of a run: its checkpoints also hold what the parts before it left (`before`)."""

    def __init__(self, run: Run, name: str, before: Mapping[str, Any]) -> None:
        self.run, self.name, self.before = run, name, before
        self.device, self.threads, self.generator = run.device, run.threads, run.generator

    @property
    def torch_generator(self) -> torch.Generator:
        return self.run.torch_generator

    @property
    def resumed(self) -> Mapping[str, Any] | None:
        kept = self.run.resumed
        return kept["state"] if kept is not None and kept["stage"] == self.name else None

    def scalar(self, name: str, value: float, step: int, unit: str = "") -> None:
        self.run.scalar(name, value, step, unit)

    def show(self, result: Result) -> None:
        self.run.show(result)

    def message(self, text: str) -> None:
        self.run.message(text)

    def steps(self, work: int | Iterable[Any], phase: str, *, start: int = 0) -> Iterator[Any]:
        return self.run.steps(work, phase, start=start)

    def checkpoint(self, state: Callable[[], Mapping[str, Any]]) -> None:
        self.run.checkpoint(lambda: {"stage": self.name, "before": self.before, "state": state()})


# -------------------------------------------------------------------------------------------------------- encoders


class Autoencoders(nn.Module):
    """k encoders with their decoders. They start as principal components, which are injective, and learn to bend."""

    def __init__(self, copies: int, readings: int, latents: int, width: int) -> None:
        super().__init__()
        self.encoder = Parallel(copies, [readings, width, width, latents])
        self.decoder = Parallel(copies, [latents, width, width, readings])

    def start(self, X: Tensor, generator: torch.Generator) -> "Autoencoders":
        latents = self.encoder.direct.shape[2]
        _, sizes, axes = torch.linalg.svd(X / len(X) ** 0.5, full_matrices=False)
        axes, sizes = axes[:latents], sizes[:latents].clamp_min(1e-3)
        for network, linear in ((self.encoder, axes.T / sizes), (self.decoder, axes * sizes[:, None])):
            network.start(generator, START, linear)
        return self

    def size(self) -> Tensor:
        """Sum of the squared weights of the layers, the linear maps left out."""
        layers = (*self.encoder.weights, *self.decoder.weights)
        return torch.stack([weight.square().sum() for weight in layers]).sum()


@dataclass(frozen=True, eq=False)
class Encoded:
    """What the first stage leaves. Each (k, …).

    Attributes:
        centre, T: The whitening, (k, 1, d) and (k, d, d).
        reconstruction, restriction: Mean squared error, and the unbiased moment restriction, on all rows.
    """

    encoder: Parallel
    decoder: Parallel
    centre: Tensor
    T: Tensor
    reconstruction: Tensor
    restriction: Tensor

    def latents(self, X: Tensor) -> Tensor:
        """phi(X), whitened on the training rows. (k, n, d)."""
        return (self.encoder(X) - self.centre) @ self.T


def encode(X: Tensor, A: Tensor, weights: list[float], p: Parameters, run: Run,
           unbiased: Sequence[int] = ()) -> Encoded:
    """Learn an autoencoder for each weight of the restriction, all at once (steps 1 to 4 of the algorithm).

    Those at the places `unbiased` are trained on the U-statistic.
    """
    lam, length = torch.tensor(weights, device=A.device), bandwidth(A)
    whole = (X, A, kernel(A, length)) if len(A) <= p.batch else None
    on_u = torch.zeros(len(weights), dtype=torch.bool, device=A.device)
    on_u[list(unbiased)] = True

    def loss(networks: Autoencoders, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        x, a, K = (X[rows], A[rows], kernel(A[rows], length)) if whole is None else whole
        phi = whitened(networks.encoder(x))
        r = residual(phi, a)
        error, rising = (networks.decoder(phi) - x).square().mean(dim=(1, 2)), ramp(step / p.steps, *RISE)
        restriction, free = moment_restriction(r, K), unbiased_restriction(r, K)
        total = (error + rising * lam * torch.where(on_u, free, restriction)).sum() + p.bending * networks.size()
        return total, {
            "reconstruction error": error[0].detach(), "moment restriction": free[0].detach(),
            "R2 of the latents on the actions": 1 - r[0].detach().square().mean(),
        }

    networks = Autoencoders(len(weights), X.shape[1], p.latents, p.width).to(X.device).start(X, run.torch_generator)
    recipe = Recipe(p.steps, p.batch, p.rate, decay=1.0, clip=None, average=0.0)
    trained = train(networks, loss, len(X), recipe, run, "learning the latents")
    with torch.no_grad():
        centre, T = whitening(trained.encoder(X))
        phi = (trained.encoder(X) - centre) @ T
        error = (trained.decoder(phi) - X).square().mean(dim=(1, 2))
        few = slice(0, p.batch)
        told = unbiased_restriction(residual(phi, A)[:, few], kernel(A[few], length))
    return Encoded(trained.encoder, trained.decoder, centre, T, error, told)


# --------------------------------------------------------------------------------------------------------- outcome


class Outcomes(nn.Module):
    """m additive models nu(phi) + psi(V), and a regression of the outcome on the actions alone beside them.

    Buffers hold the best weights so far by the error on the validation rows, for each of the models by itself.
    """

    def __init__(self, copies: int, latents: int, actions: int, width: int) -> None:
        super().__init__()
        self.nu = Parallel(copies, [latents, width, width, 1])
        self.psi = Parallel(copies, [latents, width, width, 1])
        self.alone = Parallel(1, [actions, width, width, 1])
        self.best: Tensor
        self.best_alone: Tensor
        self.register_buffer("best", torch.full((copies,), torch.inf))
        self.register_buffer("best_alone", torch.full((1,), torch.inf))
        for i, weight in enumerate(self.parameters()):
            self.register_buffer(f"kept_{i}", weight.detach().clone())

    def start(self, task: "Task", A: Tensor, Y: Tensor, generator: torch.Generator) -> "Outcomes":
        """From the linear control function, which is two-stage least squares; the layers learn what bends."""
        on, d = task.controlled.view(-1, 1, 1), task.phi.shape[2]
        both = torch.cat([task.phi, on * task.V], dim=2)
        rows = task.counts.sum(dim=0) > 0
        slopes = weighted_slopes(both[:, rows], Y[rows], task.counts[:, rows])
        self.nu.start(generator, 0.0, slopes[:, :d])
        self.psi.start(generator, 0.0, slopes[:, d:])
        self.alone.start(generator, 0.0, weighted_slopes(A[None, rows], Y[rows], torch.ones_like(Y[rows].T)))
        return self

    @torch.no_grad()
    def keep(self, errors: Tensor, alone: Tensor) -> None:
        """Remember the weights of the models whose validation error is the lowest so far. errors: (m,), alone (1,)."""
        better, better_alone = errors < self.best, alone < self.best_alone
        own = {id(weight) for weight in self.alone.parameters()}
        for i, weight in enumerate(self.parameters()):
            which = better_alone if id(weight) in own else better
            self.get_buffer(f"kept_{i}")[which] = weight.detach()[which]
        self.best, self.best_alone = torch.minimum(self.best, errors), torch.minimum(self.best_alone, alone)

    @torch.no_grad()
    def take_best(self) -> "Outcomes":
        """The remembered weights in the place of the last ones."""
        for i, weight in enumerate(self.parameters()):
            weight.copy_(self.get_buffer(f"kept_{i}"))
        return self


@dataclass(frozen=True, eq=False)
class Task:
    """What an outcome network learns from.

    Attributes:
        phi, V: (m, n, d) of each member.
        counts: (m, n) how often each row is drawn; zero at validation rows.
        controlled: (m,) 1 with psi, 0 without.
        held: Rows to validate on.
    """

    phi: Tensor
    V: Tensor
    counts: Tensor
    controlled: Tensor
    held: Tensor


def regress(task: Task, A: Tensor, Y: Tensor, p: Parameters, run: Run) -> Outcomes:
    """Fit all additive models at once (step 7), each stopped where it is best on the validation rows."""
    free = torch.ones(len(Y), dtype=torch.bool)
    free[task.held] = False
    learnt, on = torch.nonzero(free)[:, 0], task.controlled.view(-1, 1, 1)
    held = task.held

    def errors(networks: Outcomes, rows: Tensor) -> tuple[Tensor, Tensor]:
        phi, V, y = task.phi[:, rows], task.V[:, rows], Y[rows]
        told = networks.nu(phi) + on * networks.psi(V)
        return (told - y).square()[..., 0], (networks.alone(A[rows][None]) - y).square()[..., 0]

    def loss(networks: Outcomes, rows: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        if step % LOOK_EVERY == 0:
            with torch.no_grad():
                seen, alone_seen = errors(networks, held)
                networks.keep(seen.mean(dim=1), alone_seen.mean(dim=1))
        rows = learnt[rows]
        own, alone = errors(networks, rows)
        counts = task.counts[:, rows]
        means = (own * counts).sum(dim=1) / counts.sum(dim=1).clamp_min(1)
        size = torch.stack([weight.square().sum() for weight in networks.parameters()]).sum()
        return means.sum() + alone.mean() + p.decay * size, {
            "training error": means[0].detach(), "validation error": networks.best[0].clone(),
            "validation error of the actions alone": networks.best_alone[0].clone(),
        }

    networks = Outcomes(len(task.phi), task.phi.shape[2], A.shape[1], p.outcome_width).to(A.device)
    networks.start(task, A, Y, run.torch_generator)
    recipe = Recipe(p.outcome_steps, p.batch, p.rate, decay=1.0, clip=None, average=0.0)
    return train(networks, loss, len(learnt), recipe, run, "learning the outcome").take_best()


def weighted_slopes(x: Tensor, y: Tensor, counts: Tensor) -> Tensor:
    """Slopes of the weighted ridge least squares of y (n, 1) on x (m, n, c). counts: (m, n). Returns (m, c, 1)."""
    share = (counts / counts.sum(dim=1, keepdim=True))[..., None]
    apart, rest = x - (share * x).sum(dim=1, keepdim=True), y - (share * y).sum(dim=1, keepdim=True)
    moments = apart.transpose(1, 2) @ (share * apart)
    one = torch.eye(x.shape[2], dtype=x.dtype, device=x.device)
    return torch.linalg.solve(moments + SLIM * one, apart.transpose(1, 2) @ (share * rest))


def bootstrap_counts(members: int, rows: np.ndarray, n: int, generator: np.random.Generator) -> Tensor:
    """How often each of `rows` is drawn in each resample; zero elsewhere. Returns (members, n)."""
    counts = np.zeros((members, n), dtype=np.float32)
    for one in counts:
        one[rows] = np.bincount(generator.integers(len(rows), size=len(rows)), minlength=len(rows))
    return torch.from_numpy(counts)


def control(phi: Tensor, A: Tensor, linear: Tensor) -> Tensor:
    """V = phi - W A - alpha (step 6), the part of the latents that the actions did not set. (k, n, d)."""
    return phi - with_one(A) @ linear

"""Many fits at once: restarts, resampled rows and other assumptions are members of one learner, trained in turns.

Symbols: f fits of r restarts each; g groups of m members; n rows, p covariates, b rows a step, d entries of u.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

from engines.contract import Run
from engines.counterfactual_tables.vluci.mathematics import Bounds, contraction, independence
from engines.counterfactual_tables.vluci.networks import Arms, Confounded, Stack, scatter
from engines.counterfactual_tables.vluci.parameters import Parameters

GROUP = 12
"""Members trained in one step: some 20 ms on one core."""

KERNEL_ROWS = 64
"""Rows of a step from which the penalty on dependence is estimated; its cost grows with their square."""

SMALL, DRAWS_WHEN_SMALL = 500, 5
"""With fewer rows than this each is drawn several times a step."""

JUDGED = 10
"""Draws of u a row when the bound of a finished fit is taken."""

CHUNK = 512


@dataclass(frozen=True)
class Rows:
    """What is trained on. x (n, p), t (n,), y (n,) on the run's device; share: of t = 1."""

    x: Tensor
    t: Tensor
    y: Tensor
    share: float

    def of(self, index: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x (m, b, p), t and y (m, b) of the rows index (m, b)."""
        return self.x[index], self.t[index], self.y[index]


@dataclass(frozen=True)
class Fit:
    """One model to be learnt.

    Attributes:
        rows: (n,) the rows it sees: all of them once, or a resample.
        entries: Of u.
        strength: Weight of the divergences; above 1 the prior pulls harder.
        says: What it assumes, in words.
    """

    rows: Tensor
    entries: int
    strength: float = 1.0
    says: str = "as trained"


def planned(parameters: Parameters, resamples: Tensor) -> list[Fit]:
    """The main fit, then those on resampled rows (k, n), then those that assume something else."""
    entries, n = parameters.entries, resamples.shape[1]
    every = torch.arange(n)
    fits = [Fit(every, entries), *(Fit(rows, entries) for rows in resamples)]
    if parameters.sensitivity:
        others = [count for count in (1, 2, 3) if count != entries][:2]
        fits += [Fit(every, count, says=f"{count} entr{'y' if count == 1 else 'ies'} of U") for count in others]
        fits += [Fit(every, entries, 0.5, "half the prior's pull"), Fit(every, entries, 2.0, "twice the prior's pull")]
    return fits


class Group(nn.Module):
    """Members that are trained in one step: the model of U, the naive learner, and the one that is given U."""

    def __init__(self, confounded: Confounded, naive: Arms, plug_in: Arms) -> None:
        super().__init__()
        self.confounded, self.naive, self.plug_in = confounded, naive, plug_in


class Learner(nn.Module):
    """All members, in groups. `index` (m, n) and `strength` (m,) of each group say what it learns from."""

    def __init__(self, fits: list[Fit], covariates: int, binary: bool, parameters: Parameters, run: Run) -> None:
        super().__init__()
        members = [fit for fit in fits for _ in range(parameters.restarts)]
        widest = max(fit.entries for fit in fits)
        self.groups = nn.ModuleList()
        self.index: list[Tensor] = []
        self.strength: list[Tensor] = []
        for at in range(0, len(members), GROUP):
            some = members[at : at + GROUP]
            confounded = Confounded(
                len(some), covariates, widest, parameters.hidden, parameters.decoder == "shared", binary)
            group = Group(confounded, Arms(len(some), covariates, parameters.hidden, binary),
                          Arms(len(some), covariates + widest, parameters.hidden, binary))
            scatter(group, run.torch_generator)
            _narrow(confounded, parameters.start_spread)
            confounded.used.copy_(torch.tensor([[[float(k < fit.entries) for k in range(widest)]] for fit in some]))
            self.groups.append(group.to(run.device))
            self.index.append(torch.stack([fit.rows for fit in some]).to(run.device))
            self.strength.append(torch.tensor([fit.strength for fit in some], device=run.device))

    def picked(self, members: list[int]) -> tuple[Confounded, Arms, Arms]:
        """Some members, numbered through all groups, side by side on the CPU."""
        places = [divmod(member, GROUP) for member in members]
        groups: list[Group] = [self.groups[g] for g, _ in places]  # type: ignore[misc]
        inside = [[k] for _, k in places]
        return (
            joined([group.confounded.chosen(k) for group, k in zip(groups, inside, strict=True)]),
            joined([group.naive.chosen(k) for group, k in zip(groups, inside, strict=True)]),
            joined([group.plug_in.chosen(k) for group, k in zip(groups, inside, strict=True)]),
        )


S = TypeVar("S", bound=Stack)


def joined(stacks: list[S]) -> S:
    """Members of several stacks of one shape as one stack on the CPU, for evaluation."""
    first = stacks[0]
    whole = type(first)(**{**first.settings, "members": sum(stack.settings["members"] for stack in stacks)})
    states = [stack.state_dict() for stack in stacks]
    whole.load_state_dict({name: torch.cat([state[name].cpu() for state in states]) for name in states[0]})
    return whole.eval().requires_grad_(False)


@torch.no_grad()
def _narrow(network: Confounded, spread: float) -> None:
    """Let both guesses of u begin with standard deviation `spread`.

    A wide guess tells the decoder nothing of u, and the decoder learns to do without it: of ten restarts on the card's
    data two or three never came back from there; with 0.22 all ten found U, and where there was none to find none did.
    """
    for layers in (network.from_treatment, network.from_both):
        _, log_sd = layers.biases[-1].chunk(2, dim=2)
        log_sd.fill_(torch.tensor(spread).log())


def loss(
    learner: Learner, data: Rows, rows: Tensor, step: int, steps: int, parameters: Parameters, noise: torch.Generator
) -> tuple[Tensor, Mapping[str, Tensor]]:
    """What one group is to minimise at this step, summed over its members; and the leading restart's parts, if it is
    the first group's turn. rows: (b,); steps: of each group.
    """
    turn = step % len(learner.groups)
    group: Group = learner.groups[turn]  # type: ignore[assignment]
    confounded = group.confounded
    x, t, y = data.of(learner.index[turn][:, rows])
    draws = DRAWS_WHEN_SMALL if len(data.t) < SMALL else 1
    shape = (2, len(x), draws * x.shape[1], confounded.settings["entries"])
    drawn = torch.randn(shape, generator=noise).to(x.device)
    bounded = confounded.bounds if parameters.bound == "doubly variational" else confounded.single
    bounds, _, after = bounded(x, t, y, drawn)

    weight = min(1.0, step / len(learner.groups) / max(1.0, parameters.warm_up * steps))
    penalty = independence(after.mean[:, :KERNEL_ROWS], x[:, :KERNEL_ROWS])
    known = torch.cat([x, after.mean.detach()], dim=2)
    total = (
        (parameters.independence * penalty - bounds.total(weight * learner.strength[turn])).sum()
        + group.naive.loss(x, t, y, data.share).sum()
        + group.plug_in.loss(known, t, y, data.share).sum()
    )
    return total, {} if turn else _told(bounds, penalty, confounded, contraction(after, confounded.used), parameters)


def _told(
    bounds: Bounds, penalty: Tensor, network: Confounded, told: Tensor, parameters: Parameters
) -> dict[str, Tensor]:
    """The curves, of the restart of the main fit that leads."""
    leads = int(bounds.total()[: parameters.restarts].argmax())
    curves = {
        "bound": bounds.total(),
        "bound, treatment": bounds.treatment - bounds.treatment_divergence,
        "bound, outcome": bounds.outcome - bounds.outcome_divergence,
        "reconstruction, treatment": bounds.treatment, "divergence, treatment": bounds.treatment_divergence,
        "reconstruction, outcome": bounds.outcome, "divergence, outcome": bounds.outcome_divergence,
        "contraction": told, "dependence on the covariates": penalty,
    }
    if not network.binary:
        curves["noise of the outcome"] = network.noise()[:, 0].exp()
    return {name: values.detach()[leads] for name, values in curves.items()}


@torch.inference_mode()
def judged(learner: Learner, data: Rows, run: Run) -> Tensor:
    """The bound of every member (members,) on the rows that it learnt from; the same draws for all."""
    first: Group = learner.groups[0]  # type: ignore[assignment]
    n, entries = len(data.t), int(first.confounded.settings["entries"])
    noise = torch.randn((2, 1, JUDGED * n, entries), generator=run.torch_generator).to(data.x.device)
    groups: list[tuple[Group, Tensor]] = list(zip(learner.groups, learner.index, strict=True))  # type: ignore[arg-type]
    return torch.cat([
        _bound(group.confounded, data, index, noise) for group, index in run.steps(groups, "choosing among restarts")
    ]).cpu()


def _bound(network: Confounded, data: Rows, index: Tensor, noise: Tensor) -> Tensor:
    total, (members, n) = torch.zeros(len(index), device=data.x.device), index.shape
    for at in range(0, n, CHUNK):
        some = index[:, at : at + CHUNK]
        part = noise[:, :, JUDGED * at : JUDGED * (at + some.shape[1])].expand(2, members, -1, -1)
        total = total + network.bounds(*data.of(some), part)[0].total() * some.shape[1]
    return total / n

"""`fit`: both stages, the choice among the encoders, the band; and what must be refused.

Symbols: n rows, p actions, q readings, d latents; k encoders, m members of the outcome.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engines.contract import Inputs, Run
from engines.counterfactual_tables.intervention_extrapolation.elbow import compare
from engines.counterfactual_tables.intervention_extrapolation.mathematics import linear_part, signal
from engines.counterfactual_tables.intervention_extrapolation.model import Extrapolation, Scale
from engines.counterfactual_tables.intervention_extrapolation.networks import Parallel
from engines.counterfactual_tables.intervention_extrapolation.parameters import Parameters
from engines.counterfactual_tables.intervention_extrapolation.report import conclude
from engines.counterfactual_tables.intervention_extrapolation.stages import (
    Encoded,
    Stage,
    Task,
    bootstrap_counts,
    control,
    encode,
    regress,
)
from engines.data.kinds import Table
from engines.data.roles import Role
from engines.refusals import Refusal

TRIED_WEIGHTS = (1.0, 10.0, 100.0, 1000.0)
SLACK, LITTLE = 1.1, 1e-3           # reconstruction may be worse than without restriction by so much
HELD = 0.2                          # share of the rows on which the second stage is validated
KEPT_ROWS = 1000                    # rows that the model keeps, for mean effects and the support meter
CHANCE = 0.01                       # probability of so much signal by chance above which there is none


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns by what they are for, raw. A (n, p), X (n, q), Y (n,)."""

    table: Table
    A: np.ndarray
    X: np.ndarray
    Y: np.ndarray

    @staticmethod
    def of(table: Table) -> "Columns":
        names = {role: [c.name for c in table.having(role)] for role in (Role.TREATMENT, Role.COVARIATE, Role.OUTCOME)}
        A, X, Y = (table.numbers(names[role]) for role in names)
        return Columns(table, A, X, Y[:, 0])


def refuse(inputs: Inputs, parameters: Parameters) -> None:
    """What this method cannot do, beyond what `accepts` says.

    Raises:
        Refusal: naming the columns.
    """
    columns = Columns.of(inputs.table)
    actions, readings = (inputs.table.having(role) for role in (Role.TREATMENT, Role.COVARIATE))
    names = tuple(column.name for column in actions)
    if parameters.latents > len(actions):
        have = "one action" if len(actions) == 1 else f"{len(actions)} actions"
        raise Refusal(f"{parameters.latents} latents cannot be told apart by {have}; at most {len(actions)} can.",
                      "Set latents to fewer, or give more columns the role treatment.", about=names)
    if parameters.latents > len(readings):
        raise Refusal(f"{parameters.latents} latents cannot be read off {len(readings)} readings.",
                      "Set latents to fewer, or give more columns the role covariate.")
    centred = (columns.A - columns.A.mean(axis=0)) / columns.A.std(axis=0)
    if np.linalg.matrix_rank(centred, tol=1e-6 * len(centred) ** 0.5) < len(actions):
        raise Refusal(f"The actions {' and '.join(names)} are collinear: one can be computed from the others.",
                      "Leave one of them out.", ("Leave it out",), names)
    ranks = columns.X.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable").astype(np.float64)
    bends = np.column_stack([centred, centred**2, centred**3])
    if signal(ranks, bends) > CHANCE:
        raise _no_signal(names)


def _no_signal(names: tuple[str, ...]) -> Refusal:
    verb = "carries" if len(names) == 1 else "carry"
    return Refusal(f"{' and '.join(names)} {verb} no signal: the readings do not move with what was done.",
                   "There is nothing to extrapolate. Check which columns are treatment and covariate.", about=names)


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> Extrapolation:
    """Learn the latents, then the outcome in them; take the best start, and a band from the others and resamples."""
    columns = Columns.of(inputs.table)
    scales = Scale.of(columns.A), Scale.of(columns.X), Scale.of(columns.Y[:, None])
    A, X, Y = (s.inside(v).to(run.device) for s, v in zip(scales, (columns.A, columns.X, columns.Y[:, None])))
    order = run.generator.permutation(len(X))
    held, learnt = np.sort(order[: int(len(X) * HELD)]), np.sort(order[int(len(X) * HELD) :])
    kept = np.sort(order[:KEPT_ROWS])
    counts = bootstrap_counts(parameters.bootstraps, learnt, len(X), run.generator)

    weights = _weights(parameters)
    compared = compare(X, A, parameters, run)
    before = (run.resumed or {}).get("before") or {}
    if "encoder" in before:
        encoded = _restored(before, X.shape[1], parameters, len(weights))
    else:
        encoded = encode(X, A, weights, parameters, Stage(run, "latents", {"compared": compared}))
    chosen, plain = choose(encoded, weights, parameters.restarts)
    phi = encoded.latents(X)[[*chosen, plain]].detach()                                # the plain one is the last
    if signal(phi[0].cpu().numpy().astype(np.float64), columns.A) > CHANCE:
        raise _no_signal(tuple(c.name for c in inputs.table.having(Role.TREATMENT)))
    linear = linear_part(phi, A)
    members = Members.of(len(chosen), counts, learnt)
    task = Task(phi[members.of_encoder], control(phi, A, linear)[members.of_encoder], members.counts.to(run.device),
                torch.from_numpy(members.controlled).float().to(run.device), torch.from_numpy(held))
    outcomes = regress(task, A, Y, parameters, Stage(run, "outcome", {"compared": compared, **_kept(encoded)})).cpu()

    def model(encoders: list[int], which: list[int]) -> Extrapolation:
        """With some of the encoders (by place in phi) and members."""
        places = [[*chosen, plain][i] for i in encoders]
        actions, readings, outcome, units = _names(inputs.table)
        action_scale, reading_scale, outcome_scale = (np.stack([s.mean, s.spread]) for s in scales)
        return Extrapolation(
            parameters=parameters, actions=actions, reading_names=readings, outcome=outcome, units=units,
            action_scale=action_scale, reading_scale=reading_scale, outcome_scale=outcome_scale,
            tried=np.stack([columns.A.min(axis=0), columns.A.max(axis=0)]),
            usual=np.percentile(columns.A, (0.5, 99.5), axis=0),
            encoder=encoded.encoder.cpu().picked(places), decoder=encoded.decoder.cpu().picked(places),
            centre=encoded.centre[places].cpu(), T=encoded.T[places].cpu(), linear=linear[encoders].cpu(),
            phi=phi[encoders][:, kept].cpu(), kept_actions=A[kept].cpu(), outcome_mean=float(Y[kept].mean()),
            nu=outcomes.nu.picked(which), psi=outcomes.psi.picked(which), alone=outcomes.alone.picked([0]),
            of=np.array([encoders.index(members.of_encoder[m]) for m in which]),
            controlled=members.controlled[which],
        )

    ours = model(list(range(len(chosen))), list(range(len(members.of_encoder) - 1)))
    bare = model([len(chosen)], [len(members.of_encoder) - 1])
    conclude(run, ours, bare, encoded, weights, chosen, inputs.table, columns.A, columns.X)
    return ours


@dataclass(frozen=True, eq=False)
class Members:
    """The outcome models: each encoder's, the resampled ones, one without psi, and that of the plain autoencoder.

    of_encoder: (m,) places; counts: (m, n); controlled: (m,).
    """

    of_encoder: list[int]
    counts: Tensor
    controlled: np.ndarray

    @staticmethod
    def of(encoders: int, resampled: Tensor, learnt: np.ndarray) -> "Members":
        of = [*range(encoders), *(i % encoders for i in range(len(resampled))), 0, encoders]
        whole = torch.zeros(1, resampled.shape[1])
        whole[:, learnt] = 1.0
        counts = torch.cat([whole.expand(encoders, -1), resampled, whole.expand(2, -1)])
        return Members(of, counts, np.arange(len(of)) != len(of) - 2)


def _weights(parameters: Parameters) -> list[float]:
    """The weight of the restriction of each encoder; those without are the last."""
    wanted = TRIED_WEIGHTS if parameters.search else (parameters.weight,)
    plain = parameters.restarts if parameters.search else 1
    return [*(w for w in wanted for _ in range(parameters.restarts)), *[0.0] * plain]


def choose(encoded: Encoded, weights: list[float], restarts: int) -> tuple[list[int], int]:
    """The encoders of the largest weight that reconstructs nearly as well as none, the best first; the best plain one.

    With one weight only there is nothing to choose but their order, by reconstruction plus weighted restriction.
    """
    error, restriction = encoded.reconstruction.cpu().numpy(), encoded.restriction.cpu().numpy()
    groups = [list(range(i, i + restarts)) for i in range(0, len(weights) - restarts + 1, restarts) if weights[i]]
    plain = int(len(weights) - 1 if len(groups) == 1 else np.argmin(error[-restarts:]) + len(weights) - restarts)
    allowed = [group for group in groups if error[group].mean() <= SLACK * error[plain] + LITTLE] or groups[:1]
    if not allowed:                                                     # weight 0: a plain autoencoder was asked for
        allowed = [list(range(restarts))]
    group = allowed[-1]
    return sorted(group, key=lambda i: float(error[i] + weights[i] * abs(restriction[i]))), plain


def _kept(encoded: Encoded) -> dict[str, Any]:
    """The first stage's outcome as a checkpoint keeps it."""
    return {
        "encoder": encoded.encoder.state_dict(), "decoder": encoded.decoder.state_dict(), "centre": encoded.centre,
        "T": encoded.T, "reconstruction": encoded.reconstruction, "restriction": encoded.restriction,
    }


def _restored(kept: Any, readings: int, parameters: Parameters, copies: int) -> Encoded:
    """The inverse of `_kept`."""
    wide, d = parameters.width, parameters.latents
    encoder, decoder = (Parallel(copies, sizes) for sizes in ([readings, wide, wide, d], [d, wide, wide, readings]))
    encoder.load_state_dict(kept["encoder"])
    decoder.load_state_dict(kept["decoder"])
    return Encoded(encoder.eval().requires_grad_(False), decoder.eval().requires_grad_(False), kept["centre"],
                   kept["T"], kept["reconstruction"], kept["restriction"])


def _names(table: Table) -> tuple[tuple[str, ...], tuple[str, ...], str, dict[str, str]]:
    """Actions, readings, outcome and units by name."""
    actions, readings, (outcome,) = (table.having(r) for r in (Role.TREATMENT, Role.COVARIATE, Role.OUTCOME))
    units = {c.name: c.unit for c in (*actions, *readings, outcome)}
    return tuple(c.name for c in actions), tuple(c.name for c in readings), outcome.name, units

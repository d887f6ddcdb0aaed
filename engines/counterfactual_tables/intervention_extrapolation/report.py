"""The results of a run: the curve beside its baselines, latents and residuals against the actions, the encoders."""

from dataclasses import replace

import numpy as np

from engines.contract import Run
from engines.counterfactual_tables.intervention_extrapolation.mathematics import share_explained, with_one
from engines.counterfactual_tables.intervention_extrapolation.model import Extrapolation
from engines.counterfactual_tables.intervention_extrapolation.stages import Encoded
from engines.counterfactual_tables.intervention_extrapolation.views import curves, others, support_curve, surface
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.results import Line, ScatterResult, TableResult

BINS = 12                   # of the action, over which residuals are averaged
PAIRS = 8                   # of a latent and an action that are drawn; there are no more colours
DOTS = 1500                 # of all pairs together


def conclude(run: Run, ours: Extrapolation, bare: Extrapolation, encoded: Encoded, weights: list[float],
             chosen: list[int], table: Table, A: np.ndarray, X: np.ndarray) -> None:
    """Show everything. `bare` answers with a plain autoencoder; A (n, p), X (n, q) raw, of the rows of `table`."""
    fixed = tuple(float(mean) for mean in ours.action_scale[0])
    along = others(fixed, 0)
    curve, plain = curves(ours, 0, along, True), curves(bare, 0, along, True)
    told = [line.y for line in plain.lines if line.label in ("Rep4Ex", "beyond support")]
    y = np.where(np.isnan(told[0]), told[-1], told[0])
    run.show(replace(curve, lines=(*curve.lines, Line("plain autoencoder", curve.lines[0].x, y))))
    run.show(support_curve(ours, 0, along))
    if len(ours.actions) > 1:
        run.show(surface(ours, others(fixed, 0, 1), True))
    a, phi = ours.kept_actions.numpy().astype(np.float64), ours.phi[0].numpy().astype(np.float64)
    raw = a * ours.action_scale[1] + ours.action_scale[0]
    run.show(_latents(ours, raw, phi))
    left = (ours.phi[0] - with_one(ours.kept_actions) @ ours.linear[0]).numpy().astype(np.float64)
    run.show(_residuals(ours, raw, left))
    run.show(replace(ours.coordinates(table, (A, X), A), changed=None, factual=None))
    run.show(_encoders(encoded, weights, chosen, ours, A, X))


def _latents(model: Extrapolation, A: np.ndarray, phi: np.ndarray) -> ScatterResult:
    """The first latent against the first action, or against the second latent where there is one; thirds of A."""
    thirds = np.searchsorted(np.quantile(A[:, 0], (1 / 3, 2 / 3)), A[:, 0])
    names = tuple(f"{word} {model.actions[0]}" for word in ("low", "middle", "high"))
    x, x_label = (phi[:, 1], "latent 2") if phi.shape[1] > 1 else (A[:, 0], model.actions[0])
    return ScatterResult("latents", "Latents, coloured by the action", x, phi[:, 0], x_label, "latent 1", thirds, names)


def _residuals(model: Extrapolation, A: np.ndarray, left: np.ndarray) -> ScatterResult:
    """What the actions leave of the latents: its mean over an action is flat where the action acts linearly.

    A: (n, p) raw; left: (n, d). With more than one pair, actions are drawn in their own spread, pairs as groups.
    """
    pairs = [(j, k) for j in range(left.shape[1]) for k in range(A.shape[1])]
    name, lines = model.actions[0], [_mean(A[:, k], left[:, j]) for j, k in pairs]
    if len(pairs) > 1:
        bent = sorted(range(len(pairs)), key=lambda i: -float(np.ptp(lines[i].y)))[:PAIRS]
        pairs = [pairs[i] for i in sorted(bent)]
        A, name = (A - model.action_scale[0]) / model.action_scale[1], "action, in standard deviations"
        lines = [replace(_mean(A[:, k], left[:, j]), label="") for j, k in pairs]
    some = np.linspace(0, len(A) - 1, min(len(A), DOTS // len(pairs))).astype(int)
    x = np.concatenate([A[some, k] for _, k in pairs])
    y = np.concatenate([left[some, j] for j, _ in pairs])
    zero = Line("", np.array([x.min(), x.max()]), np.zeros(2), role="reference")
    many = len(pairs) > 1                           # then lines and points of a pair have one colour
    return ScatterResult(
        "residuals", "What the actions leave of the latents", x, y, name, "residual",
        np.repeat(np.arange(len(pairs)), len(some)) if many else None,
        tuple(f"latent {j + 1}, {model.actions[k]}" for j, k in pairs) if many else (),
        lines=(*lines, zero) if many else (zero, *lines),
    )


def _mean(a: np.ndarray, left: np.ndarray) -> Line:
    """The mean of residuals (n,) in bins of an action (n,) that hold equally many rows."""
    edges = np.quantile(a, np.linspace(0, 1, BINS + 1))
    place = np.clip(np.searchsorted(edges, a, side="right") - 1, 0, BINS - 1)
    used = [b for b in range(BINS) if np.any(place == b)]
    centres, means = (np.array([values[place == b].mean() for b in used]) for values in (a, left))
    return Line("mean", centres, means)


def _encoders(encoded: Encoded, weights: list[float], chosen: list[int], model: Extrapolation, A: np.ndarray,
              X: np.ndarray) -> TableResult:
    """Each encoder that was learnt, with what it was judged by."""
    every = encoded.latents(model.scales[1].inside(X).to(encoded.T.device)).detach().cpu().numpy().astype(np.float64)
    use = ["answers" if i == chosen[0] else "in the band" if i in chosen else "for comparison"
           for i in range(len(weights))]
    return TableResult("encoders", "Encoders", table_of("encoders", [
        number_column("weight", weights),
        number_column("reconstruction error", encoded.reconstruction.cpu().numpy()),
        number_column("moment restriction", encoded.restriction.cpu().numpy()),
        number_column("R2 on the actions", [share_explained(one, A) for one in every]),
        category_column("use", use),
    ]))

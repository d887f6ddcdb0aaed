"""The results of a run: the curve beside its baselines, latents and residuals against the actions, the encoders."""

from dataclasses import replace

import numpy as np

from engines.contract import Run
from engines.counterfactual_tables.intervention_extrapolation.mathematics import share_explained, with_one
from engines.counterfactual_tables.intervention_extrapolation.model import (
    Extrapolation,
    curves,
    support_curve,
    surface,
)
from engines.counterfactual_tables.intervention_extrapolation.stages import Encoded
from engines.data.kinds import category_column, number_column, table_of
from engines.results import Line, ScatterResult, TableResult

BINS = 12                   # of the action, over which residuals are averaged


def conclude(run: Run, ours: Extrapolation, bare: Extrapolation, encoded: Encoded, weights: list[float],
             chosen: list[int], A: np.ndarray, X: np.ndarray) -> None:
    """Show everything. `bare` answers with a plain autoencoder; A (n, p), X (n, q) raw."""
    fixed = tuple(float(mean) for mean in ours.action_scale[0])
    curve, plain = curves(ours, 0, fixed, True), curves(bare, 0, fixed, True)
    told = [line.y for line in plain.lines if line.label in ("Rep4Ex", "beyond support")]
    y = np.where(np.isnan(told[0]), told[-1], told[0])
    run.show(replace(curve, lines=(*curve.lines, Line("plain autoencoder", curve.lines[0].x, y))))
    run.show(support_curve(ours, 0, fixed))
    if len(ours.actions) > 1:
        run.show(surface(ours, fixed, True))
    a, phi = ours.kept_actions.numpy().astype(np.float64), ours.phi[0].numpy().astype(np.float64)
    raw = a * ours.action_scale[1] + ours.action_scale[0]
    run.show(_latents(ours, raw, phi))
    left = (ours.phi[0] - with_one(ours.kept_actions) @ ours.linear[0]).numpy().astype(np.float64)
    run.show(_residuals(ours, raw[:, 0], left[:, 0]))
    run.show(_encoders(encoded, weights, chosen, ours, A, X))


def _latents(model: Extrapolation, A: np.ndarray, phi: np.ndarray) -> ScatterResult:
    """The first latent against the first action, or against the second latent where there is one; thirds of A."""
    thirds = np.searchsorted(np.quantile(A[:, 0], (1 / 3, 2 / 3)), A[:, 0])
    names = tuple(f"{word} {model.actions[0]}" for word in ("low", "middle", "high"))
    x, x_label = (phi[:, 1], "latent 2") if phi.shape[1] > 1 else (A[:, 0], model.actions[0])
    return ScatterResult("latents", "Latents, coloured by the action", x, phi[:, 0], x_label, "latent 1", thirds, names)


def _residuals(model: Extrapolation, a: np.ndarray, left: np.ndarray) -> ScatterResult:
    """What the action leaves of the first latent: its mean over the action is flat where the action acts linearly."""
    edges = np.quantile(a, np.linspace(0, 1, BINS + 1))
    place = np.clip(np.searchsorted(edges, a, side="right") - 1, 0, BINS - 1)
    used = [b for b in range(BINS) if np.any(place == b)]
    centres = np.array([a[place == b].mean() for b in used])
    means = np.array([left[place == b].mean() for b in used])
    ends = np.array([a.min(), a.max()])
    return ScatterResult(
        "residuals", "What the action leaves of latent 1 (its mean is flat if the action acts linearly)", a, left,
        model.actions[0], "residual",
        lines=(Line("", ends, np.zeros(2), role="reference"), Line("mean", centres, means)),
    )


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

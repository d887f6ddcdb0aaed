"""What is seen of a fitted model: the curve with its band, the support meter, the surface of two actions, the latents.

Symbols: g points of a curve; n rows, p actions, d latents. Raw units outside.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from engines.data.kinds import Table, number_column
from engines.results import CurveResult, Line, MatrixResult, Shade, TableResult

if TYPE_CHECKING:
    from engines.counterfactual_tables.intervention_extrapolation.model import Extrapolation

ENOUGH = 0.7                # share of the rows that must stay within the training latents
POINTS, CELLS = 61, 15      # of the curve; of the surface along each action
SPREAD = (5.0, 95.0)
BEYOND = 0.5                # how far a slider goes beyond what was tried, in spans of it


@lru_cache(maxsize=8)
def curves(model: Extrapolation, along: int, fixed: tuple[float, ...], controlled: bool) -> CurveResult:
    """E[Y | do(a)] over one action, the others `fixed` (raw): ours with its band, and a regression on the actions.

    Where too few rows keep latents that were seen, ours goes on as a grey line of its own. Kept, because a slider asks
    again and again.
    """
    axis, grid = _grid(model, along, fixed)
    actions, _, outcome = model.scales
    a = actions.inside(grid)
    told = model.effect(a, controlled)
    mean, seen = outcome.raw(told[:, 0]), model.seen(a).numpy() >= ENOUGH
    low, high = (np.percentile(outcome.raw(told), p, axis=1) for p in SPREAD)
    with torch.no_grad():
        alone = outcome.raw(model.alone(a[None])[0, :, 0])
    outside = ~seen
    joined = outside | np.roll(outside, 1) | np.roll(outside, -1)       # a point more, so that the lines meet

    def where(which: np.ndarray, values: np.ndarray) -> np.ndarray:
        return np.where(which, values, np.nan)

    as_set = "" if len(model.actions) == 1 else ", others as set"
    return CurveResult(
        "curve", f"{model.outcome} under the action", (
            Line("Rep4Ex", axis, where(seen, mean), where(seen, low), where(seen, high), role="counterfactual"),
            *((Line("beyond support", axis, where(joined, mean), role="reference"),) if outside.any() else ()),
            Line("actions alone", axis, alone),
        ),
        f"{named(model.actions[along], model)}{as_set}", named(model.outcome, model),
        shaded=(Shade(float(model.tried[0, along]), float(model.tried[1, along]), "tried"),),
    )


def with_mark(curve: CurveResult, at: float | None) -> CurveResult:
    """The curve with the action that is set as an upright line."""
    if at is None:
        return curve
    ys = np.concatenate([line.y[np.isfinite(line.y)] for line in curve.lines])
    mark = Line("", np.array([at, at]), np.array([ys.min(), ys.max()]), role="reference")
    return CurveResult(curve.name, curve.title, (*curve.lines, mark), curve.x_label, curve.y_label,
                       shaded=curve.shaded)


@lru_cache(maxsize=8)
def support_curve(model: Extrapolation, along: int, fixed: tuple[float, ...]) -> CurveResult:
    """The support meter over one action, in percent, with the line below which the outcome is a guess."""
    axis, grid = _grid(model, along, fixed)
    share = 100.0 * model.seen(model.scales[0].inside(grid)).numpy().astype(np.float64)
    return CurveResult(
        "support", "Rows whose hidden factors stay as seen", (
            Line("rows", axis, share, role="counterfactual"),
            Line("enough", axis[[0, -1]], np.full(2, 100 * ENOUGH), role="reference"),
        ),
        named(model.actions[along], model), "%",
        shaded=(Shade(float(model.tried[0, along]), float(model.tried[1, along]), "tried"),),
    )


@lru_cache(maxsize=4)
def surface(model: Extrapolation, fixed: tuple[float, ...], controlled: bool) -> MatrixResult:
    """E[Y | do(a)] over the first two actions, the others `fixed`; empty cells where there is too little support."""
    ends = [far(model, j) for j in (0, 1)]
    first, second = (np.linspace(*end, CELLS) for end in ends)
    grid = np.tile(np.array(fixed), (CELLS * CELLS, 1))
    grid[:, 0], grid[:, 1] = np.repeat(first, CELLS), np.tile(second, CELLS)
    a = model.scales[0].inside(grid)
    told = model.scales[2].raw(model.effect(a, controlled, 1)[:, 0])
    told = np.where(model.seen(a).numpy() >= ENOUGH, told, np.nan).reshape(CELLS, CELLS)
    return MatrixResult(
        "surface", f"{model.outcome} under two actions", told, tuple(f"{model.actions[0]} {v:.3g}" for v in first),
        tuple(f"{model.actions[1]} {v:.3g}" for v in second), unit=model.units[model.outcome],
    )


def latent_table(
    model: Extrapolation, table: Table, now: tuple[np.ndarray, Tensor, Tensor], then: tuple[np.ndarray, Tensor, Tensor]
) -> TableResult:
    """The latents of the rows of `table`, and what the actions leave of them, before and after a change.

    now, then: the actions (n, p), raw, and phi and V (n, d), standardised.
    """
    d = now[1].shape[1]
    names = (*model.actions, *(f"latent {j + 1}" for j in range(d)),
             *(f"latent {j + 1} without the action{'s'[: len(model.actions) - 1]}" for j in range(d)))

    def told(A: np.ndarray, phi: Tensor, V: Tensor) -> Table:
        values = np.column_stack([A, phi.numpy(), V.numpy()])
        columns = (number_column(n, values[:, j], model.units.get(n, "")) for j, n in enumerate(names))
        return Table(table.name, tuple(columns), table.row_ids)

    before, after = told(*now), told(*then)
    changed = np.column_stack([a.values != b.values for a, b in zip(before.columns, after.columns, strict=True)])
    return TableResult("coordinates", "Latents of each row", after, changed, before, of_data=True)


def others(fixed: tuple[float, ...], *drawn: int) -> tuple[float, ...]:
    """The actions that stay as they are set while those of the places `drawn` are drawn over.

    What is drawn over counts for nothing, so that moving it finds the drawing that was made.
    """
    return tuple(0.0 if j in drawn else value for j, value in enumerate(fixed))


def far(model: Extrapolation, j: int) -> tuple[float, float]:
    """How far action j is drawn and can be set: half of what was tried beyond its ends."""
    beyond = float(np.ptp(model.tried[:, j])) * BEYOND
    return float(model.tried[0, j]) - beyond, float(model.tried[1, j]) + beyond


def _grid(model: Extrapolation, along: int, fixed: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The points of a curve (g,), and the actions there (g, p), raw."""
    axis = np.linspace(*far(model, along), POINTS)
    grid = np.tile(np.array(fixed), (POINTS, 1))
    grid[:, along] = axis
    return axis, grid


def named(name: str, model: Extrapolation) -> str:
    unit = model.units[name]
    return f"{name} ({unit})" if unit else name

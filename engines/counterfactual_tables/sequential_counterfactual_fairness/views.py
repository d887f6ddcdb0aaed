"""Pictures of a fitted classifier: maps of its hidden factors, how the environment drifts, the trade-off curve.

Symbols: n rows, k entries a block, T periods.
"""

from collections.abc import Sequence

import numpy as np
import torch

from engines.counterfactual_tables.sequential_counterfactual_fairness.encoding import levels
from engines.counterfactual_tables.sequential_counterfactual_fairness.mathematics import Array, Fairness
from engines.counterfactual_tables.sequential_counterfactual_fairness.model import FairSequence
from engines.data.kinds import Table
from engines.results import CurveResult, Line, ScatterResult, Shade

SHOWN = 1000
"""Points of a map."""

BANDS = 4
"""Groups of neighbouring periods that have a colour of their own."""


@torch.inference_mode()
def maps(model: FairSequence, table: Table, place: np.ndarray) -> tuple[ScatterResult, ...]:
    """Hidden factors of some rows, coloured by attribute, label and period. place (n,): each row's period."""
    some = np.linspace(0, len(table) - 1, min(SHOWN, len(table))).astype(int)
    rows, encoding = table.rows(some), model.encoding
    a = encoding.a(rows)
    q = model.network.encode(encoding.x(encoding.raw(rows)), torch.from_numpy(a.astype(np.float32)))
    semantic, environment = ((_widest(one.mean.numpy()), _widest(other.mean.numpy()))
                             for one, other in ((q[0], q[1]), (q[2], q[3])))
    y = np.nan_to_num(encoding.y(rows), nan=2.0).astype(np.int64)
    by_period = _bands(model, place[some])
    sensitive, label = encoding.sensitive.name, encoding.label.name
    unknown = (f"{label} unknown",) if (y > 1).any() else ()
    by_attribute = a.astype(np.int64), tuple(f"{sensitive} {level}" for level in levels(encoding.sensitive))
    by_label = y, tuple(f"{label} {level}" for level in levels(encoding.label)) + unknown
    return tuple(
        ScatterResult(name, title, at[0], at[1], "block of the affected columns", "block of the unaffected columns",
                      colour, groups, row_ids=rows.row_ids)
        for name, title, at, (colour, groups) in (
            ("latents", f"Semantic factors, coloured by {sensitive}", semantic, by_attribute),
            ("latents_label", f"Semantic factors, coloured by {label}", semantic, by_label),
            ("latents_period", "Semantic factors, coloured by period", semantic, by_period),
            ("environment", "Environment factors, coloured by period", environment, by_period),
        ))


def _widest(means: np.ndarray) -> Array:
    """(n,) the entry of a block (n, k) that varies most."""
    return np.asarray(means[:, int(means.var(0).argmax())], np.float64)


def _bands(model: FairSequence, place: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The band (n,) of each row's period, and the names of the bands."""
    parts = np.array_split(np.arange(len(model.periods)), min(BANDS, len(model.periods)))
    band = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    names = tuple(
        f"period {model.periods[part[0]]}" + (f" to {model.periods[part[-1]]}" if len(part) > 1 else "")
        for part in parts)
    return band[place], names


@torch.inference_mode()
def drift(model: FairSequence) -> CurveResult:
    """The priors of both environment blocks over the periods: the entry that moves most, one standard deviation."""
    x = np.arange(1, len(model.periods) + 1, dtype=np.float64)
    lines = []
    for prior, name in zip(model.network.priors(len(x)), ("affected", "unaffected"), strict=True):
        entry = int(prior.mean.var(0).argmax())
        mean = prior.mean[:, entry].numpy().astype(float)
        half = (0.5 * prior.log_variance[:, entry]).exp().numpy().astype(float)
        lines.append(Line(f"environment, {name}", x, mean, mean - half, mean + half))
    return CurveResult("priors", "How the environment drifts", tuple(lines), "period",
                       "prior, ± one standard deviation", shaded=later(model, "rolled on: no forecast"))


def later(model: FairSequence, says: str) -> tuple[Shade, ...]:
    """The periods that were not learnt from, set off."""
    count = len(model.periods)
    return (Shade(model.sources + 0.5, count + 0.5, says),) if model.sources < count else ()


def weights(fairness: Sequence[float], found: Sequence[Fairness], part: str) -> ScatterResult:
    """The trade-off curve: a point for each weight of fairness, in their order, measured on the periods of `part`."""
    effect, accuracy = np.array([f.effect for f in found]), np.array([f.accuracy for f in found])
    order = np.argsort(fairness)
    return ScatterResult(
        "weights", "Accuracy against fairness, by the weight of fairness", effect, accuracy,
        f"change in probability when the attribute is flipped, {part} periods", "accuracy",
        np.arange(len(found)), tuple(f"weight {weight:g}" for weight in fairness),
        lines=(Line("", effect[order], accuracy[order], role="reference"),))

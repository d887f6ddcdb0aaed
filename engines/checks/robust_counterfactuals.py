"""T-Rex at desk scale: breast cancer, a network, and networks that are trained again from other starts.

Claim of Hamman et al. (2023): the stability R-hat of a counterfactual, from the present model alone, tells whether it
outlives retraining; advice that reaches tau does, at a moderate price. Data: scikit-learn's breast cancer, 400 rows to
train on, up to 30 refused rows of the rest; wanted: benign. Symbols: b rows, d features in unit range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch
from scipy.stats import spearmanr
from sklearn.datasets import load_breast_cancer

from engines.abilities import Bare, Feature, Target
from engines.checks import Check, Criterion, Evidence, Figures
from engines.contract import Inputs, Run
from engines.counterfactual_tables.robust_counterfactuals.climb import climb, in_ball
from engines.counterfactual_tables.robust_counterfactuals.explained import Explained
from engines.counterfactual_tables.robust_counterfactuals.fit import fit
from engines.counterfactual_tables.robust_counterfactuals.model import TRex
from engines.counterfactual_tables.robust_counterfactuals.parameters import Parameters
from engines.counterfactual_tables.robust_counterfactuals.room import Room
from engines.counterfactual_tables.robust_counterfactuals.searching import (
    CLIMB,
    CLOSEST,
    ROW,
    STABLE_ROW,
    TYPICAL,
    Found,
    World,
    base_search,
    search,
)
from engines.counterfactual_tables.robust_counterfactuals.space import Array
from engines.counterfactual_tables.robust_counterfactuals.stability import climbing, noise, stability, terms
from engines.data.kinds import Table, category_column, number_column, table_of
from engines.data.roles import Role
from engines.predictors.learning import learn
from engines.predictors.stored import Learning
from engines.training.within import Within

SEEDS, TRAIN, LEVELS = (0, 1, 2), 400, (0.6, 0.75, 0.9)
NETWORK = Learning("network", hidden=(128, 128), epochs=20, batch=32, rate=1e-3, penalty=0.0)
SETTINGS = Parameters(models=8, change="new start", rows=30)
POINTS, ABOUT, STEEP = 400, 0.05, 1e-5
PULLED, PULLS, PULL, BALL = "SNS", 100, 0.01, 0.2
SURE, SURENESS = "climb on m alone", (0.9, 0.99, 0.999)
SPARSE = "nearest counterfactual, L1"
RANDOM = "random score"


def patients() -> Table:
    """The data in a fixed order, parts named."""
    data = load_breast_cancer()
    order = np.random.default_rng(0).permutation(len(data.target))
    names = np.array(["malignant", "benign"], dtype=object)
    part = np.where(np.arange(len(order)) < TRAIN, "train", "test").astype(object)
    return table_of("breast cancer", [
        *(number_column(str(name), column) for name, column in zip(data.feature_names, data.data[order].T)),
        category_column("diagnosis", names[data.target[order]]),
        category_column("part", part, Role.SPLIT),
    ])


def explained_by(table: Table, run: Run, seed: int) -> TRex:
    """A network for the data, trained from this seed, with its bank."""
    features = tuple(Feature.of(c) for c in table.columns[:30])
    target = Target("diagnosis", table["diagnosis"].levels)
    rows = np.column_stack([c.values for c in table.columns[:30]])[:TRAIN]
    known = {"diagnosis": table["diagnosis"].values[:TRAIN].astype(float)}
    network = learn(NETWORK, features, (target,), rows, known, Within(run, seed))
    return fit(Inputs(table, model=Bare(network)), SETTINGS.model_copy(update={"wanted": "benign"}), run)


def refused(model: TRex, table: Table) -> Array:
    """(b, d) malignant rows of the part test that the network calls malignant, in unit range."""
    rows = model.explained.space.inside(model.predictor().rows(table))[TRAIN:]
    malignant = table["diagnosis"].values[TRAIN:] == table["diagnosis"].levels.index("malignant")
    return rows[malignant & ~model.explained.accepted(rows)][: SETTINGS.rows]


# -------------------------------------------------------------------------------------------------------- baselines

def stable_neighbour(world: World, x: Array, start: Array, run: Run) -> Array:
    """SNS (Black et al. 2022): from the nearest counterfactual, uphill on the sum of m(i/20 x), i = 1..20."""
    room, at = Room.of(world.explained.space, x, {}), start.copy()
    shares = torch.arange(1, 21).double()[:, None, None] / 20
    for _ in run.steps(PULLS, PULLED):
        point = torch.from_numpy(at).requires_grad_()
        total = world.explained.chance_through((shares * point).reshape(-1, x.shape[1])).sum()
        (gradient,) = torch.autograd.grad(total, point)
        uphill = gradient.numpy() / np.maximum(np.linalg.norm(gradient.numpy(), axis=1, keepdims=True), 1e-300)
        at = np.clip(in_ball(at + PULL * uphill, start, BALL), room.low, room.high)
    return at


def outlived(world: World, x: Array, points: Array) -> dict[str, float]:
    """Robust validity and mean cost of points (b, d)."""
    space = world.explained.space
    return {
        "validity": float(np.mean([member.accepted(points).mean() for member in world.bank])),
        "cost": float(space.cost(x, points, "L2").mean()), "cost L1": float(space.cost(x, points, "L1").mean()),
        "R": float(stability(world.explained, points, SETTINGS.sigma, fresh(world, 1), space.numbers).mean()),
        "inside": float(world.outliers.inside(points).mean()),
    }


def fresh(world: World, draw: int) -> Array:
    """Noise that no search has seen."""
    return noise(SETTINGS.k, len(world.explained.space.low), world.seed, 10**6 + draw)


# -------------------------------------------------------------------------------------------------------- measuring

def told(found: Found) -> dict[str, float]:
    """The figures of one search."""
    return {"validity": found.validity, "cost": float(np.nanmean(found.l2)), "R": float(np.nanmean(found.stability)),
            "reached": float(found.reached.mean()), "inside": float(found.inside.mean())}


def near_the_border(base: Array, seed: int) -> Array:
    """Points about nearest counterfactuals (b, d), on either side of the border: (POINTS, d)."""
    generator = np.random.default_rng(seed)
    found: Array = base[generator.integers(len(base), size=POINTS)] + ABOUT * generator.normal(
        size=(POINTS, base.shape[1]))
    return found


def facts(world: World, points: Array, around: Callable[[Array, Array], Array] = terms) -> float:
    """Largest violation of R-hat <= mean of m(x_i), R-hat <= m(x) and |R-hat| <= 1."""
    z = fresh(world, 2)[:200]
    explained, moves = world.explained, SETTINGS.sigma * z
    at = explained.chance(points)
    inside = explained.chance((points + moves[:, None]).reshape(-1, points.shape[1])).reshape(len(z), -1)
    found = around(at, inside).mean(axis=0)
    return float(max((found - inside.mean(axis=0)).max(), (found - at).max(), (np.abs(found) - 1).max()))


def slope_error(world: World, points: Array, gradient: Array | None = None) -> float:
    """Median relative error of the gradient of R-hat against finite differences with the same noise."""
    z, shaken = fresh(world, 3)[:200], np.ones(points.shape[1])
    direction = np.random.default_rng(0).normal(size=points.shape)
    if gradient is None:
        gradient = ascent(world.explained, points, z, shaken)
    ahead, behind = (
        stability(world.explained, points + sign * STEEP * direction, SETTINGS.sigma, z, shaken) for sign in (1, -1))
    slope = (ahead - behind) / (2 * STEEP)
    return float(np.median(np.abs((gradient * direction).sum(axis=1) - slope) / np.maximum(np.abs(slope), 1e-3)))


def ascent(explained: Explained, points: Array, z: Array, shaken: Array) -> Array:
    """The gradient of R-hat (b, d) that T-Rex:I follows."""
    _, _, gradient = climbing(
        explained, torch.from_numpy(points), SETTINGS.sigma, torch.from_numpy(z), torch.from_numpy(shaken))
    found: Array = gradient.numpy()
    return found


def without_wavering(explained: Explained, points: Array, z: Array) -> Array:
    """A fake's gradient: of the mean of m(x_i), without the absolute differences."""
    point = torch.from_numpy(points).requires_grad_()
    around = point + SETTINGS.sigma * torch.from_numpy(z)[:, None]
    total = explained.chance_through(around.reshape(-1, points.shape[1])).sum() / len(z)
    (gradient,) = torch.autograd.grad(total, point)
    found: Array = gradient.numpy()
    return found


def one_seed(run: Run, seed: int) -> tuple[dict[str, float], dict[str, Figures], World, Array]:
    """Ours and the baselines with one network."""
    table = patients()
    model = explained_by(table, run, seed)
    world, x, plain = model.world, refused(model, table), model.parameters
    ours: dict[str, float] = {"rows": float(len(x)), "accuracy": accuracy(model, table)}
    baselines: dict[str, Figures] = {}
    for tau in LEVELS:
        found = search(world, x, plain.model_copy(update={"tau": tau}), {}, seed, run.steps)
        for name in (CLIMB, STABLE_ROW):
            ours |= {f"{name} {tau}: {figure}": value for figure, value in told(found[name]).items()}
        rows = found[STABLE_ROW]
        inside = np.isin(rows.ids, model.row_ids[model.accepted]).all()
        again = stability(world.explained, found[CLIMB].points, plain.sigma, fresh(world, 1),
                          world.explained.space.numbers)
        ours[f"{STABLE_ROW} {tau}: rows of the data above τ"] = float(inside and (rows.stability > tau).all())
        ours[f"{CLIMB} {tau}: R told too high"] = float((found[CLIMB].stability - again).mean())
        baselines[CLOSEST], baselines[ROW], baselines[TYPICAL] = (told(found[n]) for n in (CLOSEST, ROW, TYPICAL))
    base = found[CLOSEST].points
    baselines[PULLED] = outlived(world, x, stable_neighbour(world, x, base, run))
    room = Room.of(world.explained.space, x, {})
    baselines[SPARSE] = outlived(
        world, x, base_search(world, room, plain.model_copy(update={"norm": "L1"}), run.steps))
    for level in SURENESS:                                                  # without noise R-hat is m itself
        sure = climb(world.explained, base, room, world.explained.space.numbers,
                     plain.model_copy(update={"tau": level, "sigma": 1e-9, "k": 10}), seed, run.steps)
        baselines[f"{SURE} to {level}"] = outlived(world, x, sure.points)
    points = near_the_border(base, seed)
    share = np.mean([member.accepted(points) for member in world.bank], axis=0)
    score = stability(world.explained, points, plain.sigma, fresh(world, 4), world.explained.space.numbers)
    ours["rank correlation"] = float(spearmanr(score, share).statistic)
    baselines[RANDOM] = {"rank correlation": float(spearmanr(
        np.random.default_rng(seed).random(len(points)), share).statistic)}
    baselines["m alone"] = {"rank correlation": float(spearmanr(world.explained.chance(points), share).statistic)}
    ours["bank differs"] = float(np.mean([
        np.abs(member.chance(base) - world.explained.chance(base)).mean() for member in world.bank]))
    ours["facts violated by"], ours["slope error"] = facts(world, points[:60]), slope_error(world, points[:60])
    return ours, baselines, world, base


def accuracy(model: TRex, table: Table) -> float:
    """Share of the part test that the network calls rightly."""
    rows = model.predictor().rows(table)[TRAIN:]
    found = model.predictor().predict(rows)["diagnosis"].argmax(axis=1)
    return float((found == table["diagnosis"].values[TRAIN:]).mean())


def mean_of(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([one[name] for one in figures])) for name in figures[0]}


def measure(run: Run) -> Evidence:
    """Ours, the baselines and the fakes."""
    ours, baselines = [], []
    for seed in SEEDS:
        figures, others, world, base = one_seed(run, seed)
        ours.append(figures)
        baselines.append(others)
        run.message(f"network {seed}: " + ", ".join(f"{name} {value:.3g}" for name, value in figures.items()))
    averaged = {name: mean_of([one[name] for one in baselines]) for name in baselines[0]}
    mean = mean_of(ours)
    for name in ("facts violated by", "slope error"):
        mean[name] = max(one[name] for one in ours)
    return Evidence(mean, averaged, fakes(mean, averaged, world, base), {},
                    {name: float(np.std([one[name] for one in ours])) for name in mean}, SEEDS)


def fakes(ours: Figures, baselines: Mapping[str, Figures], world: World, base: Array) -> dict[str, Figures]:
    """What looks like the method and is not, with the last network."""
    points = near_the_border(base, 0)[:60]
    turned = facts(world, points, lambda at, around: around + np.abs(at - around))
    z = fresh(world, 3)[:200]
    blind = slope_error(world, points, without_wavering(world.explained, points, z))
    generator = np.random.default_rng(0)
    pool = world.pool.rows
    any_row = pool[generator.integers(len(pool), size=len(base))]
    drawn = outlived(world, base, any_row)
    stable = stability(world.explained, any_row, SETTINGS.sigma, fresh(world, 1), world.explained.space.numbers)
    itself = dict.fromkeys([name for name in ours if name.endswith("validity")], 1.0)
    return {
        "the nearest counterfactual under another name": {
            **ours, **{f"{CLIMB} {tau}: {figure}": baselines[CLOSEST][figure]
                       for tau in LEVELS for figure in ("validity", "cost", "R", "reached")}},
        "any row of the wanted class for T-Rex:NN": {
            **ours, **{f"{STABLE_ROW} {tau}: {figure}": drawn[figure] for tau in LEVELS
                       for figure in ("validity", "cost", "R")},
            **{f"{STABLE_ROW} {tau}: rows of the data above τ": float((stable > tau).all()) for tau in LEVELS}},
        "the sign of |m(x) - m(x_i)| turned": {**ours, "facts violated by": turned},
        "a gradient without |m(x) - m(x_i)|": {**ours, "slope error": blind},
        "validity on the model itself": {**ours, **itself, "bank differs": 0.0},
        "τ claimed, not measured": {**ours, **{f"{CLIMB} {tau}: R told too high": 1 - baselines[CLOSEST]["R"]
                                               for tau in LEVELS}},
        "a score that is drawn": {**ours, "rank correlation": baselines[RANDOM]["rank correlation"]},
    }


# --------------------------------------------------------------------------------------------------------- criteria

def _rises(ours: Figures, others: Mapping[str, Figures]) -> bool:
    valid = [ours[f"{CLIMB} {tau}: validity"] for tau in LEVELS]
    return all(a <= b for a, b in pairwise(valid)) and (
        valid[-1] >= max(0.95, others[CLOSEST]["validity"] + 0.2))


def _rows(ours: Figures, others: Mapping[str, Figures]) -> bool:
    return all(
        ours[f"{STABLE_ROW} {tau}: validity"] >= others[ROW]["validity"]
        and ours[f"{STABLE_ROW} {tau}: rows of the data above τ"] == 1 for tau in LEVELS)


def _price(ours: Figures, others: Mapping[str, Figures]) -> bool:
    return all(others[CLOSEST]["cost"] < ours[f"{CLIMB} {tau}: cost"] < ours[f"{STABLE_ROW} {tau}: cost"]
               for tau in LEVELS)


def _tells(ours: Figures, others: Mapping[str, Figures]) -> bool:
    return ours["rank correlation"] > max(0.6, others[RANDOM]["rank correlation"] + 0.3)


def _honest(ours: Figures, _: Mapping[str, Figures]) -> bool:
    return all(abs(ours[f"{CLIMB} {tau}: R told too high"]) < 0.02 for tau in LEVELS)


check = Check(
    claim="Counterfactuals that reach a stability τ still hold when the model is trained again, at a price between the "
    "nearest counterfactual's and a data row's; and R-hat tells beforehand which will.",
    calibrated="2026-11-24",
    criteria=(
        Criterion("survival", "T-Rex:I: validity rises with τ; at τ = 0.9 at least 0.95, and 0.2 above the nearest's.",
                  _rises),
        Criterion("rows of the data", "T-Rex:NN: all rows of the data above τ, at least as valid as the nearest row.",
                  _rows),
        Criterion("price", "Mean L2 cost: nearest < T-Rex:I < T-Rex:NN, at each τ.", _price),
        Criterion("R tells", "Rank correlation of R-hat with the share of retrained models above 0.6, and 0.3 above "
                  "that of a drawn score.", _tells),
        Criterion("facts", "R-hat is never above m(x), nor above the mean of m(x_i).",
                  lambda ours, _: ours["facts violated by"] < 1e-9),
        Criterion("slope", "The gradient of R-hat agrees with finite differences to 1 %.",
                  lambda ours, _: ours["slope error"] < 0.01),
        Criterion("told as it is", "R-hat of T-Rex:I with other noise is the same to 0.02.", _honest),
        Criterion("really retrained", "The bank differs from the model by 0.05 or more at nearest counterfactuals.",
                  lambda ours, _: ours["bank differs"] >= 0.05),
    ),
    measure=measure,
    minutes=3.0,
)

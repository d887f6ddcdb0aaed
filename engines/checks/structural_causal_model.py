"""A structural causal model at desk scale: rows whose counterfactuals are known exactly, drawn by known mechanisms.

Claim (Pearl 2009, chapter 7): abduction, action and prediction with the mechanisms of the right graph give what each
row would have been. Data: `simulators.drawn_graph`, six variables, linear and smooth mechanisms. Errors are root mean
squares over rows and over all variables that the intervention reaches, in standard deviations of each.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from engines.checks import Check, Criterion, Evidence, Figures
from engines.contract import Inputs, Run
from engines.counterfactual_tables.structural_causal_model.fit import fit
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array
from engines.counterfactual_tables.structural_causal_model.model import StructuralModel
from engines.counterfactual_tables.structural_causal_model.parameters import Parameters
from engines.counterfactual_tables.structural_causal_model.words import failures
from engines.counterfactual_tables.structural_causal_model.worlds import reached
from engines.graph.graph import Graph
from engines.simulators.drawn_graph import Kind, Simulation, simulate
from engines.training.within import Within

ROWS, ASKED, SEEDS = 1000, 200, (0, 1, 2)
NAMES = ("a", "b", "c", "d", "e", "f")
GRAPH = Graph.of(NAMES, (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("b", "e"), ("d", "f"), ("a", "f")))
REVERSED = Graph.of(NAMES, (("a", "b"), ("a", "c"), ("d", "b"), ("c", "d"), ("b", "e"), ("d", "f"), ("a", "f")))
SET, STEP = "b", 1.0
"""What is set, and how far from its mean, in its standard deviations."""
KINDS: tuple[Kind, ...] = ("linear", "smooth")
FAST = Parameters(bootstraps=0, permutations=99)
REGRESSION, NEAREST, TURNED = "regression on the other columns", "nearest row", "an edge reversed"

World = Callable[[Array, float], Array]
"""Rows (n, d) and a value of what is set -> rows (n, d) in the other world."""


def errors(world: World, data: Simulation) -> float:
    """RMSE over the variables that truly follow, for the value set above and below the mean."""
    factual = _matrix(data.values())[:ASKED]
    spread, middle = factual.std(axis=0), factual.mean(axis=0)
    place = NAMES.index(SET)
    follow = [NAMES.index(name) for name in GRAPH.descendants(SET)]
    found = []
    for sign in (-1.0, 1.0):
        value = float(middle[place] + sign * STEP * spread[place])
        true = _matrix(data.values({SET: value}))[:ASKED]
        found.append((((world(factual, value) - true) / spread)[:, follow] ** 2).mean())
    return float(np.sqrt(np.mean(found)))


def ours(model: StructuralModel) -> World:
    """The method's answer."""
    return lambda rows, value: model.world(rows, {NAMES.index(SET): value})[0]


# ---------------------------------------------------------------------------------------------- baselines and fakes

def regression(data: Simulation) -> World:
    """Each other variable by least squares from all the rest, as if there were no graph; the row's residual kept."""
    rows = _matrix(data.values())
    place = NAMES.index(SET)

    def world(factual: Array, value: float) -> Array:
        found = factual.copy()
        found[:, place] = value
        for j in range(len(NAMES)):
            if j != place:
                others = [k for k in range(len(NAMES)) if k != j]
                design = np.column_stack([np.ones(len(rows)), rows[:, others]])
                slopes = np.linalg.lstsq(design, rows[:, j], rcond=None)[0]
                found[:, j] = factual[:, j] + slopes[1 + others.index(place)] * (value - factual[:, place])
        return found

    return world


def nearest(data: Simulation) -> World:
    """The known row that is likest in what cannot follow and has about the value that is set."""
    rows, place = _matrix(data.values()), NAMES.index(SET)
    spread = rows.std(axis=0)
    stays = [k for k, name in enumerate(NAMES) if name not in GRAPH.descendants(SET) and k != place]

    def world(factual: Array, value: float) -> Array:
        aimed = factual.copy()
        aimed[:, place] = value
        look = [*stays, place]
        apart = (((aimed[:, None, look] - rows[None][..., look]) / spread[look]) ** 2).sum(axis=2)
        return rows[apart.argmin(axis=1)]

    return world


def without_noise(model: StructuralModel) -> World:
    """Fake: nothing is abducted, every row gets the mean noise."""
    def world(rows: Array, value: float) -> Array:
        found = rows.copy()
        place = NAMES.index(SET)
        found[:, place] = value
        for at in reached(model.members[0], model.order, {place: value}):
            found[:, at] = model.members[0][at].expected(found)
        return found

    return world


def uncut(model: StructuralModel) -> World:
    """Fake: what is set is only nudged, and its causes go on driving it: half of the change is lost."""
    place = NAMES.index(SET)

    def world(rows: Array, value: float) -> Array:
        driven = model.members[0][place].expected(rows)
        return np.concatenate([
            model.world(row[None], {place: 0.5 * value + 0.5 * float(own)})[0]
            for row, own in zip(rows, driven, strict=True)
        ])

    return world


def backwards(model: StructuralModel) -> World:
    """Fake: the change is carried to the causes as well, by the slope of each on what is set."""
    place = NAMES.index(SET)
    known = model.rows

    def world(rows: Array, value: float) -> Array:
        found = rows.copy()
        for cause in model.members[0][place].causes:
            slope = np.cov(known[:, cause], known[:, place])[0, 1] / known[:, place].var()
            found[:, cause] += slope * (value - rows[:, place])
        return model.world(found, {place: value})[0]

    return world


# -------------------------------------------------------------------------------------------------------- measuring

def measure(run: Run) -> Evidence:
    """Ours, the baselines and the fakes on the same rows, mean over seeds."""
    told: list[dict[str, dict[str, float]]] = []
    for seed in SEEDS:
        found: dict[str, dict[str, float]] = {}
        for kind in KINDS:
            data = simulate(GRAPH, ROWS, kind, seed=seed)
            for name, figures in _of_kind(run, data, kind, seed).items():
                found.setdefault(name, {}).update(figures)
        found["ours"] |= _warnings(run, seed)
        told.append(found)
        run.message(f"seed {seed}: " + ", ".join(f"{name} {value:.3g}" for name, value in found["ours"].items()))
    mean = {name: {figure: float(np.mean([one[name][figure] for one in told])) for figure in told[0][name]}
            for name in told[0]}
    spread = {figure: float(np.std([one["ours"][figure] for one in told])) for figure in mean["ours"]}
    baselines = {name: mean[name] for name in (REGRESSION, NEAREST, TURNED)}
    fakes: dict[str, Figures] = {
        name: {**mean["ours"], **figures} for name, figures in mean.items()
        if name not in ("ours", REGRESSION, NEAREST, TURNED)
    }
    fakes["a judge that is always content"] = {**mean["ours"], "misfit found": 0.0}
    fakes["a judge that always warns"] = {**mean["ours"], "warned of a good fit": 1.0}
    return Evidence(mean["ours"], baselines, fakes, {}, spread, SEEDS)


def _of_kind(run: Run, data: Simulation, kind: Kind, seed: int) -> dict[str, dict[str, float]]:
    model = fit(Inputs(data.table, GRAPH), FAST, Within(run, seed))
    turned = fit(Inputs(data.table, REVERSED), FAST, Within(run, seed))
    order = np.random.default_rng(seed).permutation(len(NAMES))
    dealt = data.table.rows(slice(None))
    for j, name in enumerate(NAMES):
        if name != SET:
            shuffled = np.random.default_rng([seed, j]).permutation(ROWS)
            dealt = dealt.with_column(dealt[name].rows(shuffled))
    strangers = fit(Inputs(dealt, GRAPH), FAST, Within(run, seed))
    worlds: Mapping[str, World] = {
        "ours": ours(model), REGRESSION: regression(data), NEAREST: nearest(data), TURNED: ours(turned),
        "noise not abducted": without_noise(model), "edges not cut": uncut(model),
        "mechanisms of shuffled causes": ours(strangers), "change carried to the causes": backwards(model),
        "nothing follows": _still, "the order of columns for the graph": _permuted(model, order),
    }
    found = {name: {f"{kind}: error": errors(world, data)} for name, world in worlds.items()}
    for name, world in worlds.items():
        found[name][f"{kind}: causes moved"] = _causes_moved(world, data)
    return found


def _still(rows: Array, value: float) -> Array:
    """Fake: only what is set changes."""
    found = rows.copy()
    found[:, NAMES.index(SET)] = value
    return found


def _permuted(model: StructuralModel, order: Sequence[int] | Array) -> World:
    """Fake: the changes are written to the wrong variables."""
    def world(rows: Array, value: float) -> Array:
        change = ours(model)(rows, value) - rows
        return rows + change[:, order]

    return world


def _causes_moved(world: World, data: Simulation) -> float:
    """How far what cannot follow is moved, in standard deviations."""
    rows = _matrix(data.values())[:ASKED]
    stays = [k for k, name in enumerate(NAMES) if name not in (*GRAPH.descendants(SET), SET)]
    moved = world(rows, float(rows[:, NAMES.index(SET)].mean()) + 1.0) - rows
    return float(np.abs(moved[:, stays] / rows.std(axis=0)[stays]).mean())


def _warnings(run: Run, seed: int) -> dict[str, float]:
    """Whether the judge finds a misfit that is there (noise that scales with the cause), and leaves a good fit be."""
    generator = np.random.default_rng(seed + 50)
    x = generator.normal(size=(ROWS, 2))
    wrong = x[:, 0] + (0.2 + np.abs(x[:, 0])) * x[:, 1]
    right = x[:, 0] + 0.5 * x[:, 1]
    found = {}
    for name, y in (("misfit found", wrong), ("warned of a good fit", right)):
        data = simulate(Graph.of(("x", "y"), (("x", "y"),)), ROWS, seed=seed).table
        for column, values in (("x", x[:, 0]), ("y", y)):
            data = data.with_column(type(data[column])(column, data[column].type, values.copy()))
        model = fit(Inputs(data, Graph.of(("x", "y"), (("x", "y"),))), FAST, Within(run, seed))
        found[name] = float(any("does not fit" in line for line in failures(model.variables, model.kept)))
    return found


def _matrix(values: Mapping[str, Array]) -> Array:
    return np.column_stack([values[name] for name in NAMES])


# --------------------------------------------------------------------------------------------------------- criteria

def _better(kind: Kind, least: float) -> Callable[[Figures, Mapping[str, Figures]], bool]:
    def holds(figures: Figures, others: Mapping[str, Figures]) -> bool:
        best = min(others[name][f"{kind}: error"] for name in (REGRESSION, NEAREST, TURNED))
        return figures[f"{kind}: error"] <= min(least, 0.7 * best)

    return holds


check = Check(
    claim="With the mechanisms of the right graph and a row's own noise, each row's counterfactual is what it would "
    "have been; where a mechanism does not fit, that is said.",
    calibrated="2026-11-25",
    criteria=(
        Criterion("linear", "Error at most 0.05 sd, and at most 0.7 of every baseline's.", _better("linear", 0.05)),
        Criterion("smooth", "Error at most 0.35 sd, and at most 0.7 of every baseline's.", _better("smooth", 0.35)),
        Criterion("causes stay", "What cannot follow stays exactly as it was.",
                  lambda ours, _: max(ours[f"{kind}: causes moved"] for kind in KINDS) == 0.0),
        Criterion("misfits are found", "Noise that scales with its cause is named in every seed.",
                  lambda ours, _: ours["misfit found"] == 1.0),
        Criterion("good fits are left be", "At most one of three good fits is warned of.",
                  lambda ours, _: ours["warned of a good fit"] <= 0.34),
    ),
    measure=measure,
    minutes=1.0,
)

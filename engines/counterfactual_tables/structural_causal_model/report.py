"""What a run tells at its end: whether the mechanisms fit, and how strong each edge is.

Symbols: m held-out rows, d variables.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engines.contract import Run
from engines.counterfactual_tables.structural_causal_model.learning import Data
from engines.counterfactual_tables.structural_causal_model.mechanisms import Array, Mechanism
from engines.counterfactual_tables.structural_causal_model.model import StructuralModel
from engines.counterfactual_tables.structural_causal_model.views import words_column
from engines.counterfactual_tables.structural_causal_model.words import failures, verdict
from engines.data.kinds import number_column, table_of
from engines.graph.graph import Graph
from engines.results import (
    BarsResult,
    GraphResult,
    MatrixResult,
    ScatterResult,
    Span,
    TableResult,
    TextResult,
)

PAIRS, POINTS = 6, 200
"""Pairs of a noise and a cause that are drawn: those that depend most; points of each."""
NAMES = {"linear": "linear", "boosting": "boosted trees", "network": "network"}


def conclude(run: Run, model: StructuralModel, data: Data) -> None:
    """The results, and a line in the log for each mechanism that fails."""
    for sentence in failures(model.variables, model.kept):
        run.message(sentence)
    said = verdict(model.variables, model.kept, model.members[0])
    run.show(TextResult("verdict", "Do the mechanisms fit?", (Span(said),)))
    run.show(_mechanisms(model))
    run.show(_likelihood(model))
    run.show(_residuals(model, data))
    run.show(_dependence(model))
    run.show(GraphResult("strengths", "Strength of each edge", _strengths(model)))


def _with_causes(model: StructuralModel) -> list[Mechanism]:
    return [model.members[0][place] for place in model.order if model.kept[place]["causes"]]


def _mechanisms(model: StructuralModel) -> TableResult:
    ones = _with_causes(model)
    judged = [model.kept[one.place]["judged"] for one in ones]
    worst = [min(one["tests"].items(), key=lambda test: test[1][1]) for one in judged]
    wrong = failures(model.variables, model.kept)
    return TableResult("mechanisms", "Mechanisms, judged on rows held out", table_of("mechanisms", [
        words_column("variable", [one.variable.name for one in ones]),
        words_column("causes", [", ".join(model.variables[c].name for c in one.causes) for one in ones]),
        words_column("mechanism", [NAMES[model.kept[one.place]["kind"]] for one in ones]),
        number_column("log likelihood", [one["told"] for one in judged], "nats a row"),
        number_column("without causes", [one["baseline"] for one in judged], "nats a row"),
        words_column("most dependent cause", [model.variables[int(cause)].name for cause, _ in worst]),
        number_column("p", [p for _, (_, p) in worst]),
        words_column("noise", ["found exactly" if one.exact else "drawn: cannot be inverted" for one in ones]),
        words_column("fits", [
            "no" if any(f"mechanism of {one.variable.name} does not fit" in line for line in wrong) else "yes"
            for one in ones]),
    ]))


def _likelihood(model: StructuralModel) -> BarsResult:
    ones = _with_causes(model)
    gain = np.array([model.kept[one.place]["judged"]["gain"] for one in ones])
    half = 1.96 * np.array([model.kept[one.place]["judged"]["error"] for one in ones])
    return BarsResult("likelihood", "What the causes tell of each variable", tuple(one.variable.name for one in ones),
                      gain, gain - half, gain + half, "nats a row")


def _residuals(model: StructuralModel, data: Data) -> ScatterResult:
    """Held-out noise against causes, both standardised: those pairs that depend most."""
    pairs = sorted(
        (p, one.place, int(cause)) for one in _with_causes(model)
        for cause, (_, p) in model.kept[one.place]["judged"]["tests"].items()
    )[:PAIRS]
    held = data.values[data.held_out]
    some = np.linspace(0, len(held) - 1, min(POINTS, len(held))).astype(int)
    x, y = [], []
    for _, place, cause in pairs:
        noise = np.asarray(model.kept[place]["noise"])
        x.append(_standard(held[some, cause]))
        y.append(_standard((noise if noise.ndim == 1 else noise[:, -1])[some]))
    group = np.repeat(np.arange(len(pairs)), len(some))
    names = tuple(f"{model.variables[a].name} against {model.variables[b].name}" for _, a, b in pairs)
    return ScatterResult("residuals", "Noise against causes", np.concatenate(x), np.concatenate(y), "cause (sd)",
                         "noise (sd)", group, names)


def _dependence(model: StructuralModel) -> MatrixResult:
    """How far each noise depends on each cause, 0 to 1; nothing where there is no edge."""
    ones = _with_causes(model)
    values = np.full((len(ones), len(model.variables)), np.nan)
    for k, one in enumerate(ones):
        for cause, (size, _) in model.kept[one.place]["judged"]["tests"].items():
            values[k, int(cause)] = size
    return MatrixResult("dependence", "Does the noise depend on a cause?", values,
                        tuple(one.variable.name for one in ones), tuple(v.name for v in model.variables))


def _strengths(model: StructuralModel) -> Graph:
    """The graph with the mean slope of each edge between numbers; a level has none."""
    graph = model.graph
    rows, spread = model.rows, model.rows.std(axis=0)
    for one in _with_causes(model):
        for cause in one.causes:
            if one.variable.levels or model.variables[cause].levels or not spread[cause]:
                continue
            up, down = rows.copy(), rows.copy()
            up[:, cause] += spread[cause] / 2
            down[:, cause] -= spread[cause] / 2
            slope = float((one.expected(up) - one.expected(down)).mean() / spread[cause])
            a, b = model.variables[cause].name, one.variable.name
            edge = next(e for e in graph.edges if {a, b} == set(e.pair))
            graph = graph.with_edge(replace(edge.seen_from(a), weight=slope))
    return graph


def _standard(values: Array) -> Array:
    return np.asarray((values - values.mean()) / (values.std() or 1.0))

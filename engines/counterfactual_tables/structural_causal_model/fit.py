"""Variable by variable, causes first: learn the mechanism, judge it, and tell what does not fit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engines.abilities import Feature, numbers_of
from engines.contract import Inputs, Run
from engines.counterfactual_tables.structural_causal_model.learning import Data, learned
from engines.counterfactual_tables.structural_causal_model.model import StructuralModel
from engines.counterfactual_tables.structural_causal_model.parameters import Parameters
from engines.counterfactual_tables.structural_causal_model.report import conclude
from engines.counterfactual_tables.structural_causal_model.support import reach
from engines.counterfactual_tables.structural_causal_model.words import ALPHA
from engines.data.splits import parts
from engines.predictors.learning import ready

KEPT = 256
"""Rows that the model keeps: mean effects and the reach of the data are told from them."""


def fit(inputs: Inputs, parameters: Parameters, run: Run) -> StructuralModel:
    """The mechanisms of the graph, judged."""
    graph = inputs.graph
    assert graph is not None
    table = inputs.table.rows(np.argsort(inputs.table.row_ids, kind="stable"))
    part = parts(table, {})
    if part is not None and (part == "train").any():
        table = table.rows(np.flatnonzero(part == "train"))
    columns = tuple(table[name] for name in graph.names)
    variables = tuple(Feature.of(column) for column in columns)
    values = numbers_of(variables, table)
    done: dict[str, Mapping[str, Any]] = {}
    if run.resumed is None:
        seeds = [int(seed) for seed in run.generator.integers(2**31 - 10_000, size=len(variables) + 1)]
        aside = run.generator.permutation(len(values))[: max(10, round(parameters.held_out * len(values)))]
    else:
        seeds, aside = [int(seed) for seed in run.resumed["seeds"]], np.asarray(run.resumed["aside"])
        done = dict(run.resumed["done"])
    data = Data(variables, values, np.isin(np.arange(len(values)), aside))
    for kind in parameters.kinds():
        ready(parameters.learning(kind, category=False))
    # Fewer permutations could give no p-value that is small enough once it is corrected for all edges.
    permutations = max(parameters.permutations, math.ceil(2 * len(graph.edges) / ALPHA))
    order = [graph.names.index(name) for name in graph.order()]
    for number in run.steps(len(order), "mechanisms", start=len(done)):
        place = order[number]
        causes = tuple(graph.names.index(name) for name in graph.parents(graph.names[place]))
        one = learned(data, place, causes, parameters, run, seeds[place], seeds[-1], permutations)
        done[str(place)] = one
        if causes:
            run.scalar(f"nats told by its causes, {variables[place].name}", one["judged"]["gain"], number)
        run.checkpoint(lambda: {"seeds": seeds, "aside": aside, "done": done})
    kept = tuple(done[str(place)] for place in range(len(variables)))
    low, high, least, most = np.quantile(values, (0.005, 0.995, 0.0, 1.0), axis=0)
    some = np.linspace(0, len(values) - 1, min(KEPT, len(values))).astype(int)
    model = StructuralModel(
        parameters, graph, tuple(column.rows([]) for column in columns), kept, tuple(order), values[some],
        low, high, least, most, reach(variables, kept, values[some]),
    )
    conclude(run, model, data)
    return model

"""What a structural causal model refuses: graphs with hidden causes or open ends, and columns that cannot be fitted."""

from typing import Any

import numpy as np

from engines.contract import Inputs
from engines.data.kinds import Column, ColumnType
from engines.data.roles import Role
from engines.data.splits import parts
from engines.graph.graph import Graph, Mark
from engines.refusals import Refusal

ROLES = (Role.FACTOR, Role.TREATMENT, Role.OUTCOME, Role.COVARIATE, Role.INSTRUMENT)
LEAST_ROWS, LEAST_OF_A_LEVEL = 50, 8


def refuse(inputs: Inputs, _parameters: Any) -> None:
    """Refuse what the mechanisms could not be fitted on.

    Raises:
        Refusal: naming the edge or the column.
    """
    graph, table = inputs.graph, inputs.table
    assert graph is not None
    _refuse_graph(graph)
    part = parts(table, {})
    if part is not None and (part == "train").any():
        table = table.rows(np.flatnonzero(part == "train"))
        if len(table) < LEAST_ROWS:
            raise Refusal(f"The part train has {len(table)} rows; at least {LEAST_ROWS} are needed.", "Add data.")
    for name in graph.names:
        _refuse_column(table[name], bool(graph.parents(name)))


def _refuse_graph(graph: Graph) -> None:
    if not graph.edges:
        raise Refusal("The graph has no edges, so nothing follows from anything.", "Draw the edges, or learn them.",
                      ("Draw the graph",))
    for node in graph.nodes:
        if Mark.LATENT in node.marks:
            raise Refusal(
                f"{node.name} is hidden: what it was in a row cannot be told, and every row would come out wrong.",
                f"Measure {node.name}, or remove it if it moves only one variable. VLUCI infers one hidden cause of "
                "treatment and outcome.", about=(node.name,),
            )
    for edge in graph.edges:
        a, b = edge.pair
        if edge.bidirected:
            raise Refusal(
                f"{a} ↔ {b} says that something hidden drives both: the noise of {a} and {b} then belongs together, "
                "and a row's counterfactual would be wrong.",
                "Add the common cause as a column, or remove the edge if it is weak. The mean effect may still be "
                "identified: the bar under the graph says so.", about=(a, b),
            )
        if a not in graph.parents(b) and b not in graph.parents(a):
            raise Refusal(
                f"The edge between {a} and {b} has no direction, so neither can be computed from the other.",
                "Turn it into an arrow, as you know it to be.", about=(a, b),
            )


def _refuse_column(column: Column, has_causes: bool) -> None:
    name = column.name
    if column.type is ColumnType.TEXT:
        raise Refusal(f"{name} is text; a variable is a number or a category.", "Change its type, or remove the node.",
                      ("Leave it out",), (name,))
    if gaps := int(column.missing.sum()):
        raise Refusal(f"Column {name} has {gaps} missing values: impute or drop them.",
                      offers=("Drop these rows", "Leave the column out"), about=(name,))
    if column.type is ColumnType.NUMBER and not np.isfinite(column.values).all():
        raise Refusal(f"Column {name} has an infinite value: drop the row or the column.",
                      offers=("Drop these rows", "Leave the column out"), about=(name,))
    if column.constant:
        raise Refusal(f"Column {name} never varies; remove it.", "It holds one value in all rows, so it cannot cause "
                      "anything.", ("Leave it out",), (name,))
    if column.type is ColumnType.NUMBER:
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            spread = float(np.var(column.values))
        if not 1e-100 < spread < 1e100:
            raise Refusal(f"Column {name} holds values too {'small' if spread < 1 else 'large'} to compute with.",
                          "Give it in another unit.", about=(name,))
        if has_causes and len(np.unique(column.values)) == 2:
            raise Refusal(f"{name} takes only two values and has causes: as a number it would come out between them.",
                          "Make it a category.", about=(name,))
        return
    counts = np.bincount(column.values, minlength=len(column.levels))
    for level, count in zip(column.levels, counts, strict=True):
        if has_causes and count < LEAST_OF_A_LEVEL:
            raise Refusal(f"{name} is {level} in only {count} rows; at least {LEAST_OF_A_LEVEL} are needed.",
                          "Leave these rows out, or join the level with another.", ("Drop these rows",), (name,))

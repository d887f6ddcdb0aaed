"""What a run of a classic search tells at its end."""

from __future__ import annotations

import numpy as np

from engines.contract import Run
from engines.data.kinds import category_column, number_column, table_of
from engines.discovery.classic_search.model import SearchedGraph
from engines.discovery.classic_search.searching import ARROW, NONE, TAIL, Marks
from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.metrics.graphs import equivalence_class
from engines.results import GraphResult, MatrixResult, Span, TableResult, TextResult


def conclude(run: Run, model: SearchedGraph, knowledge: Knowledge, truth: Graph | None) -> None:
    """Show the graph, its edges, how often they came back, whether what is known is obeyed, and the scores."""
    run.show(GraphResult("graph", "Learnt graph", model.graph()))
    run.show(TableResult("edges", "Edges", model.edges()))
    often = model.frequencies()
    if often is not None:
        run.show(MatrixResult(
            "frequencies", "Share of the resampled tables with an edge between the two", often[0], model.names,
            model.names,
        ))
    run.show(TextResult("knowledge", "What is known", (Span(_obeyed(model, knowledge)),)))
    if truth is not None:
        run.show(_scores(model, truth))


def _obeyed(model: SearchedGraph, knowledge: Knowledge) -> str:
    if not knowledge:
        return "Nothing was known beforehand."
    broken = broken_marks(model, knowledge)
    if not broken:
        return "The graph obeys all that is known."
    run = "; ".join(broken)
    return f"The search did not keep to all that is known: {run}. Choose another search, or draw these edges by hand."


def broken_marks(model: SearchedGraph, knowledge: Knowledge) -> list[str]:
    """Forbidden edges that are there, required ones that are not, in words. An open end breaks nothing yet."""
    M, names = model.marks, model.names
    found = []
    for i, cause in enumerate(names):
        for j, effect in enumerate(names):
            if i == j:
                continue
            directed = M[i, j] == ARROW and M[j, i] == TAIL
            if directed and knowledge.forbids(cause, effect):
                found.append(f"{cause} → {effect} is forbidden")
            if (cause, effect) in knowledge.required and not directed:
                found.append(f"{cause} → {effect} is required")
    return found


def _scores(model: SearchedGraph, truth: Graph) -> TableResult:
    """Beside the equivalence class of the truth: what data without noise could tell."""
    index = {name: j for j, name in enumerate(model.names)}
    edges = np.zeros(model.marks.shape, dtype=bool)
    for name in truth.names:
        for parent in truth.parents(name):
            edges[index[parent], index[name]] = True
    true = marks_of(equivalence_class(edges))
    rows = {"learnt graph": model.marks, "graph without edges": np.zeros_like(model.marks)}
    scored = [against(true, M) for M in rows.values()]
    return TableResult("scores", "Against the equivalence class of the true graph", table_of("scores", [
        category_column("graph", list(rows)),
        *(number_column(title, [one[k] for one in scored]) for k, title in enumerate(TITLES)),
    ]))


TITLES = ("SHD", "adjacency precision", "adjacency recall", "arrowhead precision", "arrowhead recall", "edges")


def against(true: Marks, M: Marks) -> tuple[float, ...]:
    """SHD (a pair whose edge or ends differ counts one), precision and recall of adjacencies and of arrowheads."""
    upper = np.triu(np.ones(M.shape, dtype=bool), 1)
    differ = ((true != M) | (true.T != M.T)) & upper
    joined, truly = (M != NONE) & upper, (true != NONE) & upper
    heads, true_heads = M == ARROW, true == ARROW

    def share(part: np.ndarray, whole: np.ndarray) -> float:
        return float(part.sum() / whole.sum()) if whole.any() else float("nan")

    return (
        float(differ.sum()), share(joined & truly, joined), share(joined & truly, truly),
        share(heads & true_heads, heads), share(heads & true_heads, true_heads), float(joined.sum()),
    )


def marks_of(edges: np.ndarray) -> Marks:
    """M of a boolean matrix in which an undirected edge stands in both directions."""
    return np.where(edges & edges.T, TAIL, np.where(edges, ARROW, np.where(edges.T, TAIL, NONE))).astype(np.int8)

"""The searches themselves, as causal-learn has them, over a matrix of numbers; what they find as a matrix of end marks.

Symbols: n rows, d variables; X (n, d); M (d, d) with M[i, j] the mark at j of the edge between i and j.
Sources: PC and FCI: Spirtes, Glymour, Scheines 2000 (stable order: Colombo and Maathuis, JMLR 2014); GES: Chickering,
JMLR 2002; BOSS: Andrews, Ramsey et al., NeurIPS 2023; DirectLiNGAM: Shimizu et al., JMLR 2011; the code: Zheng et al.,
causal-learn, JMLR 2024.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engines.discovery.classic_search.parameters import Parameters
from engines.graph.knowledge import Knowledge

if TYPE_CHECKING:
    from causallearn.utils.PCUtils.BackgroundKnowledge import BackgroundKnowledge

Array = NDArray[np.float64]
Marks = NDArray[np.int8]

NONE, TAIL, ARROW, CIRCLE = 0, 1, 2, 3
_THEIRS = {0: NONE, -1: TAIL, 1: ARROW, 2: CIRCLE}     # causal-learn's numbers; its matrix is indexed the other way
TAKES_KNOWLEDGE = ("PC", "FCI", "DirectLiNGAM")
HIDDEN_CAUSES = ("FCI",)


def search(
    X: Array, parameters: Parameters, *, categories: bool, knowledge: Knowledge, names: tuple[str, ...], seed: int
) -> Marks:
    """The marks that one search finds. `categories`: X holds the numbers of levels."""
    with _drawing(seed), warnings.catch_warnings(), redirect_stdout(StringIO()):     # FCI prints what it orients
        warnings.simplefilter("ignore")
        if parameters.search == "DirectLiNGAM":
            return _lingam(X, parameters.least, knowledge, names)
        return _ours(_graph(X, parameters, categories, knowledge, names))


def _graph(
    X: Array, parameters: Parameters, categories: bool, knowledge: Knowledge, names: tuple[str, ...]
) -> NDArray[Any]:
    test = "gsq" if categories else "fisherz"
    score = "local_score_BDeu" if categories else "local_score_BIC_from_cov"
    known = _background(knowledge, names) if knowledge else None
    if parameters.search == "PC":
        from causallearn.search.ConstraintBased.PC import pc

        found = pc(X, parameters.alpha, test, background_knowledge=known, show_progress=False).G
    elif parameters.search == "FCI":
        from causallearn.search.ConstraintBased.FCI import fci

        found, _ = fci(
            X, test, parameters.alpha, background_knowledge=known, show_progress=False, verbose=False
        )
    elif parameters.search == "GES":
        from causallearn.search.ScoreBased.GES import ges

        how: Mapping[str, Any] = {} if categories else {"parameters": {"lambda_value": parameters.penalty / 2}}
        found = ges(X, score, **how)["G"]
    else:
        from causallearn.search.PermutationBased.BOSS import boss

        how = {} if categories else {"parameters": {"lambda_value": parameters.penalty / 2}}
        found = boss(X, score, verbose=False, **how)
    marks: NDArray[Any] = found.graph
    return marks


def _ours(theirs: NDArray[Any]) -> Marks:
    """[i, j] is the mark at i there, at j here."""
    return np.vectorize(_THEIRS.__getitem__, otypes=[np.int8])(theirs.T)


def _lingam(X: Array, least: float, knowledge: Knowledge, names: tuple[str, ...]) -> Marks:
    from causallearn.search.FCMBased.lingam import DirectLiNGAM

    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    known = None
    if knowledge:
        known = np.full((len(names), len(names)), -1)
        for i, cause in enumerate(names):
            for j, effect in enumerate(names):
                if knowledge.forbids(cause, effect):
                    known[j, i] = 0
                if (cause, effect) in knowledge.required:
                    known[j, i] = 1
    learner = DirectLiNGAM(prior_knowledge=known)
    learner.fit(scaled)
    strengths = np.abs(learner.adjacency_matrix_.T)
    required = np.array([[(a, b) in knowledge.required for b in names] for a in names])
    kept = (strengths >= max(least, np.finfo(float).tiny)) | required
    return np.where(kept, ARROW, np.where(kept.T, TAIL, NONE)).astype(np.int8)


def _background(knowledge: Knowledge, names: tuple[str, ...]) -> BackgroundKnowledge:
    """As causal-learn takes it: each pair by itself, tiers written out."""
    from causallearn.graph.GraphNode import GraphNode
    from causallearn.utils.PCUtils.BackgroundKnowledge import BackgroundKnowledge

    nodes = [GraphNode(f"X{j + 1}") for j in range(len(names))]     # as its searches name columns
    known = BackgroundKnowledge()
    for i, cause in enumerate(names):
        for j, effect in enumerate(names):
            if i != j and knowledge.forbids(cause, effect):
                known.add_forbidden_by_node(nodes[i], nodes[j])
            if (cause, effect) in knowledge.required:
                known.add_required_by_node(nodes[i], nodes[j])
    return known


@contextmanager
def _drawing(seed: int) -> Iterator[None]:
    """BOSS shuffles with Python's own generator; it gets a state of its own, and the old one comes back."""
    before = random.getstate()
    random.setstate(random.Random(seed).getstate())
    try:
        yield
    finally:
        random.setstate(before)

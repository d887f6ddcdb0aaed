"""Files of graphs that are damaged or absurd: a graph or a sentence, and soon."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engines.graph import formats
from engines.graph.graph import Graph
from engines.refusals import Refusal
from tests.graph.test_formats import FULL
from tests.robustness.test_damage import damaged

NAMES = ("g.lav", "g.tetrad", "g.bif", "g.tex", "g.adjacency.csv")


def outcome(text: str, name: str) -> Graph | Refusal:
    try:
        return formats.parse(text, name)
    except Refusal as refusal:
        return refusal


def try_out(name: str, seed: int) -> None:
    content = damaged(formats.compose(FULL, name).encode(), np.random.default_rng(seed))
    found = outcome(content.decode("utf-8", "replace"), name)
    if isinstance(found, Refusal):
        assert name in found.sentence
        assert found.sentence.endswith(".")
    else:
        assert isinstance(found, Graph)


@pytest.mark.parametrize("name", NAMES)
def test_damage_ends_in_a_graph_or_a_sentence(name: str) -> None:
    for seed in range(60):
        try_out(name, seed)


@pytest.mark.robustness
@pytest.mark.parametrize("name", NAMES)
def test_much_damage_ends_in_a_graph_or_a_sentence(name: str) -> None:
    for seed in range(1000, 3000):
        try_out(name, seed)


@pytest.mark.parametrize(
    ("name", "begins", "again"),
    [
        ("g.lav", "y ~ ", "1"), ("g.lav", "y ~ ", "x + "), ("g.lav", "", "\""), ("g.lav", "y ~ ", "("),
        ("g.tetrad", "Graph Nodes:\nX;", " "), ("g.tetrad", "Graph Nodes:\n", "("),
        ("g.tetrad", "Graph Nodes:\nX\nGraph Edges:\n", "X --- "),
        ("g.tetrad", "Graph Nodes:\nX\nGraph Node Attributes:\nmarks: ", "\\\""),
        ("g.tetrad", "Graph Nodes:\nX\nGraph Node Attributes:\nmarks: X:", " "),
        ("g.bif", "network x { ", "property "), ("g.bif", "", "/* "), ("g.bif", "network x ", "{"),
        ("g.tex", "", "% @ "), ("g.adjacency.csv", "", "# @ a -> b\n"),
    ],
)
def test_much_of_the_same_is_answered_soon(name: str, begins: str, again: str) -> None:
    text = begins + again * (100_000 // len(again)) + "!"
    start = time.process_time()
    assert isinstance(outcome(text, name), (Graph, Refusal))
    assert time.process_time() - start < 3

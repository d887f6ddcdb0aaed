"""A text tells its format by how it begins, quickly even when it is made to be slow."""

from __future__ import annotations

import time

import pytest

from engines.graph import formats
from engines.graph.formats.telling import told_by
from engines.graph.graph import Graph

BY_THEMSELVES = (".json", ".dot", ".graphml", ".gml", ".dagitty", ".tetrad", ".bif", ".lav")


@pytest.mark.parametrize("ending", BY_THEMSELVES)
def test_what_we_write_tells_its_format(ending: str) -> None:
    graph = Graph.of("abc", [("a", "b"), ("b", "c")])
    assert told_by(formats.compose(graph, f"g{ending}")) == ending


@pytest.mark.parametrize("text", [
    "/*" * 10_000, "#\n" * 10_000, "graph " * 5_000, "Creator \n" * 5_000, "<!--" * 5_000, "a ~ b" * 5_000,
    '{"' * 10_000, "dag " + '"' * 10_000, " " * 20_000, "a" * 20_000 + " ~", "<?xml " * 4_000,
])
def test_hostile_texts_are_judged_at_once(text: str) -> None:
    start = time.process_time()
    told_by(text)
    assert time.process_time() - start < 0.5

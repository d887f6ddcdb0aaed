"""Knowledge files with groups, patterns and rules of tiers, as the page writes them and the command line reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.graph.knowledge import Knowledge
from engines.refusals import Refusal
from studio.commands.arguments import read_knowledge


def test_a_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    known = Knowledge(
        frozenset({("dose", "cure")}), frozenset({("genes", "age")}), (("age",), ("gene_*",), ()), frozenset({1}),
        frozenset({0, 1}), (("genes", ("gene_*", "x")),),
    )
    path = tmp_path / "known.json"
    path.write_text(json.dumps(known.to_json()))
    assert read_knowledge(str(path)) == known


@pytest.mark.parametrize("text", ['{"tiers": ["ab"]}', '{"groups": ["a"]}', "[", '{"required": [["a", "b", "c"]]}'])
def test_what_is_none_is_refused_with_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(text)
    with pytest.raises(Refusal, match=r"known\.json cannot be read as knowledge"):
        read_knowledge(str(path))

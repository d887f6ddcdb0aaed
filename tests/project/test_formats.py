"""Project files of every past format open with all that they hold. A new format adds a sample of the one before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engines.graph.graph import Graph
from engines.graph.knowledge import Knowledge
from engines.runtime import wire
from engines.runtime.messages import RunState
from studio.project import Kind, Project
from studio.project.migrations import known

SAMPLES = Path(__file__).parent / "formats"


def test_there_is_a_sample_of_every_format_but_the_newest() -> None:
    assert sorted(path.stem for path in SAMPLES.iterdir()) == [f"format-{n}" for n in sorted(known())[:-1]]


@pytest.mark.parametrize("sample", sorted(SAMPLES.iterdir()), ids=lambda path: path.stem)
def test_it_opens_with_all_that_it_holds(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study.otherwise"
    folder.mkdir()
    shutil.copyfile(sample, folder / "project.db")
    project = Project.open(folder)
    store = project.store
    data = store.data()["cells"]
    assert (data.path, data.roles) == (str(folder / "data" / "cells.csv"), {"b": "outcome"})
    assert store.graph() == Graph.of("ab", [("a", "b")]).placed({"a": (8.0, 16.0)})
    assert store.get(Kind.GRAPH, "truth")["name"] == "consensus"
    assert store.all(Kind.METHOD) == {"colide": {"penalty": 0.1}, "causal_diffae": {"steps": 5}}
    assert wire.from_plain(store.get(Kind.SETTING, "knowledge")) == Knowledge(frozenset({("a", "b")}))
    assert store.get(Kind.SETTING, "choice") == {"question": "causes", "method": "colide", "data": "cells"}
    (run,) = store.runs()
    assert (run.state, run.title, run.request.seed) == (RunState.DONE, "CoLiDE", 3)
    assert len(store.scalars(1)["loss"].steps) == 5
    assert list(store.results(1)) == ["path"]
    model = str(project.model_folder(1))
    assert store.get(Kind.MODEL, "asked") == {"folder": model, "title": "CoLiDE, run 1"}
    assert store.get(Kind.WISH, model) == {"item": 3, "do": {"a": 1.5}, "values": {"threshold": 0.2}, "seed": 9}
    assert [edit.title for edit in store.history()[0]] == ["Draw", "Move"]
    assert store.next_redo().title == "Move"
    assert (folder / f"project.db.{sample.stem}").exists()
    project.close()

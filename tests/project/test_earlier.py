"""The states of a project that can be opened: what a look tells, what is kept, and what may not be done."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from engines.data.reference import DataReference
from engines.graph.graph import Graph
from engines.refusals import Refusal
from engines.runtime.messages import RunState
from studio.project import Kind, Project, Unreadable
from studio.project.earlier import RunSeen, interrupted, look, restore, states

DATA = DataReference("/data/x.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "study.otherwise"


def open_and(folder: Path, do: Callable[[Project], object] = lambda _: None) -> None:
    project = Project.open(folder)
    do(project)
    project.close()


def filled(project: Project) -> None:
    project.store.put_graph(Graph.of("abc"))
    project.store.put_data("cells", DATA)
    project.store.put(Kind.SETTING, "choice", {"question": "causes"})
    run = project.new_run("colide", DATA, {}).run
    project.store.set_state(run, RunState.RUNNING)
    project.store.set_checkpoint(run, 800)


def in_the_middle_damaged(database: Path) -> None:
    """The first page stays, so that it opens; what follows is overwritten."""
    content = bytearray(database.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    database.write_bytes(content)


def test_a_look_tells_what_a_database_holds_and_changes_nothing(folder: Path) -> None:
    open_and(folder, filled)
    before = (folder / "project.db").read_bytes()
    held = look(folder / "project.db", whole=True)
    assert (held.runs, held.data, held.nodes, held.question) == (
        (RunSeen(1, RunState.RUNNING, 800),), ("cells",), 3, "causes",
    )
    assert (folder / "project.db").read_bytes() == before


def test_a_run_is_interrupted_only_where_nobody_works(folder: Path) -> None:
    project = Project.open(folder)
    filled(project)
    held = look(folder / "project.db")
    assert interrupted(folder, held) is None
    project.close()
    assert interrupted(folder, held) == RunSeen(1, RunState.RUNNING, 800)


def test_states_are_its_own_then_snapshots_then_what_was_replaced(folder: Path) -> None:
    open_and(folder, filled)
    for _ in range(4):
        open_and(folder)
    snapshot = states(folder)[1].path
    assert restore(folder, snapshot) == folder / "snapshots" / "replaced.db"
    own, *copies = states(folder)
    assert own.in_use
    assert len(copies) == 4
    assert [copy.path.name for copy in copies if copy.replaced] == ["replaced.db"]
    assert all(state.holding is not None and state.holding.nodes == 3 for state in states(folder))


def test_damage_is_found_by_the_whole_look_and_takes_no_good_snapshots_place(folder: Path) -> None:
    open_and(folder, filled)
    for _ in range(3):
        open_and(folder)
    before = [state.path.read_bytes() for state in states(folder)[1:]]
    in_the_middle_damaged(folder / "project.db")
    for _ in range(3):
        with pytest.raises(Unreadable, match="cannot be read as a project"):
            Project.open(folder)
    assert not (folder / "lock.json").exists()
    own, *copies = states(folder)
    assert own.trouble == "It is damaged."
    assert [state.path.read_bytes() for state in copies] == before


def test_a_project_that_is_open_is_not_put_back(folder: Path) -> None:
    open_and(folder, filled)
    open_and(folder)
    project = Project.open(folder)
    before = (folder / "project.db").read_bytes()
    with pytest.raises(Refusal, match="is open in another studio"):
        restore(folder, states(folder)[1].path)
    assert (folder / "project.db").read_bytes() == before
    project.close()


def test_what_cannot_be_put_back_leaves_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_and(folder, filled)
    open_and(folder)
    before = (folder / "project.db").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.project.earlier.shutil.copyfile", full)
    with pytest.raises(Refusal, match="could not be put back"):
        restore(folder, states(folder)[1].path)
    assert (folder / "project.db").read_bytes() == before
    assert not list(folder.glob("*.part"))
    open_and(folder)


def test_runs_after_an_earlier_state_write_into_no_folder_that_is_there(folder: Path) -> None:
    open_and(folder, filled)
    open_and(folder)

    def run_more(project: Project) -> None:
        for _ in range(2):
            project.run_folder(project.new_run("colide", DATA, {}).run).mkdir()

    open_and(folder, run_more)
    oldest = states(folder)[-1]
    assert oldest.holding is not None
    assert [run.number for run in oldest.holding.runs] == [1]
    restore(folder, oldest.path)
    project = Project.open(folder)
    assert project.new_run("colide", DATA, {}).run == 4
    project.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "needs a name"), (" ", "needs a name"), (".hidden", "needs a name"), ("a/b", "cannot hold “/”"),
     ("what?", "cannot hold “\\?”"), ("x" * 300, "too long"), ("taken", "already")],
)
def test_a_name_that_no_folder_can_have_is_refused(folder: Path, name: str, said: str) -> None:
    (folder.parent / "taken.otherwise").mkdir()
    project = Project.open(folder)
    with pytest.raises(Refusal, match=said):
        project.renamed(name)
    assert project.renamed(" Blood cells. ") == folder.with_name("Blood cells.otherwise")
    assert project.renamed("study") == folder
    project.close()


def test_a_newer_database_is_seen_as_such(folder: Path) -> None:
    open_and(folder)
    connection = sqlite3.connect(folder / "project.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert states(folder)[0].trouble == "It was made by a newer Otherwise."

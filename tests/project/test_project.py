"""The project on disk: locks, snapshots, formats, moves, and what survives a kill."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from engines.data.reference import DataReference
from engines.refusals import Refusal
from engines.runtime.instructions import RunChanged
from engines.runtime.messages import Checkpointed, Events, Message, RunEnded, RunState, Scalar
from studio.project import Kind, Project, Recorder, Unreadable
from studio.project.database import FileStore
from studio.project.earlier import restore
from studio.project.lock import Holder, ProjectLock
from studio.project.migrations import known
from tests.small_disk import room_for

DATA = DataReference("/data/x.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "study.otherwise"


def test_untitled_projects_are_numbered(tmp_path: Path) -> None:
    projects = [Project.untitled(tmp_path) for _ in range(2)]
    assert [project.name for project in projects] == ["Untitled 1", "Untitled 2"]
    for project in projects:
        project.close()


def test_a_folder_of_another_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="is not a project"):
        Project.open(tmp_path / "holiday pictures")


def test_a_file_is_refused(folder: Path) -> None:
    folder.write_text("hello", encoding="utf-8")
    with pytest.raises(Refusal, match="is a file"):
        Project.open(folder)


def test_a_second_studio_reads_and_says_who_writes(folder: Path) -> None:
    first = Project.open(folder)
    first.store.put(Kind.SETTING, "a", 1)
    second = Project.open(folder)
    assert second.read_only
    assert second.reader_of == Holder.this()
    assert second.store.get(Kind.SETTING, "a") == 1
    with pytest.raises(Refusal, match="only be read"):
        second.store.put(Kind.SETTING, "a", 2)
    second.close()
    assert Project.open(folder).read_only  # the reader gave nothing back that is not its own
    first.close()
    third = Project.open(folder)
    assert not third.read_only
    third.close()


def test_another_process_is_seen(folder: Path) -> None:
    code = (
        "import sys; from studio.project import Project; p = Project.open(sys.argv[1]);"
        "print(p.read_only, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "False\n"
        mine = Project.open(folder)
        assert mine.reader_of is not None
        assert mine.reader_of.process == other.pid
        mine.close()
        other.kill()
    taken_over = Project.open(folder)
    assert not taken_over.read_only
    taken_over.close()


@pytest.mark.parametrize(
    ("holder", "held"),
    [
        (Holder(os.getpid(), socket.gethostname(), "0"), False),  # the number was given to another process since
        (Holder(2**22 + 1, socket.gethostname()), False),  # no such process
        (Holder(1, "another-machine"), True),  # who can tell
    ],
)
def test_a_lock_is_stale_only_when_that_is_certain(tmp_path: Path, holder: Holder, held: bool) -> None:
    path = tmp_path / "lock.json"
    path.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    lock = ProjectLock(path)
    assert lock.take() == (holder if held else None)
    assert lock.take(by_force=True) is None or not held
    lock.release()
    assert not path.exists()


def test_a_lock_that_was_cut_off_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text("{", encoding="utf-8")
    lock = ProjectLock(tmp_path / "lock.json")
    assert lock.take() is None
    lock.release()


def test_three_snapshots_are_kept_and_one_can_be_put_back(folder: Path) -> None:
    for number in range(6):
        project = Project.open(folder)
        project.store.put(Kind.SETTING, "start", number)
        project.close()
    project = Project.open(folder)
    snapshots = project.snapshots()
    project.close()
    assert len(snapshots) == 3
    kept = restore(folder, snapshots[1])
    project = Project.open(folder)
    assert project.store.get(Kind.SETTING, "start") == 4
    project.close()
    replaced = sqlite3.connect(kept)
    assert replaced.execute("SELECT value FROM documents WHERE name = 'start'").fetchone() == ("5",)
    replaced.close()


def test_a_newer_format_is_refused_with_both_numbers(folder: Path) -> None:
    Project.open(folder).close()
    connection = sqlite3.connect(folder / "project.db")
    connection.execute("PRAGMA user_version = 4")
    connection.close()
    with pytest.raises(Refusal) as refused:
        Project.open(folder)
    assert refused.value.sentence == (
        "This project was made by a newer Otherwise (format 4, this one reads up to 2)."
    )
    assert not (folder / "lock.json").exists()


def test_a_damaged_database_is_refused_and_its_snapshot_is_whole(folder: Path) -> None:
    project = Project.open(folder)
    project.store.put(Kind.SETTING, "a", 1)
    project.close()
    Project.open(folder).close()
    (folder / "project.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(Refusal, match="cannot be read as a project"):
        Project.open(folder)
    snapshot = sorted((folder / "snapshots").glob("*.db"))[-1]
    restore(folder, snapshot)
    project = Project.open(folder)
    assert project.store.get(Kind.SETTING, "a") == 1
    project.close()


def test_a_migration_runs_once_after_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "project.db"
    store = FileStore(path, tmp_path)
    store.put(Kind.SETTING, "a", 1)
    store.close()

    def to_3(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE documents SET value = '2'")

    for _ in range(2):
        store = FileStore(path, tmp_path, steps={**known(), 3: to_3})
        assert store.get(Kind.SETTING, "a") == 2
        store.put(Kind.SETTING, "b", 1)
        store.close()
    before = FileStore(tmp_path / "project.db.format-2", tmp_path)
    assert before.get(Kind.SETTING, "a") == 1
    before.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "project.db"
    store = FileStore(path, tmp_path)
    store.put(Kind.SETTING, "a", 1)
    store.close()

    def to_3(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE documents SET value = '2'")
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(Refusal):
        FileStore(path, tmp_path, steps={**known(), 3: to_3})
    store = FileStore(path, tmp_path)
    assert store.get(Kind.SETTING, "a") == 1
    store.close()


def test_runs_found_running_are_interrupted_and_can_go_on(folder: Path) -> None:
    project = Project.open(folder)
    running = project.new_run("colide", DATA, {"a": 1}, seed=4)
    waiting = project.new_run("colide", DATA, {})
    done = project.new_run("colide", DATA, {})
    project.store.set_state(running.run, RunState.RUNNING)
    project.store.set_checkpoint(running.run, 412)
    project.store.end_run(RunEnded(done.run, RunState.DONE))
    project.close()
    project = Project.open(folder)
    assert [record.number for record in project.interrupted] == [running.run, waiting.run]
    record = project.store.run(running.run)
    assert record is not None
    assert record.state is RunState.INTERRUPTED
    assert record.ending is not None
    assert "after step 412" in record.ending.sentence
    resumed = project.again(running.run, resume=True)
    assert (resumed.run, resumed.resume, resumed.seed, resumed.folder) == (running.run, True, 4, running.folder)
    retried = project.again(running.run, parameters={"a": 2})
    record = project.store.run(retried.run)
    assert record is not None
    assert (record.origin, record.request.parameters) == (running.run, {"a": 2})
    project.close()


def test_a_project_can_be_moved_with_what_lies_in_it(folder: Path, tmp_path: Path) -> None:
    project = Project.open(folder)
    source = tmp_path / "x.csv"
    source.write_text("a\n1\n", encoding="utf-8")
    inside = folder / "data" / "x.csv"
    inside.write_text("a\n1\n", encoding="utf-8")
    run = project.new_run("colide", DataReference(str(inside)), {})
    project.store.put_data("x", DataReference(str(inside)))
    project.store.put_data("y", DataReference(str(source)))
    moved = project.moved_to(tmp_path / "elsewhere" / ".." / "named")
    assert moved.name == "named"
    assert not folder.exists()
    assert Path(moved.store.data()["x"].path) == moved.folder / "data" / "x.csv"
    assert Path(moved.store.data()["x"].path).read_text(encoding="utf-8") == "a\n1\n"
    assert moved.store.data()["y"].path == str(source)
    record = moved.store.run(run.run)
    assert record is not None
    assert record.request.folder == str(moved.folder / "runs" / str(run.run))
    assert record.request.data.path == str(moved.folder / "data" / "x.csv")
    moved.close()


@pytest.mark.parametrize("closed_before", [False, True])
def test_a_project_that_cannot_be_moved_is_open_where_it_was(tmp_path: Path, closed_before: bool) -> None:
    project = Project.open(tmp_path / "study.otherwise")
    (tmp_path / "taken.otherwise").mkdir()
    if closed_before:
        project.close()
    with pytest.raises(Refusal, match=r"taken\.otherwise is there already"):
        project.moved_to(tmp_path / "taken")
    project.store.put(Kind.SETTING, "kept", {"here": 1})
    assert Project.open(project.folder).read_only           # its lock is held again
    project.close()


@pytest.mark.parametrize("size", [0, 100, 4096])
def test_on_a_full_disk_it_is_said_to_be_whole_and_opens_when_there_is_room(folder: Path, size: int) -> None:
    project = Project.open(folder)
    project.store.put(Kind.SETTING, "kept", {"here": 1})
    project.close()
    before = (folder / "project.db").read_bytes()
    with room_for(size), pytest.raises(Refusal, match="cannot be written") as refused:
        Project.open(folder)
    assert not isinstance(refused.value, Unreadable), "no snapshot need be put in its place"
    assert (folder / "project.db").read_bytes() == before
    again = Project.open(folder)
    assert not again.read_only
    assert again.store.get(Kind.SETTING, "kept") == {"here": 1}
    again.close()


def test_the_recorder_writes_what_runs_tell(folder: Path) -> None:
    project = Project.open(folder)
    run = project.new_run("colide", DATA, {}).run
    recorder = Recorder(project.store)
    recorder.take(RunChanged(run, RunState.RUNNING))
    recorder.take(Events(run, 0, (Scalar("loss", 0, 2.0), Message("hello"), Checkpointed(1))))
    recorder.take(Events(run, 1, (Scalar("loss", 1, 1.0),)))
    assert recorder.flush()
    record = project.store.run(run)
    assert record is not None
    assert (record.state, record.checkpoint) == (RunState.RUNNING, 1)
    assert project.store.messages(run) == ("hello",)
    assert list(project.store.scalars(run)["loss"].values) == [2.0, 1.0]
    recorder.take(RunEnded(run, RunState.DONE))
    assert recorder.close()
    record = project.store.run(run)
    assert record is not None
    assert record.state is RunState.DONE
    project.close()


def test_a_disk_error_is_told_and_nothing_is_lost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Project.open(folder)
    run = project.new_run("colide", DATA, {}).run
    errors: list[str] = []
    recorder = Recorder(project.store, errors.append)
    write = project.store.add_scalars

    def full(*arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(project.store, "add_scalars", full)
    recorder.take(Events(run, 0, (Scalar("loss", 0, 2.0),)))
    assert recorder.flush()
    assert errors == ["database or disk is full"]
    monkeypatch.setattr(project.store, "add_scalars", write)
    recorder.take(RunEnded(run, RunState.DONE))
    assert recorder.close()
    assert list(project.store.scalars(run)["loss"].values) == [2.0]
    project.close()


def test_a_full_disk_is_refused_with_a_sentence_and_changes_nothing(folder: Path) -> None:
    project = Project.open(folder)
    project.store.put(Kind.SETTING, "before", "kept")
    connection = project.store._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    large = random.Random(1).randbytes(100_000).hex()
    with pytest.raises(Refusal, match="The disk is full"):
        project.store.change("a large layout", Kind.LAYOUT, "docks", None, large)
    assert project.store.history() == ((), 0)
    assert project.store.get(Kind.LAYOUT, "docks") is None
    connection.execute("PRAGMA max_page_count = 1000000")
    project.store.change("a large layout", Kind.LAYOUT, "docks", None, large)
    assert project.store.get(Kind.SETTING, "before") == "kept"
    project.close()


SESSION = """
import sys
from engines.data.reference import DataReference
from engines.runtime.messages import Events, RunEnded, RunState, Scalar
from studio.project import Kind, Project, Recorder

project = Project.open(sys.argv[1])
assert not project.read_only
recorder = Recorder(project.store)
number = int(sys.argv[2])
while True:
    run = project.new_run("colide", DataReference("/data/x.csv"), {"n": number}).run
    project.store.change(f"edit {number}", Kind.GRAPH, "graph", None, {"n": number})
    print("command", number, run, flush=True)
    for step in range(20):
        recorder.take(Events(run, step, (Scalar("loss", step, float(step)),)))
    recorder.take(RunEnded(run, RunState.DONE))
    assert recorder.flush()
    print("ended", number, run, flush=True)
    number += 1
"""


@pytest.mark.parametrize("words", [1, 4, 17])
def test_a_kill_at_any_moment_loses_no_command_that_was_answered(folder: Path, words: int) -> None:
    answered: dict[str, dict[int, int]] = {"command": {}, "ended": {}}
    for start in (0, 1000):
        command = [sys.executable, "-c", SESSION, str(folder), str(start)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as session:
            assert session.stdout is not None
            for told, line in enumerate(session.stdout):
                what, number, run = line.split()
                answered[what][int(number)] = int(run)
                if told == words:
                    os.kill(session.pid, signal.SIGKILL)
    project = Project.open(folder)
    assert not project.read_only
    runs = {record.number: record for record in project.store.runs()}
    edits = {edit.title for edit in project.store.history()[0]}
    for number, run in answered["command"].items():
        assert runs[run].request.parameters == {"n": number}
        assert f"edit {number}" in edits
    for run in answered["ended"].values():
        assert runs[run].state is RunState.DONE
        assert len(project.store.scalars(run)["loss"].steps) == 20
    ended = (RunState.DONE, RunState.INTERRUPTED)
    assert all(record.state in ended for record in runs.values())
    project.close()

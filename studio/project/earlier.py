"""The states of a project that can be opened: the database in use, its snapshots, and what was replaced by one.

A look reads and changes nothing, also where the database is damaged or of a newer format.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines.refusals import Refusal
from engines.runtime.messages import ENDED, RunState
from engines.writing import replacing
from studio.project import migrations
from studio.project.lock import ProjectLock
from studio.project.packing import unpacked

DATABASE = "project.db"
SNAPSHOTS = 3
_FOLDER = "snapshots"
_REPLACED = "replaced"


@dataclass(frozen=True)
class RunSeen:
    """A run as a look tells; `step`: of its newest checkpoint, None without one."""

    number: int
    state: RunState
    step: int | None


@dataclass(frozen=True)
class Holding:
    """What a database holds.

    Attributes:
        runs: By number.
        data: Names of its data sets.
        nodes: Of the project's graph.
        question: Id of the question that was asked last, or empty.
    """

    runs: tuple[RunSeen, ...] = ()
    data: tuple[str, ...] = ()
    nodes: int = 0
    question: str = ""


@dataclass(frozen=True)
class State:
    """A database of a project.

    Attributes:
        made: When it was written last, in seconds since 1970.
        size: Bytes.
        holding: None where it cannot be opened; `trouble` then says why.
        in_use: It is the project's own, not a copy.
        replaced: It was the project's own until another state took its place.
    """

    path: Path
    made: float
    size: int
    holding: Holding | None
    trouble: str = ""
    in_use: bool = False
    replaced: bool = False


def states(folder: Path) -> tuple[State, ...]:
    """The states of the project in a folder: its own first, then copies, the newest first."""
    copies = [*snapshots(folder), *(folder / _FOLDER).glob(f"{_REPLACED}*.db")]
    found = [_state(path, replaced=path.stem.startswith(_REPLACED)) for path in copies]
    own = [_state(folder / DATABASE, in_use=True)] if (folder / DATABASE).exists() else []
    return (*own, *sorted(found, key=lambda state: state.made, reverse=True))


def look(database: Path, *, whole: bool = False) -> Holding:
    """What a database holds; `whole`: all of it is checked for damage, which takes longer.

    Raises:
        Refusal: when it is damaged or of a format that is not known.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            if migrations.format_of(connection) > max(migrations.known()):
                raise Refusal("It was made by a newer Otherwise.")
            if whole and not is_whole(connection):
                raise Refusal("It is damaged.")
            return _holding(connection)
    except (sqlite3.Error, zlib.error, OSError, ValueError, LookupError) as error:
        raise Refusal("It is damaged.", str(error)) from error


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether no page of a database is damaged."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def snapshots(folder: Path) -> list[Path]:
    """The copies of the last starts, the oldest first."""
    return sorted(path for path in (folder / _FOLDER).glob("*.db") if path.stem.isdecimal())


def keep_snapshot(folder: Path) -> None:
    """Keep the database as it is at this start, and the two before it. A damaged one takes no good one's place."""
    kept = snapshots(folder)
    copy = folder / _FOLDER / f"{int(kept[-1].stem) + 1 if kept else 1:06}.db"
    try:
        copy.parent.mkdir(exist_ok=True)
        with contextlib.closing(sqlite3.connect(f"{(folder / DATABASE).as_uri()}?mode=ro", uri=True)) as connection:
            migrations.copy_database(connection, copy)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            whole = is_whole(connection)
    except (sqlite3.DatabaseError, OSError):
        return                  # damaged, or no room: those of before stay
    for old in kept[: max(0, len(kept) - SNAPSHOTS + 1)] if whole else [copy]:
        old.unlink(missing_ok=True)


def restore(folder: Path, snapshot: Path) -> Path:
    """Put a snapshot in the place of a project's database; where the one that was there is kept.

    The project must be closed. Runs that come later get numbers that no folder of a run has.

    Raises:
        Refusal: when another studio has the project open, or it cannot be written; then nothing is changed.
    """
    lock = ProjectLock(folder / "lock.json")
    database = folder / DATABASE
    try:
        if (holder := lock.take()) is not None:
            raise Refusal(f"{folder.stem} is open in another studio.", f"Close it there first: {holder}.")
        with replacing(database) as part:
            shutil.copyfile(snapshot, part)
            _number_beyond(part, folder / "runs")
            kept = _kept_copy(database, _free_of(folder / _FOLDER / f"{_REPLACED}.db"))
    except (OSError, sqlite3.Error) as error:
        raise Refusal(f"{folder.stem} could not be put back to an earlier state.", f"{error}.") from error
    finally:
        lock.release()
    return kept


def _kept_copy(database: Path, kept: Path) -> Path:
    """A copy of a database, damaged or not, with what waits beside it; the database itself stays for now."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with replacing(kept) as part:
        shutil.copyfile(database, part)
    for suffix in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{database}{suffix}").replace(f"{kept}{suffix}")
    return kept


def _state(path: Path, *, in_use: bool = False, replaced: bool = False) -> State:
    holding, trouble = None, ""
    try:
        holding = look(path, whole=True)
    except Refusal as refusal:
        trouble = refusal.sentence
    facts = path.stat()
    beside = Path(f"{path}-wal")
    made = max(facts.st_mtime, beside.stat().st_mtime if in_use and beside.exists() else 0.0)
    return State(path, made, facts.st_size, holding, trouble, in_use, replaced)


def _holding(connection: sqlite3.Connection) -> Holding:
    runs = connection.execute("SELECT number, state, checkpoint FROM runs ORDER BY number").fetchall()
    data = connection.execute("SELECT name FROM documents WHERE kind = 'data' ORDER BY id").fetchall()
    graph, choice = _document(connection, "graph", "graph"), _document(connection, "setting", "choice")
    return Holding(
        tuple(RunSeen(number, RunState(state), step) for number, state, step in runs),
        tuple(name for (name,) in data), len(graph.get("nodes", ())), choice.get("question") or "",
    )


def _document(connection: sqlite3.Connection, kind: str, name: str) -> dict[str, Any]:
    row = connection.execute("SELECT value FROM documents WHERE kind = ? AND name = ?", (kind, name)).fetchone()
    found = unpacked(row[0], Path()) if row is not None else None
    return found if isinstance(found, dict) else {}


def _number_beyond(database: Path, runs: Path) -> None:
    """Numbers of runs go on after those that have a folder, so that no run writes where another has written."""
    highest = max((int(path.name) for path in runs.glob("*") if path.name.isdecimal()), default=0)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'runs' AND seq < ?", (highest,))
        if connection.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'runs'").fetchone() is None:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('runs', ?)", (highest,))


def _free_of(path: Path) -> Path:
    """The path, or the first of the same name with a number that is free."""
    found, number = path, 2
    while found.exists():
        found = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return found


def interrupted(folder: Path, holding: Holding) -> RunSeen | None:
    """The newest run that was at work when the studio ended, if no studio has the project open now."""
    holder = ProjectLock(folder / "lock.json").holder()
    if holder is not None and holder.alive:
        return None
    cut_off = [run for run in holding.runs if run.state is RunState.INTERRUPTED or run.state not in ENDED]
    return cut_off[-1] if cut_off else None

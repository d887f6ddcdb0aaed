"""The store in a file: SQLite, one short transaction a verb."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from engines.refusals import Refusal
from engines.results import Result
from engines.runtime import wire
from engines.runtime.messages import ENDED, RunEnded, RunRequest, RunState, Scalar
from studio.project import migrations
from studio.project.packing import inward, outward, packed, unpacked
from studio.project.store import (
    STEP_BYTES,
    STEPS,
    Edit,
    Kind,
    RunRecord,
    Series,
    Store,
    Unreadable,
    request_from_plain,
    request_to_plain,
)

_BUSY_SECONDS = 10.0
_FORGET = """DELETE FROM edits WHERE number < (SELECT MAX(number) FROM edits) AND number IN (
    SELECT number FROM (
        SELECT number, ROW_NUMBER() OVER w AS place, SUM(size) OVER w AS total
        FROM edits WINDOW w AS (ORDER BY number DESC)
    ) WHERE place > ? OR total > ?
)"""


class FileStore(Store):
    """See `Store`.

    Args:
        path: The database; made when it is missing.
        runs_folder: Where runs write, one folder a run.
        read_only: Nothing is changed, not even a lock.
        steps: Migrations by the format they lead to.

    Raises:
        Unreadable: when the file is no database, is damaged, or is of a newer format.
    """

    def __init__(
        self,
        path: Path,
        runs_folder: Path,
        *,
        read_only: bool = False,
        steps: Mapping[int, migrations.Migration] | None = None,
    ) -> None:
        self._path = path
        self._runs_folder = runs_folder
        self._read_only = read_only
        self._lock = threading.RLock()
        steps = steps or migrations.known()
        try:
            self._connection, self._synchronous = _connected(path, read_only)
            try:
                if read_only:
                    migrations.refuse_newer(self._connection, steps)
                else:
                    migrations.bring_up_to_date(self._connection, path, steps)
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") in _NO_ROOM:
                raise _unwritten(error, path.parent) from error
            raise _unreadable(error, path) from error
        except sqlite3.DatabaseError as error:
            raise _unreadable(error, path) from error
        except OSError as error:                # the backup before a migration
            raise Refusal(
                f"The project {path.parent.stem} cannot be written.", f"{error.strerror}.", ("Try again",),
                (str(path.parent),),
            ) from error
        except migrations.Newer as refusal:
            raise Unreadable(path.parent, refusal.sentence, refusal.cause) from refusal

    # runs

    def add_run(self, request: RunRequest, *, title: str = "", origin: int | None = None) -> int:
        plain = self._text(request_to_plain(request))
        with self._writing() as c:
            number = c.execute(
                "INSERT INTO runs (state, title, origin, created, request) VALUES (?, ?, ?, ?, ?)",
                (str(RunState.QUEUED), title, origin, time.time(), plain),
            ).lastrowid
        assert number is not None
        return number

    def set_state(self, run: int, state: RunState) -> None:
        with self._writing() as c:
            kept = "ending" if state in ENDED else "NULL"
            c.execute(f"UPDATE runs SET state = ?, ending = {kept} WHERE number = ?", (str(state), run))

    def end_run(self, ended: RunEnded) -> None:
        plain = json.dumps(wire.to_plain(ended))
        with self._writing(flushed=True) as c:
            c.execute("UPDATE runs SET state = ?, ending = ? WHERE number = ?", (str(ended.state), plain, ended.run))

    def set_checkpoint(self, run: int, step: int) -> None:
        with self._writing() as c:
            c.execute("UPDATE runs SET checkpoint = ? WHERE number = ?", (step, run))

    def rename_run(self, run: int, title: str) -> None:
        with self._writing() as c:
            c.execute("UPDATE runs SET title = ? WHERE number = ?", (title, run))

    def remove_run(self, run: int) -> None:
        with self._writing() as c:
            c.execute("DELETE FROM points WHERE series IN (SELECT id FROM series WHERE run = ?)", (run,))
            for table in ("series", "messages", "results"):
                c.execute(f"DELETE FROM {table} WHERE run = ?", (run,))
            c.execute("DELETE FROM runs WHERE number = ?", (run,))

    def runs(self) -> tuple[RunRecord, ...]:
        rows = self._read(
            "SELECT number, state, title, origin, created, request, ending, checkpoint FROM runs ORDER BY number"
        )
        return tuple(
            RunRecord(
                request_from_plain(self._plain(request), number, str(self._runs_folder / str(number))),
                RunState(state),
                title,
                origin,
                created,
                None if ending is None else wire.from_plain(json.loads(ending)),
                checkpoint,
            )
            for number, state, title, origin, created, request, ending, checkpoint in rows
        )

    # what runs tell

    def add_scalars(self, run: int, scalars: Iterable[Scalar]) -> None:
        by_name: dict[str, list[Scalar]] = {}
        for scalar in scalars:
            by_name.setdefault(scalar.name, []).append(scalar)
        with self._writing() as c:
            for name, points in by_name.items():
                unit = points[0].unit
                c.execute("INSERT OR IGNORE INTO series (run, name, unit) VALUES (?, ?, ?)", (run, name, unit))
                (series,) = c.execute("SELECT id FROM series WHERE run = ? AND name = ?", (run, name)).fetchone()
                c.executemany(
                    "INSERT OR REPLACE INTO points (series, step, value) VALUES (?, ?, ?)",
                    ((series, point.step, point.value) for point in points),
                )

    def scalars(self, run: int) -> dict[str, Series]:
        found: dict[str, Series] = {}
        for series, name, unit in self._read("SELECT id, name, unit FROM series WHERE run = ? ORDER BY id", (run,)):
            points = self._read("SELECT step, value FROM points WHERE series = ? ORDER BY step", (series,))
            values = np.array([value for _, value in points], dtype=np.float64)  # None becomes NaN
            found[name] = Series(name, unit, np.array([step for step, _ in points], dtype=np.int64), values)
        return found

    def add_messages(self, run: int, texts: Sequence[str]) -> None:
        with self._writing() as c:
            c.executemany("INSERT INTO messages (run, text) VALUES (?, ?)", ((run, text) for text in texts))

    def messages(self, run: int) -> tuple[str, ...]:
        return tuple(text for (text,) in self._read("SELECT text FROM messages WHERE run = ? ORDER BY id", (run,)))

    def put_result(self, run: int, result: Result) -> None:
        with self._writing() as c:
            c.execute(
                "INSERT INTO results (run, name, frame) VALUES (?, ?, ?) "
                "ON CONFLICT (run, name) DO UPDATE SET frame = excluded.frame",
                (run, result.name, wire.encode(result)),
            )

    def results(self, run: int) -> dict[str, Result]:
        rows = self._read("SELECT name, frame FROM results WHERE run = ? ORDER BY id", (run,))
        return {name: wire.decode(frame) for name, frame in rows}

    # documents and their history

    def put(self, kind: Kind, name: str, plain: Any) -> None:
        with self._writing() as c:
            self._put(c, kind, name, self._text(plain))

    def get(self, kind: Kind, name: str) -> Any:
        stored = self._named(name)
        rows = self._read("SELECT value FROM documents WHERE kind = ? AND name = ?", (str(kind), stored))
        return self._plain(rows[0][0]) if rows else None

    def all(self, kind: Kind) -> dict[str, Any]:
        rows = self._read("SELECT name, value FROM documents WHERE kind = ? ORDER BY id", (str(kind),))
        return {self._called(name): self._plain(value) for name, value in rows}

    def change(self, title: str, kind: Kind, name: str, before: Any, after: Any) -> Edit:
        texts = self._text(before), self._text(after)
        with self._writing() as c:
            self._put(c, kind, name, texts[1])
            c.execute("DELETE FROM edits WHERE undone = 1")
            c.execute(
                "INSERT INTO edits (title, kind, name, before, after, undone, size) VALUES (?, ?, ?, ?, ?, 0, ?)",
                (title, str(kind), self._named(name), *texts, sum(map(len, texts))),
            )
            c.execute(_FORGET, (STEPS, STEP_BYTES))
        return Edit(title, kind, name, before, after)

    def next_undo(self) -> Edit | None:
        return self._next("WHERE undone = 0 ORDER BY number DESC")

    def next_redo(self) -> Edit | None:
        return self._next("WHERE undone = 1 ORDER BY number")

    def titles(self) -> tuple[str, str]:
        ways = ("undone = 0 ORDER BY number DESC", "undone = 1 ORDER BY number")
        found = [self._read(f"SELECT title FROM edits WHERE {way} LIMIT 1") for way in ways]
        undo, redo = (rows[0][0] if rows else "" for rows in found)
        return undo, redo

    def undo(self, *, pass_over: bool = False) -> Edit | None:
        return self._step("WHERE undone = 0 ORDER BY number DESC", pass_over, undone=True)

    def redo(self, *, pass_over: bool = False) -> Edit | None:
        return self._step("WHERE undone = 1 ORDER BY number", pass_over, undone=False)

    def history(self) -> tuple[tuple[Edit, ...], int]:
        rows = self._read("SELECT title, kind, name, before, after, undone FROM edits ORDER BY number")
        return tuple(self._edit(row[:5]) for row in rows), sum(1 for row in rows if not row[5])

    def close(self) -> None:
        """Close the database; what its log holds goes into the one file."""
        with self._lock:
            self._connection.close()

    def copy_to(self, target: Path) -> None:
        """A whole copy of the database."""
        with self._lock:
            migrations.copy_database(self._connection, target)

    def _next(self, which: str) -> Edit | None:
        rows = self._read(f"SELECT title, kind, name, before, after FROM edits {which} LIMIT 1")
        return self._edit(rows[0]) if rows else None

    def _step(self, which: str, pass_over: bool, *, undone: bool) -> Edit | None:
        with self._writing() as c:
            row = c.execute(f"SELECT title, kind, name, before, after, number FROM edits {which} LIMIT 1").fetchone()
            if row is None:
                return None
            edit = self._edit(row[:5])
            if not pass_over:
                self._put(c, edit.kind, edit.name, row[3] if undone else row[4])
            c.execute("UPDATE edits SET undone = ? WHERE number = ?", (int(undone), row[5]))
        return edit

    def _put(self, connection: sqlite3.Connection, kind: Kind, name: str, text: str | bytes) -> None:
        stored = self._named(name)
        if text == "null":
            connection.execute("DELETE FROM documents WHERE kind = ? AND name = ?", (str(kind), stored))
        else:
            connection.execute(
                "INSERT INTO documents (kind, name, value) VALUES (?, ?, ?) "
                "ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value",
                (str(kind), stored, text),
            )

    def _edit(self, row: Sequence[Any]) -> Edit:
        title, kind, name, before, after = row
        return Edit(title, Kind(kind), self._called(name), self._plain(before), self._plain(after))

    def _named(self, name: str) -> str:
        return inward(name, self._path.parent)

    def _called(self, stored: str) -> str:
        return outward(stored, self._path.parent)

    def _text(self, plain: Any) -> str | bytes:
        return packed(plain, self._path.parent)

    def _plain(self, stored: str | bytes) -> Any:
        return unpacked(stored, self._path.parent)

    def _read(self, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.DatabaseError as error:
                raise _unreadable(error, self._path) from error

    @contextmanager
    def _writing(self, *, flushed: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction; `flushed`: on the disk afterwards, also if the power goes."""
        if self._read_only:
            raise Refusal(
                "This project is open in another studio; here it can only be read.",
                "Close it there, then open it again.",
            )
        with self._lock:
            c = self._connection
            if flushed:
                c.execute("PRAGMA synchronous = FULL")
            try:
                c.execute("BEGIN IMMEDIATE")
                try:
                    yield c
                    c.execute("COMMIT")
                except BaseException:
                    if c.in_transaction:
                        c.execute("ROLLBACK")
                    raise
            except sqlite3.OperationalError as error:
                raise _unwritten(error, self._path.parent) from error
            finally:
                if flushed:
                    c.execute(f"PRAGMA synchronous = {self._synchronous}")


def _connected(path: Path, read_only: bool) -> tuple[sqlite3.Connection, str]:
    """A connection and its usual synchronisation: in WAL mode, or with a rollback journal where the drive cannot do
    WAL; there only FULL keeps the file whole when the power goes.
    """
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    if read_only:
        return connection, "NORMAL"
    try:
        (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError:
        journal = ""
    if journal != "wal":
        connection.execute("PRAGMA journal_mode = DELETE")
    usual = "NORMAL" if journal == "wal" else "FULL"
    connection.execute(f"PRAGMA synchronous = {usual}")
    return connection, usual


_NO_ROOM = {
    "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE",
}
"""What SQLite says when a disk takes no more: the project itself is whole."""


def _unreadable(error: sqlite3.DatabaseError, database: Path) -> Unreadable:
    """Why the project cannot be read, in the analyst's words."""
    sentence = f"{database.name} in {database.parent.name} cannot be read as a project."
    return Unreadable(database.parent, sentence, f"{str(error).capitalize()}.")


def _unwritten(error: sqlite3.OperationalError, project: Path) -> Refusal:
    """Why the project could not be written, in the analyst's words. What was there before is whole."""
    if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
        sentence = f"The disk is full: the project {project.stem} cannot be written. Nothing finished is lost."
        return Refusal(sentence, f"It lies in {project.parent}.", ("Try again", "Move the project"), (str(project),))
    return Refusal(f"The project {project.stem} cannot be written.", f"{error}.", ("Try again",), (str(project),))

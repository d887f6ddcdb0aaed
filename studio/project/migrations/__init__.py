"""Numbered steps that bring a database to the next format, one a file, in a transaction each, after a backup."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from engines.refusals import Refusal
from engines.writing import replacing

Migration = Callable[[sqlite3.Connection], None]


class Newer(Refusal):
    """A database of a format that is not known yet."""


def known() -> dict[int, Migration]:
    """The migrations by the format that they lead to."""
    found: dict[int, Migration] = {}
    for module in pkgutil.iter_modules(__path__):
        if match := re.fullmatch(r"to_(\d+)", module.name):
            found[int(match[1])] = importlib.import_module(f"{__name__}.{module.name}").migrate
    return found


def format_of(connection: sqlite3.Connection) -> int:
    """The format of a database; 0 when it is new."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def refuse_newer(connection: sqlite3.Connection, steps: Mapping[int, Migration]) -> None:
    """Refuse a database of a format that is not known yet.

    Raises:
        Newer: with both formats.
    """
    found, newest = format_of(connection), max(steps)
    if found > newest:
        raise Newer(
            f"This project was made by a newer Otherwise (format {found}, this one reads up to {newest}).",
            "Update Otherwise, or open its backup.",
        )


def bring_up_to_date(connection: sqlite3.Connection, path: Path, steps: Mapping[int, Migration]) -> None:
    """Run the migrations that are missing, after a copy of the database to `<name>.format-<n>` beside it.

    Raises:
        Newer: when the database is newer than the newest migration.
    """
    refuse_newer(connection, steps)
    found = format_of(connection)
    missing = [number for number in sorted(steps) if number > found]
    if missing and found > 0:
        copy_database(connection, path.with_name(f"{path.name}.format-{found}"))
    for number in missing:
        connection.execute("BEGIN IMMEDIATE")
        try:
            steps[number](connection)
            connection.execute(f"PRAGMA user_version = {number:d}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """A whole copy of an open database, under a temporary name first."""
    with replacing(target) as part:
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)

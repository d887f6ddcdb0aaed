"""Format 2: a document for each method's settings and for what is asked of each model; steps know their size."""

from __future__ import annotations

import json
import sqlite3


def migrate(connection: sqlite3.Connection) -> None:
    """Divide the documents that held several things."""
    connection.execute("ALTER TABLE edits ADD COLUMN size INTEGER NOT NULL DEFAULT 0")
    connection.execute("UPDATE edits SET size = LENGTH(before) + LENGTH(after)")
    for method, settings in (_taken(connection, "setting", "settings") or {}).items():
        _put(connection, "method", method, settings)
    if (asked := _taken(connection, "model", "asked")) is not None:
        _put(connection, "wish", asked["folder"], asked.pop("wish"))
        _put(connection, "model", "asked", asked)


def _taken(connection: sqlite3.Connection, kind: str, name: str) -> dict[str, object] | None:
    """A document, which is removed."""
    row = connection.execute("SELECT value FROM documents WHERE kind = ? AND name = ?", (kind, name)).fetchone()
    connection.execute("DELETE FROM documents WHERE kind = ? AND name = ?", (kind, name))
    found: dict[str, object] | None = None if row is None else json.loads(row[0])
    return found


def _put(connection: sqlite3.Connection, kind: str, name: object, plain: object) -> None:
    connection.execute(
        "INSERT INTO documents (kind, name, value) VALUES (?, ?, ?)", (kind, name, json.dumps(plain))
    )

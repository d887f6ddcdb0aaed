"""Format 1: runs, what they tell, documents and their history."""

from __future__ import annotations

import sqlite3

_TABLES = (
    """CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL,
        title TEXT NOT NULL,
        origin INTEGER,
        created REAL NOT NULL,
        request TEXT NOT NULL,
        ending TEXT,
        checkpoint INTEGER
    )""",
    """CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        UNIQUE (run, name)
    )""",
    """CREATE TABLE points (
        series INTEGER NOT NULL,
        step INTEGER NOT NULL,
        value REAL, -- NULL is not a number
        PRIMARY KEY (series, step)
    ) WITHOUT ROWID""",
    "CREATE TABLE messages (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, text TEXT NOT NULL)",
    """CREATE TABLE results (
        id INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        name TEXT NOT NULL,
        frame BLOB NOT NULL,
        UNIQUE (run, name)
    )""",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        UNIQUE (kind, name)
    )""",
    """CREATE TABLE edits (
        number INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL,
        undone INTEGER NOT NULL
    )""",
    "CREATE INDEX messages_by_run ON messages (run)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    for table in _TABLES:
        connection.execute(table)

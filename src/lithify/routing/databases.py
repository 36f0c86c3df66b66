"""In which columns of a database a word stands as a value."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from lithify.records.context import Context

_STEPS = 1_000
_MOST_STEPS = 200_000
"""Of a thousand instructions each: seconds on a large database, after which the word counts as not found."""


def columns_of_database(word: str, context: Context) -> frozenset[str]:
    """The columns, as "table.column", that hold a word as a value.

    The bytes of the file are opened as a copy in memory, of which tables alone are read. Its own functions and triggers
    are not trusted, and a database that holds out too long is given up.
    """
    if not isinstance(context.value, bytes) or not context.value:
        return frozenset()
    left = iter(range(_MOST_STEPS))
    found: set[str] = set()
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.deserialize(context.value)
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            database.set_progress_handler(lambda: next(left, None) is None, _STEPS)
            for table, column in _columns(database):
                asked = f"SELECT 1 FROM {_quoted(table)} WHERE {_quoted(column)} = ? LIMIT 1"  # noqa: S608 - quoted
                found |= {f"{table}.{column}"} if database.execute(asked, (word,)).fetchone() else set()
        except sqlite3.Error:  # damaged, or it takes too long: what was found so far is true
            return frozenset(found)
    return frozenset(found)


def _columns(database: sqlite3.Connection) -> list[tuple[str, str]]:
    listed = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
        "AND upper(sql) NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    return [(table, row[1]) for (table,) in listed for row in database.execute(f"PRAGMA table_info({_quoted(table)})")]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

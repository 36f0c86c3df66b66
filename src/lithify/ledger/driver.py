"""The ledger file straight through the driver: one row per transaction, and the few queries that a replay needs.

Through SQLAlchemy an insert takes twenty times as long, and every question would pay for its import; the tables, the
migrations and the queries for people are SQLAlchemy's.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

from lithify.errors import LedgerProblem, ProgrammerMustAct
from lithify.ledger.problems import problem
from lithify.ledger.rows import Row


class Driver:
    """One connection. Safe for several threads; other processes may write at the same time."""

    def __init__(self, path: Path, busy_seconds: float) -> None:
        """Open the file at path, an empty one when it is missing. Raises LedgerProblem."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = sqlite3.connect(
                path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
            )
            tune(self._connection)
        except sqlite3.Error as error:
            self.close()
            raise problem(path, error) from error

    def revision(self) -> str | None:
        """The schema revision of the file; None when it does not say. Raises LedgerProblem."""
        try:
            row = self._open().execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # no such table
                return None
            raise problem(self._path, error) from error
        except sqlite3.Error as error:
            raise problem(self._path, error) from error
        return None if row is None else str(row[0])

    def insert(self, table: str, row: Row) -> None:
        """Commit one row: a statement alone is a transaction of its own, which takes the write lock first.

        Raises LedgerProblem, and ProgrammerMustAct for a row that the schema refuses.
        """
        sql = _insert(table, row)
        values = {name: _storable(value) for name, value in row.items()}
        with self._lock:
            try:
                self._open().execute(sql, values)
            except OverflowError as error:
                raise LedgerProblem(f"the ledger {self._path} cannot hold a number in {row}: {error}") from error
            except sqlite3.Error as error:
                raise problem(self._path, error) from error

    def select(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives, as they were at one moment. Raises LedgerProblem."""
        with self._lock:
            try:
                return self._open().execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise problem(self._path, error) from error

    def close(self) -> None:
        """Release the file. May be called more than once."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ProgrammerMustAct(f"the ledger {self._path} is closed: open it again")
        return self._connection


def tune(connection: sqlite3.Connection) -> None:
    """The settings that every connection to a ledger needs; write-ahead logging is a property of the file."""
    connection.execute("PRAGMA synchronous=NORMAL")  # with WAL: a crash loses nothing, a power cut the last moments
    connection.execute("PRAGMA foreign_keys=ON")


_DERIVED = {
    "run": {"root": "coalesce((SELECT root FROM run WHERE id = :parent), :id)"},
    "run_end": {
        "attempt": "(SELECT count(*) FROM run_resume WHERE run_id = (SELECT root FROM run WHERE id = :run_id))"
    },
}
"""Columns whose values the database finds."""


def _insert(table: str, row: Row) -> str:
    values = {name: f":{name}" for name in row} | _DERIVED.get(table, {})
    names, marks = ", ".join(values), ", ".join(values.values())
    return f"INSERT INTO {table} ({names}) VALUES ({marks}){_first_stands(table, row)}"  # noqa: S608 - all ours


def _first_stands(table: str, row: Row) -> str:
    """Where a second row of the same key is no error."""
    if table == "run_end":  # an interrupt may come between the recording of an end and its return
        return " ON CONFLICT (run_id, attempt) DO NOTHING"
    if table == "run" and row["parent"] is not None:  # a child run starts again when its root is resumed
        return " ON CONFLICT (id) DO NOTHING"
    return ""


def _storable(value: str | int | float | None) -> str | int | float | None:
    """A lone surrogate, which no database takes, is escaped."""
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value

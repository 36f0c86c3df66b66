"""SQLAlchemy's engine on the ledger file, for making, upgrading and reading it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from lithify.ledger.driver import tune
from lithify.ledger.problems import problem

BEGIN = "lithify_begin"
"""Execution option: the statement that opens a transaction of this engine."""


def open_engine(path: Path, busy_seconds: float) -> Engine:
    """An engine on the file at path. busy_seconds is how long to wait for another process that is writing."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": busy_seconds}, hide_parameters=True
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: they take the write lock first, so that none fails half way."""
    return engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})


@contextmanager
def problems(path: Path) -> Iterator[None]:
    """Turn the database's errors into LedgerProblem."""
    try:
        yield
    except DBAPIError as error:
        raise problem(path, error.orig) from error


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are ours: sqlite3 would begin them late, and never IMMEDIATE
    tune(connection)


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))

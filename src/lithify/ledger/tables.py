"""The tables of the ledger, for making, upgrading and reading it; what writes is rows.py and driver.py.

Rows are only ever inserted, and the database refuses anything else; what changes about a run is derived when read.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.types import TypeDecorator

from lithify.ledger.rows import dollars
from lithify.records import plain_json
from lithify.records.plain import Plain


class PlainJson(TypeDecorator[Plain]):
    """Plain data as JSON text."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> Plain:
        """From the database."""
        return None if value is None else plain_json.loads(value)


class Money(TypeDecorator[Decimal]):
    """US dollars, stored as in rows.pico_dollars; unpriced is NULL, never 0."""

    impl = BigInteger
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """From the database."""
        return None if value is None else dollars(value)


class UtcTime(TypeDecorator[datetime]):
    """A time, stored as in rows.utc_text: text order is time order, and the first ten characters are the day."""

    impl = String(32)
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else datetime.fromisoformat(value)


METADATA = MetaData()


def _rows_of_a_run(name: str, *columns: Column[object], needs_start: bool = True) -> Table:
    """A table with one row per event of a kind. Without needs_start the run may be one of another ledger."""
    run = (ForeignKey("run.id"),) if needs_start else ()
    return Table(
        name,
        METADATA,
        Column("seq", Integer, primary_key=True),
        Column("run_id", Text, *run, nullable=False, index=True),
        Column("at", UtcTime, nullable=False),
        *columns,
    )


RUN = Table(
    "run",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("started_at", UtcTime, nullable=False),
    Column("question", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("sources", PlainJson, nullable=False),
    Column("context_digest", Text, nullable=False),
    Column("context_size", BigInteger, nullable=False),
    Column("model", Text, nullable=False),
    Column("ephemeral", Boolean, nullable=False),
    Column("prompt_digest", Text, nullable=False),
    Column("process", PlainJson, nullable=False),
    Column("parent", Text, ForeignKey("run.id"), index=True),
    # the run at the top of the tree; of a root its own id. What writes derives it from the parent
    Column("root", Text, nullable=False, index=True),
    Column("depth", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("setup", PlainJson),
    Column("origin", Text, nullable=False),
)

RUN_RESUME = _rows_of_a_run(
    "run_resume",
    Column("process", PlainJson, nullable=False),
    # 1 for the first: of two processes that resume a run at once, one is refused
    Column("attempt", Integer, nullable=False),
)
Index("ux_run_resume_attempt", RUN_RESUME.c.run_id, RUN_RESUME.c.attempt, unique=True)

RUN_END = Table(
    "run_end",
    METADATA,
    Column("run_id", Text, ForeignKey("run.id"), primary_key=True),
    # how often the tree had been resumed: each attempt may end once
    Column("attempt", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Float, nullable=False),
    # a run that failed or was interrupted has an error_kind, one that finished has the rest
    Column("error_kind", Text),
    Column("error_message", Text),
    Column("route", Text),
    Column("complete", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("why", PlainJson, nullable=False),
    Column("answer", PlainJson, nullable=False),
    Column("answer_kept", Boolean, nullable=False),
    Column("tool", Text),
    Column("tool_version", Integer),
    Column("tool_commit", Text),
    Column("candidate", Text),
    Column("citations", PlainJson, nullable=False),
)

ROUTE = _rows_of_a_run(
    "route",
    Column("route", Text, nullable=False),
    Column("why", PlainJson, nullable=False),
)

MODEL_CALL = _rows_of_a_run(
    "model_call",
    Column("turn", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("error", Text, nullable=False),
    # NULL from here on when the call ended without a reply; cost also when the model is unpriced
    Column("reply", Text),
    Column("reply_model", Text),
    Column("input_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("cost", Money),
    Column("reply_seconds", Float),
    Column("attempts", Integer),
    Column("finish", Text),
    Column("digest", Text, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("error_kind", Text, nullable=False),
    Column("system", Text, nullable=False),
)

HOST_ANSWER = _rows_of_a_run(
    "host_answer",
    Column("name", Text, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("value", PlainJson, nullable=False),
    # False: it was too large to be stored, and value is NULL in JSON
    Column("kept", Boolean, nullable=False),
)

CELL = _rows_of_a_run(
    "cell",
    Column("turn", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("lost", Boolean, nullable=False),
    Column("stdout", Text, nullable=False),
    Column("stdout_length", BigInteger, nullable=False),
    Column("value", PlainJson, nullable=False),
    Column("value_repr", Text, nullable=False),
    Column("value_type", Text, nullable=False),
    Column("value_plain", Boolean, nullable=False),
    Column("timed_out", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    # NULL from here on when the cell ended without an exception
    Column("error_kind", Text),
    Column("error_message", Text),
    Column("error_line", Integer),
    Column("error_traceback", Text),
)

TOOL_USE = _rows_of_a_run(
    "tool_use",
    Column("tool", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("arguments", PlainJson, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("error", Text, nullable=False),
)

TOOL_CHECK = _rows_of_a_run(
    "tool_check",
    Column("tool", Text, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("derived", PlainJson, nullable=False),
    Column("why", Text, nullable=False),
    Column("check_run", Text, nullable=False),
)

CANDIDATE = _rows_of_a_run(
    "candidate",
    Column("candidate", Text),
    Column("function", Text, nullable=False),
    Column("why", Text, nullable=False),
)

GATE = _rows_of_a_run(
    "gate",
    Column("candidate", Text, nullable=False),
    Column("gate", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    needs_start=False,
)

TOOL_KEPT = _rows_of_a_run(
    "tool_kept",
    Column("candidate", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("tool_commit", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("cost", Money),
    needs_start=False,
)

CANDIDATE_REJECTED = _rows_of_a_run(
    "candidate_rejected",
    Column("candidate", Text, nullable=False),
    Column("reason", Text, nullable=False),
    needs_start=False,
)


def _refuse_changes(table: Table, connection: Connection, **_: object) -> None:
    for change in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table.name}_no_{change.lower()} BEFORE {change} ON {table.name} "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )


for _table in METADATA.sorted_tables:
    event.listen(_table, "after_create", _refuse_changes)

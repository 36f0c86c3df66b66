"""Runs form trees and can be resumed: parents, seeds, set-ups, identified calls, answers of the host, several ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0002."""
    _run()
    _run_end()
    for column in (
        sa.Column("digest", sa.Text(), nullable=False, server_default=""),
        sa.Column("nth", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("error_kind", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("model_call", column)
    _new_tables()


def _run() -> None:
    op.execute("ALTER TABLE run ADD COLUMN parent TEXT REFERENCES run (id)")
    op.add_column("run", sa.Column("root", sa.Text(), nullable=False, server_default=""))
    op.add_column("run", sa.Column("depth", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("seed", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("setup", sa.Text()))
    op.execute("DROP TRIGGER run_no_update")
    op.execute("UPDATE run SET root = id")
    _append_only("run", ("UPDATE",))
    op.create_index("ix_run_parent", "run", ["parent"])
    op.create_index("ix_run_root", "run", ["root"])


def _run_end() -> None:
    """A run that is resumed may end again: the key is now run and attempt."""
    op.create_table(
        "run_end_new",
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("attempt", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("error_kind", sa.Text()),
        sa.Column("error_message", sa.Text()),
        sa.Column("route", sa.Text()),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_kept", sa.Boolean(), nullable=False),
        sa.Column("tool", sa.Text()),
        sa.Column("tool_version", sa.Integer()),
        sa.Column("tool_commit", sa.Text()),
        sa.Column("candidate", sa.Text()),
    )
    op.execute(
        "INSERT INTO run_end_new SELECT run_id, 0, at, seconds, error_kind, error_message, route, complete, reason, "
        "why, answer, answer_kept, tool, tool_version, tool_commit, candidate FROM run_end"
    )
    op.drop_table("run_end")
    op.rename_table("run_end_new", "run_end")
    _append_only("run_end", ("UPDATE", "DELETE"))


def _new_tables() -> None:
    op.create_table(
        "run_resume",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
    )
    op.create_table(
        "host_answer",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
    )
    for table in ("run_resume", "host_answer"):
        op.create_index(f"ix_{table}_run_id", table, ["run_id"])
        _append_only(table, ("UPDATE", "DELETE"))


def _append_only(table: str, changes: tuple[str, ...]) -> None:
    for change in changes:
        op.execute(
            f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )

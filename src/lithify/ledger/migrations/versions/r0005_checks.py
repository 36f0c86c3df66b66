"""Checks of kept tools' answers: by a fresh derivation, or by a person's word."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0004."""
    op.create_table(
        "tool_check",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("derived", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("check_run", sa.Text(), nullable=False),
    )
    op.create_index("ix_tool_check_run_id", "tool_check", ["run_id"])
    op.create_index("ix_tool_check_tool", "tool_check", ["tool"])
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER tool_check_no_{change.lower()} BEFORE {change} ON tool_check "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )

"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From nothing."""
    _runs()
    _trajectory()
    _candidates()


def _runs() -> None:
    op.create_table(
        "run",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("context_digest", sa.Text(), nullable=False),
        sa.Column("context_size", sa.BigInteger(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("ephemeral", sa.Boolean(), nullable=False),
        sa.Column("prompt_digest", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
    )
    op.create_table(
        "run_end",
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), primary_key=True),
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
    op.create_table(
        "route",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    op.create_index("ix_route_run_id", "route", ["run_id"])


def _trajectory() -> None:
    op.create_table(
        "model_call",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text()),
        sa.Column("reply_model", sa.Text()),
        sa.Column("input_tokens", sa.BigInteger()),
        sa.Column("output_tokens", sa.BigInteger()),
        sa.Column("cost", sa.BigInteger()),
        sa.Column("reply_seconds", sa.Float()),
        sa.Column("attempts", sa.Integer()),
        sa.Column("finish", sa.Text()),
    )
    op.create_index("ix_model_call_run_id", "model_call", ["run_id"])
    op.create_table(
        "cell",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("stdout", sa.Text(), nullable=False),
        sa.Column("stdout_length", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("value_repr", sa.Text(), nullable=False),
        sa.Column("value_type", sa.Text(), nullable=False),
        sa.Column("value_plain", sa.Boolean(), nullable=False),
        sa.Column("timed_out", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("error_kind", sa.Text()),
        sa.Column("error_message", sa.Text()),
        sa.Column("error_line", sa.Integer()),
        sa.Column("error_traceback", sa.Text()),
    )
    op.create_index("ix_cell_run_id", "cell", ["run_id"])
    op.create_table(
        "tool_use",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
    )
    op.create_index("ix_tool_use_run_id", "tool_use", ["run_id"])
    op.create_index("ix_tool_use_tool", "tool_use", ["tool"])


def _candidates() -> None:
    op.create_table(
        "candidate",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), sa.ForeignKey("run.id"), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("candidate", sa.Text()),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    op.create_index("ix_candidate_run_id", "candidate", ["run_id"])
    op.create_table(
        "gate",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
    )
    op.create_index("ix_gate_run_id", "gate", ["run_id"])
    op.create_table(
        "tool_kept",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tool_commit", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger()),
    )
    op.create_index("ix_tool_kept_run_id", "tool_kept", ["run_id"])
    op.create_table(
        "candidate_rejected",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("candidate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_candidate_rejected_run_id", "candidate_rejected", ["run_id"])

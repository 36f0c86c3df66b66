"""The database itself refuses to change or delete a row."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "run",
    "run_end",
    "route",
    "model_call",
    "cell",
    "tool_use",
    "candidate",
    "gate",
    "tool_kept",
    "candidate_rejected",
)


def upgrade() -> None:
    """From 0001."""
    for table in TABLES:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )

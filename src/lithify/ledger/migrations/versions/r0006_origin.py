"""Runs that were imported say where from; the first call of a run keeps its system message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0005."""
    op.add_column("run", sa.Column("origin", sa.Text(), nullable=False, server_default=""))
    op.add_column("model_call", sa.Column("system", sa.Text(), nullable=False, server_default=""))

"""A run is resumed by one process at a time; answers keep the quotes that support them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From 0003."""
    op.add_column("run_resume", sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"))
    op.execute("DROP TRIGGER run_resume_no_update")
    op.execute(
        "UPDATE run_resume SET attempt = "
        "(SELECT count(*) FROM run_resume AS earlier WHERE earlier.run_id = run_resume.run_id "
        "AND earlier.seq <= run_resume.seq)"
    )
    op.execute(
        "CREATE TRIGGER run_resume_no_update BEFORE UPDATE ON run_resume "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
    )
    op.create_index("ux_run_resume_attempt", "run_resume", ["run_id", "attempt"], unique=True)
    op.add_column("run_end", sa.Column("citations", sa.Text(), nullable=False, server_default="[]"))

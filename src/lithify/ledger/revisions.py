"""Every schema revision this lithify knows, oldest first: what migrations/versions/ holds, known without alembic."""

from __future__ import annotations

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
HEAD = REVISIONS[-1]

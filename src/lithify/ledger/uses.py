"""Uses and checks of kept tools: queries for the driver, since every replay makes them, and their rows as records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lithify.records import plain_json
from lithify.records.uses import ToolCheck, ToolUse

_USES = (
    "SELECT one.at, one.run_id, run.question, run.context_digest, one.tool, one.version, one.arguments, one.seconds, "
    "one.error FROM tool_use AS one JOIN run ON run.id = one.run_id"
)
OF_TOOL = f"{_USES} WHERE one.tool = ? ORDER BY one.seq"
"""Every use of a tool, oldest first."""
FAILED_OF_TOOL = f"{_USES} WHERE one.tool = ? AND one.error <> '' ORDER BY one.seq"
"""Those of them that gave no answer."""
OF_RUN = f"{_USES} WHERE one.run_id = ? ORDER BY one.seq"
"""Every use of a tool in a run, oldest first."""
CHECKS = (
    'SELECT one.at, one.run_id, run.question, run.context_digest, one.tool, one.version, one."by", one.agreed, '
    "one.derived, one.why, one.check_run FROM tool_check AS one JOIN run ON run.id = one.run_id "
    "WHERE one.tool = ? ORDER BY one.seq"
)
"""Every check of a tool's answers, oldest first."""


def use_of(row: Sequence[Any]) -> ToolUse:
    """A row of OF_TOOL or OF_RUN as a record."""
    at, run_id, question, context_digest, tool, version, arguments, seconds, error = row
    return ToolUse(
        at=datetime.fromisoformat(at),
        run_id=run_id,
        question=question,
        context_digest=context_digest,
        tool=tool,
        version=version,
        arguments=plain_json.loads(arguments),
        seconds=seconds,
        error=error,
    )


def check_of(row: Sequence[Any]) -> ToolCheck:
    """A row of CHECKS as a record."""
    at, run_id, question, context_digest, tool, version, by, agreed, derived, why, check_run = row
    return ToolCheck(
        at=datetime.fromisoformat(at),
        run_id=run_id,
        question=question,
        context_digest=context_digest,
        tool=tool,
        version=version,
        by=by,
        agreed=bool(agreed),
        derived=plain_json.loads(derived),
        why=why,
        check_run=check_run,
    )

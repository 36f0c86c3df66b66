"""What kept tools were used for, and how their answers were judged afterwards."""

from __future__ import annotations

from datetime import datetime

from lithify.records.events import CheckedBy
from lithify.records.plain import Plain
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCheck:
    """An answer of a kept tool was held against another: a fresh derivation (check_run), or a person's word."""

    at: datetime
    run_id: str
    question: str
    context_digest: str
    tool: str
    version: int
    by: CheckedBy
    agreed: bool
    derived: Plain
    why: str = ""
    check_run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """A kept tool was run for a question over one context; error is "" when it answered."""

    at: datetime
    run_id: str
    question: str
    context_digest: str
    tool: str
    version: int
    arguments: Plain
    seconds: float
    error: str = ""

"""Runs and costs as `--json` prints them. cost is null when a call had no price: unknown is not zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithify.records.ledger import CostRow, RunDetail, RunSummary
    from lithify.records.model import Usage


def summary_object(run: RunSummary) -> dict[str, object]:
    """One run in one line."""
    return {
        "run_id": run.run_id,
        "started_at": run.started_at.isoformat(),
        "state": run.state,
        "question": run.question,
        "family": run.family,
        "sources": list(run.sources),
        "model": run.model,
        "route": run.route,
        "tool": plain(run.tool),
        **_usage(run.usage),
        "failed_calls": run.failed_calls,
        "seconds": run.seconds,
        "complete": run.complete,
        "reason": run.reason,
        "error": run.error,
        "parent": run.parent,
        "depth": run.depth,
        "children": run.children,
        "resumed": run.resumed,
        "resumable": run.resumable,
    }


def detail_object(run: RunDetail) -> dict[str, object]:
    """One run whole."""
    return {
        **summary_object(run.summary),
        **{field.name: plain(getattr(run, field.name)) for field in fields(run) if field.name not in _APART},
        "descendants": [summary_object(child) for child in run.descendants],
    }


_APART = ("summary", "descendants")


def cost_object(row: CostRow) -> dict[str, object]:
    """One group and route. What replay saved is an estimate, and named so."""
    return {
        "key": row.key,
        "route": row.route,
        "runs": row.runs,
        **_usage(row.usage),
        "failed_calls": row.failed_calls,
        "ended": row.ended,
        "seconds": row.seconds,
        "estimated_saved_cost": plain(row.saved_cost),
        "estimated_saved_tokens": row.saved_tokens,
        "replays_without_estimate": row.no_basis,
    }


def _usage(usage: Usage) -> dict[str, object]:
    return {
        "model_calls": usage.model_calls,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost": plain(usage.price),
        "priced_cost": plain(usage.cost),
        "unpriced_calls": usage.unpriced_calls,
    }


def plain(value: object) -> object:
    """A record, and whatever is in it, in the types of JSON and plain data."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    return value


def _key(key: object) -> object:
    """A key that JSON takes: plain data may have others, such as bytes."""
    return key if key is None or isinstance(key, str | int | float | bool) else str(key)

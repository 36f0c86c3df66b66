"""Shadow checks behind a person's back: which replays ask for one, and how far the budget of the day goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from lithify.errors import LithifyError, ModelRefused, NoModel
from lithify.ports import Ledger
from lithify.records.context import Context
from lithify.records.ledger import RunDetail
from lithify.records.quick import dataclass
from lithify.records.run import LEAST, Limits
from lithify.records.uses import ToolUse
from lithify.services import checking
from lithify.services.workbench import Workbench
from lithify.settings import Settings, ShadowSettings

_LOOKED_AT = 1_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A command of lithify to be started: its arguments, the folder where its settings are found, and variables."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What checks are made with. find: see checking; bench: the means to explore a context with."""

    find: checking.Find
    bench: Callable[[Context], Workbench]
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What checks spent since the day began. cost None: of some call it is not known. tried: the runs they checked."""

    calls: int = 0
    cost: Decimal | None = Decimal(0)
    tried: frozenset[str] = field(default_factory=frozenset)


def asks_for_one(run: RunDetail, uses: Sequence[ToolUse], wanted: ShadowSettings) -> bool:
    """Whether a run that a kept tool answered is to be checked: one of its version's first, or drawn by lot.

    uses: all of that tool. Data that is nowhere to be read again cannot be checked.
    """
    tool, setup = run.summary.tool, run.setup
    if not wanted.on or tool is None or setup is None or not setup.paths or "-" in setup.paths:
        return False
    answered = [use for use in uses if use.version == tool.version and not use.error]
    return len(answered) <= wanted.first or checking.drawn(run.summary.run_id, wanted.share)


def process_for(run: RunDetail, uses: Sequence[ToolUse], settings: Settings) -> Process | None:
    """The process that checks a replay, by the same settings; None where it asks for none or there is no model."""
    if settings.source is None or not settings.model or not asks_for_one(run, uses, settings.shadow):
        return None
    return Process(
        arguments=("--library", str(settings.library), "shadow", "--background"),
        folder=settings.source.parent,
        environment={
            "LITHIFY_MODEL": settings.model,
            "LITHIFY_SUB_MODEL": settings.sub_model,
            "LITHIFY_BASE_URL": settings.base_url,
            "LITHIFY_RECORD": "",
        },
    )


async def check_within(wanted: ShadowSettings, means: Means, now: datetime) -> list[checking.Checked]:
    """Check the replays of the last day that are due, as long as the budget of the day (UTC) lasts.

    A check that fails is on record as a run that failed; it is not tried again on that day. Without a model, or one
    that refuses, there is nothing more to try.
    """
    find, bench, ledger = means.find, means.bench, means.ledger
    found: list[checking.Checked] = []
    for run_id in _due(wanted, ledger, now):
        spent = spent_since(ledger, now.replace(hour=0, minute=0, second=0, microsecond=0))
        if run_id in spent.tried:
            continue
        run = ledger.run(run_id)
        context = find(run)
        if context is None:
            continue
        workbench = bench(context)
        limits = left(workbench.limits, wanted, spent)
        if limits is None:
            break
        try:
            found.append(await checking.shadow(run, context, replace(workbench, limits=limits), ledger))
        except (NoModel, ModelRefused):
            break
        except LithifyError:
            continue  # the check's own run says how it failed, and the person's answer stands
    return found


def left(limits: Limits, wanted: ShadowSettings, spent: Spent) -> Limits | None:
    """What one check may still spend of the day's budget; None: too little to begin one."""
    calls = min(limits.calls, wanted.calls - spent.calls)
    if calls < LEAST["calls"]:
        return None
    if wanted.cost is None:
        return replace(limits, calls=calls)
    if spent.cost is None or spent.cost >= wanted.cost:
        return None
    cost = wanted.cost - spent.cost
    return replace(limits, calls=calls, cost=cost if limits.cost is None else min(cost, limits.cost))


def spent_since(ledger: Ledger, since: datetime) -> Spent:
    """What all checks spent, those by hand too, by the runs that they are."""
    calls, cost, tried = 0, Decimal(0), set[str]()
    known = True
    for summary in ledger.runs(_LOOKED_AT):
        if summary.started_at < since:
            break
        setup = ledger.run(summary.run_id).setup if summary.route in ("explore", None) else None
        checked = dict(setup.options).get("checks") if setup is not None else None
        if not checked:
            continue
        tried.add(str(checked))
        calls += summary.usage.model_calls + summary.failed_calls
        known = known and summary.usage.price is not None
        cost += summary.usage.price or Decimal(0)
    return Spent(calls=calls, cost=cost if known else None, tried=frozenset(tried))


def _due(wanted: ShadowSettings, ledger: Ledger, now: datetime) -> list[str]:
    """Ids of the replays of the last day that are to be checked, oldest first."""
    runs = ledger.runs(_LOOKED_AT)
    names = sorted({run.tool.name for run in runs if run.tool})
    checks = [check for name in names for check in ledger.tool_checks(name)]
    chosen = checking.due(runs, checks, wanted.share, wanted.first)
    return [run.run_id for run in chosen if run.started_at >= now - _DAY]

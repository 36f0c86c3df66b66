"""Shadow checks that upkeep makes, under one budget for all of them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from lithify.errors import BudgetSpent, ModelRefused, RunEnded
from lithify.ports import Ledger
from lithify.records.context import Context
from lithify.records.ledger import RunDetail
from lithify.records.model import Usage
from lithify.records.quick import dataclass
from lithify.records.run import LEAST, Limits
from lithify.services.checking import Checked, Find, shadows
from lithify.services.sampling import Sample
from lithify.services.workbench import Workbench
from lithify.upkeep import ShadowChecks


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """checks: made at most; calls: of models, and cost: in US dollars (None: no limit), by all checks together."""

    checks: int = 5
    calls: int = 50
    cost: Decimal | None = None


async def spend(budget: Budget, find: Find, bench_for: Callable[[Context], Workbench], ledger: Ledger) -> ShadowChecks:
    """Make the checks that are due, one after the other, until the budget is spent. None of them is tried twice.

    Raises NoModel when no model is configured and a check is due.
    """
    tried: set[str] = set()
    usage, done, stopped = Usage(), list[Checked](), ""

    def look(run: RunDetail) -> Context | None:
        if run.summary.run_id in tried:
            return None
        tried.add(run.summary.run_id)
        return find(run)

    def bench(context: Context) -> Workbench:
        given = bench_for(context)
        return replace(given, limits=_left(given.limits, budget, usage))

    while len(done) < budget.checks:
        stopped = _spent(budget, usage)
        if stopped:
            break
        try:
            found = await shadows(Sample(limit=1), look, bench, ledger)
        except (RunEnded, ModelRefused) as problem:
            poor = isinstance(problem, BudgetSpent) and problem.limit == "cost" and budget.cost is not None
            stopped = f"{type(problem).__name__}: {problem}"
            if poor:
                stopped = f"what is left of the budget of ${budget.cost} may not be enough for the next check"
            break
        if not found:
            break
        done += found
        usage = usage.add(found[0].fresh.usage) if found[0].fresh is not None else usage
    return _told(done, usage, stopped)


def _left(limits: Limits, budget: Budget, usage: Usage) -> Limits:
    """What one check may spend of what is left."""
    limits = replace(limits, calls=min(limits.calls, budget.calls - usage.model_calls))
    if budget.cost is None:
        return limits
    cost = budget.cost - usage.cost
    return replace(limits, cost=cost if limits.cost is None else min(cost, limits.cost))


def _spent(budget: Budget, usage: Usage) -> str:
    """Why no further check is begun, or ""."""
    if budget.calls - usage.model_calls < LEAST["calls"]:
        return f"the budget of {budget.calls} model calls is spent"
    if budget.cost is None:
        return ""
    if usage.price is None:
        return (
            f"what was spent of ${budget.cost} is not known: a model has no price ([prices] in lithify.toml gives one)"
        )
    return f"the budget of ${budget.cost} is spent" if usage.cost >= budget.cost else ""


def _told(done: list[Checked], usage: Usage, stopped: str) -> ShadowChecks:
    complete = [one for one in done if one.fresh is not None and one.fresh.complete]
    lines = []
    for one in done:
        if one.difference:
            lines.append(f"{one.tool.name} v{one.tool.version} in run {one.run_id}: {one.difference}")
        if one.candidate:
            lines.append(f"learned: candidate {one.candidate} waits for `lithify review`")
        if one.change is not None:
            lines.append(f"{one.tool.name} is {one.change.status} now: {one.change.reason}")
    return ShadowChecks(
        agreed=sum(not one.difference for one in complete),
        made=len(complete),
        calls=usage.model_calls,
        cost=usage.price,
        lines=tuple(lines),
        stopped=stopped,
    )

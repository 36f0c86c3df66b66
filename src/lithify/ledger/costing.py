"""Costs by group, and what replay saved by estimate. Pure, shared by every ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from lithify.records.ledger import CostGroup, CostRow
from lithify.records.model import Usage
from lithify.records.quick import dataclass
from lithify.records.run import Route

ROUTES: tuple[Route | None, ...] = ("explore", "adapt", "replay", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What the runs of one day, one question family and one route spent.

    ended counts the runs with an end, which seconds adds up; finished those that gave a result, finished_tokens is
    what these spent; priced counts those of them without an unpriced call, priced_cost is what these spent.
    """

    day: str
    family: str
    route: Route | None
    runs: int
    usage: Usage
    failed_calls: int
    ended: int
    seconds: float
    finished: int
    finished_tokens: int
    priced: int
    priced_cost: Decimal


def cost_rows(spends: Iterable[Spend], by: CostGroup) -> list[CostRow]:
    """One row per group and route: newest day first, costliest family first, routes in the order of ROUTES."""
    spends = list(spends)
    explorations: dict[str, list[Spend]] = defaultdict(list)
    for spend in spends:
        if spend.route == "explore":
            explorations[spend.family].append(spend)
    groups: dict[tuple[str, Route | None], list[Spend]] = defaultdict(list)
    for spend in spends:
        groups[_key(spend, by), spend.route].append(spend)
    rows = [_row(key, route, members, explorations) for (key, route), members in groups.items()]
    rows.sort(key=lambda row: ROUTES.index(row.route))
    if by == "day":
        rows.sort(key=lambda row: row.key, reverse=True)
    elif by == "family":
        weight: dict[str, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))
        for row in rows:
            cost, tokens = weight[row.key]
            weight[row.key] = (cost + row.usage.cost, tokens + _tokens(row.usage))
        rows.sort(key=lambda row: row.key)
        rows.sort(key=lambda row: weight[row.key], reverse=True)
    return rows


def total_usage(usages: Iterable[Usage]) -> Usage:
    """Several usages as one."""
    calls = inputs = outputs = unpriced = 0
    cost = Decimal(0)
    for usage in usages:
        calls += usage.model_calls
        inputs += usage.input_tokens
        outputs += usage.output_tokens
        cost += usage.cost
        unpriced += usage.unpriced_calls
    return Usage(model_calls=calls, input_tokens=inputs, output_tokens=outputs, cost=cost, unpriced_calls=unpriced)


def _key(spend: Spend, by: CostGroup) -> str:
    match by:
        case "day":
            return spend.day
        case "family":
            return spend.family
        case "route":
            return spend.route or ""


def _row(key: str, route: Route | None, members: list[Spend], explorations: dict[str, list[Spend]]) -> CostRow:
    saved_cost: Decimal | None = None
    saved_tokens: int | None = None
    no_basis = 0
    for spend in members if route == "replay" else ():
        basis = explorations.get(spend.family, [])
        explored = sum(one.finished for one in basis)
        priced = sum(one.priced for one in basis)
        if explored:
            tokens = sum(one.finished_tokens for one in basis)
            saved_tokens = (saved_tokens or 0) + round(spend.finished * tokens / explored)
        if priced:
            average = sum((one.priced_cost for one in basis), Decimal(0)) / priced
            saved_cost = (saved_cost or Decimal(0)) + spend.finished * average
        else:
            no_basis += spend.finished
    return CostRow(
        key=key,
        route=route,
        runs=sum(spend.runs for spend in members),
        usage=total_usage(spend.usage for spend in members),
        failed_calls=sum(spend.failed_calls for spend in members),
        ended=sum(spend.ended for spend in members),
        seconds=sum(spend.seconds for spend in members),
        saved_cost=saved_cost,
        saved_tokens=saved_tokens,
        no_basis=no_basis,
    )


def _tokens(usage: Usage) -> int:
    return usage.input_tokens + usage.output_tokens

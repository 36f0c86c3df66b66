"""What the order of the cost rows is, beyond what every ledger's conformance says."""

from __future__ import annotations

from decimal import Decimal

from lithify.ledger.costing import Spend, cost_rows
from lithify.records.model import Usage
from lithify.records.run import Route


def spent(family: str, route: Route | None, cost: str = "0", tokens: int = 0, *, finished: int = 1) -> Spend:
    """One run."""
    usage = Usage(model_calls=1, input_tokens=tokens, cost=Decimal(cost))
    return Spend(
        day="2026-03-01",
        family=family,
        route=route,
        runs=1,
        usage=usage,
        failed_calls=0,
        ended=1,
        seconds=1.0,
        finished=finished,
        finished_tokens=tokens * finished,
        priced=finished,
        priced_cost=usage.cost * finished,
    )


def test_families_by_cost_then_tokens_then_name_and_routes_in_their_order() -> None:
    rows = cost_rows(
        [
            spent("cheap", None),
            spent("cheap", "replay"),
            spent("cheap", "adapt"),
            spent("cheap", "explore", "0.1"),
            spent("b", "explore", "0.2", 10),
            spent("a", "explore", "0.2", 10),
            spent("long", "explore", "0.2", 11),
            spent("dear", "replay", "0.5"),
        ],
        "family",
    )
    assert [(row.key, row.route) for row in rows] == [
        ("dear", "replay"),
        ("long", "explore"),
        ("a", "explore"),
        ("b", "explore"),
        ("cheap", "explore"),
        ("cheap", "adapt"),
        ("cheap", "replay"),
        ("cheap", None),
    ]


def test_an_average_that_does_not_come_out_even_is_still_exact_money() -> None:
    spends = [spent("f", "explore", cost) for cost in ("0.01", "0.01", "0.02")]
    spends += [spent("f", "replay") for _ in range(3)]
    (replays,) = [row for row in cost_rows(spends, "family") if row.route == "replay"]
    assert replays.saved_cost is not None
    assert abs(replays.saved_cost - Decimal("0.04")) < Decimal("1e-20")


def test_without_a_finished_exploration_there_is_no_estimate() -> None:
    spends = [spent("f", "explore", "9", finished=0), spent("f", "replay")]
    (replays,) = [row for row in cost_rows(spends, "family") if row.route == "replay"]
    assert (replays.saved_cost, replays.saved_tokens, replays.no_basis) == (None, None, 1)

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lithify.errors import BadSettings, BudgetSpent
from lithify.models import ScriptedModel
from lithify.records.events import Purpose
from lithify.records.model import Message, ModelReply, ModelRequest, Usage
from lithify.records.price import TokenPrice
from lithify.records.run import Limits
from lithify.rlm.budget import LEAST_REPLY, Budget, Reservation

SMALL = ModelRequest(messages=(Message(role="user", content="x" * 400),))
MODEL = ScriptedModel([], name="m")
DEAR = ScriptedModel(
    [], name="dear", token_price=TokenPrice(input_per_million=Decimal(1), output_per_million=Decimal(10))
)


def reply(tokens: int = 10, cost: Decimal | None = None) -> ModelReply:
    return ModelReply(text="", model="m", input_tokens=tokens, output_tokens=0, cost=cost)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


async def hold(budget: Budget, purpose: Purpose = "sub", model: ScriptedModel = MODEL) -> Reservation:
    return await budget.reserve(model, SMALL, purpose)


async def call(budget: Budget, purpose: Purpose = "sub", answer: ModelReply | None = None) -> None:
    budget.settle(await hold(budget, purpose), MODEL, answer or reply())


def test_one_call_is_kept_for_the_extraction() -> None:
    async def work() -> None:
        budget = Budget(Limits(calls=3), Clock())
        for _ in range(2):
            await call(budget, "root")
        with pytest.raises(BudgetSpent, match="2 of 3 model calls") as caught:
            await hold(budget, "root")
        assert caught.value.limit == "calls"
        await call(budget, "extract")
        assert budget.usage.model_calls == 3

    run(work())


def test_calls_under_way_count_before_they_are_answered() -> None:
    async def work() -> None:
        budget = Budget(Limits(calls=10), Clock())
        held = [await hold(budget) for _ in range(10)]
        with pytest.raises(BudgetSpent):
            await hold(budget)
        for one in held:
            budget.settle(one, MODEL, reply())
        assert budget.usage.model_calls == 10

    run(work())


def test_subcalls_have_a_limit_that_leaves_the_root_its_calls() -> None:
    async def work() -> None:
        budget = Budget(Limits(calls=10, subcalls=3), Clock())
        await call(budget)
        await call(budget.child(), "root")
        with pytest.raises(BudgetSpent, match="2 of 3 sub-calls are used and 1 is kept") as caught:
            await hold(budget)
        assert caught.value.limit == "subcalls"
        await call(budget, "root")

    run(work())


def test_a_call_waits_for_those_that_may_turn_out_cheaper() -> None:
    async def work() -> None:
        budget = Budget(Limits(tokens=20_000, reply_tokens=8_000), Clock())
        first, second = await hold(budget), await hold(budget)
        third = asyncio.ensure_future(hold(budget))
        await asyncio.sleep(0)
        assert not third.done(), "16,416 of 20,000 tokens are held"
        budget.settle(first, MODEL, reply(50))
        assert (await third).request.max_tokens == 8_000
        budget.settle(second, MODEL, reply(50))

    run(work())


def test_a_waiting_call_that_can_never_be_paid_is_refused_when_that_is_clear() -> None:
    async def work() -> None:
        budget = Budget(Limits(tokens=2_000, reply_tokens=LEAST_REPLY), Clock())
        first, second = await hold(budget), await hold(budget)
        third = asyncio.ensure_future(hold(budget))
        await asyncio.sleep(0)
        budget.settle(first, MODEL, reply(900))
        budget.settle(second, MODEL, reply(900))
        with pytest.raises(BudgetSpent, match="1,800 of 2,000 tokens"):
            await third

    run(work())


def test_a_cancelled_wait_lets_the_next_one_in() -> None:
    async def work() -> None:
        budget = Budget(Limits(tokens=20_000, reply_tokens=8_000), Clock())
        first, _ = await hold(budget), await hold(budget)
        third, fourth = asyncio.ensure_future(hold(budget)), asyncio.ensure_future(hold(budget))
        await asyncio.sleep(0)
        third.cancel()
        await asyncio.sleep(0)
        budget.settle(first, MODEL, reply())
        await fourth
        assert budget.account.held.calls == 2

    run(work())


def test_shorter_replies_are_asked_for_before_a_call_is_refused() -> None:
    async def work() -> None:
        budget = Budget(Limits(tokens=3_000, reply_tokens=8_192), Clock())
        reserved = await hold(budget)
        assert reserved.request.max_tokens is not None
        assert LEAST_REPLY <= reserved.request.max_tokens < 3_000

    run(work())


def test_a_request_that_wants_a_short_reply_gets_one() -> None:
    async def work() -> None:
        budget = Budget(Limits(), Clock())
        short = replace(SMALL, max_tokens=300)
        assert (await budget.reserve(MODEL, short, "sub")).request.max_tokens == 300
        assert (await budget.reserve(MODEL, replace(SMALL, max_tokens=10**6), "sub")).request.max_tokens == 8_192

    run(work())


def test_money_is_held_for_the_longest_reply_and_booked_as_charged() -> None:
    async def work() -> None:
        budget = Budget(Limits(cost=Decimal("0.10"), reply_tokens=8_000), Clock())
        reserved = await hold(budget, model=DEAR)
        assert budget.account.held.cost == DEAR.price(reserved.input_tokens, 8_000)
        budget.settle(reserved, DEAR, reply(cost=Decimal("0.03")))
        assert (budget.account.held.cost, budget.account.spent.cost) == (0, Decimal("0.03"))
        assert budget.left()["usd"] == 0.07

    run(work())


def test_a_reply_dearer_than_what_was_held_is_booked_and_ends_the_run() -> None:
    async def work() -> None:
        budget = Budget(Limits(cost=Decimal("0.10")), Clock())
        budget.settle(await hold(budget, model=DEAR), DEAR, reply(cost=Decimal("0.25")))
        with pytest.raises(BudgetSpent, match=r"\$0.2500 of \$0.1000") as caught:
            await hold(budget, model=DEAR)
        assert caught.value.limit == "cost"
        with pytest.raises(BudgetSpent, match=r"limits\.cost"):
            await hold(budget, "extract", DEAR)

    run(work())


def test_a_call_that_failed_after_it_was_sent_is_booked_as_if_it_had_been_answered_at_length() -> None:
    async def work() -> None:
        budget = Budget(Limits(cost=Decimal(1)), Clock())
        reserved = await hold(budget, model=DEAR)
        budget.settle(reserved, DEAR, None)
        assert budget.account.spent == reserved.held
        assert budget.usage.model_calls == 1
        assert budget.usage.price is None

    run(work())


def test_a_refused_call_costs_a_call_and_nothing_else() -> None:
    async def work() -> None:
        budget = Budget(Limits(cost=Decimal(1)), Clock())
        budget.settle(await hold(budget, model=DEAR), DEAR, None, sent=False)
        assert (budget.account.spent.calls, budget.account.spent.tokens, budget.account.spent.cost) == (1, 0, 0)

    run(work())


def test_without_a_count_from_the_provider_the_estimate_is_booked() -> None:
    async def work() -> None:
        budget = Budget(Limits(), Clock())
        answer = ModelReply(text="y" * 30, model="m", input_tokens=0, output_tokens=0)
        reserved = await hold(budget)
        budget.settle(reserved, MODEL, answer)
        assert budget.account.spent.tokens == reserved.input_tokens + 30

    run(work())


def test_a_model_that_counts_more_tokens_than_estimated_is_estimated_higher_from_then_on() -> None:
    async def work() -> None:
        budget = Budget(Limits(), Clock())
        first = await hold(budget)
        budget.settle(first, MODEL, reply(first.input_tokens * 3))
        assert (await hold(budget)).input_tokens >= first.input_tokens * 3
        other = ScriptedModel([], name="other")
        assert (await hold(budget, model=other)).input_tokens == first.input_tokens

    run(work())


def test_a_price_that_is_unknown_is_refused_where_money_is_limited() -> None:
    Budget(Limits(), Clock()).check_prices([MODEL])
    budget = Budget(Limits(cost=Decimal(1)), Clock())
    budget.check_prices([DEAR])
    with pytest.raises(BadSettings, match=r"price of 'm' is unknown.*--max-cost"):
        budget.check_prices([DEAR, MODEL])


def test_wall_time() -> None:
    async def work() -> None:
        clock = Clock()
        budget = Budget(Limits(seconds=10), clock)
        clock.now = 9.0
        await hold(budget.child())
        clock.now = 10.5
        with pytest.raises(BudgetSpent, match="10 s") as caught:
            await hold(budget.child())
        assert caught.value.limit == "seconds"
        assert budget.seconds_left == 0

    run(work())


def test_turns_are_each_runs_own() -> None:
    budget = Budget(Limits(turns=2), Clock())
    budget.check_turn(2)
    budget.child().check_turn(1)
    with pytest.raises(BudgetSpent, match="all 2 turns"):
        budget.check_turn(3)


def test_levels() -> None:
    budget = Budget(Limits(depth=2), Clock())
    assert [budget.levels_left, budget.child().levels_left, budget.child().child().levels_left] == [2, 1, 0]


def test_a_childs_calls_are_its_parents_and_not_its_siblings() -> None:
    async def work() -> None:
        root = Budget(Limits(calls=4), Clock())
        one, other = root.child(), root.child()
        await call(one, "root")
        await call(other)
        assert [budget.usage.model_calls for budget in (root, one, other)] == [2, 1, 1]
        await call(root)
        with pytest.raises(BudgetSpent):
            await hold(other)
        one.close()
        await hold(other)

    run(work())


def test_what_was_spent_before_counts_against_the_limits_and_not_as_usage() -> None:
    before = Usage(model_calls=2, input_tokens=900, output_tokens=100, cost=Decimal("0.25"))
    budget = Budget(Limits(calls=5, tokens=10_000, cost=Decimal(1)), Clock(), before=before)
    left = budget.left()
    assert (left["model_calls"], left["tokens"], left["usd"]) == (3, 9_000, 0.75)
    assert budget.usage == Usage()


def test_left_never_shows_what_is_kept_back() -> None:
    async def work() -> None:
        budget = Budget(Limits(calls=5, subcalls=5, tokens=30_000, seconds=60), Clock())
        budget.check_turn(1)
        await call(budget, "root", reply(1_000))
        left = budget.left()
        assert left["model_calls"] == left["sub_calls"] == 3
        assert left["tokens"] == 29_000 - budget.account.kept.tokens < 29_000
        assert (left["turns"], left["seconds"], left["levels_of_rlm_query"]) == (19, 60.0, 1)
        assert "usd" not in left

    run(work())


def test_the_history_of_the_last_call_is_shortened_to_what_is_left() -> None:
    async def work() -> None:
        budget = Budget(Limits(tokens=20_000, reply_tokens=1_000), Clock())
        head = (Message(role="system", content="s" * 1_000), Message(role="user", content="q" * 1_000))
        talk = tuple(Message(role="user", content=f"{number} " + "x" * 5_000) for number in range(12))
        whole = ModelRequest(messages=(*head, *talk, Message(role="user", content="say it")))
        reserved = await budget.reserve(MODEL, whole, "extract")
        sent = reserved.request.messages
        assert reserved.held.tokens <= 20_000
        assert (*sent[:2], sent[-1]) == (*head, whole.messages[-1])
        assert sent[-2] == talk[-1]
        assert len(sent) < len(whole.messages)
        assert any("left out" in message.content for message in sent)

    run(work())

"""Every limit of a run: what happens when it is reached, that it is never passed, and how a person sets it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from lithify.context import context_of
from lithify.errors import BadSettings, BudgetSpent
from lithify.models import ScriptedModel
from lithify.ports import Fanout, SandboxSpec
from lithify.records.model import ModelReply, ModelRequest
from lithify.records.price import TokenPrice
from lithify.records.run import Limits, RunId
from lithify.rlm import Exploration, Explored, Means, explore
from lithify.sandbox import start_sandbox
from lithify.testing.model_server import ModelServer, ReceivedRequest
from tests.scenarios.loop import cell
from tests.scenarios.world import command

PRICE = TokenPrice(input_per_million=Decimal(10), output_per_million=Decimal(50))
FOR_EVER = cell("n = 1")


class Meter(ScriptedModel):
    """Counts what it charges, by itself; replies take tokens[1] tokens whatever they say."""

    def __init__(self, script: Callable[[ModelRequest], str], tokens: int = 20) -> None:
        super().__init__(script, name="metered", token_price=PRICE)
        self.charged = Decimal(0)
        self.tokens = 0
        self._reply_tokens = tokens

    async def ask(self, request: ModelRequest, *_: object, **__: object) -> ModelReply:
        reply = await super().ask(request)
        said = min(self._reply_tokens, request.max_tokens or 10**9)
        cost = PRICE.of(reply.input_tokens, said)
        self.charged += cost
        self.tokens += reply.input_tokens + said
        return replace(reply, output_tokens=said, cost=cost)

    @property
    def last(self) -> ModelRequest:
        return self.requests[-1]


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def run(model: Meter, limits: Limits, clock: Callable[[], float] = time.monotonic) -> Explored:
    async def work() -> Explored:
        sandbox = await start_sandbox(SandboxSpec(memory_mb=512))
        try:
            means = Means(
                model=model,
                sub_model=model,
                sandbox=sandbox,
                observer=Fanout(),
                clock=clock,
                make_context=context_of,
            )
            task = Exploration(run_id=RunId("r"), question="q", context=context_of("a b a"), limits=limits)
            return await explore(task, means)
        finally:
            await sandbox.close()

    return asyncio.run(work())


def extracting(request: ModelRequest) -> bool:
    return "The budget of this run is spent" in request.messages[-1].content


def unless_extracting(reply: str) -> Callable[[ModelRequest], str]:
    return lambda request: "FINAL('the best so far')" if extracting(request) else reply


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(turns=3), "all 3 turns are used; raise limits.turns"),
        (Limits(calls=4), "3 of 4 model calls are used and 1 is kept for the answer; raise limits.calls"),
        (Limits(tokens=30_000, reply_tokens=600), "tokens are used"),
        (Limits(cost=Decimal("0.30"), reply_tokens=600), "are spent"),
    ],
)
def test_at_the_end_of_a_limit_one_call_asks_for_the_best_answer(limits: Limits, said: str) -> None:
    model = Meter(unless_extracting(FOR_EVER), tokens=500)
    explored = run(model, limits)
    assert (explored.trajectory.answer, explored.trajectory.complete) == ("the best so far", False)
    assert explored.trajectory.form == "extract"
    assert said in explored.reason
    assert [extracting(request) for request in model.requests].count(True) == 1
    assert extracting(model.last)
    assert explored.usage.model_calls == len(model.requests) <= limits.calls
    assert model.tokens <= limits.tokens
    assert limits.cost is None or model.charged <= limits.cost
    assert explored.usage.cost == model.charged


def test_wall_time() -> None:
    clock = Clock()

    def script(request: ModelRequest) -> str:
        clock.now += 4.0
        return unless_extracting(FOR_EVER)(request)

    explored = run(Meter(script), Limits(seconds=10.0), clock)
    assert (explored.trajectory.answer, explored.trajectory.complete) == ("the best so far", False)
    assert "the 10 s of this run are over; raise limits.seconds" in explored.reason


def test_subcalls_beyond_their_limit_fail_one_by_one_and_the_run_goes_on() -> None:
    code = "got = llm_query_batched([f'q{n}' for n in range(9)])\nFINAL([bool(one) for one in got] + [got[-1].error])"
    explored = run(Meter(lambda request: code if len(request.messages) == 1 else cell(code)), Limits(subcalls=5))
    assert explored.trajectory.complete
    assert explored.trajectory.answer == [True] * 5 + [False] * 4 + ["5 of 5 sub-calls are used; raise limits.subcalls"]


def test_a_tree_of_runs_never_spends_more_than_its_root_may() -> None:
    """Children that each ask many sub-calls, at the same time, for the last of the money."""

    def script(request: ModelRequest) -> str:
        if len(request.messages) == 1 or extracting(request):
            return "FINAL(0)"
        if "Question: q" in request.messages[1].content:
            return cell("got = rlm_query_batched([f'part {n}' for n in range(6)], ['x'] * 6)\nFINAL(len(got))")
        return cell("got = llm_query_batched([context + str(n) + budget.__name__ * 50 for n in range(30)])")

    limits = Limits(cost=Decimal("0.50"), turns=4)
    model = Meter(script, tokens=400)
    explored = run(model, limits)
    assert model.charged <= Decimal("0.50")
    assert model.charged == explored.usage.cost
    assert model.charged > Decimal("0.25"), "what the children keep back for their answers is left at the end"


def test_a_child_shares_its_parents_calls() -> None:
    def script(request: ModelRequest) -> str:
        if extracting(request):
            return "FINAL('best of the child')"
        if "Question: q" in request.messages[1].content:
            return cell("try:\n    rlm_query('dig', context)\nexcept RuntimeError as error:\n    FINAL(str(error))")
        return cell("n = 1")

    model = Meter(script)
    explored = run(model, Limits(calls=8, turns=20))
    assert len(model.requests) <= 8
    assert explored.trajectory.complete
    assert "model calls are used" in str(explored.trajectory.answer)
    assert "best of the child" in str(explored.trajectory.answer)


def test_the_cell_sees_what_is_left_of_everything() -> None:
    explored = run(
        Meter(lambda _: cell("FINAL(budget())")), Limits(turns=7, calls=50, subcalls=30, cost=Decimal(1), depth=2)
    )
    left = explored.trajectory.answer
    assert isinstance(left, dict)
    assert (left["turns"], left["model_calls"], left["sub_calls"], left["levels_of_rlm_query"]) == (6, 48, 30, 2)
    assert 0 < float(str(left["usd"])) < 1
    assert 0 < int(str(left["tokens"])) < 2_000_000
    assert 0 < float(str(left["seconds"])) <= 900


def test_too_little_for_a_first_call_is_an_error_and_not_an_answer() -> None:
    with pytest.raises(BudgetSpent, match=r"raise limits\.tokens"):
        run(Meter(lambda _: FOR_EVER), Limits(tokens=1_000))


def test_money_with_an_unpriced_model_is_refused_before_anything_is_asked() -> None:
    model = Meter(lambda _: FOR_EVER)
    model._token_price = None
    with pytest.raises(BadSettings, match=r"price of 'metered' is unknown"):
        run(model, Limits(cost=Decimal(1)))
    assert model.requests == []


def test_a_reply_dearer_than_its_worst_case_ends_the_run() -> None:
    """A provider that counts ten times as many tokens as could be expected: booked, and nothing more is asked."""

    class Greedy(Meter):
        async def ask(self, request: ModelRequest, *_: object, **__: object) -> ModelReply:
            reply = await super().ask(request)
            return replace(reply, input_tokens=reply.input_tokens * 10, cost=Decimal("2.00"))

    model = Greedy(lambda _: FOR_EVER)
    explored = run(model, Limits(cost=Decimal("1.00")))
    assert len(model.requests) == 1
    assert (explored.trajectory.answer, explored.trajectory.complete) == (None, False)
    assert "$2.0000 of $1.0000 are spent" in explored.reason


# As a person sets them.


def ask(folder: Path, *options: str, replies: Callable[[ReceivedRequest], str]) -> tuple[int, dict[str, object], str]:
    (folder / "a.log").write_text("a\nb\n", encoding="utf-8")
    with ModelServer(replies) as server:
        arguments = ["ask", "How many lines?", "a.log", "--ephemeral", "--library", "lib", "--json", *options]
        ended = command(folder, arguments, base_url=server.base_url)
    return ended.code, ended.json if ended.out else {}, ended.err


def test_options_of_ask_are_limits(tmp_path: Path) -> None:
    def reply(request: ReceivedRequest) -> str:
        last = str(request.body["messages"][-1]["content"])
        return "FINAL(7)" if "The budget of this run is spent" in last else FOR_EVER

    for option, said in (("--max-calls=3", "2 of 3 model calls"), ("--max-turns=1", "all 1 turns")):
        code, result, _ = ask(tmp_path, option, replies=reply)
        assert (code, result["answer"], result["complete"]) == (4, 7, False)
        assert said in str(result["reason"])


def test_options_that_cannot_be(tmp_path: Path) -> None:
    for option, said in (
        ("--max-cost=a lot", "limits.cost is 'a lot'; it takes a positive amount in US dollars"),
        ("--max-calls=0", "limits.calls is 0; it takes a whole number, 2 or more"),
        ("--max-cost=0.10", "the price of 'openai:scripted' is unknown"),
    ):
        code, result, err = ask(tmp_path, option, replies=lambda _: FOR_EVER)
        assert (code, said in (str(result) + err)) == (2, True), (result, err)

"""`llm_query` and `rlm_query` without a sandbox: what is asked, what is answered again, what is recorded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lithify.context import context_of
from lithify.errors import BadAnswer, BudgetSpent, LithifyError, ModelFailed, ModelMustAct, SandboxUnavailable
from lithify.models import AttemptFailed, RetryingModel, RetryPolicy, ScriptedModel
from lithify.ports import Recall, Sandbox
from lithify.records.events import Event, ModelCalled, RunFailed, RunFinished, RunStarted, SubCallsProgressed
from lithify.records.model import Message, ModelReply, ModelRequest, Usage
from lithify.records.plain import Plain
from lithify.records.price import TokenPrice
from lithify.records.run import Limits, RunId, Trajectory
from lithify.rlm.asking import Asking
from lithify.rlm.budget import Budget
from lithify.rlm.children import Children, seed_of
from lithify.rlm.lanes import Lanes
from lithify.rlm.past import Past
from lithify.rlm.queries import Names
from lithify.rlm.subcalls import SubCalls
from lithify.rlm.task import Exploration, Explored, Means, Parent

CHEAP = TokenPrice(input_per_million=Decimal(1), output_per_million=Decimal(4))
NUMBER: Plain = {"type": "integer"}


class Watcher:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def notify(self, event: Event) -> None:
        self.events.append(event)


class NoSandbox:
    """Not opened by these tests: child runs are played by a function."""

    def __init__(self) -> None:
        self.layers: dict[str, str] = {}
        self.notes: tuple[str, ...] = ()

    async def open_session(self, *_: object, **__: object) -> Any:
        raise SandboxUnavailable("none in this test")

    async def close(self) -> None:
        pass


def upper(request: ModelRequest) -> str:
    return request.messages[-1].content.upper()


class World:
    """One run's sub-calls, with scripted models and child runs that a function plays."""

    def __init__(
        self,
        sub: ScriptedModel | None = None,
        limits: Limits | None = None,
        named: dict[str, ScriptedModel] | None = None,
        child: Callable[[Exploration], Explored | LithifyError] | None = None,
        recall: Recall | None = None,
    ) -> None:
        self.root = ScriptedModel([], name="root", token_price=CHEAP)
        self.sub = sub or ScriptedModel(upper, name="small", token_price=CHEAP)
        self.watcher = Watcher()
        self.children: list[tuple[Exploration, Means]] = []
        self.running = self.most_running = 0
        self._child = child
        limits = limits or Limits()
        sandbox: Sandbox = NoSandbox()
        means = Means(
            model=self.root,
            sub_model=self.sub,
            sandbox=sandbox,
            observer=self.watcher,
            clock=time.monotonic,
            sub_models=named or {},
            make_context=context_of,
        )
        self.task = Exploration(run_id=RunId("parent"), question="q", context=context_of("data"), limits=limits)
        self.budget = Budget(limits, time.monotonic)
        past = Past(RunId("parent"), self.watcher, recall)
        asking = Asking(RunId("parent"), self.budget, self.watcher, time.monotonic, past)
        lanes = Lanes(limits)
        parent = Parent(run_id=RunId("parent"), budget=self.budget, lanes=lanes)
        children = Children(self.task, means, parent, past, self._explore)
        self.calls = SubCalls(asking, Names(self.sub, named or {}), lanes, children)

    async def _explore(self, task: Exploration, means: Means) -> Explored:
        self.children.append((task, means))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(0)
            played = self._child(task) if self._child else answered(f"answer to {task.question}")
        finally:
            self.running -= 1
        if isinstance(played, LithifyError):
            raise played
        return played

    def llm(self, *args: Plain, **kwargs: Plain) -> Coroutine[Any, Any, Plain]:
        return self.calls.llm_query(args, kwargs)

    def rlm(self, *args: Plain, **kwargs: Plain) -> Coroutine[Any, Any, Plain]:
        return self.calls.rlm_query(args, kwargs)

    def asked(self) -> list[str]:
        return [request.messages[-1].content for request in self.sub.requests]


def answered(answer: Plain, *, complete: bool = True, reason: str = "", usage: Usage | None = None) -> Explored:
    trajectory = Trajectory(question="", turns=(), answer=answer, form="FINAL", complete=complete)
    return Explored(trajectory=trajectory, usage=usage or Usage(model_calls=2), reason=reason)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def test_the_same_call_is_asked_once_and_another_one_is_not() -> None:
    async def work() -> None:
        world = World(named={"fast": ScriptedModel(upper, name="tiny")})
        both = await asyncio.gather(world.llm("a"), world.llm("a"))
        assert [*both, await world.llm("a")] == ["A", "A", "A"]
        assert world.asked() == ["a"]
        await world.llm("b")
        await world.llm("a", fresh=True)
        await world.llm("a", fresh=True)
        assert world.asked() == ["a", "b", "a", "a"]
        assert await world.llm("a", model="fast") == "A"
        assert world.budget.usage.model_calls == 5
        made = world.calls.take()
        assert [call.memo for call in made] == [False, True, True, False, False, False, False]
        assert [call.model for call in made] == ["small"] * 6 + ["tiny"]

    run(work())


def test_what_is_recorded_of_a_call() -> None:
    async def work() -> None:
        world = World(ScriptedModel(lambda _: "7", name="small", token_price=CHEAP))
        assert await world.llm("how many?", schema=NUMBER) == 7
        assert await world.llm("how many?", schema=NUMBER) == 7
        one, again = world.calls.take()
        assert (one.kind, one.prompt, one.answer, one.schema, one.error) == ("llm", "how many?", 7, NUMBER, "")
        assert one.cost is not None
        assert one.cost > 0
        assert again == replace(one, memo=True, cost=Decimal(0))
        assert world.calls.take() == ()

    run(work())


def test_a_failure_is_recorded_raised_and_asked_again() -> None:
    async def work() -> None:
        world = World(ScriptedModel([ModelFailed("503"), "fine"], name="small"))
        with pytest.raises(ModelFailed):
            await world.llm("a")
        assert await world.llm("a") == "fine"
        failed, good = world.calls.take()
        assert (failed.error, failed.answer, good.answer) == ("503", "", "fine")

    run(work())


def test_a_schema_is_repaired_once() -> None:
    async def work() -> None:
        world = World(ScriptedModel(["seven", "7"], name="small", token_price=CHEAP))
        assert await world.llm("how many?", schema=NUMBER) == 7
        first, second = world.sub.requests
        assert first.messages[0].content.startswith("how many?")
        assert "int" in first.messages[0].content
        assert [message.role for message in second.messages] == ["user", "assistant", "user"]
        assert "does not fit" in second.messages[-1].content
        (call,) = world.calls.take()
        assert call.cost == sum((CHEAP.of(*_tokens(event)) for event in _called(world)), Decimal(0))

    run(work())


def _called(world: World) -> list[ModelCalled]:
    return [event for event in world.watcher.events if isinstance(event, ModelCalled)]


def _tokens(event: ModelCalled) -> tuple[int, int]:
    assert event.reply is not None
    return event.reply.input_tokens, event.reply.output_tokens


def test_a_schema_that_is_missed_twice_is_a_failure_and_never_a_text() -> None:
    async def work() -> None:
        world = World(ScriptedModel(["seven", "still seven"], name="small"))
        with pytest.raises(BadAnswer, match=r"does not fit the schema, after one repair.*still seven"):
            await world.llm("how many?", schema=NUMBER)
        assert len(world.sub.requests) == 2

    run(work())


def test_a_provider_with_few_places_answers_all_in_the_end() -> None:
    """Whatever it refuses (429) is tried again later, with fewer calls at once."""

    async def work() -> None:
        places, most, refused = 8, 0, 0

        class Narrow(ScriptedModel):
            async def ask(self, request: ModelRequest, *_: object, **__: object) -> ModelReply:
                nonlocal most, places, refused
                if places == 0:
                    refused += 1
                    raise AttemptFailed("429", rate_limited=True)
                places -= 1
                most = max(most, 8 - places)
                await asyncio.sleep(0)
                places += 1
                return await super().ask(request)

        async def no_wait(_: float) -> None:
            await asyncio.sleep(0)

        patient = RetryingModel(Narrow(upper, name="m"), RetryPolicy(first_wait=0.0), sleep=no_wait)
        world = World(patient)  # type: ignore[arg-type]
        answers = await asyncio.gather(*(world.llm(f"q{n}") for n in range(400)))
        assert answers == [f"Q{n}" for n in range(400)]
        assert most == 8
        assert 0 < refused < 400

    run(work())


def test_an_answer_that_was_cut_off_is_a_failure() -> None:
    async def work() -> None:
        cut = ModelReply(text="The summary is", model="m", input_tokens=9, output_tokens=512, finish="length")
        world = World(ScriptedModel([cut, cut], name="small"))
        with pytest.raises(BadAnswer, match=r"cut off after 512 tokens; ask for less in one call.*The summary is"):
            await world.llm("summarise")
        with pytest.raises(BadAnswer, match="cut off"):
            await world.llm("summarise", schema={"type": "string"})

    run(work())


def test_an_unknown_model_is_refused_before_anything_is_asked() -> None:
    async def work() -> None:
        world = World(named={"fast": ScriptedModel(upper, name="tiny")})
        with pytest.raises(ModelMustAct, match="there are 'fast'"):
            await world.llm("a", model="openai:o3-pro")
        with pytest.raises(ModelMustAct, match="there are 'fast'"):
            await world.rlm("a", "context", model="openai:o3-pro")
        assert world.asked() == []
        assert world.budget.usage.model_calls == 0

    run(work())


def test_no_more_calls_at_once_than_the_setting_says() -> None:
    async def work() -> None:
        running = most = 0

        class Counting(ScriptedModel):
            async def ask(self, request: ModelRequest, *_: object, **__: object) -> ModelReply:
                nonlocal running, most
                running += 1
                most = max(most, running)
                await asyncio.sleep(0)
                running -= 1
                return await super().ask(request)

        world = World(Counting(upper, name="small"), Limits(parallel=7))
        await asyncio.gather(*(world.llm(str(n)) for n in range(50)))
        assert most == 7

    run(work())


def test_progress_is_told_call_by_call() -> None:
    async def work() -> None:
        world = World()
        await asyncio.gather(*(world.llm(str(n)) for n in range(3)))
        told = [event for event in world.watcher.events if isinstance(event, SubCallsProgressed)]
        assert [(event.done, event.total) for event in told] == [(1, 3), (2, 3), (3, 3)]

    run(work())


@pytest.mark.parametrize("count", [100])
def test_calls_racing_for_the_last_dollar_never_overspend(count: int) -> None:
    """What the model charged is counted by the model, not by the account."""

    async def work() -> None:
        charged = Decimal(0)
        price = TokenPrice(input_per_million=Decimal(5), output_per_million=Decimal(25))

        class Priced(ScriptedModel):
            async def ask(self, request: ModelRequest, *_: object, **__: object) -> ModelReply:
                nonlocal charged
                await asyncio.sleep(0)
                assert request.max_tokens is not None
                # A quarter as many input tokens as characters; some replies are short, some as long as they may be.
                length = request.max_tokens if int(request.messages[-1].content.split()[0]) % 3 == 0 else 50
                tokens = len(request.messages[-1].content) // 4
                cost = price.of(tokens, length)
                charged += cost
                return ModelReply(text="x", model="m", input_tokens=tokens, output_tokens=length, cost=cost)

        limit = Decimal("1.00")
        world = World(Priced([], name="m", token_price=price), Limits(cost=limit))
        prompts = [f"{n} {'word ' * 400}" for n in range(count)]
        results = await asyncio.gather(*(world.llm(prompt) for prompt in prompts), return_exceptions=True)
        refused = [one for one in results if isinstance(one, BudgetSpent)]
        assert charged <= limit
        assert charged == world.budget.usage.cost == world.budget.account.spent.cost
        assert charged > limit * Decimal("0.9"), "nor is money left lying about: shorter replies were asked for"
        assert {one.limit for one in refused} == {"cost"}
        assert len(results) == count == len(refused) + world.budget.usage.model_calls

    run(work())


def test_calls_racing_for_the_last_tokens_never_overspend() -> None:
    async def work() -> None:
        used = 0

        class Counting(ScriptedModel):
            async def ask(self, request: ModelRequest, *_: object, **__: object) -> ModelReply:
                nonlocal used
                await asyncio.sleep(0)
                used += 300 + (request.max_tokens or 0) // 2
                return ModelReply(text="x", model="m", input_tokens=300, output_tokens=(request.max_tokens or 0) // 2)

        world = World(Counting([], name="m"), Limits(tokens=100_000, reply_tokens=4_096))
        results = await asyncio.gather(*(world.llm(f"{n} {'y' * 1_000}") for n in range(200)), return_exceptions=True)
        assert used <= 100_000
        assert used > 90_000
        assert {one.limit for one in results if isinstance(one, BudgetSpent)} == {"tokens"}

    run(work())


# Child runs.


def test_a_child_run_is_told_of_and_its_answer_comes_back_as_data() -> None:
    async def work() -> None:
        world = World(child=lambda task: answered({"n": 3}, usage=Usage(model_calls=2, cost=Decimal("0.5"))))
        assert await world.rlm("count it", ["a", "b"]) == {"n": 3}
        ((task, means),) = world.children
        assert (task.question, task.context.value, task.parent and task.parent.run_id) == (
            "count it",
            ["a", "b"],
            "parent",
        )
        assert means.model is world.root, "a child writes code: the model of its parent thinks in it"
        started, finished = [e for e in world.watcher.events if isinstance(e, RunStarted | RunFinished)]
        assert isinstance(started, RunStarted)
        assert (started.parent, started.depth, started.seed) == ("parent", 1, seed_of(task.run_id))
        assert isinstance(finished, RunFinished)
        assert finished.result.run_id == started.run_id == task.run_id
        (call,) = world.calls.take()
        assert (call.kind, call.run, call.answer, call.cost) == ("rlm", task.run_id, {"n": 3}, Decimal("0.5"))

    run(work())


def test_a_child_has_the_same_id_and_seed_whenever_the_same_is_asked_in_the_same_run() -> None:
    async def work() -> None:
        ids = []
        for _ in range(2):
            world = World()
            await asyncio.gather(world.rlm("a", "x"), world.rlm("a", "y"), world.rlm("b", "x"))
            await world.rlm("a", "x", fresh=True)
            ids.append([(task.run_id, task.seed) for task, _ in world.children])
        assert ids[0] == ids[1]
        assert len(set(ids[0])) == 4

    run(work())


def test_a_child_that_found_nothing_whole_is_a_failure_with_its_best_guess() -> None:
    async def work() -> None:
        world = World(child=lambda task: answered(41, complete=False, reason="all 20 turns are used"))
        with pytest.raises(ModelMustAct, match=r"no complete answer: all 20 turns are used\. Its best guess.*: 41"):
            await world.rlm("count", "x")
        (call,) = world.calls.take()
        assert call.answer == ""
        assert "no complete answer" in call.error

    run(work())


def test_a_child_that_fails_is_told_of_as_failed() -> None:
    async def work() -> None:
        world = World(child=lambda task: ModelFailed("503 after 5 attempts"))
        with pytest.raises(ModelFailed):
            await world.rlm("count", "x")
        (failed,) = [event for event in world.watcher.events if isinstance(event, RunFailed)]
        assert (failed.kind, failed.message) == ("ModelFailed", "503 after 5 attempts")

    run(work())


def test_without_a_context_the_prompt_is_the_context() -> None:
    async def work() -> None:
        world = World()
        await world.rlm("sum: 1 2 3")
        long = "Sum these numbers.\n" + "1\n" * 5_000
        await world.rlm(long)
        (short_task, _), (long_task, _) = world.children
        assert (short_task.question, short_task.context.value) == ("sum: 1 2 3", "sum: 1 2 3")
        assert long_task.context.value == long
        assert len(long_task.question) < 3_000
        assert "Sum these numbers." in long_task.question

    run(work())


def test_a_schema_is_what_the_child_must_answer() -> None:
    async def work() -> None:
        world = World(child=lambda task: answered(3))
        assert await world.rlm("count", "x", schema=NUMBER) == 3
        ((task, _),) = world.children
        assert task.answer is not None
        assert task.answer.notation == "int"

    run(work())


def test_a_named_model_thinks_in_the_child() -> None:
    async def work() -> None:
        strong = ScriptedModel([], name="strong")
        world = World(named={"strong": strong})
        await world.rlm("count", "x", model="strong")
        ((_, means),) = world.children
        assert means.model is strong

    run(work())


def test_no_more_children_at_once_than_the_setting_says() -> None:
    async def work() -> None:
        world = World(limits=Limits(children=3))
        await asyncio.gather(*(world.rlm(str(n), "x") for n in range(12)))
        assert world.most_running == 3
        assert len(world.children) == 12

    run(work())


def test_where_no_child_may_be_one_call_of_a_model_takes_its_place() -> None:
    async def work() -> None:
        world = World(limits=Limits(depth=0))
        assert await world.rlm("shout", "data") == "SHOUT\n\nDATA"
        assert await world.rlm("shout", {"a": 1}) == 'SHOUT\n\n{"A": 1}'
        assert await world.rlm("alone") == "ALONE"
        assert world.children == []
        assert {call.kind for call in world.calls.take()} == {"llm"}
        with pytest.raises(ModelMustAct, match=r"no further level.*400,000 characters.*llm_query_batched on pieces"):
            await world.rlm("shout", "x" * 400_000)

    run(work())


@pytest.mark.parametrize("context", [[], [1, "a"], {"a": 1}, 3, True, b"x"])
def test_contexts_that_are_data_of_any_kind(context: Plain) -> None:
    async def work() -> None:
        world = World()
        await world.rlm("look", context)
        ((task, _),) = world.children
        assert task.context.value == context

    run(work())


def test_a_context_that_holds_nothing_is_refused() -> None:
    async def work() -> None:
        with pytest.raises(ModelMustAct, match=r"rlm_query: the context cannot be used: .*empty"):
            await World().rlm("look", {})

    run(work())


def test_closing_ends_children_under_way() -> None:
    async def work() -> None:
        started = asyncio.Event()
        ended: list[str] = []

        async def explore(task: Exploration, means: Means) -> Explored:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                ended.append(task.question)
            raise AssertionError

        world = World()
        parent = Parent(run_id=RunId("parent"), budget=world.budget, lanes=Lanes(world.task.limits))
        means = Means(
            model=world.root,
            sub_model=world.sub,
            sandbox=NoSandbox(),
            observer=world.watcher,
            clock=time.monotonic,
            make_context=context_of,
        )
        past = Past(RunId("parent"), world.watcher)
        asking = Asking(RunId("parent"), world.budget, world.watcher, time.monotonic, past)
        children = Children(world.task, means, parent, past, explore)
        calls = SubCalls(asking, Names(world.sub, {}), Lanes(world.task.limits), children)
        cell = asyncio.create_task(calls.rlm_query(["count", "x"], {}))
        await started.wait()
        cell.cancel()
        await calls.close()
        assert ended == ["count"]
        (failed,) = [event for event in world.watcher.events if isinstance(event, RunFailed)]
        assert failed.kind == "Interrupted"
        await asyncio.gather(cell, return_exceptions=True)

    run(work())


def recorded(replies: Sequence[tuple[str, str]]) -> Recall:
    class Remembering:
        """Answers by what was asked last."""

        def reply(self, run_id: RunId, digest: str, nth: int) -> ModelReply | None:
            return known.get((digest, nth))

        def host_answer(self, run_id: RunId, name: str, nth: int) -> tuple[Plain] | None:
            return None

    known: dict[tuple[str, int], ModelReply] = {}
    past = Past(RunId("parent"), Watcher())
    for prompt, text in replies:
        call = past.call("small", ModelRequest(messages=(Message(role="user", content=prompt),)))
        known[call.digest, call.nth] = ModelReply(text=text, model="small", input_tokens=100, output_tokens=10)
    return Remembering()


def test_a_resumed_run_asks_only_what_was_not_answered() -> None:
    async def work() -> None:
        world = World(recall=recorded([("a", "old A"), ("a", "older A")]))
        assert [await world.llm("a"), await world.llm("b"), await world.llm("a", fresh=True)] == [
            "old A",
            "B",
            "older A",
        ]
        assert world.asked() == ["b"]
        assert world.budget.usage.model_calls == 3, "what was paid before counts against the limits"
        assert world.budget.account.spent.tokens >= 220
        assert [event.recalled for event in _called(world)] == [True, False, True]

    run(work())

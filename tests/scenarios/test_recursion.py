"""Child runs against the real sandbox: own worker, trajectory, id and seed; their failures; nothing left behind."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from lithify.context import context_of
from lithify.errors import ModelFailed
from lithify.models import ScriptedModel
from lithify.ports import SandboxSpec
from lithify.records.events import CellFinished, Event, RunFailed, RunFinished, RunStarted
from lithify.records.model import ModelRequest
from lithify.records.run import Limits, RunId
from lithify.rlm import Exploration, Explored, Means, explore
from lithify.sandbox import start_sandbox
from tests.sandbox.processes import descendants, eventually
from tests.scenarios.loop import cell

Script = Callable[[ModelRequest], str]
ROOT = "the root's question"


class Watcher:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def notify(self, event: Event) -> None:
        self.events.append(event)

    def started(self) -> list[RunStarted]:
        return [event for event in self.events if isinstance(event, RunStarted)]


def question(request: ModelRequest) -> str:
    return request.messages[1].content


def turns(request: ModelRequest) -> int:
    return sum(message.role == "assistant" for message in request.messages)


def task(limits: Limits) -> Exploration:
    return Exploration(run_id=RunId("root"), question=ROOT, context=context_of("alpha beta"), limits=limits)


async def with_means(script: Script, watcher: Watcher, work: Callable[[Means], Awaitable[Explored]]) -> Explored:
    sandbox = await start_sandbox(SandboxSpec(memory_mb=512))
    model = ScriptedModel(script)
    try:
        return await work(
            Means(
                model=model,
                sub_model=model,
                sandbox=sandbox,
                observer=watcher,
                clock=time.monotonic,
                make_context=context_of,
            )
        )
    finally:
        await sandbox.close()


def run(script: Script, limits: Limits | None = None) -> tuple[Explored, Watcher]:
    watcher = Watcher()
    wanted = task(replace(limits or Limits(), cell_seconds=20))
    return asyncio.run(with_means(script, watcher, lambda means: explore(wanted, means))), watcher


def test_children_are_runs_of_their_own_and_do_not_mix() -> None:
    def script(request: ModelRequest) -> str:
        if "the root's question" in question(request):
            return cell(
                "parts = [[f'child {n} line {m}' for m in range(30)] for n in range(4)]\n"
                "got = rlm_query_batched([f'count for {n}' for n in range(4)], parts)\nFINAL(got)"
            )
        if turns(request) == 0:
            return cell("for line in context:\n    print(line)\nmine = len(context)")
        return cell("FINAL({'first': context[0], 'lines': mine})")

    explored, watcher = run(script)
    assert explored.trajectory.answer == [{"first": f"child {n} line 0", "lines": 30} for n in range(4)]
    assert explored.usage.model_calls == 1 + 4 * 2
    started = [event for event in watcher.events if isinstance(event, RunStarted)]
    assert {(event.parent, event.depth) for event in started} == {("root", 1)}
    assert len({event.run_id for event in started}) == len({event.seed for event in started}) == 4
    for child in started:
        printed = [
            event.result.stdout
            for event in watcher.events
            if isinstance(event, CellFinished) and event.run_id == child.run_id
        ]
        number = child.question.split()[-1]
        assert printed[0].splitlines() == [f"child {number} line {m}" for m in range(30)]
    (only,) = explored.trajectory.cells
    assert [(call.kind, call.run) for call in only.subcalls] == [("rlm", event.run_id) for event in started]
    assert [call.answer for call in only.subcalls] == explored.trajectory.answer


def test_children_of_children_up_to_the_depth_that_is_allowed() -> None:
    def script(request: ModelRequest) -> str:
        if len(request.messages) == 1:
            return f"plain answer to {request.messages[0].content!r}"
        for level in ("two", "one"):
            if f"Question: level {level}" in question(request):
                deeper = {"one": "level two", "two": "level three"}[level]
                return cell(
                    f"FINAL(['{level}', budget()['levels_of_rlm_query'], rlm_query('{deeper}', context + '.')])"
                )
        return cell("FINAL(rlm_query('level one', context))")

    explored, watcher = run(script, Limits(depth=2))
    plain = "plain answer to 'level three\\n\\nalpha beta..'"
    assert explored.trajectory.answer == ["one", 1, ["two", 0, plain]]
    one, two = watcher.started()
    assert [(one.parent, one.depth), (two.parent, two.depth)] == [("root", 1), (one.run_id, 2)]
    ended = [event.result.run_id for event in watcher.events if isinstance(event, RunFinished)]
    assert ended == [two.run_id, one.run_id]


def test_a_child_that_fails_is_an_item_of_the_batch_and_not_an_answer() -> None:
    def script(request: ModelRequest) -> str:
        if ROOT in question(request):
            return cell(
                "got = rlm_query_batched(['fine', 'gives up', 'breaks'], ['a', 'b', 'c'])\n"
                "FINAL([got[0], *[[bool(one), one.error] for one in got[1:]]])"
            )
        if "gives up" in question(request):
            return "FINAL(17)" if "budget of this run" in request.messages[-1].content else cell("x = 1")
        if "breaks" in question(request):
            raise ModelFailed("503 after 5 attempts")
        return cell("FINAL(context)")

    explored, watcher = run(script, Limits(turns=2))
    fine, gave_up, broke = explored.trajectory.answer  # type: ignore[misc]
    assert fine == "a"
    assert gave_up == [
        False,
        "the child run found no complete answer: all 2 turns are used; raise limits.turns or ask a narrower question. "
        "Its best guess, which nothing confirms: 17",
    ]
    assert broke == [False, "503 after 5 attempts"]
    assert [event.kind for event in watcher.events if isinstance(event, RunFailed)] == ["ModelFailed"]


def test_every_kind_of_data_reaches_a_child() -> None:
    def script(request: ModelRequest) -> str:
        if ROOT in question(request):
            return cell(
                "import pandas as pd\n"
                "table = pd.DataFrame({'name': ['a', 'b'], 'n': [1, 2]})\n"
                "data = ['text', {'x.log': 'one', 'y.log': 'two'}, [1, {'deep': None}], {'a': 1.5}, table]\n"
                "FINAL(rlm_query_batched(['look'] * 5, data))"
            )
        return cell("FINAL([type(context).__name__, context])")

    explored, _ = run(script)
    assert explored.trajectory.answer == [
        ["str", "text"],
        ["dict", {"x.log": "one", "y.log": "two"}],
        ["list", [1, {"deep": None}]],
        ["dict", {"a": 1.5}],
        ["str", "name,n\na,1\nb,2\n"],
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "llm_query_batched('one text')",
            "llm_query_batched takes a list of prompts, not one str; for one there is llm_query",
        ),
        ("rlm_query_batched(['a', 'b'], ['only one'])", "one context per prompt"),
        ("rlm_query_batched(['a', 'b'], 'one for all')", "[context] * len(prompts)"),
        ("llm_query('q', model='gpt-5')", "there is no model 'gpt-5' for sub-calls"),
        ("llm_query('')", "non-empty text"),
        ("rlm_query('q', object())", "object"),
        ("llm_query('q', schema={'type': 'objekt'})", "the JSON schema cannot be used"),
    ],
)
def test_a_wrong_call_costs_nothing_and_says_what_is_right(code: str, said: str) -> None:
    seen: list[str] = []

    def script(request: ModelRequest) -> str:
        seen.append(request.messages[-1].content)
        return cell(code) if turns(request) == 0 else cell("FINAL('done')")

    explored, _ = run(script)
    assert said in seen[1]
    assert explored.usage.model_calls == 2


def test_two_runs_draw_the_same_numbers_and_children_others() -> None:
    def script(request: ModelRequest) -> str:
        if ROOT in question(request):
            return cell(
                "import random\nFINAL([random.random(), *rlm_query_batched(['draw', 'draw again'], ['x', 'x'])])"
            )
        return cell("import random\nFINAL(random.random())")

    first, second = (run(script)[0].trajectory.answer for _ in range(2))
    assert first == second
    assert isinstance(first, list)
    assert len(set(map(str, first))) == 3


def test_stopping_a_run_stops_its_children_and_leaves_no_worker() -> None:
    watcher = Watcher()
    cells: list[str] = []

    async def stopped(means: Means) -> Explored:
        waiting = asyncio.Event()

        class Slow(ScriptedModel):
            async def ask(self, request: ModelRequest, *args: object, **kwargs: object):  # type: ignore[no-untyped-def]
                if ROOT not in question(request) and turns(request) == 1:
                    cells.append(question(request))
                    if len(cells) == 3:
                        waiting.set()
                    await asyncio.Event().wait()
                return await super().ask(request)

        before = len(descendants(os.getpid()))
        slow = Slow(script)
        work = asyncio.create_task(explore(task(Limits()), replace(means, model=slow, sub_model=slow)))
        await waiting.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert await eventually(lambda: len(descendants(os.getpid())) <= before)
        raise ModelFailed("stopped")

    def script(request: ModelRequest) -> str:
        if ROOT in question(request):
            return cell("rlm_query_batched(['a', 'b', 'c'], ['x', 'y', 'z'])")
        return cell("n = 1")

    with pytest.raises(ModelFailed, match="stopped"):
        asyncio.run(with_means(script, watcher, stopped))
    failed = [event.kind for event in watcher.events if isinstance(event, RunFailed)]
    assert failed == ["Interrupted"] * 3

"""The loop against the real sandbox: errors, lost workers, sub-calls, and every way to submit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import pytest

from lithify.models import ScriptedModel
from lithify.ports import SandboxSpec
from lithify.records.context import Context, Fingerprint
from lithify.records.events import CellFinished, Event, ModelCalled
from lithify.records.model import ModelRequest
from lithify.records.run import Limits, RunId
from lithify.rlm import Exploration, Explored, Means, explore
from lithify.sandbox import start_sandbox


class Watcher:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def notify(self, event: Event) -> None:
        self.events.append(event)


def context(value: str | dict[str, str]) -> Context:
    return Context(
        kind="text" if isinstance(value, str) else "files",
        value=value,
        sources=("x.log",),
        size=len(value),
        digest="0" * 64,
        preview="",
        fingerprint=Fingerprint(format="lines"),
    )


def run(
    replies: Sequence[str],
    value: str | dict[str, str] = "a b a",
    limits: Limits | None = None,
    sub: ScriptedModel | None = None,
) -> tuple[Explored, ScriptedModel, Watcher]:
    model = ScriptedModel(list(replies))
    watcher = Watcher()

    async def work() -> Explored:
        sandbox = await start_sandbox(SandboxSpec(memory_mb=512))
        try:
            means = Means(model=model, sub_model=sub or model, sandbox=sandbox, observer=watcher, clock=time.monotonic)
            task = Exploration(
                run_id=RunId("r"), question="q", context=context(value), limits=limits or Limits(cell_seconds=20)
            )
            return await explore(task, means)
        finally:
            await sandbox.close()

    return asyncio.run(work()), model, watcher


def cell(code: str) -> str:
    return f"```repl\n{code}\n```"


@pytest.mark.parametrize(
    ("reply", "answer", "form"),
    [
        (cell("FINAL(context.count('a'))"), 2, "FINAL"),
        (cell("n = context.count('a')\nFINAL_VAR('n')"), 2, "FINAL_VAR"),
        (cell("n = context.count('a')\nFINAL_VAR(n)"), 2, "FINAL_VAR"),
        (cell("SUBMIT(count=2, first='a')"), {"count": 2, "first": "a"}, "SUBMIT"),
        (cell("SUBMIT(count=2)"), 2, "SUBMIT"),
        (cell("answer = {'content': ['a', 2], 'ready': True}"), ["a", 2], "answer"),
        (cell("answer['content'] = 2\nanswer['ready'] = True"), 2, "answer"),
        (cell("n = 2") + "\nFINAL_VAR(n)", 2, "FINAL_VAR"),
        (cell("n = 2") + "\nFINAL(n + 1)", 3, "FINAL"),
        ("FINAL(2)", 2, "text"),
        ("FINAL(two of them)", "two of them", "text"),
        (cell("import collections\nFINAL(collections.Counter(context.split()))"), {"a": 2, "b": 1}, "FINAL"),
    ],
)
def test_every_way_to_submit(reply: str, answer: object, form: str) -> None:
    explored, _, _ = run([reply])
    assert (explored.trajectory.answer, explored.trajectory.form) == (answer, form)
    assert explored.trajectory.complete


def test_variables_stay_from_cell_to_cell_and_after_an_exception() -> None:
    explored, model, _ = run([cell("n = 41\nraise KeyError('x')"), cell("FINAL(n + 1)")])
    assert explored.trajectory.answer == 42
    shown = model.requests[1].messages[-1].content
    assert "KeyError" in shown


def test_cells_after_a_failing_one_do_not_run() -> None:
    explored, _, watcher = run([cell("1 / 0") + "\n" + cell("FINAL('stale')"), cell("FINAL('right')")])
    assert explored.trajectory.answer == "right"
    assert [event.code for event in watcher.events if isinstance(event, CellFinished)] == ["1 / 0", "FINAL('right')"]


def test_a_submission_of_a_cell_that_failed_is_not_taken() -> None:
    explored, _, _ = run([cell("FINAL(1)\nassert False, 'cross-check'"), cell("FINAL(2)")])
    assert explored.trajectory.answer == 2


def test_an_answer_written_before_the_output_was_seen_is_not_taken() -> None:
    explored, model, _ = run([cell("print(len(context))") + "\nFINAL(99)", cell("FINAL(len(context))")])
    assert explored.trajectory.answer == 5
    assert "before you had seen" in model.requests[1].messages[-1].content


@pytest.mark.parametrize("value", ["None", "''", "object()", "lambda: 1"])
def test_what_is_no_answer_goes_back_to_the_model(value: str) -> None:
    explored, model, _ = run([cell(f"FINAL({value})"), cell("FINAL('fine')")])
    assert explored.trajectory.answer == "fine"
    assert "was not taken" in model.requests[1].messages[-1].content


def test_an_endless_cell_is_stopped_and_its_variables_are_kept() -> None:
    limits = Limits(cell_seconds=0.5)
    explored, model, _ = run([cell("n = 7\nwhile True: pass"), cell("FINAL(n)")], limits=limits)
    assert explored.trajectory.answer == 7
    assert "ran out of time" in model.requests[1].messages[-1].content


def test_a_dead_worker_is_replaced_and_the_model_is_told() -> None:
    explored, model, watcher = run([cell("n = 1\nimport os\nos._exit(3)"), cell("FINAL(context.count('a'))")])
    assert explored.trajectory.answer == 2
    assert "your own variables are gone" in model.requests[1].messages[-1].content
    assert [event.lost for event in watcher.events if isinstance(event, CellFinished)] == [True, False]


def test_subcalls_are_answered_counted_and_recorded() -> None:
    sub = ScriptedModel(lambda request: request.messages[-1].content.upper(), name="small")
    code = "one = llm_query('x')\nmany = llm_query_batched(['a', 'b', 'c'])\nFINAL([one, *many])"
    explored, _, watcher = run([cell(code)], sub=sub)
    assert explored.trajectory.answer == ["X", "A", "B", "C"]
    assert explored.usage.model_calls == 5
    (only,) = explored.trajectory.cells
    assert [call.answer for call in only.subcalls] == ["X", "A", "B", "C"]
    assert [event.purpose for event in watcher.events if isinstance(event, ModelCalled)].count("sub") == 4


def test_a_failed_subcall_raises_and_in_a_batch_is_a_typed_failure() -> None:
    def answer(request: ModelRequest) -> str:
        if request.messages[-1].content == "bad":
            from lithify.errors import ModelFailed

            raise ModelFailed("503 after 4 attempts")
        return "good"

    code = (
        "try:\n    llm_query('bad')\nexcept RuntimeError as error:\n    single = str(error)\n"
        "many = llm_query_batched(['fine', 'bad'])\n"
        "FINAL([single, many[0], bool(many[1]), many[1].error])"
    )
    explored, _, _ = run([cell(code)], sub=ScriptedModel(answer))
    single, first, truth, error = explored.trajectory.answer  # type: ignore[misc]
    assert "503" in str(single)
    assert (first, truth) == ("good", False)
    assert "503" in str(error)


def test_subcalls_racing_for_the_last_calls_never_overspend() -> None:
    sub = ScriptedModel(lambda request: "ok", delay=0.01)
    code = "got = llm_query_batched([str(n) for n in range(100)])\nFINAL(sum(1 for one in got if one))"
    explored, _, _ = run([cell(code)], sub=sub, limits=Limits(calls=20, cell_seconds=20))
    assert explored.trajectory.answer == 18, "one call for the root, one kept for the extraction"
    assert explored.usage.model_calls == 19
    assert len(sub.requests) == 18


def test_turns_run_out_and_the_last_call_extracts() -> None:
    replies = [cell("n = 1"), cell("n = 2"), "As far as I saw: FINAL(2)"]
    explored, _, _ = run(replies, limits=Limits(turns=2))
    assert (explored.trajectory.answer, explored.trajectory.complete) == (2, False)
    assert "turns" in explored.reason


def test_files_are_a_dict_of_texts() -> None:
    explored, _, _ = run([cell("FINAL(sorted(context.items()))")], value={"a.log": "x", "b/c.log": "yé"})
    assert explored.trajectory.answer == [["a.log", "x"], ["b/c.log", "yé"]]


@pytest.mark.parametrize("length", [0, 700, 5_000, 70_000])
def test_folders_of_small_and_large_files(length: int) -> None:
    files = {f"{n}.log": "é" * length + str(n) for n in range(30)}
    explored, _, _ = run([cell("FINAL([len(context), sum(map(len, context.values())), context['7.log'][-1]])")], files)
    assert explored.trajectory.answer == [30, 30 * length + 50, "7"]


def test_what_the_budget_says() -> None:
    explored, _, _ = run([cell("FINAL(budget()['model_calls'])")], limits=Limits(calls=10))
    assert explored.trajectory.answer == 8


def test_the_prelude_can_be_looked_at() -> None:
    explored, _, _ = run([cell("n = [1, 2]\nFINAL(SHOW_VARS())")])
    assert explored.trajectory.answer == {"n": "list[2] [1, 2]"}

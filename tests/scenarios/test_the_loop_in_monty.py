"""The loop where only a part of Python is there: it answers, asks models, submits in every way, and says what lacks."""

from __future__ import annotations

import asyncio
import importlib.util
import time

import pytest

from lithify.context import context_of
from lithify.models import ScriptedModel
from lithify.ports import Fanout, SandboxSpec
from lithify.records.model import ModelRequest
from lithify.records.run import Limits, RunId
from lithify.rlm import Exploration, Explored, Means, explore
from lithify.sandbox import start_sandbox
from lithify.sandbox.monty import LACKS
from tests.scenarios.loop import cell

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pydantic_monty") is None, reason="pydantic-monty is not installed"
)


def run(replies: list[str]) -> tuple[Explored, ScriptedModel]:
    root = ScriptedModel(list(replies))

    def sub(request: ModelRequest) -> str:
        return request.messages[-1].content.upper()

    async def work() -> Explored:
        sandbox = await start_sandbox(SandboxSpec(adapter="monty"))
        try:
            means = Means(
                model=root,
                sub_model=ScriptedModel(sub, name="small"),
                sandbox=sandbox,
                observer=Fanout(),
                clock=time.monotonic,
                make_context=context_of,
            )
            task = Exploration(
                run_id=RunId("r"), question="q", context=context_of("a b a"), limits=Limits(cell_seconds=20, depth=0)
            )
            return await explore(task, means)
        finally:
            await sandbox.close()

    return asyncio.run(work()), root


@pytest.mark.parametrize(
    "submission",
    ["FINAL(n)", "FINAL_VAR(n)", "SUBMIT(n)", "SUBMIT(count=n)", 'answer = {"content": n, "ready": True}'],
)
def test_every_way_to_submit(submission: str) -> None:
    explored, root = run([cell(f"n = context.count('a')\n{submission}")])
    assert (explored.trajectory.answer, explored.trajectory.complete) == (2, True)
    assert LACKS in root.requests[0].messages[0].content


def test_models_are_asked_and_failures_are_items() -> None:
    code = (
        "got = llm_query_batched(['x', ''])\n"
        "FINAL([got[0], isinstance(got[1], CallFailure), llm_query('y'), rlm_query_batched(['z'], ['data'])])"
    )
    explored, _ = run([cell(code)])
    assert explored.trajectory.answer == ["X", True, "Y", ["Z\n\nDATA"]]


def test_a_name_in_quotes_is_not_taken_for_the_answer() -> None:
    explored, root = run([cell("n = 2\nFINAL_VAR('n')"), cell("FINAL(n)")])
    assert explored.trajectory.answer == 2
    assert "write FINAL(variable)" in root.requests[1].messages[-1].content

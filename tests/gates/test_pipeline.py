"""All gates together."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import replace

import pytest

from lithify.errors import SandboxUnavailable
from lithify.gates import Bounds, judge
from lithify.gates.pipeline import READING, RUNNING
from lithify.layout import candidate_contents
from lithify.ports import Sandbox, SandboxSpec
from lithify.records.tool import Signature
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import SOURCE, make_candidate

NAMES = [gate.name for gate in (*READING, *RUNNING)]


class Counting:
    """A SandboxFactory that starts real ones and knows which were closed."""

    def __init__(self) -> None:
        self.open = 0
        self.specs: list[SandboxSpec] = []

    async def __call__(self, spec: SandboxSpec) -> Sandbox:
        self.specs.append(spec)
        sandbox = await start_sandbox(spec)
        self.open += 1
        close = sandbox.close

        class Closing:
            layers = sandbox.layers
            open_session = sandbox.open_session

            @staticmethod
            async def close() -> None:
                await close()
                self.open -= 1

        return Closing()


def test_an_honest_tool_passes_every_gate() -> None:
    start = Counting()
    candidate = make_candidate()
    verdict = asyncio.run(judge(candidate, start))
    assert [(result.gate, result.outcome) for result in verdict.results] == [(name, "pass") for name in NAMES]
    assert verdict.outcome == "pass"
    assert verdict.contents == candidate_contents(candidate).sha256
    assert all(result.evidence and result.seconds >= 0 for result in verdict.results)
    assert start.open == 0
    assert len({spec.hash_seed for spec in start.specs}) == len(start.specs) == 2
    assert sorted(spec.readable != () for spec in start.specs) == [False, True]


@pytest.mark.parametrize(
    ("source", "refusing"),
    [("import os\n", "static"), (SOURCE + "# " + "ghp_" + "a" * 40 + "\n", "secrets"), (SOURCE + "\n" * 700, "size")],
)
def test_what_reading_refuses_is_not_run(source: str, refusing: str) -> None:
    start = Counting()
    verdict = asyncio.run(judge(make_candidate(source=source), start))
    assert start.specs == []
    assert verdict.outcome == "fail"
    assert [result.gate for result in verdict.results] == NAMES
    assert {result.outcome for result in verdict.results if result.gate in [gate.name for gate in RUNNING]} == {
        "not-run"
    }
    assert next(result for result in verdict.results if result.gate == refusing).outcome == "fail"


def test_ruff_says_no_and_the_others_are_heard_all_the_same() -> None:
    verdict = asyncio.run(
        judge(make_candidate(source=SOURCE.replace("from coll", "import json\nfrom coll")), start_sandbox)
    )
    outcomes = {result.gate: result.outcome for result in verdict.results}
    assert outcomes == {**dict.fromkeys(NAMES, "pass"), "ruff": "fail"}


def test_a_function_whose_name_cannot_be_a_folder() -> None:
    signature = Signature(
        function="../../x", context_parameter="log", context_kind="text", parameters=(), returns="object"
    )
    verdict = asyncio.run(judge(make_candidate(signature=signature), start_sandbox))
    assert verdict.outcome == "fail"
    assert "cannot name a tool" in verdict.results[0].evidence
    assert sorted(result.gate for result in verdict.results) == sorted(NAMES)


def test_a_verdict_is_about_one_candidate() -> None:
    one = make_candidate()
    other = replace(one, recipe=replace(one.recipe, template="another question"))
    assert candidate_contents(one) != candidate_contents(other)


def test_a_machine_without_a_sandbox_is_not_the_candidates_fault() -> None:
    async def none(spec: SandboxSpec) -> Sandbox:
        raise SandboxUnavailable("no seccomp here")

    with pytest.raises(SandboxUnavailable):
        asyncio.run(judge(make_candidate(), none))


def test_stopping_it_leaves_no_sandbox() -> None:
    start = Counting()
    signature = Signature(
        function="answer_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
    )
    endless = "def answer_it(log: str) -> object:\n    while log:\n        pass\n    return log\n"

    async def stop_early() -> None:
        judging = asyncio.ensure_future(
            judge(make_candidate(source=endless, signature=signature), start, bounds=Bounds(seconds=60.0))
        )
        while start.open < 2:
            await asyncio.sleep(0.01)
        judging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await judging

    asyncio.run(stop_early())
    gc.collect()
    assert start.open == 0

"""What is particular to pydantic-monty; what it shares with the others is in test_conformance."""

from __future__ import annotations

import asyncio
import importlib.util

import pytest

from lithify.errors import BadInput, SandboxLost
from lithify.ports import Sandbox, SandboxSpec
from lithify.sandbox.monty import LACKS
from tests.sandbox.support import host_function, run_cells, with_sandbox

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pydantic_monty") is None, reason="pydantic-monty is not installed"
)
MONTY = SandboxSpec(adapter="monty")


def test_what_it_lacks_is_said() -> None:
    async def story(sandbox: Sandbox) -> str:
        return sandbox.layers["language"]

    assert LACKS in with_sandbox(story, MONTY)


@pytest.mark.parametrize("code", ["class Own(Exception): pass", "import statistics", "import numpy"])
def test_the_model_is_told_when_it_meets_it(code: str) -> None:
    (result,) = run_cells(code, spec=MONTY)
    assert result.error is not None
    assert LACKS in result.error.traceback


def test_tracebacks_name_the_cell() -> None:
    _, result = run_cells("x = 1", "def f():\n    return 1 / 0\nf()", spec=MONTY)
    assert result.error is not None
    assert "cell 2, line 2" in result.error.traceback
    assert result.error.line == 2


def test_a_name_that_nobody_knows_is_the_cells_error() -> None:
    unknown, after = run_cells("unheard_of(1)", "1 + 1", spec=MONTY)
    assert unknown.error is not None
    assert (unknown.error.kind, unknown.error.message) == ("NameError", "name 'unheard_of' is not defined")
    assert after.value == 2


def test_a_time_limit_ends_the_session() -> None:
    async def story(sandbox: Sandbox) -> None:
        session = await sandbox.open_session()
        with pytest.raises(SandboxLost) as lost:
            await session.run("while True:\n    pass", timeout=0.3)
        assert lost.value.reason == "timeout"
        with pytest.raises(SandboxLost):
            await session.run("1", timeout=5)
        await session.close()

    with_sandbox(story, MONTY)


def test_inputs_beyond_its_limit_are_refused() -> None:
    async def story(sandbox: Sandbox) -> None:
        with pytest.raises(BadInput, match="pydantic-monty takes up to"):
            await sandbox.open_session({"context": "x" * (251 << 20)})

    with_sandbox(story, MONTY)


def test_calls_of_a_batch_are_made_at_once() -> None:
    started: list[object] = []

    async def meet(args: object, kwargs: object) -> int:
        started.append(args)
        while len(started) < 5:
            await asyncio.sleep(0.01)
        return 1

    from lithify.ports import HostFunction

    functions = {"meet": HostFunction(handler=meet, batched=True)}
    assert run_cells("sum(meet_batched([1, 2, 3, 4, 5]))", spec=MONTY, functions=functions)[0].value == 5


def test_functions_survive_in_other_cells() -> None:
    _, result = run_cells(
        "def twice(x):\n    return [ask(x), ask(x)]",
        "twice('a')",
        spec=MONTY,
        functions={"ask": host_function(lambda text: text + "!")},
    )
    assert result.value == ["a!", "a!"]

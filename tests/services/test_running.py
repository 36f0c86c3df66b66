"""Running a kept tool: a hybrid one asks the model that it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from lithify.context import context_from_value
from lithify.errors import NotCovered
from lithify.ports import HostHandler, SandboxSpec
from lithify.records.plain import Plain
from lithify.records.run import Limits
from lithify.records.tool import Signature
from lithify.sandbox import start_sandbox
from lithify.services.running import Call, run_tool

SOURCE = """
def count_negative(text, *, llm):
    first = llm("negative? " + text.splitlines()[0])
    return [first, *llm("negative? " + line for line in text.splitlines())]
"""
SIGNATURE = Signature(
    function="count_negative",
    context_parameter="text",
    context_kind="text",
    parameters=(),
    returns="list[str]",
    needs_llm=True,
)


async def model(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
    return "yes" if "awful" in str(args[0]) else "no"


def answered(ask: HostHandler | None) -> Plain:
    call = Call(source=SOURCE, signature=SIGNATURE, context=context_from_value("awful\nfine\n"), arguments={}, ask=ask)

    async def run() -> Plain:
        sandbox = await start_sandbox(SandboxSpec())
        try:
            return await run_tool(call, sandbox, Limits())
        finally:
            await sandbox.close()

    return asyncio.run(run())


def test_one_prompt_and_several() -> None:
    assert answered(model) == ["yes", "yes", "no"]


def test_without_a_model_it_covers_nothing() -> None:
    with pytest.raises(NotCovered, match="none is at hand"):
        answered(None)

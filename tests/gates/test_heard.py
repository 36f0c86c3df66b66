"""What tests asked of a tool tells which of them see another tool as another one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from lithify.gates.elsewhere import Elsewhere
from lithify.gates.heard import Heard
from lithify.gates.runner import ASKING
from lithify.gates.running import Definition
from lithify.ports import SandboxSpec
from lithify.records.plain import Plain
from lithify.records.tool import Signature
from lithify.sandbox import start_sandbox

SIGNATURE = Signature(function="f", context_parameter="log", context_kind="text", parameters=(), returns="object")
TESTS = ("tests/test_a.py::test_one", "tests/test_a.py::test_two", "tests/test_a.py::test_three")


def asked_of(other: str, asking: Mapping[str, str]) -> tuple[str, ...]:
    """The tests, of those that ask f("a"), …, that another function answers otherwise than len."""

    async def run() -> tuple[str, ...]:
        sandbox = await start_sandbox(SandboxSpec())

        def tool(body: str) -> Elsewhere:
            cells = (f"def f(log):\n    {body}",)
            return Elsewhere(Definition(cells=cells, signature=SIGNATURE), sandbox, 5.0, 20.0)

        first, second = tool("return len(log)"), tool(other)
        heard = Heard(first)
        try:
            for text, test in asking.items():
                asked: list[Plain] = [[text], {}]
                await heard.answer(asked, {ASKING: test} if test else {})
            return await heard.differing(second, TESTS)
        finally:
            await first.close()
            await second.close()
            await sandbox.close()

    return asyncio.run(run())


def test_only_the_tests_that_see_another_answer_are_named() -> None:
    asking = {"": f"{TESTS[0]} (call)", "ab": f"{TESTS[1]}[two words] (setup)", "abc": f"{TESTS[2]} (call)"}
    assert asked_of("return len(log)", asking) == ()
    assert asked_of("return len(log) + (log == 'ab')", asking) == (TESTS[1],)
    assert asked_of("return 1 / (len(log) - 3)", asking) == TESTS
    assert asked_of("return float(len(log))", asking) == TESTS


def test_who_asks_namelessly_may_be_any_of_them_and_a_stranger_is_none() -> None:
    assert asked_of("return 0", {"a": ""}) == TESTS
    assert asked_of("return 0", {"a": "elsewhere.py::test_x (call)"}) == ()

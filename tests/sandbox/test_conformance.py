"""Every adapter, and the kernel sandbox in every mode, against the one suite."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from dataclasses import replace

import pytest

from lithify.ports import Sandbox, SandboxFactory, SandboxSpec
from lithify.sandbox import start_sandbox
from lithify.testing.sandbox_conformance import CHECKS, Check

MODES = {
    "full": SandboxSpec(),
    "no-root": SandboxSpec(without=("root",)),
    "no-namespaces": SandboxSpec(without=("namespaces",)),
    "no-broker": SandboxSpec(without=("namespaces", "broker")),
    "no-open": SandboxSpec(without=("namespaces", "landlock", "broker")),
    "monty": SandboxSpec(adapter="monty"),
}


def factory(mode: str) -> SandboxFactory:
    """Sandboxes of this mode; the rest of the spec is the check's."""

    async def start(spec: SandboxSpec) -> Sandbox:
        return await start_sandbox(replace(spec, without=MODES[mode].without, adapter=MODES[mode].adapter))

    return start


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("mode", MODES)
def test_conforms(mode: str, check: Check) -> None:
    if mode == "monty" and importlib.util.find_spec("pydantic_monty") is None:
        pytest.skip("pydantic-monty is not installed")
    if mode != "monty" and sys.platform != "linux":
        pytest.skip("the kernel sandbox needs Linux")
    asyncio.run(check(factory(mode)))

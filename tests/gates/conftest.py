"""Putting a candidate to one gate, in a real sandbox."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from lithify.gates import Bounds
from lithify.gates.gate import Finding, Gate, Use, subject_of
from lithify.gates.requirements import module_names
from lithify.gates.workers import SharedWorkers
from lithify.records.context import Context
from lithify.records.tool import Candidate
from lithify.sandbox import start_sandbox

PutTo = Callable[..., Finding]


@pytest.fixture
def put_to() -> PutTo:
    """put_to(gate, candidate) gives the gate's finding."""

    def put(
        gate: Gate, candidate: Candidate, original: Context | Use | None = None, bounds: Bounds | None = None
    ) -> Finding:
        async def run() -> Finding:
            modules = module_names(candidate.requirements)
            workers = SharedWorkers(start_sandbox, modules, bounds or Bounds(seconds=20.0, tests_seconds=60.0))
            try:
                return await gate.judge(subject_of(candidate, original), workers)
            finally:
                await workers.close()

        return asyncio.run(run())

    return put

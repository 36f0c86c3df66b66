"""What the sandbox's tests share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from lithify.ports import HostFunction, InputValue, Sandbox, SandboxSpec, Session
from lithify.records.cell import CellResult
from lithify.records.plain import Plain
from lithify.sandbox import start_sandbox

T = TypeVar("T")


def with_sandbox(body: Callable[[Sandbox], Awaitable[T]], spec: SandboxSpec | None = None) -> T:
    """Run the body with a sandbox of its own, which is closed afterwards."""

    async def story() -> T:
        sandbox = await start_sandbox(spec or SandboxSpec())
        try:
            return await body(sandbox)
        finally:
            await sandbox.close()

    return asyncio.run(story())


def with_session(
    body: Callable[[Session], Awaitable[T]],
    spec: SandboxSpec | None = None,
    inputs: Mapping[str, InputValue] | None = None,
    functions: Mapping[str, HostFunction] | None = None,
) -> T:
    """Run the body with one session of a sandbox of its own."""

    async def story(sandbox: Sandbox) -> T:
        return await body(await sandbox.open_session(inputs, functions))

    return with_sandbox(story, spec)


def run_cells(
    *cells: str,
    spec: SandboxSpec | None = None,
    inputs: Mapping[str, InputValue] | None = None,
    functions: Mapping[str, HostFunction] | None = None,
    timeout: float = 20.0,
) -> list[CellResult]:
    """The results of cells run in order in one session."""

    async def story(session: Session) -> list[CellResult]:
        return [await session.run(cell, timeout=timeout) for cell in cells]

    return with_session(story, spec, inputs, functions)


def host_function(function: Callable[..., Plain], *, batched: bool = False) -> HostFunction:
    """A plain function as a host function."""

    async def handler(args: object, kwargs: object) -> Plain:
        return function(*args, **kwargs)  # type: ignore[misc]

    return HostFunction(handler=handler, batched=batched)

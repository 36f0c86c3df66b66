"""Sandboxes for one judgement: started at first use, shared by the gates, all closed at the end."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from lithify.gates.turns import Turns
from lithify.ports import Sandbox, SandboxFactory, SandboxSpec
from lithify.records.gating import Bounds

T = TypeVar("T")
_SEEDS = 1 << 32


class SharedWorkers:
    """Implements lithify.gates.gate.Workers with two zygotes: an interpreter and its imports are most of the cost.

    One has no files and no test runner: what it gives is what any caller gets. In the other, which has more memory and
    a hash seed that nobody knows beforehand, tests run as well. Each use is a fork of its own, so that nothing is left
    behind for the next one; and a tool that answers otherwise where it can see pytest or the folder of the tests, or
    knows how the gates order a set, gives two answers to one use.
    """

    def __init__(
        self, start: SandboxFactory, modules: tuple[str, ...], bounds: Bounds, tests: tuple[str, ...] = ()
    ) -> None:
        """modules: what the tool imports; tests: what running its tests imports besides."""
        self._start = start
        self._bounds = bounds
        self._tests = tests
        self._spec = replace(SandboxSpec(), memory_mb=bounds.memory_mb, output_chars=20_000)
        self._spec = replace(self._spec, preload=(*self._spec.preload, *modules))
        self._started: dict[int, asyncio.Task[Sandbox]] = {}
        self._folder: Path | None = None
        self._turns = Turns()
        self._second_seed = 2 + secrets.randbelow(_SEEDS - 2)
        self._done: dict[str, asyncio.Task[Any]] = {}

    @property
    def bounds(self) -> Bounds:
        """See Workers."""
        return self._bounds

    @property
    def start(self) -> SandboxFactory:
        """See Workers."""
        return self._start

    @property
    def second_seed(self) -> int:
        """See Workers."""
        return self._second_seed

    def spec(self, hash_seed: int) -> SandboxSpec:
        """See Workers."""
        return replace(self._spec, hash_seed=hash_seed)

    async def with_seed(self, hash_seed: int) -> Sandbox:
        """See Workers."""
        if hash_seed not in self._started:
            spec = self.spec(hash_seed)
            if hash_seed == self._second_seed:
                spec = replace(spec, preload=(*spec.preload, *self._tests), readable=(self._root(),))
                spec = replace(spec, memory_mb=2 * spec.memory_mb)
            self._started[hash_seed] = asyncio.ensure_future(self._start(spec))
        return await asyncio.shield(self._started[hash_seed])

    @asynccontextmanager
    async def for_tests(self, *, alone: bool = False) -> AsyncIterator[tuple[Sandbox, Path]]:
        """See Workers."""
        sandbox = await self.with_seed(self._second_seed)
        async with self._turns.alone() if alone else self._turns.together():
            yield sandbox, self._root()

    async def once(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        """See Workers."""
        if what not in self._done:
            self._done[what] = asyncio.ensure_future(work())
        found: T = await asyncio.shield(self._done[what])
        return found

    def _root(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="lithify-tests-"))
        return self._folder

    async def close(self) -> None:
        """End every sandbox that was started."""
        for task in self._done.values():
            task.cancel()
        await asyncio.gather(*self._done.values(), return_exceptions=True)
        for starting in self._started.values():
            if not starting.done():
                await asyncio.wait([starting])
            if not starting.cancelled() and starting.exception() is None:
                await starting.result().close()
        self._started.clear()
        self._done.clear()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        self._folder = None

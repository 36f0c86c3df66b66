"""Sandboxes for one judgement: started at first use, shared by the gates, all closed at the end."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from lithify.gates.running import TESTS_SEED
from lithify.ports import Sandbox, SandboxFactory, SandboxSpec
from lithify.records.gating import Bounds


class SharedWorkers:
    """Implements lithify.gates.gate.Workers."""

    def __init__(self, start: SandboxFactory, modules: tuple[str, ...], bounds: Bounds) -> None:
        self._start = start
        self._bounds = bounds
        self._spec = replace(SandboxSpec(), memory_mb=bounds.memory_mb, output_chars=20_000)
        self._spec = replace(self._spec, preload=(*self._spec.preload, *modules))
        self._started: dict[int, asyncio.Task[Sandbox]] = {}
        self._folder: Path | None = None
        self._tests: asyncio.Task[Sandbox] | None = None

    @property
    def bounds(self) -> Bounds:
        """See Workers."""
        return self._bounds

    @property
    def start(self) -> SandboxFactory:
        """See Workers."""
        return self._start

    def spec(self, hash_seed: int) -> SandboxSpec:
        """See Workers."""
        return replace(self._spec, hash_seed=hash_seed)

    async def with_seed(self, hash_seed: int) -> Sandbox:
        """See Workers."""
        if hash_seed not in self._started:
            self._started[hash_seed] = asyncio.ensure_future(self._start(self.spec(hash_seed)))
        return await asyncio.shield(self._started[hash_seed])

    async def for_tests(self, modules: tuple[str, ...]) -> tuple[Sandbox, Path]:
        """See Workers."""
        if self._folder is None or self._tests is None:
            self._folder = Path(tempfile.mkdtemp(prefix="lithify-tests-"))
            spec = self.spec(TESTS_SEED)
            spec = replace(spec, preload=(*spec.preload, *modules), readable=(self._folder,))
            self._tests = asyncio.ensure_future(self._start(spec))
        return await asyncio.shield(self._tests), self._folder

    async def close(self) -> None:
        """End every sandbox that was started."""
        for task in (*self._started.values(), *([self._tests] if self._tests is not None else [])):
            if not task.done():
                await asyncio.wait([task])
            if not task.cancelled() and task.exception() is None:
                await task.result().close()
        self._started.clear()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        self._folder = self._tests = None

"""A Workbench over a library in a folder: the real gates and sandbox, nobody at the keyboard but Ada, no model."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from lithify.errors import NoModel
from lithify.library import GitLibrary, open_library
from lithify.ports import Sandbox, SandboxSpec
from lithify.records.events import Event
from lithify.records.run import Limits, RunId
from lithify.sandbox import start_sandbox
from lithify.services.workbench import Models, Workbench
from lithify.settings import Keep

T = TypeVar("T")
PERSON = "Ada <ada@example.org>"


class Place:
    """A library, what was told, and one sandbox for as long as work is done."""

    def __init__(self, folder: Path, keep: Keep = "ask") -> None:
        self.library: GitLibrary = open_library(folder / "library")
        self.events: list[Event] = []
        self._keep: Keep = keep
        self._sandbox: Sandbox | None = None
        self._numbers = itertools.count(1)

    def notify(self, event: Event) -> None:
        self.events.append(event)

    @property
    def bench(self) -> Workbench:
        return Workbench(
            open_library=lambda: self.library,
            observer=self,
            models=_no_models,
            model_name="scripted",
            sandbox=self._shared,
            start_sandbox=start_sandbox,
            limits=Limits(cell_seconds=20),
            keep=self._keep,
            clock=time.monotonic,
            new_run_id=lambda: RunId(f"r{next(self._numbers)}"),
            person=lambda: PERSON,
        )

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work to its end, and end its sandbox."""

        async def whole() -> T:
            try:
                return await work
            finally:
                if self._sandbox is not None:
                    await self._sandbox.close()
                self._sandbox = None

        return asyncio.run(whole())

    async def _shared(self, modules: Sequence[str] = ()) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = await start_sandbox(SandboxSpec(memory_mb=512))
        return self._sandbox


def _no_models() -> Models:
    raise NoModel("no model in this test")

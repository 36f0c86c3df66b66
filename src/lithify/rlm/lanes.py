"""How much of a tree of runs goes on at once: calls of each model, and child runs on each level."""

from __future__ import annotations

import asyncio

from lithify.ports import Model
from lithify.records.run import Limits
from lithify.rlm.concurrency import Slots


class Lanes:
    """Shared by a root run and its child runs. A child waits for none but those below it, so none waits for ever."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots: dict[str, Slots] = {}
        self._levels: dict[int, asyncio.Semaphore] = {}

    def of(self, model: Model) -> Slots:
        """The places of a model."""
        return self._slots.setdefault(model.name, Slots(self._limits.parallel))

    def level(self, depth: int) -> asyncio.Semaphore:
        """The places of child runs at this depth."""
        return self._levels.setdefault(depth, asyncio.Semaphore(self._limits.children))

"""Identical calls of one run are made once: what was answered is answered again, what is under way is joined."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Entry(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class Memo(Generic[T]):
    """Results by key. A failure is given to all who wait for it and not remembered."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, _Entry[T]] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Whether the result is there or on its way."""
        return key in self._entries

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """The result of `make`, which is called only when the key is new.

        Cancelling one of several who wait leaves the work to the others; the last one to go ends it.
        """
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(asyncio.ensure_future(_run(make)))
            entry.task.add_done_callback(lambda task: self._forget_failure(key, task))
        entry.waiting += 1
        try:
            return await asyncio.shield(entry.task)
        except asyncio.CancelledError:
            if entry.waiting == 1 and not entry.task.done():
                entry.task.cancel()
                await asyncio.gather(entry.task, return_exceptions=True)
            raise
        finally:
            entry.waiting -= 1

    def _forget_failure(self, key: Hashable, task: asyncio.Task[T]) -> None:
        entry = self._entries.get(key)
        if (task.cancelled() or task.exception() is not None) and entry is not None and entry.task is task:
            del self._entries[key]

    async def close(self) -> None:
        """End what is under way, and wait until it has ended."""
        tasks = [entry.task for entry in self._entries.values() if not entry.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _run(make: Callable[[], Awaitable[T]]) -> T:
    return await make()

"""How many calls are under way at once: as many as the provider takes, found by trying (AIMD).

Additive increase, multiplicative decrease: D. Chiu and R. Jain, Analysis of the Increase and Decrease Algorithms for
Congestion Avoidance in Computer Networks, 1989.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from lithify.records.model import Retry

FIRST = 100
"""Places to begin with: each good call adds one until a provider has refused one, so twice as many after a round."""


@dataclass(slots=True)
class Slot:
    """A place for one call. retried hears of its repeated attempts; limited: one was too many for the provider."""

    slots: Slots
    age: int
    limited: bool = False

    def retried(self, retry: Retry) -> None:
        """The provider did not take an attempt; when it says that there were too many, fewer will be under way."""
        if retry.rate_limited:
            self.limited = True
            # The first wait is what the provider asks for, or short; later ones are long to let this one call through.
            self.age = self.slots.throttle(self.age, retry.wait if retry.attempt == 1 else 0.0)


class Slots:
    """Places for calls under way at once, at most `most`; half of them after a "too many requests" (429).

    Calls that need no second attempt then bring them back: as many good calls as there are places make one place more.
    Attempts that began before a decrease do not count for another. While the provider asks to wait, no call starts.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.places = float(min(most, FIRST))
        self.used = 0
        self._age = 0
        self._closed_until = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Slot]:
        """A place, first come first served."""
        await self._enter()
        slot = Slot(self, self._age)
        try:
            yield slot
        except BaseException:
            self._leave()
            raise
        if slot.age == self._age and not slot.limited:
            self.places = min(self.most, self.places + (1 / self.places if self._age else 1))
        self._leave()

    async def _enter(self) -> None:
        if not self._waiting and self._open():
            self.used += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # its turn came in the same moment
            raise

    def _open(self) -> bool:
        return self.used < max(1, int(self.places)) and asyncio.get_running_loop().time() >= self._closed_until

    def _leave(self) -> None:
        self.used -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting and (self._waiting[0].done() or self._open()):
            turn = self._waiting.popleft()
            if not turn.done():
                self.used += 1
                turn.set_result(None)

    def throttle(self, age: int, wait: float) -> int:
        """The provider refused an attempt of this age and is to be left alone for wait seconds.

        Gives the age of the attempt that comes after the wait.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        if until > self._closed_until:
            self._closed_until = until
            loop.call_at(until, self._wake)
        if age == self._age:
            self._age += 1
            self.places = max(1.0, min(self.places, self.used) / 2)
        return self._age

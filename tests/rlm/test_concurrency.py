from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from lithify.records.model import Retry
from lithify.rlm.concurrency import FIRST, Slot, Slots

TOO_MANY = Retry(attempt=1, wait=0.0, reason="429", rate_limited=True)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


class Calls:
    """Calls that hold a place until they are let go, and count how many do at once."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self.held: list[Slot] = []
        self.most = 0
        self.go = asyncio.Event()

    async def one(self) -> None:
        async with self.slots.one() as slot:
            self.held.append(slot)
            self.most = max(self.most, len(self.held))
            await self.go.wait()
            self.held.remove(slot)

    async def started(self, count: int) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(self.one()) for _ in range(count)]
        await asyncio.sleep(0)
        return tasks


def test_no_more_than_the_most_at_once_and_all_in_the_end() -> None:
    async def work() -> None:
        calls = Calls(Slots(5))
        tasks = await calls.started(20)
        assert len(calls.held) == 5
        calls.go.set()
        await asyncio.gather(*tasks)
        assert calls.most == 5

    run(work())


def test_too_many_requests_halve_the_places_once_for_all_attempts_of_the_same_age() -> None:
    async def work() -> None:
        slots = Slots(64)
        calls = Calls(slots)
        tasks = await calls.started(64)
        first, *others = calls.held
        first.retried(TOO_MANY)
        for slot in others:
            slot.retried(TOO_MANY)
        assert slots.places == 32
        first.retried(replace(TOO_MANY, attempt=2))
        assert slots.places == 16, "the second attempt began after the decrease: even fewer"
        calls.go.set()
        await asyncio.gather(*tasks)
        assert slots.places == 16, "calls that were refused give nothing back"
        calls.go.clear()
        tasks = await calls.started(64)
        assert len(calls.held) == 16
        calls.go.set()
        await asyncio.gather(*tasks)

    run(work())


def test_at_first_each_good_call_makes_room_for_one_more() -> None:
    async def work() -> None:
        slots = Slots(256)
        calls = Calls(slots)
        tasks = await calls.started(120)
        assert len(calls.held) == FIRST
        calls.go.set()
        await asyncio.gather(*tasks)
        assert slots.places == FIRST + 120
        await asyncio.gather(*await calls.started(200))
        assert slots.places == 256

    run(work())


def test_places_come_back_one_for_as_many_good_calls_as_there_are() -> None:
    async def work() -> None:
        slots = Slots(8)
        async with slots.one() as slot:
            slot.retried(TOO_MANY)
        slots.places = 4.0
        calls = Calls(slots)
        calls.go.set()
        await asyncio.gather(*await calls.started(4))
        assert 4.9 < slots.places < 5.1
        await asyncio.gather(*await calls.started(400))
        assert slots.places == 8

    run(work())


def test_a_failure_of_another_kind_changes_nothing() -> None:
    async def work() -> None:
        slots = Slots(8)
        async with slots.one() as slot:
            slot.retried(Retry(attempt=1, wait=0.0, reason="503"))
        assert slots.places == 8

    run(work())


def test_there_is_always_one_place() -> None:
    async def work() -> None:
        slots = Slots(2)
        for _ in range(5):
            async with slots.one() as slot:
                slot.retried(TOO_MANY)
        assert slots.places == 1

    run(work())


def test_nothing_starts_while_the_provider_asks_to_wait() -> None:
    async def work() -> None:
        slots = Slots(8)
        async with slots.one() as slot:
            slot.retried(Retry(attempt=1, wait=0.05, reason="429", rate_limited=True))
        loop = asyncio.get_running_loop()
        until = loop.time() + 0.04
        async with slots.one():
            assert loop.time() >= until

    run(work())


def test_cancelled_waiters_take_no_place() -> None:
    async def work() -> None:
        slots = Slots(1)
        calls = Calls(slots)
        tasks = await calls.started(3)
        tasks[1].cancel()
        await asyncio.sleep(0)
        calls.go.set()
        await asyncio.gather(tasks[0], tasks[2])
        assert slots.used == 0

    run(work())


def test_a_call_that_fails_gives_its_place_back() -> None:
    async def work() -> None:
        slots = Slots(1)
        for _ in range(3):
            try:
                async with slots.one():
                    raise ValueError("503")
            except ValueError:
                pass
        assert slots.used == 0

    run(work())

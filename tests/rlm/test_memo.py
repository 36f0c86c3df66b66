from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from lithify.rlm.memo import Memo


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


class Work:
    """Counts how often it is done; waits until it is let go."""

    def __init__(self) -> None:
        self.done = 0
        self.begun = 0
        self.cancelled = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.done += 1
        return self.done


def test_what_is_under_way_is_joined_and_what_is_there_is_given_again() -> None:
    async def work() -> None:
        memo: Memo[int] = Memo()
        made = Work()
        first, second = (asyncio.ensure_future(memo.get("key", made)) for _ in range(2))
        await asyncio.sleep(0)
        assert "key" in memo
        made.go.set()
        assert [await first, await second, await memo.get("key", made)] == [1, 1, 1]
        assert await memo.get("other", made) == 2

    run(work())


def test_a_failure_is_everybodys_and_nobodys_afterwards() -> None:
    async def work() -> None:
        memo: Memo[int] = Memo()

        async def fails() -> int:
            await asyncio.sleep(0)
            raise ValueError("503")

        async def works() -> int:
            return 7

        both = await asyncio.gather(memo.get("key", fails), memo.get("key", works), return_exceptions=True)
        assert [str(one) for one in both] == ["503", "503"]
        assert "key" not in memo
        assert await memo.get("key", works) == 7

    run(work())


def test_whoever_leaves_first_does_not_take_it_from_the_others() -> None:
    async def work() -> None:
        memo: Memo[int] = Memo()
        made = Work()
        first, second = (asyncio.ensure_future(memo.get("key", made)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        made.go.set()
        assert await second == 1
        assert made.cancelled == 0

    run(work())


def test_the_last_to_leave_ends_the_work_and_waits_for_its_end() -> None:
    async def work() -> None:
        memo: Memo[int] = Memo()
        made = Work()
        both = [asyncio.ensure_future(memo.get("key", made)) for _ in range(2)]
        await asyncio.sleep(0)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        assert (made.begun, made.cancelled) == (1, 1)
        assert "key" not in memo

    run(work())


def test_close_ends_all_that_is_under_way() -> None:
    async def work() -> None:
        memo: Memo[int] = Memo()
        made = Work()
        waiting = [asyncio.ensure_future(memo.get(key, made)) for key in range(3)]
        while made.begun < 3:
            await asyncio.sleep(0)
        await memo.close()
        assert made.cancelled == 3
        for one in waiting:
            with pytest.raises(asyncio.CancelledError):
                await one

    run(work())

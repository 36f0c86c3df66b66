"""Many at once, or one alone."""

from __future__ import annotations

import asyncio

from lithify.gates.turns import Turns


def test_one_alone_waits_for_the_others_and_goes_before_later_ones() -> None:
    said: list[str] = []

    async def run() -> None:
        turns, leave = Turns(), asyncio.Event()

        async def together(name: str) -> None:
            async with turns.together():
                said.append(name)
                await leave.wait()

        async def alone() -> None:
            async with turns.alone():
                said.append("alone")
                await asyncio.sleep(0)
                said.append("alone no more")

        first = [asyncio.ensure_future(together(name)) for name in ("one", "two")]
        await asyncio.sleep(0)
        waiting = asyncio.ensure_future(alone())
        await asyncio.sleep(0)
        later = asyncio.ensure_future(together("later"))
        await asyncio.sleep(0)
        assert said == ["one", "two"]
        leave.set()
        await asyncio.gather(*first, waiting, later)

    asyncio.run(run())
    assert said == ["one", "two", "alone", "alone no more", "later"]


def test_one_that_gives_up_waiting_stands_in_nobodys_way() -> None:
    async def run() -> None:
        turns = Turns()
        async with turns.together():
            waiting = asyncio.ensure_future(turns.alone().__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            async with asyncio.timeout(5), turns.together():
                pass

    asyncio.run(run())

"""Watching runs from Python."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from lithify.errors import ModelFailed, ProgrammerMustAct
from lithify.records.events import Event, ModelText
from lithify.records.run import RunId
from lithify.testing.ledger_story import finished, started
from lithify.watching import Followed, Watchers

ONE, TWO = started("r"), finished("r")


def test_subscribers_are_told_until_they_have_enough() -> None:
    watchers, first, second = Watchers(), [], []
    stop = watchers.subscribe(first.append)
    watchers.subscribe(second.append)
    watchers.notify(ONE)
    stop()
    stop()
    watchers.notify(TWO)
    assert (first, second) == ([ONE], [ONE, TWO])


def test_one_callback_may_be_subscribed_twice_and_ended_once() -> None:
    watchers, seen = Watchers(), []
    stop = watchers.subscribe(seen.append)
    watchers.subscribe(seen.append)
    stop()
    watchers.notify(ONE)
    assert seen == [ONE]


def test_words_are_wanted_while_somebody_wants_them() -> None:
    watchers = Watchers()
    assert not watchers.want_text
    watchers.subscribe(print)
    stop = watchers.subscribe(print, text=True)
    assert watchers.want_text
    stop()
    assert not watchers.want_text


def test_a_subscriber_that_fails_is_logged_and_the_others_are_told(caplog: pytest.LogCaptureFixture) -> None:
    watchers, seen = Watchers(), []

    def failing(event: Event) -> None:
        raise ValueError("my fault")

    watchers.subscribe(failing)
    watchers.subscribe(seen.append)
    with caplog.at_level(logging.ERROR, "lithify"):
        watchers.notify(ONE)
    assert seen == [ONE]
    assert "a subscriber failed on RunStarted" in caplog.text
    assert "my fault" in caplog.text


def follow(
    work: Callable[[Callable[[Event], None]], object], use: Callable[[Followed[str]], object], error: str = ""
) -> Followed[str]:
    async def run(tell: Callable[[Event], None]) -> str:
        tell(ONE)
        await work(tell)  # type: ignore[misc]
        if error:
            raise ModelFailed(error)
        return "answer"

    async def main() -> Followed[str]:
        followed = Followed(run)
        async with followed:
            await use(followed)  # type: ignore[misc]
        return followed

    return asyncio.run(main())


async def at_once(tell: Callable[[Event], None]) -> None:
    await asyncio.sleep(0)
    tell(TWO)


def test_a_run_is_followed_to_its_end_and_its_result() -> None:
    async def use(run: Followed[str]) -> None:
        assert [event async for event in run] == [ONE, TWO]
        assert [event async for event in run] == []
        assert await run.result() == "answer"

    follow(at_once, use)


def test_the_result_can_be_had_without_the_events() -> None:
    async def use(run: Followed[str]) -> None:
        assert await run.result() == "answer"

    follow(at_once, use)


def test_an_error_ends_the_events_and_is_raised_by_the_result() -> None:
    async def use(run: Followed[str]) -> None:
        assert [event async for event in run] == [ONE, TWO]
        with pytest.raises(ModelFailed, match="503"):
            await run.result()

    follow(at_once, use, error="503")


def test_leaving_stops_the_run_and_waits_for_its_end() -> None:
    ended: list[str] = []

    async def for_ever(tell: Callable[[Event], None]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned up")

    async def use(run: Followed[str]) -> None:
        async for event in run:
            assert event == ONE
            break

    follow(for_ever, use)
    assert ended == ["cleaned up"]


def test_whoever_waits_for_the_result_may_be_cancelled_and_the_run_goes_on() -> None:
    async def use(run: Followed[str]) -> None:
        waiting = asyncio.create_task(run.result())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await run.result() == "answer"

    follow(at_once, use)


def test_a_run_that_was_not_started_has_no_result() -> None:
    async def main() -> None:
        with pytest.raises(ProgrammerMustAct, match="async with"):
            await Followed(at_once).result()  # type: ignore[arg-type]

    asyncio.run(main())


def test_texts_are_events_as_any_other() -> None:
    text = ModelText(run_id=RunId("r"), turn=1, purpose="root", model="m", text="wo")

    async def saying(tell: Callable[[Event], None]) -> None:
        tell(text)

    async def use(run: Followed[str]) -> None:
        assert [event async for event in run] == [ONE, text]

    follow(saying, use)

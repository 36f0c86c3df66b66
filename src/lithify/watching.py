"""Watching runs from Python: callbacks that come and go, and one run as a stream of its events."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from types import TracebackType
from typing import Any, Generic, TypeAlias, TypeVar

from lithify.errors import ProgrammerMustAct
from lithify.records.events import Event
from lithify.records.quick import dataclass

Callback: TypeAlias = Callable[[Event], None]
R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False)
class _Subscription:
    callback: Callback
    text: bool


class Watchers:
    """An Observer that tells whoever has subscribed. A callback that raises is logged, and the run goes on."""

    def __init__(self) -> None:
        self._subscriptions: list[_Subscription] = []

    @property
    def want_text(self) -> bool:
        """Whether any of them wants to hear the model's words as they come."""
        return any(one.text for one in self._subscriptions)

    def subscribe(self, callback: Callback, *, text: bool = False) -> Callable[[], None]:
        """Tell callback of every event from now on. Returns what ends that; it may be called more than once."""
        subscription = _Subscription(callback, text)
        self._subscriptions.append(subscription)

        def unsubscribe() -> None:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)

        return unsubscribe

    def notify(self, event: Event) -> None:
        """Tell each of them."""
        for subscription in tuple(self._subscriptions):
            try:
                subscription.callback(event)
            except Exception:
                logging.getLogger("lithify").exception("a subscriber failed on %s", type(event).__name__)


class Followed(Generic[R]):
    """One run as an async context manager and iterator of its events, those of its child runs included.

        async with lab.follow("How many errors?", Path("app.log")) as run:
            async for event in run:
                ...
            result = await run.result()

    Leaving the block before the run has ended stops the run. Events wait in memory until they are taken.
    """

    def __init__(self, start: Callable[[Callback], Coroutine[Any, Any, R]]) -> None:
        self._start = start
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._task: asyncio.Task[R] | None = None

    async def __aenter__(self) -> Followed[R]:
        self._task = asyncio.create_task(self._start(self._events.put_nowait))
        self._task.add_done_callback(lambda _: self._events.put_nowait(None))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def __aiter__(self) -> AsyncIterator[Event]:
        """The events up to the end of the run. An error of the run is raised by `result`, not here."""
        while (event := await self._events.get()) is not None:
            yield event
        self._events.put_nowait(None)

    async def result(self) -> R:
        """What the run came to. Raises what asking would have raised."""
        if self._task is None:
            raise ProgrammerMustAct("the run was not started: use it with `async with`")
        return await asyncio.shield(self._task)

"""Functions of the host as a cell sees them: messages over the channel, one by one or by the list."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from . import wire
from .channel import Channel, LoopMailbox, Mailbox
from .values import MAX_ITEMS, NotPlain, Plainer

_CALLS_PER_FRAME = 256
_CALLS_IN_FLIGHT = 4096
_FRAME_OVERHEAD = 1024
_BYTES_PER_CHARACTER = 4
_ITEMS_PER_FRAME = 2 * MAX_ITEMS  # one call's always fit


class HostCallError(RuntimeError):
    """A function of the host failed; the message says why."""


class CallFailure:
    """What stands in a batch's result for a call that failed: falsy, and `.error` says why."""

    __slots__ = ("error",)

    def __init__(self, error: str) -> None:
        self.error = error

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"CallFailure({self.error!r})"


class HostCalls:
    """Sends calls and matches the answers."""

    def __init__(self, channel: Channel, max_message: int, max_calls: int) -> None:
        self._channel = channel
        self._max_message = max_message
        self._max_calls = max_calls
        self._numbers = itertools.count(1)

    def call(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """One call; raises HostCallError when it fails."""
        number = next(self._numbers)
        packed, _ = self._pack(name, number, args, kwargs)
        box = Mailbox()
        self._channel.expect(number, box)
        self._send(name, [packed])
        _, ok, value = self._channel.take(box)[0]
        if not ok:
            raise HostCallError(value)
        return value

    async def call_async(self, name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """One call, awaited; raises HostCallError when it fails."""
        import asyncio

        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        packed, _ = self._pack(name, number, args, kwargs)
        box = LoopMailbox(loop)
        self._channel.expect(number, box)
        self._channel.watch(loop)
        try:
            self._send(name, [packed])
            _, ok, value = await box.answer
        finally:
            self._channel.unwatch(loop)
        if not ok:
            raise HostCallError(value)
        return value

    def call_all(self, name: str, items: Sequence[Any], kwargs: dict[str, Any]) -> list[Any]:
        """One call per item, all at once; a failed one gives a CallFailure in its place."""
        if len(items) > self._max_calls:
            raise ValueError(f"{name}_batched(): {len(items):,} calls at once; a session may make {self._max_calls:,}")
        box = Mailbox()
        places: dict[int, int] = {}
        results: list[Any] = [None] * len(items)
        position = 0
        while position < len(items) or places:
            while position < len(items) and len(places) < _CALLS_IN_FLIGHT:
                position = self._send_some(name, items, kwargs, box, places, position)
            for number, ok, value in self._channel.take(box):
                results[places.pop(number)] = value if ok else CallFailure(value)
        return results

    def _send_some(
        self,
        name: str,
        items: Sequence[Any],
        kwargs: dict[str, Any],
        box: Mailbox,
        places: dict[int, int],
        position: int,
    ) -> int:
        """Send the next calls in one frame, as many as fit; returns the position after them."""
        calls: list[bytes] = []
        size = elements = 0
        while position < len(items) and len(calls) < _CALLS_PER_FRAME:
            number = next(self._numbers)
            call, held = self._pack(name, number, [items[position]], kwargs)
            elements += held
            if calls and (size + len(call) > self._max_message // 2 or elements > _ITEMS_PER_FRAME):
                break
            calls.append(call)
            size += len(call)
            places[number] = position
            self._channel.expect(number, box)
            position += 1
        self._send(name, calls)
        return position

    def _pack(self, name: str, number: int, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[bytes, int]:
        """One call as bytes, and its elements: what cannot be sent fails before anything is."""
        plainer = Plainer(_BYTES_PER_CHARACTER * self._max_message)  # of what is packed, the length counts
        try:
            packed = wire.encode([number, plainer.convert(list(args)), plainer.convert(kwargs)])
        except (NotPlain, TypeError, ValueError, OverflowError) as error:
            raise TypeError(f"{name}() takes text, numbers, lists and dicts only: {error}") from None
        if len(packed) > self._max_message - _FRAME_OVERHEAD:
            limit = self._max_message >> 20
            raise ValueError(f"{name}(): {len(packed):,} bytes in one call; at most {limit} MB: pass a shorter text")
        return packed, plainer.items

    def _send(self, name: str, calls: list[bytes]) -> None:
        self._channel.send(wire.encode(["calls", name, calls]))


def make_function(calls: HostCalls, name: str) -> Callable[..., Any]:
    """`name(*args, **kwargs)` for cells."""

    def function(*args: Any, **kwargs: Any) -> Any:
        return calls.call(name, args, kwargs)

    return _named(function, name, f"Ask the host: {name}(*args, **kwargs). Raises HostCallError when it fails.")


def make_batched(calls: HostCalls, name: str) -> Callable[..., list[Any]]:
    """`name_batched(list, **kwargs)` for cells."""

    def function(items: Sequence[Any], **kwargs: Any) -> list[Any]:
        return calls.call_all(name, list(items), kwargs)

    about = (
        f"One {name} call per element, all at once. A failed one gives a falsy CallFailure with .error in its place."
    )
    return _named(function, f"{name}_batched", about)


def make_async(calls: HostCalls, name: str) -> Callable[..., Any]:
    """`await name_async(*args, **kwargs)` for cells."""

    async def function(*args: Any, **kwargs: Any) -> Any:
        return await calls.call_async(name, args, kwargs)

    return _named(function, f"{name}_async", f"Await {name}(*args, **kwargs); thousands may be awaited at once.")


def _named(function: Callable[..., Any], name: str, about: str) -> Callable[..., Any]:
    function.__name__ = function.__qualname__ = name
    function.__doc__ = about
    return function

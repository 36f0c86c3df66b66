"""Host functions at work: a cell's calls become tasks, their outcomes become answers."""

from __future__ import annotations

import asyncio
import functools
import struct
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from lithify.errors import SandboxLost
from lithify.ports import HostFunction
from lithify.sandbox.frames import Call, Calls
from lithify.sandbox.guest import wire

_MAX_REASON = 4_000
_FRAME_BYTES = 4 << 20
_PATIENCE = 1_000
"""Calls beyond the limit that are refused one by one before the session ends."""
_ARRAY_OF_2, _ARRAY_32 = b"\x92", b"\xdd"


class CallDesk:
    """Serves the calls of one session.

    send takes a whole frame; on_owing hears when the first answer begins to be owed, and when none is any more.
    """

    def __init__(self, max_calls: int, send: Callable[[bytes], None], on_owing: Callable[[bool], None]) -> None:
        self._max_calls = max_calls
        self._send = send
        self._on_owing = on_owing
        self._functions: dict[str, HostFunction] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: list[bytes] = []
        self._flushing = False
        self._count = 0
        self._refusal = ""
        self.pending_bytes = 0

    def offer(self, functions: Mapping[str, HostFunction]) -> None:
        """Let cells call these."""
        self._functions.update(functions)

    def accept(self, message: Calls) -> None:
        """Start serving calls. Raises SandboxLost for a function that was not offered, or far too many calls."""
        function = self._functions.get(message.name)
        if function is None:
            raise SandboxLost("protocol", f"the worker called {message.name[:80]!r}, which was not offered")
        self._count += len(message.calls)
        if self._count > self._max_calls + _PATIENCE:
            raise SandboxLost("calls", f"the session made more than {self._max_calls:,} calls of host functions")
        if self._count > self._max_calls:
            self._refuse(message.calls, f"the limit of {self._max_calls:,} calls of host functions is reached")
        elif self._refusal:
            self._refuse(message.calls, self._refusal)
        else:
            for call in message.calls:
                self._start(function, call)

    def _refuse(self, calls: list[Call], why: str) -> None:
        for call in calls:
            self._answer(call, ok=False, value=why)

    def _start(self, function: HostFunction, call: Call) -> None:
        if not self._tasks:
            self._on_owing(True)
        self.pending_bytes += call.size
        task = _begin(self._serve(function, call))
        self._tasks.add(task)
        task.add_done_callback(functools.partial(self._done, call))

    async def _serve(self, function: HostFunction, call: Call) -> None:
        try:
            value = await function.handler(call.args, call.kwargs)
        except Exception as error:  # noqa: BLE001 - whatever a host function raises is the cell's to handle
            self._answer(call, ok=False, value=(str(error) or type(error).__name__)[:_MAX_REASON])
        else:
            self._answer(call, ok=True, value=value)

    def _done(self, call: Call, task: asyncio.Task[None]) -> None:
        """Also of a task that was cancelled before it began."""
        self._tasks.discard(task)
        self.pending_bytes -= call.size
        if task.cancelled():
            self._answer(call, ok=False, value="the cell that asked has ended")
        if not self._tasks:
            self._on_owing(False)

    def _answer(self, call: Call, *, ok: bool, value: object) -> None:
        try:
            answer = wire.encode([call.number, ok, value])
        except (TypeError, ValueError, OverflowError) as error:
            answer = wire.encode([call.number, False, f"the host function's result is not plain data: {error}"])
        self._answers.append(answer)
        if not self._flushing:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self.flush)  # answers that are ready together travel together

    def flush(self) -> None:
        """Send the answers that are ready."""
        self._flushing = False
        answers, self._answers = self._answers, []
        frame: list[bytes] = []
        size = 0
        for answer in answers:
            if frame and size + len(answer) > _FRAME_BYTES:
                self._send(_frame_of(frame))
                frame, size = [], 0
            frame.append(answer)
            size += len(answer)
        if frame:
            self._send(_frame_of(frame))

    def refuse(self, why: str) -> None:
        """From now on, answer every call with this failure ("": serve again)."""
        self._refusal = why

    def cancel(self) -> None:
        """Stop working on what is open; whoever still waits for it gets a failure."""
        for task in tuple(self._tasks):
            task.cancel()


def _begin(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task; where Python can (3.12), a function that answers at once is done before this returns."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        task = asyncio.Task(work, loop=loop, eager_start=True)
    else:
        task = loop.create_task(work)
    return task


def _frame_of(answers: list[bytes]) -> bytes:
    body = b"".join((_ARRAY_OF_2, wire.encode("answers"), _ARRAY_32, struct.pack(">I", len(answers)), *answers))
    return wire.HEADER.pack(len(body)) + body

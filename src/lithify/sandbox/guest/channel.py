"""The worker's end of the one channel: a stream of frames, and descriptors that travel with them.

Many threads may wait for answers at once; one of them reads for all (leader and followers).
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from . import wire
from .guard import Guard

if TYPE_CHECKING:
    import asyncio  # the cell imports it when it uses it

_READ = 1 << 18
_DESCRIPTORS_PER_MESSAGE = 253  # SCM_MAX_FD


class HostGone(SystemExit):
    """The host closed the channel; the worker ends."""


class Mailbox:
    """Where one waiting thread finds what came for it."""

    __slots__ = ("bell", "items")

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.bell = threading.Lock()

    def put(self, item: Any) -> None:
        """Called by whichever thread reads."""
        self.items.append(item)


class LoopMailbox(Mailbox):
    """Where a coroutine finds the one answer it awaits."""

    __slots__ = ("_loop", "answer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self.answer: asyncio.Future[Any] = loop.create_future()

    def put(self, item: Any) -> None:
        """Called by whichever thread reads."""
        with contextlib.suppress(RuntimeError):  # its loop is closed: nobody awaits any more
            self._loop.call_soon_threadsafe(self._settle, item)

    def _settle(self, item: Any) -> None:
        if not self.answer.done():
            self.answer.set_result(item)


class Channel:
    """Frames to and from the host. The host is trusted; what it sends is not checked here."""

    def __init__(self, descriptor: int, guard: Guard) -> None:
        # family and type are given: asking the kernel for them is refused
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)
        self._sock.setblocking(False)
        self._guard = guard
        self._buffer = bytearray()
        self._writing = threading.Lock()
        self._incoming = select.poll()  # for the one thread that leads
        self._incoming.register(self._sock, select.POLLIN)
        self._mutex = threading.Lock()  # over all that follows
        self._leader: int | None = None
        self._followers: dict[Mailbox, None] = {}
        self._expected: dict[int, Mailbox] = {}
        self._watched: dict[asyncio.AbstractEventLoop, int] = {}
        self.requests = Mailbox()
        self.descriptors: deque[int] = deque()

    def send(self, body: bytes) -> None:
        """Write one frame whole."""
        view = memoryview(wire.HEADER.pack(len(body)) + body)
        with self._guard, self._writing:
            while view:
                try:
                    view = view[self._sock.send(view) :]
                except BlockingIOError:
                    self._wait_writable()

    def expect(self, number: int, box: Mailbox) -> None:
        """The answer with this number shall go to the box; to be said before the call is sent."""
        self._expected[number] = box

    def take(self, box: Mailbox) -> list[Any]:
        """What came for the box; waits until there is something. The soft limit may strike while it waits."""
        me = threading.get_ident()
        while True:
            with self._guard, self._mutex:
                if box.items:
                    items, box.items = box.items, []
                    return items
                leads = self._leader in (None, me)  # a lead that a time-out left behind is still this thread's
                if leads:
                    self._leader = me
                else:
                    box.bell.acquire(blocking=False)
                    self._followers[box] = None
            if leads:
                self._read_once()
            else:
                box.bell.acquire()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have an event loop of the cell's read along, until `unwatch`: what comes for its coroutines wakes it."""
        self._watched[loop] = self._watched.get(loop, 0) + 1
        if self._watched[loop] == 1:
            loop.add_reader(self._sock, self._read_for_loop)

    def unwatch(self, loop: asyncio.AbstractEventLoop) -> None:
        """The inverse of `watch`."""
        self._watched[loop] -= 1
        if not self._watched[loop]:
            del self._watched[loop]
            loop.remove_reader(self._sock)

    def _read_for_loop(self) -> None:
        me = threading.get_ident()
        with self._guard, self._mutex:
            leads = self._leader in (None, me)
            if leads:
                self._leader = me
        if leads:
            try:
                with self._guard:
                    self._receive()
            finally:
                self._stop_leading()

    def _read_once(self) -> None:
        try:
            self._incoming.poll()
            with self._guard:
                self._receive()
        finally:
            self._stop_leading()

    def _stop_leading(self) -> None:
        with self._guard, self._mutex:
            self._leader = None
            if self._followers:
                self._ring(next(iter(self._followers)))

    def _ring(self, box: Mailbox) -> None:
        if box in self._followers:
            del self._followers[box]
            box.bell.release()

    def _wait_writable(self) -> None:
        """Wait until the host reads again; meanwhile read what it sends, or each side could wait for the other."""
        me = threading.get_ident()
        with self._mutex:
            leads = self._leader in (None, me)
            if leads:
                self._leader = me
        for event in self._poll(select.POLLOUT | (select.POLLIN if leads else 0)):
            if leads and event & (select.POLLIN | select.POLLHUP):
                self._receive()
        if leads:
            self._stop_leading()

    def _poll(self, events: int) -> list[int]:
        poll = select.poll()
        poll.register(self._sock, events)
        return [event for _, event in poll.poll()]

    def _receive(self) -> None:
        """Take what is there and hand it out; the caller leads."""
        try:
            data, ancillary, _, _ = self._sock.recvmsg(_READ, socket.CMSG_SPACE(4 * _DESCRIPTORS_PER_MESSAGE))
        except BlockingIOError:
            return
        if not data:
            raise HostGone(0)
        for level, kind, content in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                self.descriptors.extend(memoryview(content[: len(content) // 4 * 4]).cast("i"))
        self._buffer += data
        header = wire.HEADER.size
        while len(self._buffer) >= header:
            size = wire.HEADER.unpack_from(self._buffer)[0] + header
            if len(self._buffer) < size:
                break
            message = wire.decode(bytes(memoryview(self._buffer)[header:size]))
            del self._buffer[:size]
            self._hand_out(message)

    def _hand_out(self, message: list[Any]) -> None:
        with self._mutex:
            if message[0] == "answers":
                for answer in message[1]:
                    box = self._expected.pop(answer[0], None)
                    if box is not None:
                        box.put(answer)
                        self._ring(box)
            else:
                self.requests.put(message)
                self._ring(self.requests)

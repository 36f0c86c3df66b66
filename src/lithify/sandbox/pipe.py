"""The host's end of a worker's channel: bytes and descriptors out, bytes in, by the event loop."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Sequence

_READ = 1 << 14
_MAX_READ = 1 << 20
_DESCRIPTORS_PER_MESSAGE = 250


class Pipe:
    """A stream that never blocks the loop. What the other side does not take is kept until it does."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._sock = sock
        self._unsent: deque[memoryview] = deque()
        self._reading = self._watching = False
        self._closed = False
        self.unsent_bytes = 0

    def listen(self, on_data: Callable[[bytes], None], on_end: Callable[[], None], missing: Callable[[], int]) -> None:
        """Who hears of bytes and of the end, and says how many bytes more would be welcome at once.

        Otherwise little is read at a time, so that no worker keeps the loop busy. Nothing is read before `resume`.
        """
        self._on_data, self._on_end, self._missing = on_data, on_end, missing

    def resume(self) -> None:
        """Read what comes."""
        self._reading = True
        if not self._watching and not self._closed:
            self._watching = True
            self._loop.add_reader(self._sock, self._on_readable)

    def pause(self) -> None:
        """Leave what comes in the kernel's buffer; once that is full, the worker waits.

        The loop is told only when something does come: most pauses end before.
        """
        self._reading = False

    def _stop_watching(self) -> None:
        if self._watching:
            self._watching = False
            self._loop.remove_reader(self._sock)

    def send(self, data: bytes, descriptors: Sequence[int] = ()) -> None:
        """Write whole, at once or when the other side reads. Raises OSError when there is no other side."""
        if self._closed:
            return
        view = memoryview(data)
        for start in range(0, len(descriptors), _DESCRIPTORS_PER_MESSAGE):
            some = list(descriptors[start : start + _DESCRIPTORS_PER_MESSAGE])
            socket.send_fds(self._sock, [view[:1]], some)
            view = view[1:]
        if not self._unsent:
            view = self._write(view)
            if view:
                self._loop.add_writer(self._sock, self._on_writable)
        if view:
            self._unsent.append(view)
            self.unsent_bytes += len(view)

    def _write(self, view: memoryview) -> memoryview:
        """Write what goes; gives the rest."""
        while view:
            try:
                view = view[self._sock.send(view) :]
            except BlockingIOError:
                break
        return view

    def _on_writable(self) -> None:
        try:
            while self._unsent:
                view = self._unsent.popleft()
                rest = self._write(view)
                self.unsent_bytes -= len(view) - len(rest)
                if rest:
                    self._unsent.appendleft(rest)
                    return
        except OSError:
            self._on_end()
            return
        self._loop.remove_writer(self._sock)

    def _on_readable(self) -> None:
        if not self._reading:
            self._stop_watching()
            return
        try:
            data = self._sock.recv(min(max(self._missing(), _READ), _MAX_READ))
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._on_data(data)
        else:
            self._on_end()

    def close(self) -> None:
        """Stop, and let the worker see the end."""
        if not self._closed:
            self._stop_watching()
            self._closed = True
            self._loop.remove_writer(self._sock)
            self._unsent.clear()
            self.unsent_bytes = 0
            self._sock.close()

"""The host's end of a zygote: start it, have it fork workers, end it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections import deque
from typing import IO, Any

import msgpack

from lithify.errors import SandboxLost, SandboxUnavailable
from lithify.ports import SandboxSpec
from lithify.records.quick import dataclass
from lithify.sandbox import boot
from lithify.sandbox.process import WorkerProcess

_START_SECONDS = 120.0
_END_SECONDS = 5.0
_MAX_REPLY = 1 << 20
_MAX_TAIL = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A forked, confined worker: the host's end of its channel, and its pidfd."""

    channel: socket.socket
    pidfd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZygoteReport:
    """What the zygote says of itself once it is ready."""

    layers: dict[str, str]
    not_preloaded: tuple[str, ...]
    zero_copy: bool


def _settings(spec: SandboxSpec) -> dict[str, Any]:
    """What the zygote is told first."""
    return {
        "preload": list(spec.preload),
        "readable": [str(path.absolute()) for path in spec.readable],
        "without": list(spec.without),
        "memory": spec.memory_mb << 20,
        "threads": spec.threads,
        "output": spec.output_chars,
        "message": spec.message_mb << 20,
        "calls": spec.max_calls,
    }


class Zygote:
    """One zygote. Its requests are answered in order."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket, report: ZygoteReport) -> None:
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[asyncio.Future[int]] = deque()
        self._ended = self._closed = False
        self.report = report
        self._loop.add_reader(control, self._on_reply)

    @classmethod
    async def start(cls, spec: SandboxSpec) -> Zygote:
        """Start a zygote and wait until it has preloaded. Raises SandboxUnavailable when it cannot start."""
        try:
            booted = boot.take(spec.hash_seed)
        except OSError as error:
            raise SandboxUnavailable(
                f"the sandbox's zygote did not start: {error}. This user must be able to execute {sys.executable}"
            ) from error
        try:
            booted.control.send(msgpack.packb(_settings(spec)))
            reply = await asyncio.wait_for(_receive(booted.control), _START_SECONDS)
        except BaseException as error:
            booted.control.close()
            booted.process.kill()
            booted.process.wait()
            if isinstance(error, (OSError, TimeoutError)):
                why = f"{error or 'no answer'}. {_tail_of(booted.said)}"
                raise SandboxUnavailable(f"the sandbox's zygote did not start: {why}") from error
            raise
        finally:
            booted.said.close()
        report: dict[str, Any] = msgpack.unpackb(reply)
        return cls(
            booted.process,
            booted.control,
            ZygoteReport(
                layers=report["layers"],
                not_preloaded=tuple(report["not_preloaded"]),
                zero_copy=report["zero_copy"],
            ),
        )

    @property
    def ended(self) -> bool:
        """Whether it has ended, asked or unasked."""
        return self._ended

    async def fork(self) -> Worker:
        """A new worker. Raises SandboxLost when the zygote is gone or cannot fork."""
        if self._ended:
            raise SandboxLost("died", "the sandbox's zygote has ended")
        ours, theirs = socket.socketpair()
        reply: asyncio.Future[int] = self._loop.create_future()
        try:
            for end in (ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            self._waiting.append(reply)
            socket.send_fds(self._control, [b"fork"], [theirs.fileno()])
            pidfd = await asyncio.shield(reply)
        except BaseException as error:
            ours.close()
            reply.add_done_callback(_close_unwanted)
            if isinstance(error, ConnectionError):
                self._lose()
            if isinstance(error, OSError):
                raise SandboxLost("died", f"the sandbox's zygote does not answer: {error}") from error
            raise
        finally:
            theirs.close()
        return Worker(channel=ours, pidfd=pidfd)

    def _on_reply(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _MAX_REPLY, 4)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        if not data:
            self._lose()
            return
        reply = self._waiting.popleft()
        if descriptors and not reply.done():
            reply.set_result(descriptors[0])
        elif descriptors:
            os.close(descriptors[0])
        elif not reply.done():
            reply.set_exception(SandboxLost("died", f"the zygote could not fork: {msgpack.unpackb(data)['error']}"))

    def _lose(self) -> None:
        self._ended = True
        self._loop.remove_reader(self._control)
        while self._waiting:
            reply = self._waiting.popleft()
            if not reply.done():
                reply.set_exception(SandboxLost("died", "the sandbox's zygote died"))

    async def close(self) -> None:
        """End the zygote and with it every worker; returns when they are gone. May be called more than once."""
        if self._closed:
            return
        self._closed = True
        self._lose()
        held = WorkerProcess(os.pidfd_open(self._process.pid))
        self._control.close()
        try:
            await asyncio.wait_for(held.gone(), _END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await held.gone()
        self._process.wait()


def _tail_of(file: IO[bytes]) -> str:
    """The end of what the zygote wrote."""
    file.seek(max(file.seek(0, os.SEEK_END) - _MAX_TAIL, 0))
    return file.read().decode("utf-8", "replace")


async def _receive(control: socket.socket) -> bytes:
    data = await asyncio.get_running_loop().sock_recv(control, _MAX_REPLY)
    if not data:
        raise ConnectionError("it ended at once")
    return data


def _close_unwanted(reply: asyncio.Future[int]) -> None:
    """A worker that nobody waits for any more: without its channel it ends by itself; its pidfd is closed."""
    if not reply.cancelled() and reply.exception() is None:
        with contextlib.suppress(OSError):
            os.close(reply.result())

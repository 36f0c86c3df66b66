"""The zygote's loop: it forks a worker per request, and answers the workers' file calls where a broker is needed."""

# Plain os calls, since pathlib would be imported into every worker for nothing:
# ruff: noqa: PTH118
from __future__ import annotations

import os
import select
import socket
import sysconfig
import time
import warnings
from collections.abc import Callable
from typing import Any

import msgpack

from . import broker, kernel, probe, worker
from .broker import Subject
from .confine import confine
from .layering import Layering
from .seccomp import CHANNEL

_PROBE_SECONDS = 20.0
_HUNG_UP = select.POLLHUP | select.POLLERR | select.POLLNVAL


class Forker:
    """Workers on request, each confined by the layering's plan."""

    def __init__(self, control: socket.socket, host: int, settings: dict[str, Any], layering: Layering) -> None:
        self._control = control
        self._settings = settings
        self._layering = layering
        self._plan = layering.plan
        self._poll = select.poll()
        self._actions: dict[int, Callable[[int], None]] = {}
        self._subjects: dict[int, Subject] = {}
        self._watch(control.fileno(), self._on_request)
        self._watch(host, lambda _: os._exit(0))  # the host has died

    def _watch(self, descriptor: int, action: Callable[[int], None]) -> None:
        self._actions[descriptor] = action
        self._poll.register(descriptor, select.POLLIN)

    def _forget(self, descriptor: int) -> None:
        del self._actions[descriptor]
        self._poll.unregister(descriptor)
        os.close(descriptor)
        subject = self._subjects.pop(descriptor, None)
        if subject is not None:
            subject.close()

    def serve(self) -> None:
        """Until the host is gone."""
        while True:
            self._turn(None)

    def _turn(self, milliseconds: int | None) -> None:
        for descriptor, event in self._poll.poll(milliseconds):
            if descriptor not in self._actions:
                continue
            if event & select.POLLIN:
                self._actions[descriptor](descriptor)
            elif event & _HUNG_UP:
                self._forget(descriptor)

    def _on_request(self, _descriptor: int) -> None:
        data, descriptors, _, _ = socket.recv_fds(self._control, 64, 4, socket.MSG_CMSG_CLOEXEC)
        if not data:
            os._exit(0)
        try:
            pidfd = self._fork(descriptors[0], self._serve_cells)
            socket.send_fds(self._control, [b"ok"], [pidfd])
            os.close(pidfd)
        except OSError as error:
            self._control.send(msgpack.packb({"error": str(error)}))
        for descriptor in descriptors:
            os.close(descriptor)

    def _serve_cells(self) -> None:
        worker.serve(self._settings["output"], self._settings["message"], self._settings["calls"])

    def _fork(self, channel: int, life: Callable[[], None]) -> int:
        """A confined child that leads this life; gives its pidfd."""
        plan = self._plan
        ours, theirs = socket.socketpair() if plan.interception else (None, None)
        if plan.own_namespaces:
            kernel.unshare(kernel.CLONE_NEWPID)  # the child is process 1 of its own; killing it kills all it started
        parent = 0 if plan.own_namespaces else os.getpid()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # a preloaded library left a thread: it is not forked
            child = os.fork()
        if child == 0:
            self._live(channel, parent, theirs, life)
        pidfd = os.pidfd_open(child)
        if plan.own_namespaces:
            kernel.setns(self._layering.pid_namespace, kernel.CLONE_NEWPID)
        if ours is not None and theirs is not None:
            theirs.close()
            self._take_charge(ours, child)
        return pidfd

    def _take_charge(self, report: socket.socket, child: int) -> None:
        """Hold a child whose calls are to be answered, and tell it to go on."""
        try:
            subject = Subject(child, self._layering.processes)
            report.send(b"G")
        except OSError:
            report.close()  # it has died already, or dies now
            return
        descriptor = report.detach()
        self._subjects[descriptor] = subject
        self._watch(descriptor, self._on_report)

    def _live(self, channel: int, parent: int, report: socket.socket | None, life: Callable[[], None]) -> None:
        try:
            confine(channel, self._plan, parent, report)
            life()
        except BaseException as error:  # noqa: BLE001 - told to the host as a broken frame, then the process ends
            os.write(CHANNEL, b"\0\0\0\0" + f"{type(error).__name__}: {error}".encode()[:500])
        finally:
            os._exit(71)

    def _on_report(self, descriptor: int) -> None:
        """A worker hands over the listener of its calls, or died before."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(descriptor)) as report:
            listener = broker.receive_listener(report)
        subject = self._subjects.pop(descriptor)
        self._forget(descriptor)
        if listener < 0:
            subject.close()
            return
        self._subjects[listener] = subject
        self._watch(listener, self._on_call)

    def _on_call(self, listener: int) -> None:
        answering = self._layering.broker
        if answering is not None:
            answering.answer(listener, self._subjects[listener])

    def check_layers(self) -> None:
        """Have a probe try what must fail; what it disproves is taken back, and what stands in for it is probed too."""
        try:
            found = self._probe()
        except OSError as error:  # for one, where somebody listens already to calls of this process
            if not self._plan.interception:
                raise
            self._layering.give_up_interception(str(error))
            self._plan = self._layering.plan
            found = self._probe()
        self._layering.judge(found)
        if self._layering.plan != self._plan:
            self._plan = self._layering.plan
            self._layering.judge(self._probe())

    def _probe(self) -> dict[str, bool]:
        library = os.path.join(sysconfig.get_path("stdlib"), "os.py")
        ours, theirs = socket.socketpair()

        def life() -> None:
            os.write(CHANNEL, msgpack.packb(probe.attempt(library, self._layering.outside)))

        os.close(self._fork(theirs.fileno(), life))
        theirs.close()
        found: list[bytes] = []
        self._watch(ours.fileno(), lambda _: found.append(ours.recv(1 << 16)))
        deadline = time.monotonic() + _PROBE_SECONDS
        while not found and time.monotonic() < deadline:
            self._turn(100)
        self._forget(ours.detach())
        answer = msgpack.unpackb(found[0]) if found and found[0][:1] != b"\0" else None
        if not isinstance(answer, dict):
            raise OSError(f"a confined worker could not start: {found[0][4:].decode() if found else 'no answer'}")
        return answer

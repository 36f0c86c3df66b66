"""Whether the process that made a run still lives: what tells a running run from one that died."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from lithify.records.ledger import RunState

UNSEEN_FOR = timedelta(days=1)
"""A run whose process cannot be seen from here (another machine or container) counts as died after this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMark:
    """What identifies a process beyond its number, which is used again.

    node is the machine's name, boot its boot id, namespace the pid namespace, started the kernel's start time of the
    process in ticks since boot. "" and 0 where the platform does not tell.
    """

    node: str
    boot: str
    namespace: str
    pid: int
    started: int


class Processes(Protocol):
    """Looks at processes."""

    def here(self) -> ProcessMark:
        """The mark of this process."""
        ...

    def alive(self, mark: ProcessMark) -> bool | None:
        """Whether that process lives; None when it cannot be seen from here."""
        ...


class LocalProcesses:
    """The processes of this machine, by /proc; where there is no /proc, by signal 0."""

    def here(self) -> ProcessMark:
        """The mark of this process."""
        pid = os.getpid()
        return ProcessMark(
            node=socket.gethostname(),
            boot=_boot_id(),
            namespace=_pid_namespace(),
            pid=pid,
            started=_start_ticks(pid) or 0,
        )

    def alive(self, mark: ProcessMark) -> bool | None:
        """Whether that process lives; None when it cannot be seen from here."""
        boot = _boot_id()
        if mark.node != socket.gethostname():
            return None
        if mark.boot != boot:
            return False
        if mark.namespace != _pid_namespace():
            return None
        if not boot:
            return _answers_signal(mark.pid)
        return _start_ticks(mark.pid) == mark.started


def state_without_end(alive: bool | None, started_at: datetime, now: datetime) -> RunState:
    """The state of a run that has no end."""
    if alive is None:
        return "running" if now - started_at < UNSEEN_FOR else "died"
    return "running" if alive else "died"


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _pid_namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _start_ticks(pid: int) -> int | None:
    """Start time of a living process in ticks since boot; None when there is none (a zombie has ended)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    # the program's name, field 2, is in parentheses and may hold anything, so count from the last one: field 3 on
    fields = stat[stat.rindex(b")") + 2 :].split()
    return None if fields[0] in (b"Z", b"X") else int(fields[19])


def _answers_signal(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

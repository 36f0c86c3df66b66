"""A worker process, or the zygote, as the host holds it: by a pidfd, which cannot come to mean another process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import time

from lithify.sandbox import evidence

_PROCESS_CPU_CLOCK = 2  # CPUCLOCK_SCHED; the clock's id is (~pid << 3) | 2, see clock_getcpuclockid(3)


class WorkerProcess:
    """Signals to a worker, its processor time, and its end."""

    def __init__(self, pidfd: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._pidfd = pidfd
        self._cpu_clock = _cpu_clock(pidfd)
        self._gone: asyncio.Future[None] = self._loop.create_future()
        self._end = select.poll()
        self._end.register(pidfd, select.POLLIN)
        self._loop.add_reader(pidfd, self._on_exit)

    @property
    def alive(self) -> bool:
        """Whether it has not ended: asked of the kernel, since the loop may not have heard of it yet."""
        return not self._gone.done() and not self._end.poll(0)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; a worker that has ended hears nothing."""
        if not self._gone.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def status(self) -> dict[str, str]:
        """What the kernel says of it; empty when it does not tell."""
        return {} if self._gone.done() else evidence.status_of(self._pidfd)

    def cpu_seconds(self) -> float:
        """Processor time of all its threads; 0.0 when the machine does not tell, or it has ended."""
        if self._cpu_clock is None or self._gone.done():
            return 0.0
        try:
            return time.clock_gettime(self._cpu_clock)
        except OSError:
            return 0.0

    def _on_exit(self) -> None:
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        if not self._gone.done():
            self._gone.set_result(None)

    async def gone(self) -> None:
        """Wait until it has ended and the kernel has taken back what it held."""
        await asyncio.shield(self._gone)


def _cpu_clock(pidfd: int) -> int | None:
    """The id of the process's CPU clock; None where /proc does not tell which process it is."""
    found = evidence.process_id(pidfd)
    return None if found is None else (~found << 3) | _PROCESS_CPU_CLOCK

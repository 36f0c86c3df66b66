"""Keeping one worker to its time: a cell is interrupted at its limit, and between cells nothing runs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from lithify.sandbox.clock import CellClock
from lithify.sandbox.process import WorkerProcess

_INTERRUPTS = 5
"""How often a cell is interrupted within the grace before it is given up: it may catch what interrupts it."""
_IDLE_SECONDS = 1.0
"""How long after a cell its worker may still run."""


class Watch:
    """Watches the cells of one worker. grace is the seconds from the first interrupt to giving up.

    on_limit is called with every interrupt, give_up with the limit in seconds when interrupting did not help.
    """

    def __init__(
        self, process: WorkerProcess, grace: float, on_limit: Callable[[], None], give_up: Callable[[float], None]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._process = process
        self._grace = grace
        self._on_limit = on_limit
        self._give_up = give_up
        self._clock: CellClock | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._frozen = False
        self._rest_at = 0.0
        self.interrupts = 0

    def begin(self, limit: float) -> None:
        """A cell begins, with this many seconds."""
        if self._frozen:
            self._frozen = False
            self._process.signal(signal.SIGCONT)
        self.interrupts = 0
        self._clock = CellClock(limit=limit, now=self._loop.time())
        self._look_in(max(limit, 0.0))

    def owe(self, owing: bool) -> None:
        """The host begins to owe the cell an answer, or has given the last one."""
        if self._clock is not None:
            self._clock.owe(owing, self._loop.time(), self._process.cpu_seconds())

    def end(self) -> None:
        """The cell has ended."""
        self._clock = None
        self._rest_at = self._loop.time() + _IDLE_SECONDS
        self._look_in(_IDLE_SECONDS)

    def stop(self) -> None:
        """The worker has ended."""
        self._clock = None
        if self._timer is not None:
            self._timer.cancel()

    def _look_in(self, seconds: float) -> None:
        """Look by then. A look that is due before stays: it will set the next one, and most cells need none."""
        when = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(when, self._look)

    def _look(self) -> None:
        self._timer = None
        clock = self._clock
        if clock is None and self._loop.time() < self._rest_at:
            self._look_in(self._rest_at - self._loop.time())
            return
        if clock is None:
            self._process.signal(signal.SIGSTOP)  # threads that a cell left behind wait for the next one
            self._frozen = True
            return
        if self.interrupts == _INTERRUPTS:
            self._give_up(clock.limit)
            return
        clock.advance(self._loop.time(), self._process.cpu_seconds())
        if not self.interrupts and clock.left > 0:
            self._look_in(clock.left)
            return
        self.interrupts += 1
        self._on_limit()
        self._process.signal(signal.SIGUSR1)
        self._look_in(self._grace / _INTERRUPTS)

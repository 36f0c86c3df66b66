"""What time a cell has left, and what time of the host a session may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class CellClock:
    """Seconds of a cell that count against its time limit. Pure: the caller says what time it is.

    Times are wall seconds (now) and processor seconds of the worker (cpu). While the host owes nothing, wall time
    counts; while it owes an answer, only the processor time that the worker uses, so that a cell cannot compute for
    ever behind an open call.
    """

    limit: float
    now: float
    cpu: float = 0.0
    owing: bool = False
    used: float = 0.0

    def advance(self, now: float, cpu: float) -> None:
        """Count what passed since the last call."""
        self.used += max(cpu - self.cpu, 0.0) if self.owing else max(now - self.now, 0.0)
        self.now, self.cpu = now, cpu

    def owe(self, owing: bool, now: float, cpu: float) -> None:
        """The host begins to owe an answer, or has given the last one."""
        self.advance(now, cpu)
        self.owing = owing

    @property
    def left(self) -> float:
        """Seconds until the limit."""
        return self.limit - self.used


@dataclass(slots=True, kw_only=True)
class Allowance:
    """How much of the host's time the frames of one session may take: a share, and bursts of a few tenths of a second.

    Pure. Without it, one session that talks without end would leave the others waiting.
    """

    now: float
    share: float = 0.2
    burst: float = 0.5
    credit: float = 0.5

    def spend(self, began: float, ended: float) -> float:
        """Count work on the session's frames; gives for how many seconds it should not be listened to."""
        self.credit = min(self.burst, self.credit + self.share * (began - self.now)) - (ended - began)
        self.now = ended
        return max(0.0, -self.credit / self.share)

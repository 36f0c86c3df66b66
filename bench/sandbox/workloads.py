"""What every candidate runs; standard library only, since the peers' interpreters import it too."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

CELL = "1 + 1"
LOOP = "total = 0\nfor step in range(5_000_000):\n    total += step"
REGEX = "found = len(re.findall(r'\\b(INFO|WARN|ERROR)\\b', context))"
LINE = "2026-05-01 10:00:00 INFO unit-1 said something, then ERROR, then WARN and again nothing of note at all\n"
CALLS = 1_000
CALL_SECONDS = 0.05


def text(megabytes: float) -> str:
    """A log of about this size."""
    return LINE * int(megabytes * (1 << 20) / len(LINE))


def timed(action: Callable[[], object], runs: int = 1) -> list[float]:
    """Seconds of each of so many runs."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return seconds


def quiet(patience: float) -> bool:
    """Wait until the machine has been idle for a second; gives whether it came about in so many seconds."""
    for _ in range(int(patience)):
        before = _processor_times()
        time.sleep(1)
        idle, total = (after - earlier for after, earlier in zip(_processor_times(), before, strict=True))
        if idle > 0.9 * total:
            return True
    return False


def _processor_times() -> tuple[int, int]:
    """(idle, all), in ticks of all processors."""
    ticks = [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]]
    return ticks[3] + ticks[4], sum(ticks)


def median(seconds: list[float]) -> float:
    """The middle one."""
    return statistics.median(seconds)


def report(figures: Mapping[str, float]) -> None:
    """One JSON line for the caller."""
    sys.stdout.write(json.dumps(figures) + "\n")

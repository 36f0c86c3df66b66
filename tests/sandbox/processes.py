"""What a test sees of processes and descriptors: only what came about since it looked first.

Other tests' fixtures may keep children and descriptors in this process; whatever was there before is not meant.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from pathlib import Path

_PATIENCE_SECONDS = 60.0
_STEP_SECONDS = 0.02


def descendants(process: int) -> frozenset[int]:
    """Every process below this one that has not ended."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state not in "ZX":
                children.setdefault(int(parent), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [process]
    while waiting:
        more = children.get(waiting.pop(), [])
        found.update(more)
        waiting += more
    return frozenset(found)


def descriptors() -> frozenset[str]:
    """Descriptors of this process, each with what it stands for."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found.append(f"{entry.name} {entry.readlink()}")
        except OSError:
            continue  # the one that lists the others
    return frozenset(found)


def state_of(process: int) -> str:
    """Its one-letter state; "" when there is no such process."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def resident(process: int) -> int:
    """Bytes of memory; 0 when there is no such process."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


class Since:
    """Processes below this one, and descriptors of it, that were not there before."""

    def __init__(self) -> None:
        gc.collect()
        self._processes = descendants(os.getpid())
        self._descriptors = descriptors()

    def processes(self) -> frozenset[int]:
        """The new ones."""
        return descendants(os.getpid()) - self._processes

    def descriptors(self) -> frozenset[str]:
        """The new ones."""
        return descriptors() - self._descriptors

    def states(self) -> set[str]:
        """One-letter states of the new processes."""
        return {state_of(process) for process in self.processes()}


async def eventually(holds: Callable[[], bool]) -> bool:
    """Wait until it holds; gives whether it came about in a minute, which only what never happens takes."""
    for _ in range(int(_PATIENCE_SECONDS / _STEP_SECONDS)):
        if holds():
            return True
        await asyncio.sleep(_STEP_SECONDS)
    return holds()

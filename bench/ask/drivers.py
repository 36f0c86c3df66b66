"""What the drivers of all systems share. Standard library only: peers' Pythons import it too."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = int(os.environ.get("BENCH_RUNS", "2"))
"""The first run of a process warms up, and reads the data; the second shows what a further one costs."""


@dataclass(frozen=True)
class Job:
    """One workload: its model's name tells the provider what to answer. context: text, or the file that holds it."""

    base_url: str
    workload: str
    number: int
    file: Path | None

    def model(self, fence: str) -> str:
        """The model's name, of this process alone."""
        return f"{fence}.{self.workload}.{self.number}.{time.time_ns()}"

    def text(self) -> str:
        """The context as a text: what the peers take."""
        return self.file.read_text(encoding="utf-8") if self.file else "a b c"


def job() -> Job:
    """The job on the command line: URL WORKLOAD NUMBER [FILE]."""
    base_url, workload, number, *file = sys.argv[1:]
    return Job(base_url, workload, int(number), Path(file[0]) if file else None)


def measure(model: str, run: Callable[[], object], log_bytes: Callable[[], int | None]) -> None:
    """Run it, and print one JSON object: when each run began, how long it took, what it answered, memory, log."""
    began, seconds, answers = [], [], []
    for _ in range(RUNS):
        began.append(time.time())
        start = time.perf_counter()
        answers.append(str(run()))
        seconds.append(time.perf_counter() - start)
    own, below = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {
                "model": model,
                "began": began,
                "seconds": seconds,
                "answers": answers,
                "own_mb": own // 1024,
                "child_mb": below // 1024,
                "log_bytes": log_bytes(),
            }
        )
    )

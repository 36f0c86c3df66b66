"""What running a loop costs, side by side with peers in one run. See README.md."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""An environment in which modules are compiled once, as they are when a package is installed."""
DRIVERS = {"lithify": "ours.py", "rlms": "peer_rlms.py", "droste": "peer_droste.py"}
LINE = "2026-05-01 10:00:00 host{n} unit[{n}]: {what} request {n}, all as it should be\n"


@dataclass(frozen=True)
class Figure:
    """One row of the table: a workload, and which number of its result is shown."""

    name: str
    workload: str
    number: int
    shown: str
    unit: str
    megabytes: int = 0


FIGURES = (
    Figure("overhead per turn, 20 turns", "turns", 20, "per turn", "ms"),
    Figure("overhead per turn, 100 turns", "turns", 100, "per turn", "ms"),
    Figure("root prompt at turn 20", "turns", 20, "prompt", "characters"),
    Figure("batch of 200 sub-calls of 50 ms", "batch", 200, "seconds", "s"),
    Figure("batch of 2,000 sub-calls of 50 ms", "batch", 2_000, "seconds", "s"),
    Figure("100 MB, to the first model call", "context", 1, "first call", "s", 100),
    Figure("100 MB, the same of a further run", "context", 1, "further call", "s", 100),
    Figure("100 MB, memory of the host", "context", 1, "memory", "MB", 100),
    Figure("1 GB, to the first model call", "context", 1, "first call", "s", 1_000),
    Figure("1 GB, the same of a further run", "context", 1, "further call", "s", 1_000),
    Figure("1 GB, memory of the host", "context", 1, "memory", "MB", 1_000),
    Figure("log of 2 runs, 10 MB, 3 turns each", "log", 3, "log", "kB", 10),
)


@contextmanager
def provider(notes: Path) -> Iterator[str]:
    """The base URL of the scripted server, in a process of its own."""
    command = [sys.executable, "-m", "lithify.testing.model_server", "--script", str(HERE / "provider.py")]
    environment = {**COMPILED, "BENCH_NOTES": str(notes)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def text_file(folder: Path, megabytes: int) -> Path:
    """A log of that size, made once."""
    path = folder / f"{megabytes}.log"
    if not path.exists():
        block = "".join(LINE.format(n=n % 97, what="failed" if n % 1_009 == 0 else "answered") for n in range(12_000))
        with path.open("w", encoding="utf-8") as file:
            for _ in range(max(1, megabytes * 1_000_000 // len(block))):
                file.write(block)
    return path


def driven(python: str, system: str, url: str, figure: Figure, folder: Path) -> dict[str, Any] | None:
    """What a driver measured; None when it failed, whose reason is told."""
    command = [python, str(HERE / DRIVERS[system]), url, figure.workload, str(figure.number)]
    if figure.megabytes:
        command.append(str(text_file(folder, figure.megabytes)))
    runs = "1" if figure.number > 1_000 else "2"  # a batch of two thousand takes a peer minutes
    environment = {**COMPILED, "BENCH_RUNS": runs}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {system} failed: {(done.stderr.strip().splitlines() or ['no words'])[-1][:200]}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def value_of(figure: Figure, found: Mapping[str, Any], notes: Path) -> float | None:
    """The number of a result that a figure shows."""
    own = [note for note in map(json.loads, notes.read_text("utf-8").splitlines()) if note["model"] == found["model"]]
    first = [note for note in own if note["turn"] == 1]
    match figure.shown:
        case "per turn":
            return float(found["seconds"][-1]) / figure.number * 1e3
        case "prompt":
            return next((float(note["characters"]) for note in own if note["turn"] == figure.number), None)
        case "first call" | "further call":
            at = 0 if figure.shown == "first call" else 1
            return float(first[at]["at"] - found["began"][at])
        case "memory":
            return float(found["own_mb"])
        case "log":
            return None if found["log_bytes"] is None else found["log_bytes"] / 1e3
        case _:
            return float(found["seconds"][-1])


def cold_start(python: str, system: str, url: str, folder: Path) -> float:
    """A process from its start to its end, one question with one model call. lithify's is its command."""
    if system == "lithify":
        environment = {"LITHIFY_MODEL": f"openai:repl.context.1.{time.time_ns()}", "LITHIFY_BASE_URL": url}
        data = str(text_file(folder, 1))
        command = [python, "-m", "lithify", "ask", "Hello?", data, "--ephemeral", "--library", str(folder / "cold")]
    else:
        environment = {"BENCH_RUNS": "1"}
        command = [python, str(HERE / DRIVERS[system]), url, "context", "1", str(text_file(folder, 1))]
    began = time.perf_counter()
    subprocess.run(command, env={**COMPILED, **environment}, capture_output=True, check=True)
    return time.perf_counter() - began


def show(name: str, unit: str, values: Mapping[str, Sequence[float]]) -> None:
    """One row: the median of each system."""
    shown = (
        f"{system} {statistics.median(found):11,.3f}" if found else f"{system} {'-':>11}"
        for system, found in values.items()
    )
    print(f"{name:36} {unit:10}  " + "   ".join(shown), flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rlms", help="the Python of an environment with rlms")
    parser.add_argument("--droste", help="the Python of an environment with droste")
    parser.add_argument("--runs", type=int, default=3, help="repetitions; the median is shown")
    parser.add_argument("--only", default="", help="only figures whose name holds this")
    parser.add_argument("--largest", type=int, default=1_000, help="no context larger than this many MB")
    options = parser.parse_args()
    pythons = {"lithify": sys.executable, "rlms": options.rlms, "droste": options.droste}
    systems = {system: python for system, python in pythons.items() if python}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notes = folder / "notes.jsonl"
        with provider(notes) as url:
            if options.only in "cold start, hello world":
                rows = {
                    system: [cold_start(python, system, url, folder) for _ in range(options.runs + 1)][1:]
                    for system, python in systems.items()
                }
                show("cold start, hello world", "s", rows)
            for figure in FIGURES:
                if options.only not in figure.name or figure.megabytes > options.largest:
                    continue
                values: dict[str, list[float]] = {system: [] for system in systems}
                for _ in range(options.runs):
                    for system, python in systems.items():
                        found = driven(python, system, url, figure, folder)
                        value = None if found is None else value_of(figure, found, notes)
                        values[system] += [] if value is None else [value]
                show(figure.name, figure.unit, values)


if __name__ == "__main__":
    main()

"""All gates over four tools, and beside them pytest and mutmut on the same functions and tests. See README.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from subjects import LOAD, SUBJECTS, Subject

from lithify.gates import Bounds, candidate_in, harvest, judge
from lithify.sandbox import start_sandbox

SECONDS = 600.0
CONFIGURATION = "[mutmut]\nsource_paths=tool.py\n"


@dataclass(frozen=True)
class Figures:
    """One program over one tool. cpu: seconds of all processes, 0.0 where perf is not there; gates: seconds of each."""

    seconds: float
    cpu: float
    noticed: int = 0
    tried: int = 0
    outcome: str = ""
    gates: dict[str, float] = field(default_factory=dict)


def files_of(subject: Subject) -> dict[str, bytes]:
    return {"tool.py": subject.source.encode(), "tests/test_mine.py": (LOAD + subject.tests).encode()}


async def judged(subject: Subject) -> Figures:
    """All gates in this process, from the folder to the verdict."""
    began = time.perf_counter()
    candidate = candidate_in(files_of(subject), subject.name)
    candidate = replace(candidate, examples=await harvest(candidate, start_sandbox, Bounds()))
    verdict = await judge(candidate, start_sandbox)
    seconds = time.perf_counter() - began
    said = next(result for result in verdict.results if result.gate == "strength").evidence.split()
    gates = {result.gate: result.seconds for result in verdict.results}
    return Figures(seconds, 0.0, int(said[0]), int(said[2]), verdict.outcome, gates)


def measured(command: Sequence[str], folder: str | None = None) -> tuple[Figures, str]:
    """Seconds and processor seconds of a command with all its children, those too that nobody waits for; its output.

    The kernel's own accounts leave out children that are not waited for, as a sandbox's workers are: perf counts them.
    """
    with tempfile.NamedTemporaryFile() as counted:
        perf = ["perf", "stat", "-e", "task-clock", "-x,", "-o", counted.name] if shutil.which("perf") else []
        began = time.perf_counter()
        done = subprocess.run(
            [*perf, *command], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        seconds = time.perf_counter() - began
        lines = [line.split(",") for line in Path(counted.name).read_text().splitlines()]
    cpu = sum(float(line[0]) / 1000 for line in lines if len(line) > 2 and line[2] == "task-clock")
    return Figures(seconds, cpu), done.stdout


def ours(subject: Subject) -> Figures:
    """Seconds within the process, since a person's program has it already; processor seconds of the whole of it."""
    figures, said = measured([sys.executable, __file__, "--one", subject.name])
    return replace(Figures(**json.loads(said)), cpu=figures.cpu)


def theirs(subject: Subject, python: str) -> tuple[Figures, Figures]:
    """pytest and mutmut."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in {**files_of(subject), "setup.cfg": CONFIGURATION.encode()}.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        tests, _ = measured([python, "-m", "pytest", "-q", "tests"], folder)
        faults, _ = measured([python, "-m", "mutmut", "run"], folder)
        measured([python, "-m", "mutmut", "export-cicd-stats"], folder)
        found = json.loads(Path(folder, "mutants", "mutmut-cicd-stats.json").read_text())
    return tests, replace(faults, noticed=found["killed"] + found["timeout"], tried=found["total"])


def told(runs: Sequence[Figures]) -> str:
    """Medians of seconds and processor seconds."""
    return " / ".join(f"{statistics.median(one):.1f}" for one in ([r.seconds for r in runs], [r.cpu for r in runs]))


def table(runs: int, peer: str) -> None:
    print("| tool | all gates, s / CPU | verdict | faults noticed | pytest, s / CPU | mutmut, s / CPU | killed |")
    print("|---|---|---|---|---|---|---|")
    gates: dict[str, list[float]] = {}
    for subject in SUBJECTS:
        own = [ours(subject) for _ in range(runs)]
        for name in own[0].gates:
            gates.setdefault(name, []).extend(one.gates[name] for one in own)
        row = [subject.name, told(own), own[0].outcome, f"{own[0].noticed} of {own[0].tried}"]
        if peer:
            peers = [theirs(subject, peer) for _ in range(runs)]
            row += [told([tests for tests, _ in peers]), told([faults for _, faults in peers])]
            row += [f"{peers[0][1].noticed} of {peers[0][1].tried}"]
        print(f"| {' | '.join(row)} |", flush=True)
    longest = sorted(gates, key=lambda gate: -statistics.median(gates[gate]))[:6]
    said = ", ".join(f"{gate} {statistics.median(gates[gate]):.1f}" for gate in longest)
    print(f"\nmedian seconds of the longest gates, which run side by side: {said}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", default="", help="the Python of an environment with pytest and mutmut")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", default="", help="one tool, in this process; prints its figures as JSON")
    given = parser.parse_args()
    if given.one:
        subject = next(one for one in SUBJECTS if one.name == given.one)
        print(json.dumps(asdict(asyncio.run(judged(subject)))))
    else:
        table(given.runs, given.peer)


if __name__ == "__main__":
    main()

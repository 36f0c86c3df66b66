"""All gates over four tools, and beside them pytest and mutmut on the same functions and tests. See README.md."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from subjects import LOAD, SUBJECTS, Subject

from lithify.gates import Bounds, candidate_in, harvest, judge
from lithify.records.tool import Verdict
from lithify.sandbox import start_sandbox

SECONDS = 600.0
CONFIGURATION = "[mutmut]\nsource_paths=tool.py\n"


@dataclass(frozen=True)
class Figures:
    """Seconds; faults noticed of faults tried; the verdict."""

    seconds: float
    noticed: int
    tried: int
    outcome: str


def files_of(subject: Subject) -> dict[str, bytes]:
    return {"tool.py": subject.source.encode(), "tests/test_mine.py": (LOAD + subject.tests).encode()}


async def ours(subject: Subject) -> tuple[Figures, Verdict]:
    began = time.perf_counter()
    candidate = candidate_in(files_of(subject), subject.name)
    candidate = replace(candidate, examples=await harvest(candidate, start_sandbox, Bounds()))
    verdict = await judge(candidate, start_sandbox)
    seconds = time.perf_counter() - began
    said = next(result for result in verdict.results if result.gate == "strength").evidence.split()
    return Figures(seconds, int(said[0]), int(said[2]), verdict.outcome), verdict


def theirs(subject: Subject, python: str) -> tuple[float, Figures]:
    """Seconds of pytest, and mutmut's figures."""
    with tempfile.TemporaryDirectory() as folder:
        for path, data in {**files_of(subject), "setup.cfg": CONFIGURATION.encode()}.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

        def run(*arguments: str) -> float:
            began = time.perf_counter()
            subprocess.run([python, "-m", *arguments], cwd=folder, capture_output=True, timeout=SECONDS, check=False)
            return time.perf_counter() - began

        tests = run("pytest", "-q", "tests")
        faults = run("mutmut", "run")
        run("mutmut", "export-cicd-stats")
        found = json.loads(Path(folder, "mutants", "mutmut-cicd-stats.json").read_text())
    return tests, Figures(faults, found["killed"] + found["timeout"], found["total"], "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", default="", help="the Python of an environment with pytest and mutmut")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    print("| tool | all gates, s | verdict | faults noticed | pytest, s | mutmut, s | mutants killed |")
    print("|---|---|---|---|---|---|---|")
    gates: dict[str, list[float]] = {}
    for subject in SUBJECTS:
        runs = [asyncio.run(ours(subject)) for _ in range(given.runs)]
        for _, verdict in runs:
            for result in verdict.results:
                gates.setdefault(result.gate, []).append(result.seconds)
        figures = runs[0][0]
        seconds = statistics.median(one.seconds for one, _ in runs)
        row = [subject.name, f"{seconds:.1f}", figures.outcome, f"{figures.noticed} of {figures.tried}"]
        if given.peer:
            peers = [theirs(subject, given.peer) for _ in range(given.runs)]
            tests, faults = (statistics.median(one) for one in zip(*((a, b.seconds) for a, b in peers), strict=True))
            row += [f"{tests:.1f}", f"{faults:.1f}", f"{peers[0][1].noticed} of {peers[0][1].tried}"]
        print(f"| {' | '.join(row)} |", flush=True)
    longest = sorted(gates, key=lambda gate: -statistics.median(gates[gate]))[:6]
    said = ", ".join(f"{gate} {statistics.median(gates[gate]):.1f}" for gate in longest)
    print(f"\nmedian seconds of the longest gates, which run side by side: {said}", file=sys.stderr)


if __name__ == "__main__":
    main()

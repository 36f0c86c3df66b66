"""How quick a library stays as it grows: `python bench/library/run.py [TOOLS ...]` prints a table (10, 100, 1000).

Each figure is the median of several runs, most of them in a process of their own. The library is made by the real
writer: one commit for each tool, six files a tool. The tools differ in code, question and shape of their input.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from lithify.layout import candidate_contents
from lithify.library import GitLibrary, open_library
from lithify.records.context import Fingerprint, LineShape
from lithify.records.tool import Candidate, GateResult, Verdict
from lithify.testing.candidates import LOG, SIGNATURE, SOURCE, example, make_candidate

REPEATS = 5
FRESH = """
import json, sys, time
from pathlib import Path
began = time.perf_counter()
from lithify.library import open_library
imported = time.perf_counter()
library = open_library(Path(sys.argv[1]))
{work}
print(json.dumps([time.perf_counter() - imported, time.perf_counter() - began]))
"""
VIEW = "assert len(library.view().tools) == int(sys.argv[2])"
LOAD = "library.load(sys.argv[3])"
CHECK = "library.lock.check()"
HISTORY = "library.revisions.history(sys.argv[3])"


def candidate(number: int) -> Candidate:
    """The numbered tool: its own name, question and line shapes."""
    name = f"tool_{number:04}"
    letters = "".join(chr(97 + int(digit)) for digit in f"{number:04}")
    shapes = tuple(LineShape(pattern=f"00:00 {letters} {n}", share=0.05) for n in range(20))
    source = SOURCE.replace("most_restarted_service", name) + f"\n\n_NUMBER = {number}\n"
    examples = (example("recorded", LOG * 20), example("both", LOG * 20, top=2))
    one = make_candidate(identity=name, source=source, template=f"question {letters} {{top}}", examples=examples)
    return replace(
        one,
        signature=replace(SIGNATURE, function=name),
        recipe=replace(one.recipe, tool=name),
        applicability=Fingerprint(format="lines", shapes=shapes),
    )


def judged(one: Candidate) -> Verdict:
    """A yes of gates that were not asked: what they cost is measured elsewhere."""
    result = GateResult(gate="static", outcome="pass", evidence="")
    return Verdict(results=(result,), contents=candidate_contents(one).sha256)


def fill(library: GitLibrary, first: int, last: int) -> list[float]:
    """Keep the tools from first to last; the seconds of each."""
    seconds = []
    for number in range(first, last):
        one = candidate(number)
        verdict = judged(one)
        began = time.perf_counter()
        library.keep(one, verdict, "provisional", "Ada <ada@example.org>")
        seconds.append(time.perf_counter() - began)
    return seconds


def fresh(library: GitLibrary, work: str, tools: int) -> float:
    """Seconds of some work in a fresh process, without the start of Python and the imports; the median."""
    arguments = [str(library.path), str(tools), f"tool_{tools // 2:04}"]
    found = []
    for _ in range(REPEATS):
        done = subprocess.run(
            [sys.executable, "-c", FRESH.format(work=work), *arguments], capture_output=True, text=True, check=True
        )
        found.append(json.loads(done.stdout)[0])
    return statistics.median(found)


def again(work: Callable[[], object]) -> float:
    """Seconds of some work in this process, the first time left out; the median."""
    work()
    found = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def measure(library: GitLibrary, tools: int, keeps: Sequence[float]) -> list[str]:
    """The row of one size, in milliseconds."""
    index = library.path / ".lithify" / "index.json"
    without = []
    for _ in range(3):
        index.unlink(missing_ok=True)
        without.append(fresh_once(library, tools))
    time.sleep(1.1)  # files must have settled before what was read of them is remembered
    library_again = open_library(library.path)
    library_again.view()
    figures = (
        statistics.median(without),
        fresh(library, VIEW, tools),
        again(library_again.view),
        fresh(library, LOAD, tools),
        statistics.median(keeps),
        fresh(library, CHECK, tools),
        fresh(library, HISTORY, tools),
    )
    return [f"{tools:,}", *(f"{1000 * one:,.0f}" for one in figures), f"{index.stat().st_size / 1e6:.1f}"]


def fresh_once(library: GitLibrary, tools: int) -> float:
    """Seconds of a view in a fresh process that has no index to go by."""
    done = subprocess.run(
        [sys.executable, "-c", FRESH.format(work=VIEW), str(library.path), str(tools)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(json.loads(done.stdout)[0])


def main() -> None:
    """Grow one library and measure it at each size."""
    sizes = sorted(int(one) for one in sys.argv[1:]) or [10, 100, 1000]
    heads = ("tools", "view, no index", "view, fresh", "view, again", "load one", "keep", "lock check", "history")
    print("| " + " | ".join((*heads, "index, MB")) + " |")
    print("|" + " --- |" * (len(heads) + 1))
    with tempfile.TemporaryDirectory(prefix="lithify-bench-") as folder:
        library = open_library(Path(folder) / "library")
        there = 0
        for size in sizes:
            keeps = fill(library, there, size)
            there = size
            print("| " + " | ".join(measure(library, size, keeps[-9:])) + " |", flush=True)


if __name__ == "__main__":
    main()

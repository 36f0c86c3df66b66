"""What learning came to, from the ledgers of libraries: candidates, gates, their time, the strength of what was kept.

python bench/stream/learned.py LIBRARY...
"""

from __future__ import annotations

import re
import statistics
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import lithify
from lithify.gates.pipeline import READING
from lithify.records.ledger import RecordedCandidate

MOST_RUNS = 1_000
_READ = frozenset(gate.name for gate in READING)


def seconds(candidate: RecordedCandidate) -> float:
    """All gates: those that read one after another, those that run side by side."""
    reading = sum(gate.result.seconds for gate in candidate.gates if gate.result.gate in _READ)
    return reading + max((gate.result.seconds for gate in candidate.gates if gate.result.gate not in _READ), default=0)


def main() -> None:
    explored, proposed, passed, kept = 0, 0, 0, 0
    times: list[float] = []
    scores: list[float] = []
    refused: Counter[str] = Counter()
    tools = 0
    for library in sys.argv[1:]:
        with lithify.open(Path(library)) as lab, closing(lab.ledger) as ledger:
            tools += len(lab.tools())
            for run in reversed(ledger.runs(MOST_RUNS)):
                if run.route != "explore" or (detail := ledger.run(run.run_id)).ephemeral:
                    continue
                explored += 1
                found = detail.candidates
                if not any(one.candidate for one in found):
                    print(f"no candidate: {run.question}: {'; '.join(one.why for one in found)}")
                    continue
                proposed += 1
                one = next(one for one in found if one.candidate)
                times.append(seconds(one))
                bad = [gate.result for gate in one.gates if gate.result.outcome in ("fail", "needs-person")]
                passed += not bad
                kept += bool(one.accepted)
                for result in bad:
                    refused[result.gate] += 1
                    print(f"{result.outcome}: {run.question}: {result.gate}: {result.evidence[:300]}")
                for gate in one.gates:
                    counts = re.match(r"(\d+) of (\d+) faults", gate.result.evidence)
                    if gate.result.gate == "strength" and counts and int(counts[2]):
                        scores.append(int(counts[1]) / int(counts[2]))
    print(f"explored {explored}, candidates {proposed}, all gates passed {passed}, kept {kept}, tools {tools}")
    print(f"all gates: median {statistics.median(times):.1f} s, longest {max(times):.1f} s")
    print(
        f"mutation score: median {statistics.median(scores):.0%}, least {min(scores):.0%}; refused by {dict(refused)}"
    )


if __name__ == "__main__":
    main()

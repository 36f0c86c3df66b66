"""Right and wrong reuse: true repeats that must be answered, near misses that must not. No model is asked.

    python bench/reuse/run.py DATA [--only N]     DATA: a folder with loghub's *_2k.log files

The tools are made from recorded replies of a model over the first half of each log (replies.jsonl), gated and approved.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from drift import DRIFTS
from families import FAMILIES, Family, Truth

from lithify.app import Lab
from lithify.errors import NotCovered
from lithify.models import ScriptedModel
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings

VARIANTS = ("{}", "please tell me: {}", "Could you tell me {}?", "{}  ")


@dataclass
class Count:
    """What became of one kind of case."""

    right: int = 0
    wrong: int = 0
    refused: int = 0
    worst: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        return self.right + self.wrong + self.refused


class Bench:
    def __init__(self, data: Path, work: Path) -> None:
        self.data = data
        self.work = work
        self.replies = {
            (record["system"], record["question"]): record["replies"]
            for record in map(json.loads, (Path(__file__).parent / "replies.jsonl").read_text().splitlines())
        }
        self.seconds: list[float] = []

    def lines(self, system: str) -> list[str]:
        return (self.data / f"{system}_2k.log").read_text(encoding="utf-8", errors="replace").splitlines()

    def lab(self, name: str, replies: list[str] | None = None) -> Lab:
        overrides = Overrides(library=self.work / name, keep="ask")
        model = ScriptedModel(replies or [])
        settings = load_settings(overrides, start=self.work, environment={})
        return Lab(settings, models=Models(root=model, sub=model) if replies else None)

    def build(self, number: int, family: Family) -> str:
        """The library with this family's tool; "" or why there is none."""
        lines = self.lines(family.system)
        first = "\n".join(lines[: len(lines) // 2]) + "\n"
        with self.lab(str(number), self.replies[family.system, family.question]) as lab:
            result = lab.inquire_and_learn(family.question, lab.load(first))
            for item in lab.review():
                if item.verdict.outcome == "fail":
                    bad = [f"{one.gate}: {one.evidence}" for one in item.verdict.results if one.outcome == "fail"]
                    return "; ".join(bad)
                lab.approve(item)
                return ""
        return f"no candidate: {result.why}"

    def case(self, lab: Lab, question: str, text: str, truth: Truth | None, count: Count, label: str) -> None:
        began = time.perf_counter()
        try:
            answer = lab.inquire_and_learn(question, lab.load(text), reuse="only").answer
        except NotCovered:
            count.refused += 1
            return
        finally:
            self.seconds.append(time.perf_counter() - began)
        if truth is not None and json.loads(json.dumps(truth(text))) == json.loads(json.dumps(answer)):
            count.right += 1
        else:
            count.wrong += 1
            count.worst.append(f"{label}: {question} -> {str(answer)[:100]}")


def repeats(bench: Bench, lab: Lab, family: Family, counts: dict[str, Count]) -> None:
    lines = bench.lines(family.system)
    half = len(lines) // 2
    pieces = {
        "second half": lines[half:],
        "third quarter": lines[half : half + half // 2],
        "last": lines[half + half // 2 :],
    }
    for name, piece in pieces.items():
        text = "\n".join(piece) + "\n"
        for variant in VARIANTS:
            question = variant.format(family.question.rstrip("?") if variant.endswith("?") else family.question)
            bench.case(lab, question, text, family.truth, counts["the same question"], name)
        for question, truth in family.values:
            bench.case(lab, question, text, truth, counts["the same question, other values"], name)
    for question in family.paraphrases:
        bench.case(lab, question, "\n".join(lines[half:]) + "\n", family.truth, counts["other words (no model)"], "")


def misses(bench: Bench, lab: Lab, family: Family, counts: dict[str, Count]) -> None:
    lines = bench.lines(family.system)
    second = lines[len(lines) // 2 :]
    other = bench.lines("Linux" if family.system != "Linux" else "HealthApp")[:1000]
    for question in family.near:
        bench.case(lab, question, "\n".join(second) + "\n", None, counts["another question"], family.system)
    for name, drift in DRIFTS.items():
        text = drift(second, other)
        truth = None if name in ("empty", "only blank lines", "another system") else family.truth
        bench.case(
            lab, family.question, text, truth, counts["another format, or part of it"], f"{family.system}, {name}"
        )


def report(counts: dict[str, Count], seconds: list[float], kept: int) -> None:
    print(f"\n{kept} of {len(FAMILIES)} tools kept\n")
    print("| cases | all | answered right | answered wrong | not answered |\n|---|---|---|---|---|")
    for name, count in counts.items():
        print(f"| {name} | {count.all} | {count.right} | {count.wrong} | {count.refused} |")
    print(f"\nmedian {statistics.median(seconds) * 1e3:.1f} ms a question, in process")
    for name, count in counts.items():
        for line, times in Counter(count.worst).items():
            print(f"WRONG ({name}) x{times}: {line}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", type=int, nargs="*")
    given = parser.parse_args()
    names = (
        "the same question",
        "the same question, other values",
        "other words (no model)",
        "another question",
        "another format, or part of it",
    )
    counts = {name: Count() for name in names}
    kept = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(given.data, Path(folder))
        for number, family in enumerate(FAMILIES):
            if given.only is not None and number not in given.only:
                continue
            problem = bench.build(number, family)
            print(f"{number:2} {family.system}: {family.question[:60]}: {problem or 'kept'}", flush=True)
            if problem:
                continue
            kept += 1
            with bench.lab(str(number)) as lab:
                repeats(bench, lab, family, counts)
                misses(bench, lab, family, counts)
        report(counts, bench.seconds, kept)


if __name__ == "__main__":
    main()

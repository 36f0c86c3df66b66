"""Which questions cost a model call before they are explored: by the questions alone, no data and no model needed.

    python bench/reuse/offers.py

For each tool's question: is another one answered without a call (replay), put to a model beside the tool (asked), or
explored at once (not asked)? Its values are slots where they are numbers, names or quoted. "before": questions match
word for word, and a model is asked about every tool that knows a fifth of the question's telling words.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from families import FAMILIES

from lithify.questions import (
    literals,
    make_template,
    match_template,
    match_wording,
    telling_words,
)
from lithify.questions.kinship import estranged
from lithify.records.tool import Slot
from lithify.routing.shortlist import NEAR

STREAMS = Path(__file__).parent.parent / "stream"
KINDS = {"value": "other values", "paraphrase": "in other words", "similar": "another question, near"}
Pair = tuple[str, str, str]


def pairs() -> Iterator[Pair]:
    """(kind, the tool's question, another question that is asked of data of the same shape)."""
    for family in FAMILIES:
        for question, _ in family.values:
            yield "other values", family.question, question
        for question in family.paraphrases:
            yield "in other words", family.question, question
        for question in family.near:
            yield "another question, near", family.question, question
        for other in FAMILIES:
            if other.system == family.system and other is not family:
                for question in (other.question, *other.paraphrases):
                    yield "another question, of another family", family.question, question


def of_streams(names: list[str]) -> Iterator[Pair]:
    """The same of streams; pieces of one file have its name before the first dot."""
    for name in names:
        tasks = [json.loads(line) for line in (STREAMS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        for first in (task for task in tasks if task["kind"] == "first"):
            seen: set[str] = {first["question"]}
            for task in tasks:
                same_file = task["data"].partition(".")[0] == first["data"].partition(".")[0]
                if not same_file or task["question"] in seen:
                    continue
                seen.add(task["question"])
                same = task["family"] == first["family"]
                kind = KINDS[task["kind"]] if same else "another question, of another family"
                yield kind, first["question"], task["question"]


def held(part: str) -> Iterator[Pair]:
    """Questions about data that nobody has, each other family's a stranger. part: "first" or "second"."""
    lines = (Path(__file__).parent / "held.jsonl").read_text(encoding="utf-8").splitlines()
    families = [family for family in map(json.loads, lines) if family["set"] == part]
    for family in families:
        yield from (("in other words", family["asked"], question) for question in family["paraphrases"])
        yield from (("another question, near", family["asked"], question) for question in family["near"])
        strangers = [one["asked"] for one in families if one is not family]
        yield from (("another question, of another family", family["asked"], question) for question in strangers)


def outcomes(asked: str, question: str) -> tuple[str, str]:
    """What becomes of a question before and after."""
    named = {f"slot{at}": one for at, one in enumerate(literals(asked)) if not one.weak}
    slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in named.items())
    template = make_template(asked, named)
    said = telling_words(question)
    near = len(said & telling_words(asked)) >= NEAR * len(said)
    before = "replay" if match_template(template, slots, question) else "asked" if near else "not asked"
    if before == "replay" or match_wording(template, slots, question):
        return before, "replay"
    kin = near and not estranged(template, slots, asked, question)
    return before, "asked" if kin else "not asked"


def report(title: str, found: list[Pair]) -> None:
    counts: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for kind, asked, question in found:
        both = outcomes(asked, question)
        for count, outcome in zip(counts.setdefault(kind, (Counter(), Counter())), both, strict=True):
            count[outcome] += 1
        if both[1] == "replay" and kind.startswith("another"):
            print(f"WRONG: {asked} <- {question}")
    print(f"\n| {title} | all | replay | asked | not asked |\n|---|---|---|---|---|")
    for kind, (before, after) in sorted(counts.items()):
        cells = (f"{before[one]} → {after[one]}" for one in ("replay", "asked", "not asked"))
        print(f"| {kind} | {before.total()} | {' | '.join(cells)} |")


def main() -> None:
    report(
        "tuned on: bench/reuse, streams logs, tables, further", [*pairs(), *of_streams(["logs", "tables", "further"])]
    )
    report("mended on once: held.jsonl, first part; stream mixed", [*held("first"), *of_streams(["mixed"])])
    report("mended on once, after that: held.jsonl, second part", list(held("second")))


if __name__ == "__main__":
    main()

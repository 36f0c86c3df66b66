"""evidence/WHO.toml: read back as it was written, bounded, and refused with a reason when it says something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lithify.errors import LibraryProblem
from lithify.layout import evidence_to_bytes, read_evidence
from lithify.layout.evidence import MOST_USES
from lithify.records.evidence import Evidence, ToolEvidence, use_digest

USES = tuple(use_digest("which?", str(number), b"key") for number in range(2 * MOST_USES))
ONE = ToolEvidence(
    name="top_services",
    contents="ab" * 32,
    answered=USES[:2],
    failed=USES[2:3],
    agreed=USES[:1],
    refuted=USES[3:4],
    last_used=date(2026, 11, 30),
)
EVIDENCE = Evidence(person="Ada <ada@example.org>", tools=(ONE,), source="evidence/ada.toml")


def test_it_comes_back_as_it_was() -> None:
    assert read_evidence("evidence/ada.toml", evidence_to_bytes(EVIDENCE)) == EVIDENCE


def test_a_tool_of_which_nothing_is_known_is_not_told() -> None:
    nothing = ToolEvidence(name="other", contents="cd" * 32)
    assert evidence_to_bytes(replace(EVIDENCE, tools=(nothing, ONE))) == evidence_to_bytes(EVIDENCE)


def test_the_uses_that_came_first_are_told() -> None:
    data = evidence_to_bytes(replace(EVIDENCE, tools=(replace(ONE, answered=USES),)))
    assert read_evidence("x", data).tools[0].answered == USES[:MOST_USES]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('name = "top_services"', 'name = "../x"', "cannot name a tool"),
        ("ab" * 32, "short", "must be a sha256"),
        (USES[0], "which service restarted?", "no digest of a use"),
        ("2026-11-30", "yesterday", "must be a day"),
        ("format = 2", "format = 3", "upgrade lithify"),
        ("format = 2", "format = 1", "no digest of a use"),
        ("answered = [", "answered = [1, ", "a list of strings"),
        ("format = 2", "<<<<<<< HEAD\nformat = 2", "conflict markers"),
    ],
)
def test_what_is_no_evidence_is_refused(before: str, after: str, said: str) -> None:
    data = evidence_to_bytes(EVIDENCE).decode()
    assert before in data
    with pytest.raises(LibraryProblem, match=said):
        read_evidence("evidence/ada.toml", data.replace(before, after).encode())

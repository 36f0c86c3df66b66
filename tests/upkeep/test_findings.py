"""What a person is told: problems first, and nothing of a tool that is well."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lithify.records.lock import LockFinding
from lithify.records.nearness import Nearness
from lithify.upkeep import Checkup, Facts, Meeting, drift, findings, lock_findings
from tests.upkeep.known import TODAY, did, facts, tool

OLD = date(2026, 1, 1)
REFUSED = drift([Meeting(at=datetime(2026, 11, 1, tzinfo=UTC), met="declined", why="it raised ValueError")] * 4)
NEAR = Nearness(relation="near", tool="b", version=1, evidence="its words are 60%", advice="")


def told(one: Facts) -> list[tuple[str, str]]:
    return [(found.kind, found.severity) for found in findings([one], 90, TODAY)]


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (facts(), []),
        (facts(checkup=Checkup(health="broken", why="replay: no")), [("broken", "problem")]),
        (facts(checkup=Checkup(health="surroundings", why="zzz")), [("surroundings", "problem")]),
        (facts(checkup=Checkup(health="untried", why="nothing")), [("untried", "note")]),
        (facts(evidence=(did(agreed=5),)), []),
        (facts(evidence=(did(agreed=5, refuted=1),)), [("disagreement", "problem")]),
        (facts(evidence=(did(agreed=29, refuted=1),)), [("disagreement", "note")]),
        (facts(drift=REFUSED), [("drift", "problem")]),
        (facts(near=NEAR), [("near", "note")]),
        (facts(entered=OLD), [("unused", "note")]),
        (facts(entered=OLD, last_used=TODAY), []),
        (facts(entered=OLD, callers=("b",)), []),
    ],
)
def test_what_is_told_of_one_tool(one: Facts, found: list[tuple[str, str]]) -> None:
    assert told(one) == found


def test_problems_come_first_and_say_what_to_do() -> None:
    idle, broken = (
        facts(tool("a"), entered=OLD),
        facts(tool("b"), checkup=Checkup(health="broken", why="tests: 1 failed")),
    )
    first, second = findings([idle, broken], 90, TODAY)
    assert (first.where, first.text) == ("b", "tests: 1 failed: `lithify test b` shows all")
    assert (second.where, second.text) == ("a", "never used in 333 days")


def test_those_who_import_a_broken_tool_are_named() -> None:
    (found,) = findings([facts(checkup=Checkup(health="broken", why="no"), callers=("b", "c"))], 90, TODAY)
    assert "b, c import it" in found.text


def test_what_is_found_of_the_lock_is_passed_on() -> None:
    (found,) = lock_findings([LockFinding(where="a", severity="problem", text="differs")])
    assert (found.kind, found.where, found.severity, found.text) == ("lock", "a", "problem", "differs")

"""When a page needs a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from lithify.records.upkeep import Surroundings
from lithify.upkeep import Finding, Page, Proposed, ShadowChecks, line_of
from tests.upkeep.known import did, facts

PAGE = Page(
    library="/l", at=datetime(2026, 11, 30, tzinfo=UTC), seconds=1.0, surroundings=Surroundings(python="3.11.9")
)
NOTE = Finding(where="a", kind="near", severity="note", text="near b")
CHECKS = ShadowChecks(agreed=1, made=1, calls=2, cost=None)


def test_what_needs_a_person() -> None:
    well = replace(PAGE, findings=(NOTE,), proposals=(Proposed(state="would", subject="deprecate a"),), checks=CHECKS)
    assert not well.needs_person
    assert replace(well, findings=(replace(NOTE, severity="problem"),)).needs_person
    assert replace(well, proposals=(Proposed(state="waiting", subject="deprecate a", branch="b"),)).needs_person
    assert replace(well, checks=replace(CHECKS, agreed=0)).needs_person


def test_a_line_says_how_a_tool_did() -> None:
    line = line_of(facts(evidence=(did(answered=3, failed=1, agreed=2),), callers=("b",)))
    assert (line.name, line.answered, line.failed, line.agreement.total, line.callers) == ("a", 3, 1, 2, ("b",))

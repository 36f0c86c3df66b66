"""Whose fault it is when a tool no longer passes: its own, or the machine's."""

from __future__ import annotations

import pytest

from lithify.records.tool import Verdict
from lithify.upkeep import Health, checkup
from tests.upkeep.known import tool, verdict


@pytest.mark.parametrize(
    ("given", "health"),
    [
        (verdict(), "sound"),
        (verdict("requirements", "needs-person", "needs zzz"), "sound"),
        (verdict("replay", "fail", "on recorded it answers 1; recorded is 2"), "broken"),
        (verdict("replay", "fail", "on recorded (hash seed 1) it did not end within 30 s"), "broken"),
        (verdict("replay", "fail", "it raised ModuleNotFoundError: No module named 'cgi'"), "broken"),
        (verdict("replay", "fail", "on recorded (hash seed 1) it raised MemoryError: "), "surroundings"),
        (verdict("replay", "fail", "its worker was ended: it used more than its memory"), "surroundings"),
        (verdict("requirements", "fail", "cannot be imported in the sandbox: pandas"), "surroundings"),
        ("tools/a/tool.py is missing", "broken"),
        (None, "untried"),
    ],
)
def test_what_a_verdict_comes_to(given: Verdict | str | None, health: Health) -> None:
    found = checkup(tool(), given, frozenset())
    assert found.health == health
    assert bool(found.why) == (health != "sound")


def test_a_requirement_that_is_gone_is_the_machine_s_fault_whatever_the_gates_say() -> None:
    one = tool(requirements=("pandas", "zzz"))
    found = checkup(one, verdict("replay", "fail", "it raised ModuleNotFoundError"), frozenset({"zzz", "other"}))
    assert (found.health, found.why) == ("surroundings", "zzz is not installed here")
    assert checkup(tool(), verdict(), frozenset({"zzz"})).health == "sound", "it does not need that one"


def test_the_reason_is_a_line_of_bounded_length() -> None:
    found = checkup(tool(), verdict("tests", "fail", "one\ntwo " + "x" * 1_000), frozenset())
    assert found.why.startswith("tests: one two xxx")
    assert len(found.why) < 250

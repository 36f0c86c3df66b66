"""Whose fault it is when a tool no longer passes: its own, or the machine's."""

from __future__ import annotations

import pytest

from lithify.records.tool import Verdict
from lithify.records.upkeep import Surroundings
from lithify.upkeep import Health, checkup
from tests.upkeep.known import tool, verdict

HERE = Surroundings(python="3.11.9")


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
    found = checkup(tool(), given, HERE)
    assert found.health == health
    assert bool(found.why) == (health != "sound")


def test_a_requirement_that_is_gone_is_the_machine_s_fault_whatever_the_gates_say() -> None:
    one = tool(requirements=("pandas", "zzz"))
    found = checkup(
        one,
        verdict("replay", "fail", "it raised ModuleNotFoundError"),
        Surroundings(python="3.11.9", missing=("zzz", "other")),
    )
    assert (found.health, found.why) == ("surroundings", "zzz is not installed here")
    assert checkup(tool(), verdict(), Surroundings(python="3.11.9", missing=("zzz",))).health == "sound", (
        "it does not need that one"
    )


def test_a_tool_that_fails_in_a_version_it_does_not_ask_for_is_not_to_blame() -> None:
    here = Surroundings(python="3.11.9", unmet=(("pandas>=3", "2.2.3"), ("zzz<1", "2")))
    one = tool(requirements=("pandas>=3",))
    found = checkup(one, verdict("replay", "fail", "it raised AttributeError"), here)
    assert found.health == "surroundings"
    assert found.why == "it asks for pandas>=3 (2.2.3 is installed); replay: it raised AttributeError"
    assert checkup(one, verdict(), here).health == "sound", "it passes all the same"


def test_the_reason_is_a_line_of_bounded_length() -> None:
    found = checkup(tool(), verdict("tests", "fail", "one\ntwo " + "x" * 1_000), HERE)
    assert found.why.startswith("tests: one two xxx")
    assert len(found.why) < 250

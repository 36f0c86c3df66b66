"""Versions that are others than those that tools were let in with, or ask for, and how the tools are with them."""

from __future__ import annotations

from lithify.records.upkeep import Surroundings
from lithify.upkeep import Checkup, version_findings
from tests.upkeep.known import facts, tool

HERE = Surroundings(python="3.12.4", packages=(("pandas", "3.0.0"),), unmet=(("pandas<3", "3.0.0"),))


def said(*known: object, here: Surroundings = HERE) -> list[tuple[str, str]]:
    found = version_findings(known, here)  # type: ignore[arg-type]
    assert {(one.kind, one.severity) for one in found} <= {("versions", "note")}
    return [(one.where, one.text) for one in found]


def test_a_line_for_each_package_says_how_many_pass_with_today_s() -> None:
    old = {"Python": "3.12.1", "pandas": "2.2.3"}
    known = [
        facts(tool("a"), tried=old),
        facts(tool("b"), tried={**old, "pandas": "2.1.0"}, checkup=Checkup(health="broken", why="no")),
        facts(tool("c"), tried={"Python": "3.12.1", "pandas": "3.0.0"}),
        facts(tool("d")),
    ]
    assert said(*known) == [
        ("pandas", "3.0.0 here; a, b came in with 2.1.0, 2.2.3: with today's, 1 of 2 pass their tests; not b")
    ], "a patch of Python is no other version, and of d nothing is known"


def test_python_and_what_is_asked_for() -> None:
    one = facts(tool(requirements=("pandas<3",)), tried={"Python": "3.11.9"})
    assert said(one) == [
        ("pandas<3", "a asks for it, 3.0.0 is installed: with that, its tests pass"),
        ("Python", "3.12.4 here; a came in with 3.11.9: with today's, its tests pass"),
    ]
    untried = facts(tool(), tried={"Python": "3.11.9"}, checkup=Checkup(health="untried", why="nothing"))
    assert said(untried)[0][1].endswith("there is nothing to try it on")


def test_many_tools_are_counted() -> None:
    many = [facts(tool(f"t{number}"), tried={"pandas": "2.0"}) for number in range(5)]
    assert said(*many) == [("pandas", "3.0.0 here; 5 tools came in with 2.0: with today's, 5 of 5 pass their tests")]
    assert said(*many, here=Surroundings(python="3.12.4", packages=(("pandas", "2.0"),))) == []

"""Whether a tool's own examples notice faults in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lithify.gates import Bounds
from lithify.gates.gate import Finding
from lithify.gates.strength import StrengthGate
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example, Signature
from lithify.testing.candidates import LOG, make_candidate

PutTo = Callable[..., Finding]
SIGNATURE = Signature(
    function="count_it", context_parameter="log", context_kind="text", parameters=(), returns="object"
)
BODY = """\
def count_it(log: str) -> object:
    found = 0
    for line in log.splitlines():
        if line.endswith("restarted") and len(line) > 4:
            found += 1
        elif line.startswith("stop"):
            break
    return found
"""


def tool(source: str, *uses: tuple[str, Plain]) -> Candidate:
    examples = tuple(
        Example(name=f"use {n}", context=text, arguments={}, expected=expected)
        for n, (text, expected) in enumerate(uses, 1)
    )
    return make_candidate(source=source, signature=SIGNATURE, examples=examples)


def test_good_examples_notice_faults(put_to: PutTo) -> None:
    finding = put_to(StrengthGate(), make_candidate())
    assert finding.outcome == "pass"
    assert "are noticed" in finding.evidence


def test_an_example_that_says_nothing_is_not_enough(put_to: PutTo) -> None:
    finding = put_to(StrengthGate(), tool(BODY, ("nothing here\n", 0)))
    assert finding.outcome == "fail"
    assert "not noticed: line 5: found += 1  →  pass" in finding.evidence
    assert "… and" in finding.evidence
    assert "record an example" in finding.remedy


def test_in_between_a_person_decides(put_to: PutTo) -> None:
    candidate = tool(BODY, (LOG, 3))
    exact = put_to(StrengthGate(), candidate, None, Bounds(strength=0.99))
    assert exact.outcome == "needs-person"
    assert put_to(StrengthGate(), candidate, None, Bounds(strength=0.99, strength_floor=0.98)).outcome == "fail"
    assert put_to(StrengthGate(), candidate, None, Bounds(strength=0.1)).outcome == "pass"


def test_no_time_leaves_mutants_and_says_how_many(put_to: PutTo) -> None:
    finding = put_to(StrengthGate(), tool(BODY, (LOG, 3)), None, Bounds(mutants=4))
    assert "of 4 faults" in finding.evidence
    assert "more were not tried" in finding.evidence
    hurried = put_to(StrengthGate(), tool(BODY, (LOG, 3)), None, Bounds(strength_seconds=0.0))
    assert (
        " of 6 faults" in hurried.evidence or " of 7 faults" in hurried.evidence or " of 8 faults" in hurried.evidence
    )
    assert "more were not tried" in hurried.evidence


def test_a_mutant_that_never_ends_is_noticed(put_to: PutTo) -> None:
    source = "def count_it(log: str) -> object:\n    n = 0\n    while n < len(log):\n        n += 1\n    return n\n"
    finding = put_to(StrengthGate(), tool(source, ("abc", 3)))
    assert finding.outcome == "pass", finding.evidence


@pytest.mark.parametrize(
    "check",
    [
        "len(count_it.__code__.co_code) == SIZE",
        "len(count_it.__code__.co_varnames) == 1",
    ],
)
def test_a_tool_that_knows_its_own_code_kills_no_mutants(put_to: PutTo, check: str) -> None:
    """It answers wrong as soon as it is changed: without the placebo every mutant would count as noticed."""
    plain = f"def count_it(log: str) -> object:\n    return log.count(chr(10)) if {check} else -1\n"
    space: dict[str, object] = {}
    exec(compile(plain.replace("SIZE", "1000"), "tool.py", "exec"), space)
    size = len(space["count_it"].__code__.co_code)  # type: ignore[attr-defined]
    finding = put_to(StrengthGate(), tool(plain.replace("SIZE", str(size)), (LOG, 4)))
    assert finding.outcome == "fail"
    assert "written another way" in finding.evidence


TESTS = """\
import importlib.util
from pathlib import Path

spec = importlib.util.spec_from_file_location("tool", Path(__file__).parents[1] / "tool.py")
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)
count_it = tool.count_it
"""
GOOD_TESTS = """

def test_it():
    assert count_it("a restarted\\nb restarted\\nnothing\\n") == 2
    assert count_it("restarted\\nxrestarted\\n") == 2
    assert count_it("a restarted\\nstop\\nb restarted\\n") == 1
"""


def with_tests(text: str) -> Candidate:
    weak = tool(BODY, ("nothing here\n", 0), ("a restarted\n", 1))
    return replace(weak, extra={"tests/test_mine.py": (TESTS + text).encode()})


def test_further_tests_count(put_to: PutTo) -> None:
    without = put_to(StrengthGate(), with_tests("\n\ndef test_it():\n    assert count_it('') == 0\n"))
    better = put_to(StrengthGate(), with_tests(GOOD_TESTS))
    assert without.score is not None
    assert better.score is not None
    assert better.score > without.score + 0.2
    assert better.outcome == "pass", better.evidence


def test_tests_that_fail_by_count_or_by_chance_kill_no_mutants(put_to: PutTo) -> None:
    """The unchanged tool comes first, written another way, and last."""
    by_chance = "import secrets\n\n\ndef test_it():\n    assert count_it('') == 0 and secrets.randbelow(10**6) == 0\n"
    finding = put_to(StrengthGate(), with_tests(by_chance))
    assert finding.outcome == "fail", finding.evidence
    assert "do not pass with the tool" in finding.evidence or "then did not" in finding.evidence


def test_a_tool_that_does_not_pass_its_own_examples(put_to: PutTo) -> None:
    finding = put_to(StrengthGate(), tool(BODY, (LOG, 99)))
    assert finding.outcome == "fail"
    assert "does not give what is recorded on use 1" in finding.evidence

"""Semantic versions: what breaks callers, what gives them more, what they do not notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.errors import LibraryProblem
from lithify.layout.compatibility import Level, compare, next_semver
from lithify.records.tool import Parameter, Signature
from lithify.testing.candidates import SIGNATURE

TOP = SIGNATURE.parameters[0]
DAY = Parameter(name="day", annotation="str", default="2026-06-01")


def changed(*parameters: Parameter) -> Signature:
    return replace(SIGNATURE, parameters=parameters)


CASES: list[tuple[Signature, Level, str]] = [
    (SIGNATURE, "patch", ""),
    (replace(SIGNATURE, returns="List[str]"), "patch", ""),
    (changed(TOP, DAY), "minor", "the parameter day is new"),
    (changed(DAY, TOP), "major", "another order: day, top"),
    (changed(), "major", "the parameter top is gone"),
    (changed(replace(TOP, annotation="int | None")), "minor", "top takes int | None, more than int"),
    (changed(replace(TOP, annotation="bool")), "major", "top took int and takes bool"),
    (changed(replace(TOP, default=2)), "major", "without top it was 1 and is 2"),
    (changed(replace(TOP, annotation="float", default=1.0)), "major", "without top it was 1 and is 1.0"),
    (replace(SIGNATURE, returns="list[str] | None"), "major", "it gave list[str] and gives list[str] | None"),
    (replace(SIGNATURE, returns="tuple[str, ...]"), "major", "it gave"),
    (replace(SIGNATURE, function="other"), "major", "is now called other"),
    (replace(SIGNATURE, context_parameter="text"), "major", "first parameter log is now called text"),
    (replace(SIGNATURE, needs_llm=True), "major", "it asks a language model, before it did not"),
    (replace(SIGNATURE, context_kind="files"), "major", "it reads files"),
]


@pytest.mark.parametrize(("new", "level", "said"), CASES)
def test_levels(new: Signature, level: Level, said: str) -> None:
    change = compare(SIGNATURE, new)
    assert change.level == level
    assert said in "\n".join(change.reasons)
    assert bool(change.reasons) == (level != "patch")


def test_a_narrower_answer_is_minor_and_the_gravest_reason_comes_first() -> None:
    old = replace(SIGNATURE, returns="Sequence[str]")
    assert compare(old, SIGNATURE).level == "minor"
    both = compare(SIGNATURE, replace(changed(TOP, DAY), function="other"))
    assert (both.level, both.reasons[0], len(both.reasons)) == (
        "major",
        "the function most_restarted_service is now called other",
        2,
    )


@pytest.mark.parametrize(
    ("before", "level", "after"),
    [("1.2.3", "patch", "1.2.4"), ("1.2.3", "minor", "1.3.0"), ("1.2.3", "major", "2.0.0")],
)
def test_the_next_version(before: str, level: Level, after: str) -> None:
    assert next_semver(before, level) == after


def test_what_is_no_version() -> None:
    with pytest.raises(LibraryProblem, match=r"'1\.2' is no version"):
        next_semver("1.2", "patch")

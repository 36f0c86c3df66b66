"""Back to an earlier version, another name, put away, tested again: with the real gates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.records.tool import Tool, Verdict
from lithify.services import versions
from lithify.testing.candidates import SIGNATURE, SOURCE, example, make_candidate
from tests.services.bench import PERSON, Place

Judge = Callable[..., Verdict]
NAME = "most_restarted_service"
CALLER = f'''\
"""Is one service behind most restarts?"""

from ..{NAME}.tool import {NAME}


def first_two(log: str, top: int = 1) -> list[str]:
    """The first of them, once more at the end."""
    found = {NAME}(log, top)
    return found + found[:1]
'''


@pytest.fixture
def place(tmp_path: Path, judged: Judge) -> Place:
    """A library with a tool of two versions, and one that imports it."""
    place = Place(tmp_path)
    for one in (make_candidate(), make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n")):
        tool = place.library.keep(one, judged(one), "provisional", PERSON)
    caller = replace(
        make_candidate(identity="c3", source=CALLER, template="first two {top}"),
        signature=replace(SIGNATURE, function="first_two"),
        examples=(
            replace(example(), expected=["web", "web"]),
            replace(example("two", top=2), expected=["web", "db", "web"]),
        ),
        callees={NAME: tool.source},
    )
    place.library.keep(caller, judged(caller), "provisional", PERSON)
    return place


def tools(place: Place) -> dict[str, Tool]:
    return {tool.name: tool for tool in place.library.view().tools}


def test_a_verdict_that_still_holds_brings_an_earlier_version_back(place: Place) -> None:
    tool, verdict = place.wait(versions.roll_back(NAME, "1.0.0", place.bench))
    assert (tool.source, tool.semver, tool.approved_by, verdict) == (SOURCE, "1.0.2", PERSON, None)


def test_judged_again_it_brings_its_callers_along(place: Place) -> None:
    tool, verdict = place.wait(versions.roll_back(NAME, "1.0.0", place.bench, gate=True))
    assert verdict is not None
    assert verdict.outcome == "pass", verdict
    assert tool.source == SOURCE


def test_another_name_and_the_callers_with_it(place: Place) -> None:
    tool, callers = place.wait(versions.rename(NAME, "flapping", place.bench))
    assert (tool.name, callers) == ("flapping", ("first_two",))
    assert set(tools(place)) == {"flapping", "first_two"}
    found = place.wait(versions.test((), place.bench))
    assert {name: one if isinstance(one, str) else one.outcome for name, one in found.items()} == {
        "flapping": "pass",
        "first_two": "pass",
    }


def test_a_renaming_that_does_not_pass_changes_nothing(place: Place, judged: Judge) -> None:
    caller = place.library.edited("first_two")
    wrong = replace(caller, id="c4", examples=(replace(example(), expected=["db"]),))
    place.library.keep(
        replace(wrong, source=CALLER + "\n\n_Y = 1\n"),
        judged(replace(wrong, source=CALLER + "\n\n_Y = 1\n")),
        "provisional",
        PERSON,
    )
    with pytest.raises(LibraryProblem, match="first_two does not pass its gates and was not renamed with"):
        place.wait(versions.rename(NAME, "flapping", place.bench))
    assert set(tools(place)) == {NAME, "first_two"}


def test_retired_is_never_used_again(place: Place) -> None:
    versions.retire("first_two", "nobody asks", place.bench)
    assert set(tools(place)) == {NAME}
    with pytest.raises(LibraryProblem, match="nothing"):
        versions.retire("nothing", "no", place.bench)


def test_testing_says_what_cannot_be_judged(place: Place) -> None:
    (place.library.path / "tools/first_two/tool.toml").write_text("half")
    found = place.wait(versions.test(["first_two"], place.bench))
    assert "not TOML" in str(found["first_two"])

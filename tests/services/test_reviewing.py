"""Review with the real gates: rename, edit, try, approve, reject; what each refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.context import context_from_value
from lithify.errors import BadInput, LibraryProblem, NotCovered
from lithify.records.context import Fingerprint
from lithify.records.events import CandidateRejected, ToolKept
from lithify.records.tool import Candidate, Verdict
from lithify.services import reviewing
from lithify.services.reviewing import Pending
from lithify.testing.candidates import LOG, SOURCE, example, make_candidate
from tests.services.bench import PERSON, Place

Judge = Callable[..., Verdict]
NAME = "most_restarted_service"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def proposed(place: Place, judged: Judge, candidate: Candidate | None = None) -> Pending:
    one = candidate or make_candidate()
    place.library.propose(one, judged(one))
    return next(item for item in reviewing.pending(place.bench) if item.name == one.id)


def test_what_waits_says_what_it_would_become(place: Place, judged: Judge) -> None:
    item = proposed(place, judged)
    assert item.placement is not None
    assert (item.placement.kind, item.placement.tool, item.placement.semver) == ("new", NAME, "1.0.0")
    place.library.keep(item.candidate, item.verdict, "provisional", PERSON)
    better = make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n")
    again = proposed(place, judged, better)
    assert again.placement is not None
    assert (again.placement.kind, again.placement.version, again.placement.semver) == ("version", 2, "1.0.1")
    assert again.placement.source == SOURCE
    assert again.names == {"c2", NAME}


def test_a_question_explored_over_two_formats_makes_no_second_tool(place: Place, judged: Judge) -> None:
    other = make_candidate(
        identity="c2",
        source=SOURCE.replace("line.endswith(", "line.rstrip().endswith("),
        applicability=Fingerprint(format="delimited", header=("time", "service"), delimiter=","),
    )
    waiting = proposed(place, judged, other)
    assert waiting.placement is not None
    assert waiting.placement.kind == "new"
    first = make_candidate()
    place.library.keep(first, judged(first), "provisional", PERSON)
    (waiting,) = reviewing.pending(place.bench)
    assert waiting.placement is not None
    assert waiting.placement.kind == "refused"
    assert "`lithify distil r1 PATH...` makes this its next version" in waiting.placement.reasons[0]
    with pytest.raises(LibraryProblem, match="c2 was not kept: most_restarted_service answers this question over"):
        place.wait(reviewing.approve(waiting, place.bench))
    assert len(place.library.view().tools) == 1


def test_approving_judges_it_once_more_and_keeps_it(place: Place, judged: Judge) -> None:
    tool = place.wait(reviewing.approve(proposed(place, judged), place.bench))
    assert (tool.name, tool.semver, tool.approved_by) == (NAME, "1.0.0", PERSON)
    assert reviewing.pending(place.bench) == ()
    assert [type(event) for event in place.events] == [ToolKept]
    assert "strength pass" in place.library.revisions.history(NAME)[0].verdict


def test_a_candidate_that_does_not_pass_is_not_kept_whatever_was_said_of_it(place: Place, judged: Judge) -> None:
    item = proposed(place, judged, make_candidate(examples=(replace(example(), expected=["db"]),)))
    assert item.verdict.outcome == "pass"
    with pytest.raises(LibraryProblem, match=r"does not pass its gates and was not kept: .*replay"):
        place.wait(reviewing.approve(item, place.bench))
    assert place.library.view().tools == ()


def test_another_name_is_judged_and_stays(place: Place, judged: Judge) -> None:
    changed = place.wait(reviewing.rename(proposed(place, judged), "flapping", place.bench))
    assert (changed.candidate.signature.function, changed.candidate.recipe.tool) == ("flapping", "flapping")
    assert changed.verdict.outcome == "pass", changed.verdict
    (item,) = reviewing.pending(place.bench)
    assert (item.candidate, item.verdict.outcome) == (changed.candidate, "pass")
    with pytest.raises(BadInput, match="cannot name a tool"):
        place.wait(reviewing.rename(item, "not a name", place.bench))


def test_an_edit_is_judged_with_the_signature_that_it_has(place: Place, judged: Judge) -> None:
    source = SOURCE.replace("top: int = 1", "top: int = 2")
    changed = place.wait(reviewing.edit(proposed(place, judged), source, place.bench))
    assert changed.candidate.signature.parameters[0].default == 2
    assert changed.verdict.outcome == "pass", changed.verdict
    assert [one.candidate for one in reviewing.pending(place.bench)] == [changed.candidate]


@pytest.mark.parametrize("source", ["def f(:", "x = 1\n", "def f(a: str) -> int: ...\ndef g(a: str) -> int: ...\n"])
def test_an_edit_that_leaves_no_function(place: Place, judged: Judge, source: str) -> None:
    with pytest.raises(BadInput, match="one public function"):
        place.wait(reviewing.edit(proposed(place, judged), source, place.bench))


def test_files_changed_behind_our_back_are_judged_again(place: Place, judged: Judge) -> None:
    item = proposed(place, judged)
    file = place.library.path / f".lithify/candidates/{item.name}/tool.py"
    file.write_text(SOURCE.replace("[:top]", "[: top + 1]"))
    (changed,) = reviewing.pending(place.bench)
    assert changed.verdict.outcome == "fail"
    assert not changed.verdict.results
    again = place.wait(reviewing.refreshed(changed, place.bench))
    assert [one.gate for one in again.verdict.results if one.outcome == "fail"]
    assert place.library.candidate(item.name).verdict.outcome == again.verdict.outcome == "fail"


def test_trying_it_runs_it_on_the_reviewers_input(place: Place, judged: Judge) -> None:
    item = proposed(place, judged)
    context = context_from_value(LOG + "10:00 cron restarted\n10:01 cron restarted\n10:02 cron restarted\n")
    assert place.wait(reviewing.attempt(item, context, {"top": 1}, place.bench)) == ["cron"]
    with pytest.raises(NotCovered, match="it reads text, this is files"):
        place.wait(reviewing.attempt(item, context_from_value({"a.log": LOG}), {}, place.bench))


def test_a_no_is_remembered(place: Place, judged: Judge) -> None:
    item = proposed(place, judged)
    reviewing.reject(item, "ties must be kept", place.bench)
    assert reviewing.pending(place.bench) == ()
    assert place.library.is_rejected(item.candidate)
    assert [(event.candidate, event.reason) for event in place.events if isinstance(event, CandidateRejected)] == [
        ("c1", "ties must be kept")
    ]


def test_dropping_what_is_no_property(place: Place, judged: Judge) -> None:
    with pytest.raises(BadInput, match="'order' is no property of c1; there are none"):
        place.wait(reviewing.drop(proposed(place, judged), ["order"], place.bench))


class TestKeptTools:
    def test_an_edit_by_hand_waits_and_a_retired_tool_does_not(self, place: Place, judged: Judge) -> None:
        for one in (make_candidate(), make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n", template="other")):
            place.library.keep(one, judged(one), "provisional", PERSON)
        place.library.revisions.set_status(f"{NAME}_2", "retired", PERSON, "no")
        file = place.library.path / f"tools/{NAME}/tool.py"
        file.write_text(SOURCE.replace("most frequent first", "the most frequent first"))
        (item,) = place.wait(reviewing.edited(place.bench))
        assert (item.kind, item.name, item.placement) == ("edited", NAME, None)
        tool = place.wait(reviewing.approve(item, place.bench))
        assert (tool.version, tool.semver) == (2, "1.0.1")
        (retired,) = place.wait(reviewing.edited(place.bench, [f"{NAME}_2"]))
        assert retired.name == f"{NAME}_2"

    def test_what_is_for_candidates_only(self, place: Place, judged: Judge) -> None:
        item = replace(proposed(place, judged), kind="edited", name=NAME)
        for work in (
            lambda: reviewing.rename(item, "other", place.bench),
            lambda: reviewing.edit(item, SOURCE, place.bench),
            lambda: reviewing.drop(item, ["x"], place.bench),
        ):
            with pytest.raises(BadInput, match=r"edit|rename"):
                place.wait(work())
        with pytest.raises(LibraryProblem, match="restore it with"):
            reviewing.reject(item, "no", place.bench)

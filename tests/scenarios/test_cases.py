"""Open cases of a kept tool: what answers one closes it, and a next version takes those that it answers with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lithify.records.cases import Case
from lithify.records.healing import Healed
from lithify.services.cases import close_answered, open_cases, still_open, with_cases
from tests.scenarios.test_the_whole_way import kept, names
from tests.scenarios.world import QUESTION, log
from tests.services.bench import Place

NAME = "most_restarted_services"


def case(place: Place, seed: int, answer: list[str]) -> Case:
    shape = place.library.load(NAME).applicability[0]
    return Case(
        tool=NAME,
        version=1,
        by="run",
        why="it raised ValueError: odd",
        unhealed="not healed",
        question=QUESTION,
        run_id=f"r{seed}",
        input=f"digest {seed}",
        shape=shape,
        context=log(seed),
        answer=list(answer),
        said="explored",
    )


def test_cases_that_are_answered_by_now_are_closed_and_go_into_the_next_version(tmp_path: Path) -> None:
    kept(tmp_path)
    place = Place(tmp_path)
    book, bench = place.library.cases, place.bench
    right, wrong = case(place, 3, names(log(3), 2)), case(place, 4, ["nobody"])
    for one in (right, wrong):
        book.put(one)
    assert [one.id for one in open_cases(place.library, [NAME])] == [right.id, wrong.id]
    assert open_cases(place.library, ["another"]) == ()
    tool = place.library.edited(NAME)
    healed = Healed(tool=NAME, version=1, by="run", run_id="r9", why="odd", case="failed in run r9")
    found = place.wait(with_cases(replace(tool, healed=healed), bench))
    assert [one.name for one in found.examples[len(tool.examples) :]] == ["failed in run r3"]
    assert not still_open(right, found)
    assert still_open(wrong, found)
    assert not still_open(wrong, None), "its tool is there no more"
    place.wait(close_answered(bench))
    assert [one.id for one in open_cases(place.library)] == [wrong.id]
    assert {one.id: one.closed for one in book.all()} == {right.id: f"{NAME} v1 answers it", wrong.id: ""}

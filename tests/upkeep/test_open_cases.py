"""Open cases in words, and when a tool is so far that it should ask a model for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.records.cases import Case
from lithify.upkeep import Checkup, findings, for_softening, proposals, softens, told, ways_out
from tests.upkeep.known import TODAY, did, facts, tool


def case(number: int = 1, **changed: object) -> Case:
    given = Case(
        tool="a",
        version=1,
        by="shape",
        why="only 0% of lines have a known shape",
        unhealed="not healed: no test of the shape tells their inputs apart",
        question="Which?",
        run_id=f"r{number}",
        input=f"digest {number}",
        context="web restarted\n",
        answer=["web"],
        said="explored",
    )
    return replace(given, **changed)  # type: ignore[arg-type]


THREE = tuple(case(number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    "unfit",
    [
        case(by="person", said="person"),
        case(by="shadow", said="shadow"),
        case(context=None),
        case(answer=None, said=""),
    ],
)
def test_only_what_is_not_covered_and_has_data_and_answer_can_be_softened(unfit: Case) -> None:
    assert for_softening([unfit]) == ()
    assert for_softening([unfit, *THREE]) == THREE


def test_the_same_data_counts_once() -> None:
    assert for_softening([THREE[0], replace(THREE[0], question="Which one?")]) == THREE[:1]


def test_a_tool_softens_from_so_many_cases_on() -> None:
    assert softens(tool(), THREE, 3) == THREE
    assert softens(tool(), THREE[:2], 3) == ()
    assert softens(tool(), THREE, 0) == (), "never"
    assert softens(tool("b"), THREE, 1) == (), "they are another tool's"
    soft = tool()
    assert softens(replace(soft, signature=replace(soft.signature, needs_llm=True)), THREE, 1) == (), "it is soft"


def test_softening_is_proposed_for_a_sound_tool_in_use() -> None:
    (found,) = proposals([facts(cases=THREE)], 90, TODAY, 3)
    assert (found.kind, found.ground, found.reason) == (
        "soften",
        "uncovered",
        "3 inputs that it does not cover fit into no program",
    )
    assert told(THREE[2]) in found.evidence
    assert proposals([facts(cases=THREE)], 90, TODAY) == ()
    broken = facts(cases=THREE, checkup=Checkup(health="broken", why="replay: otherwise"))
    refuted = facts(cases=THREE, evidence=(did(refuted=2),))
    for other in (broken, refuted):
        assert [one.kind for one in proposals([other], 90, TODAY, 3)] == ["deprecate"]


def test_each_case_is_told_with_what_a_person_can_do() -> None:
    found = findings([facts(cases=THREE[:2])], 90, TODAY)
    assert [(one.kind, one.severity) for one in found] == [("case", "problem")] * 2
    line = found[0].text
    assert line.startswith(f'{THREE[0].id}, `lithify review a` says what can be done: "Which?" in run r1: only 0%')
    for way in ("lithify soften a", "lithify review a", f"lithify review {THREE[0].id} --reject REASON"):
        assert f"`{way}`" in ways_out(THREE[0])
    assert "soften" not in ways_out(case(by="person")), "its code would be asked first"

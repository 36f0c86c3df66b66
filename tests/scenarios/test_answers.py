"""What is asked for besides the question: the type of the answer, a check of the caller's, quotes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.records.run import Limits
from lithify.rlm import Explored
from lithify.rlm.typed import answer_type
from tests.scenarios.loop import cell, explored_by, task

PAIRS = answer_type(list[tuple[str, int]])


def test_the_type_is_shown_and_a_wrong_answer_goes_back() -> None:
    wrong, right = cell("FINAL({'a': 2})"), cell("FINAL([('a', 2)])")
    explored, model = explored_by([wrong, right], replace(task(), answer=PAIRS))
    assert "of this type: list[[str, int]]" in model.requests[0].messages[1].content
    assert "answer: Input should be a valid list" in model.requests[1].messages[-1].content
    assert explored.typed is not None
    assert explored.typed.value == [("a", 2)]
    assert explored.trajectory.answer == [["a", 2]], "the trajectory keeps what was submitted"
    assert explored.trajectory.complete


def test_none_is_an_answer_where_the_type_says_so() -> None:
    explored, _ = explored_by([cell("FINAL(None)")], replace(task(), answer=answer_type(int | None)))
    assert explored.trajectory.complete
    assert explored.typed is not None
    assert explored.typed.value is None


def test_a_validator_speaks_to_the_model() -> None:
    even = answer_type(int, lambda value: None if value % 2 == 0 else f"{value} is odd, it must be even")
    explored, model = explored_by([cell("FINAL(3)"), cell("FINAL(4)")], replace(task(), answer=even))
    assert "3 is odd" in model.requests[1].messages[-1].content
    assert explored.trajectory.answer == 4


@pytest.mark.parametrize(
    ("said", "answer", "reason"),
    [
        ('FINAL([["a", 2]])', [["a", 2]], "turns"),
        ('```json\n[["a", 2]]\n```', [["a", 2]], "turns"),
        ("FINAL(two)", None, "not of the type asked for"),
        ("I do not know.", None, "not of the type asked for"),
        ("", None, "nothing was said"),
    ],
)
def test_the_last_word_is_checked_too(said: str, answer: object, reason: str) -> None:
    wanted = replace(task(Limits(turns=1)), answer=PAIRS)
    explored, _ = explored_by([cell("n = 1"), said], wanted)
    assert explored.trajectory.answer == answer
    assert not explored.trajectory.complete
    assert reason in explored.reason


def cited(replies: list[str], limits: Limits | None = None) -> tuple[Explored, list[str]]:
    explored, model = explored_by(replies, replace(task(limits), cite=True), "one: a\ntwo: b\none: c\n")
    return explored, [request.messages[-1].content for request in model.requests]


def test_quotes_are_looked_up_and_returned_with_their_place() -> None:
    explored, asked = cited([cell("CITE('two: b')\nCITE('one', line=3)\nFINAL(2)")])
    assert "CITE(quote)" in asked[0]
    assert [(one.quote, one.number, one.verified) for one in explored.citations] == [
        ("two: b", 2, True),
        ("one", 3, True),
    ]
    assert explored.trajectory.complete


def test_an_answer_without_quotes_goes_back_once() -> None:
    explored, asked = cited([cell("FINAL(2)"), cell("CITE('one')\nFINAL(2)")])
    assert "no quote supports it" in asked[1]
    assert [one.verified for one in explored.citations] == [True]


def test_a_wrong_quote_goes_back_once_and_is_then_marked() -> None:
    reply = cell("CITE('three: x')\nFINAL(2)")
    explored, asked = cited([reply, reply])
    assert "three: x" in asked[1]
    assert explored.trajectory.complete
    assert [(one.verified, one.note) for one in explored.citations] == [(False, "it does not stand in the data")]


def test_quotes_so_far_belong_to_an_incomplete_answer() -> None:
    explored, _ = cited([cell("CITE('one')"), "FINAL(2)"], Limits(turns=1))
    assert not explored.trajectory.complete
    assert [one.verified for one in explored.citations] == [True]


def test_without_cite_there_is_no_such_function() -> None:
    explored, model = explored_by([cell("CITE('a')"), cell("FINAL(1)")], task())
    assert "NameError" in model.requests[1].messages[-1].content
    assert explored.citations == ()

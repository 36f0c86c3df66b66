"""Which kept tools a model is asked about, what it is shown, and what its reply may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lithify.context import context_from_value
from lithify.records.tool import LibraryView, Parameter, Tool
from lithify.routing.adapting import adapt_request, read_choice
from lithify.routing.shortlist import MOST, Offers, shortlist
from tests.routing.test_decide import FAILURES, log, tool

REWORDED = "Count the failed authentications of guest."


def offers(question: str, *tools: Tool, data: Any = None) -> Offers:
    context = context_from_value(log(100) if data is None else data)
    return shortlist(question, context, LibraryView(tools=tools))


def test_other_words_for_the_same_are_put_to_a_model() -> None:
    assert [one.name for one in offers(REWORDED, tool(FAILURES, {"user": "root"})).tools] == ["failures"]


def test_another_question_is_not_and_the_reason_is_told() -> None:
    found = offers("How many authentication successes had user root?", tool(FAILURES))
    assert found.tools == ()
    assert found.why == ('tool failures v2: another question: "successes" stands for "failures"',)


def test_what_speaks_of_something_else_is_not_and_costs_no_word() -> None:
    assert offers("How long is the longest line?", tool(FAILURES)) == Offers(())


def test_a_tool_for_other_data_is_not() -> None:
    assert offers(REWORDED, tool(FAILURES), data="day,shop\nMonday,north\n" * 9) == Offers(())


def test_three_at_most_are_shown() -> None:
    tools = [tool(FAILURES, name=f"failures_{at}") for at in range(5)]
    assert len(offers("Count the failed authentications.", *tools).tools) == MOST


def test_a_model_sees_questions_with_values_in_their_places_and_no_source() -> None:
    named = tool(FAILURES, {"user": "root"}, source="def failures(text): ...")
    further = Parameter(name="digits", annotation="int", default=2)
    shown = named.signature.parameters

    both = replace(named, signature=replace(named.signature, parameters=(*shown, further)))
    text = adapt_request(REWORDED, [both]).messages[0].content
    assert "- failures: how many authentication failures had user {user=root}\n  also takes digits=2\n" in text
    assert f"Question: {REWORDED}\n" in text
    assert "def failures" not in text
    assert len(text) < 1_000


@pytest.mark.parametrize(
    ("reply", "arguments"),
    [
        ('{"tool": "failures", "arguments": {"user": "guest"}}', {"user": "guest"}),
        ('Sure: {"tool": "failures", "arguments": {"user": "guest"}}', {"user": "guest"}),
        ('{"tool": "failures"}', {"user": "root"}),
    ],
)
def test_a_choice_is_a_tool_with_arguments_that_the_question_states(reply: str, arguments: dict[str, str]) -> None:
    named = tool(FAILURES, {"user": "root"})
    found = read_choice(reply, REWORDED, [named])
    assert found.tool is named
    assert found.arguments == arguments


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ('{"tool": null}', "took none"),
        ("none of them", "no JSON object"),
        ('{"tool": "others"}', "not offered"),
        ('{"tool": "failures", "arguments": {"user": "admin"}}', "does not say"),
        ('{"tool": "failures", "arguments": {"user": 3}}', "which is str"),
        ('{"tool": "failures", "arguments": {"host": "guest"}}', "does not take"),
        ('{"tool": "failures", "arguments": ["guest"]}', "no JSON object"),
    ],
)
def test_what_is_no_such_choice_is_none_and_says_why(reply: str, why: str) -> None:
    found = read_choice(reply, REWORDED, [tool(FAILURES, {"user": "root"})])
    assert found.tool is None
    assert why in found.why

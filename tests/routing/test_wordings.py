"""What a wording that a model led to a tool is learned as, and when it is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.records.tool import LibraryView, Recipe, Tool
from lithify.routing.wordings import learned_wording
from tests.routing.test_decide import FAILURES, ask, tool

HOSTS = "Which 3 hosts had the most authentication failures, and how many each?"


def learned(question: str, kept: Tool, arguments: dict[str, int | float | str], *others: Tool) -> Recipe | str:
    return learned_wording(question, kept, arguments, LibraryView(tools=(kept, *others)))


def test_the_wording_becomes_a_recipe_with_the_arguments_in_their_places() -> None:
    kept = tool(FAILURES, {"user": "root"})
    found = learned("Count the failed authentications of guest.", kept, {"user": "guest"})
    assert isinstance(found, Recipe)
    assert found.template == "count failed authentications of {user}"
    assert [(slot.name, slot.type, slot.default) for slot in found.slots] == [("user", "str", "guest")]

    again = replace(kept, recipes=(*kept.recipes, found))
    decision = ask("Count the failed authentications of admin.", [again])
    assert decision.matches[0].arguments == {"user": "admin"}
    assert not ask("Count the successful authentications of admin.", [again]).matches
    assert not ask("Count the failed authentications of anyone.", [again]).matches


def test_a_default_that_the_question_does_not_state_has_no_place() -> None:
    kept = tool(FAILURES, {"user": "root"})
    found = learned("Count the failed authentications of the superuser.", kept, {"user": "root"})
    assert isinstance(found, Recipe)
    assert found.slots == ()


@pytest.mark.parametrize(
    ("question", "arguments", "why"),
    [
        ("The 4 hosts that failed most, of 4 files, with counts", {"number": 4}, "more than once"),
        ("The hosts that failed most, with counts", {"number": 4}, "does not stand in it"),
        ("The 4 hosts that failed least, with counts", {"number": 4}, "another question"),
        ("Which 4 hosts had the most authentication failures, and how many each?", {"number": 4}, "already"),
    ],
)
def test_what_cannot_be_said_for_certain_is_not_learned(question: str, arguments: dict[str, int], why: str) -> None:
    found = learned(question, tool(HOSTS, {"number": "3"}), dict(arguments))
    assert isinstance(found, str)
    assert why in found


def test_a_number_that_two_parameters_take_is_not_placed() -> None:
    kept = tool("Which 3 hosts failed most, with 2 digits?", {"number": "3", "digits": "2"})
    found = learned("The 2 hosts that failed most, rounded?", kept, {"number": 2, "digits": 2})
    assert isinstance(found, str)
    assert "meant twice" in found


def test_a_question_that_another_tool_answers_is_not_learned() -> None:
    other = tool("Count the failed authentications of root.", {"user": "root"}, name="failed")
    found = learned("Count the failed authentications of guest.", tool(FAILURES, {"user": "root"}), {}, other)
    assert found == "failed answers this question"

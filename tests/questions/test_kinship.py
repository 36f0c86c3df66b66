"""Whether a question can be another one in other words at all."""

from __future__ import annotations

import pytest

from lithify.questions import literals, make_template
from lithify.questions.kinship import estranged
from lithify.records.tool import Slot


def reason(asked: str, question: str, *, unnamed: bool = False) -> str:
    named = {f"slot{at}": one for at, one in enumerate(literals(asked)) if not one.weak}
    slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in named.items())
    return estranged(make_template(asked, named), slots, asked, question, unnamed=unnamed)


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("What is the mean delay?", "What is the median delay?"),
        ("What is the mean delay?", "How many delays are there?"),
        ("Which 3 hosts failed most?", "Which 3 hosts failed least?"),
        ("Which 3 hosts failed most?", "Which hosts did fail?"),
        ("How many errors were there per hour?", "How many errors were there per month?"),
        ("How many errors were there?", "How many errors were there on each day?"),
        ("Which user logged in first?", "Which user logged in last?"),
        ("How many sessions failed?", "Which sessions failed?"),
        ("How many lines did each component write?", "How many lines did each node write?"),
        ("How many lines did each component write?", "How many lines did no component write?"),
        ("Which 3 hosts sent the most lines?", "Which 3 hosts sent the most lines in 2006?"),
        ("Which 3 hosts sent the most lines?", "Which 3 hosts sent the most packets?"),
    ],
)
def test_another_question_is_not_put_to_a_model(asked: str, question: str) -> None:
    assert reason(asked, question)


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("How many rows have no price?", "In how many rows is the price missing?"),
        ("What was the longest outage, in minutes?", "How many minutes did the worst outage last?"),
        ("On which day was it hottest?", "When was it hottest?"),
        ("What share of users left?", "How many percent of the users left?"),
        ("How many hosts failed at least 3 times?", "How many hosts had three failures or more?"),
        ("How many tickets did each agent close?", "Closed tickets per agent?"),
        ("Which city has the most shops, and how many?", "Where are the most shops, and what is their number?"),
        ("How many distinct users failed?", "How many individual users failed?"),
    ],
)
def test_other_words_may_be_put_to_a_model(asked: str, question: str) -> None:
    assert reason(asked, question) == ""


def test_a_value_without_a_place_in_the_template_may_be_any_other_word() -> None:
    assert reason("How many lines has the boot log?", "How many lines has the kernel log?")
    assert reason("How many lines has the boot log?", "How many lines has the kernel log?", unnamed=True) == ""


def test_the_reason_says_what_differs() -> None:
    assert reason("What is the mean delay?", "What is the median delay?") == "it asks for median, the tool for mean"
    assert "packets" in reason("Which 3 hosts sent the most lines?", "Which 3 hosts sent the most packets?")

"""Questions in other words that mean the same whatever the data, and those that only look like it."""

from __future__ import annotations

import pytest

from lithify.questions import literals, make_template, match_wording
from lithify.questions.wording import Reworded
from lithify.records.tool import Slot


def reworded(asked: str, question: str) -> Reworded | None:
    """The question held against another one whose numbers, names and quoted texts are slots."""
    named = {f"slot{at}": one for at, one in enumerate(literals(asked)) if not one.weak}
    slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in named.items())
    return match_wording(make_template(asked, named), slots, question)


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("How many different users are there?", "What is the number of distinct users?"),
        ("How many different users are mentioned?", "Count the different users."),
        ("How many sessions were opened for root?", "Count the sessions that were opened for root."),
        ("How many lines did each component log?", "What is the number of lines of each component?"),
        ("How many lines did each component log?", "For each component, how many lines are there?"),
        ("How many lines were logged by each component?", "Count the lines by component."),
        ("Which 3 hosts have the most errors, and how many each?", "Top three hosts by number of errors, with counts?"),
        ("Which node logged the most lines, and how many?", "Name the busiest node by lines, with its count."),
        ("Which node has the highest number of faults?", "Which node has the most faults?"),
        ("What was the average delay, rounded to 2 decimals?", "Compute the mean delay to 2 decimal places."),
        ("What is the mean delay in seconds, rounded to 3 digits?", "Give the average delay, in secs with 3 digits."),
        ("How many people have a bmi of more than 30?", "How many people have a bmi of greater than 30?"),
        ("How many hosts had at least 3 failures?", "How many hosts had no fewer than 3 failures?"),
        ("How many hosts had at most 3 failures?", "How many hosts had no more than 3 failures?"),
        ("How many times was the pump started?", "How often was the pump started?"),
        ("What is the mean fare in each class?", "Give the average fare by class."),
    ],
)
def test_the_same_in_other_words(asked: str, question: str) -> None:
    assert reworded(asked, question) is not None
    assert reworded(question, asked) is not None


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("How many users are there per host?", "How many hosts are there per user?"),
        ("What is the mean number of lines per hour?", "What is the mean number of lines in each hour?"),
        ("What share of smokers is there in each region?", "What share of smokers is there for each region?"),
        ("How many users logged in each day?", "How many users logged for each day?"),
        ("How often is the disk checked?", "How many times is the disk checked?"),
        ("How many values are unique?", "How many values are different?"),
        ("Which 3 hosts have the most errors?", "Which 3 hosts have most of the errors?"),
        ("How many hosts had at least 3 failures?", "How many hosts had more than 3 failures?"),
        ("How many hosts had at least 3 failures?", "How many hosts had at most 3 failures?"),
        ("How many requests took more than 3 days?", "How many requests took over 3 days?"),
        ("How many lines did root log?", "How many lines did root log in July?"),
        (
            "For each user, how many logins, and how many failures?",
            "How many logins for each user and how many failures?",
        ),
        ("What was the price of gold?", "What is the price of gold?"),
        ("What was the last mean price?", "What is the last mean price?"),
        ("State revenue in 2007?", "Report revenue in 2007?"),
        ("What is the number of the bus that is late?", "How many bus that is late?"),
        ('How many lines hold "average" in mean?', 'How many lines hold mean in "average"?'),
        ("How many errors never occur?", "How many errors are there?"),
        ("Give the largest file in each folder.", "Give the highest file in each folder."),
    ],
)
def test_another_question_stays_another(asked: str, question: str) -> None:
    assert reworded(asked, question) is None
    assert reworded(question, asked) is None


def test_values_are_read_in_their_places_and_bare_words_are_told() -> None:
    slots = (Slot(name="user", type="str", default="root"), Slot(name="number", type="int", default=3))
    found = match_wording(
        "which {number} hosts have most errors and how many each", slots[1:], "Top 5 hosts by errors, with counts"
    )
    assert found is not None
    assert found.values == {"number": 5}
    found = match_wording("how many sessions were opened for {user}", slots[:1], "Count sessions opened for guest")
    assert found is None, "an active sentence lacks the verb of the passive"
    found = match_wording("how many sessions had {user}", slots[:1], "What is the number of sessions had guest")
    assert found is not None
    assert (found.values, found.bare) == ({"user": "guest"}, {"user"})


def test_words_that_the_template_says_otherwise_and_regrouping_are_told() -> None:
    found = reworded("What is the average delay of each line?", "What is the mean delay of each line?")
    assert found is not None
    assert found.own == {"average"}
    assert not found.regrouped
    found = reworded("How many messages were logged per day?", "How many messages were logged on each day?")
    assert found is not None
    assert found.regrouped

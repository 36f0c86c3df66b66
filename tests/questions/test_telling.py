"""What a question speaks of, and which values it states."""

from __future__ import annotations

import pytest

from lithify.questions import states, telling_words


def test_endings_grammar_and_values_do_not_tell() -> None:
    assert telling_words("Which 3 hosts failed most?") == telling_words("the failing host, 17 of them")
    assert telling_words("of the and in") == frozenset()
    assert telling_words("authentication failures") & telling_words("failed authentications")


@pytest.mark.parametrize(
    ("question", "value", "stated"),
    [
        ("the top three services", 3, True),
        ("the top 3 services", 3, True),
        ("the top 3 services", 30, False),
        ("above 2.50 percent", 2.5, True),
        ("above 2.50 percent", 2, False),
        ('lines with "disk full"', "disk full", True),
        ("for user Root", "root", True),
        ("for user root", "admin", False),
        ("for user root", "  ", False),
        ('lines with "7"', 7, True),
    ],
)
def test_values_that_a_question_states(question: str, value: int | float | str, stated: bool) -> None:
    assert states(question, value) is stated

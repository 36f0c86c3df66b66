"""What a question of a conversation, and the code that answered it, take from what came before."""

from __future__ import annotations

from lithify.questions import carried

EARLIER = (("How many lines does sshd have?", 12),)


def test_a_constant_of_an_earlier_question_is_carried() -> None:
    source = 'def f(text: str) -> int:\n    return text.count("sshd")\n'
    assert carried(source, "How many restarts are there?", EARLIER) == "sshd"
    assert carried(source, "How many restarts of sshd are there?", EARLIER) == ""


def test_words_of_a_docstring_are_not_computed_with() -> None:
    source = 'def f(text: str) -> int:\n    """Takes sshd lines, as text."""\n    return len(text)\n'
    assert carried(source, "How many restarts are there?", EARLIER) == ""

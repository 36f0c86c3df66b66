"""Which values of a question become parameters, by what the code does with them."""

from __future__ import annotations

import ast

import pytest

from lithify.distil.generalise import Proposal, of_the_format, proposals, propose, template
from lithify.questions import literals


def proposed(question: str, text: str, code: str) -> Proposal | None:
    """What becomes of the literal `text` of a question, in code whose last line is the answer's expression."""
    (literal,) = (one for one in literals(question) if one.text == text)
    *body, last = ast.parse(code).body
    assert isinstance(last, ast.Expr)
    return propose(question, [*body, last.value], literal)


def source(proposal: Proposal | None) -> str:
    assert proposal is not None
    return "\n".join(ast.unparse(node) for node in proposal.nodes)


QUESTION = "Which 3 packages changed most often?"


def test_a_number_that_checks_the_format_is_not_the_number_that_was_asked_for() -> None:
    code = "rows = [f for f in map(str.split, text) if len(f) < 3]\nsorted(rows)[:3]"
    made = source(proposed(QUESTION, "3", code))
    assert "len(f) < 3" in made
    assert ":3]" not in made


def test_a_number_with_two_meanings_stays() -> None:
    code = "rows = [r for r in text if r.tries == 3]\nsorted(rows)[:3]"
    assert proposed("Which packages needed 3 tries?", "3", code) is None


def test_the_question_says_what_a_number_is_for() -> None:
    code = "rows = [r for r in text if r.tries > 3]\nsorted(rows)[:3]"
    made = proposed(QUESTION, "3", code)
    assert made is not None
    assert (made.slot.name, source(made)) == ("top", "rows = [r for r in text if r.tries > 3]\nsorted(rows)[:top]")
    made = proposed("Which packages needed more than 3 tries?", "3", code)
    assert made is not None
    assert source(made) == "rows = [r for r in text if r.tries > threshold]\nsorted(rows)[:3]"


def test_a_number_in_what_an_exception_says_follows_the_parameter() -> None:
    code = "rows = [r for r in text if r.tries > 20]\nif not rows:\n    raise ValueError('none above 20')\nlen(rows)"
    made = source(proposed("How many needed more than 20 tries?", "20", code))
    assert "r.tries > threshold" in made
    assert "raise ValueError(f'none above {threshold}')" in made
    assert (
        proposed("How many needed more than 20 tries?", "20", code.replace("r.tries > 20", "r.tries > 20 and r['20']"))
        is None
    )


def test_of_a_number_that_stands_twice_the_one_that_says_what_for_is_a_value() -> None:
    """Else "at least 3, rounded to 3 digits" is taken for the same question, and answered with 2 digits."""
    question = "What is the mean of rows with at least 2 tries, rounded to 2 digits?"
    *body, last = ast.parse("rows = [r.n for r in text if r.tries >= 2]\nround(mean(rows), 2)").body
    assert isinstance(last, ast.Expr)
    nodes = [*body, last.value]
    (literal,) = (one for one in proposals(question, nodes) if one.type == "int")
    made = propose(question, nodes, literal)
    assert "tries >= threshold" in source(made)
    assert made is not None
    assert template(question, [made]).endswith("at least {threshold} tries , rounded to 2 digits")
    assert not [one for one in proposals("Which 2 hosts with 2 tries?", nodes) if one.type == "int"]


def test_a_length_that_was_asked_for_is_a_value() -> None:
    made = proposed("How many lines are longer than 80 characters?", "80", "sum(1 for l in text if len(l) > 80)")
    assert made is not None
    assert made.slot.default == 80
    assert "> 80" not in source(made)


def test_a_value_that_the_code_named_keeps_its_name() -> None:
    made = proposed(QUESTION, "3", "top = 3\nrows = [f for f in text if len(f) < 3]\nsorted(rows)[:top]")
    assert made is not None
    assert made.slot.name == "top"
    assert source(made) == "rows = [f for f in text if len(f) < 3]\nsorted(rows)[:top]"


@pytest.mark.parametrize(
    "code",
    [
        "top = 3\ntop = top + 1\nsorted(text)[:top]",
        "top = 3\nfor top in text:\n    pass\nsorted(text)[:top]",
        "top = 3\ndef f(top):\n    return top\nsorted(text)[:top]",
    ],
)
def test_a_name_that_is_bound_again_is_no_parameter(code: str) -> None:
    made = proposed(QUESTION, "3", code)
    assert made is None or made.slot.name != "top"


def test_a_longer_text_that_holds_the_value_keeps_its_own_name() -> None:
    made = proposed('How often did "root" fail?', '"root"', "mark = 'user=root'\nsum(mark in line for line in text)")
    assert made is not None
    assert made.slot.default == "root"
    assert "mark = f'user={" in source(made)


@pytest.mark.parametrize(
    ("question", "word", "code"),
    [
        ("How many sessions were opened for user root?", "root", "sum('user root' in l for l in text)"),
        ("How many error lines are there?", "error", "sum('error' in l for l in text)"),
        ("How many open tickets are there?", "open", "sum(1 for row in text if row['state'] == 'open')"),
    ],
)
def test_a_plain_word_that_names_a_value(question: str, word: str, code: str) -> None:
    made = proposed(question, word, code)
    assert made is not None
    assert made.slot.default == word


@pytest.mark.parametrize(
    ("question", "word", "code"),
    [
        ("Which packages changed status most often?", "status", "[f[4] for f in text if f[2] == 'status']"),
        ("How many lines mention timeouts?", "timeouts", "sum('timeouts' in l for l in text)"),
        ("How many failed logins are there?", "failed", "sum('failed' in l for l in text)"),
    ],
)
def test_a_plain_word_that_is_what_is_asked_about_stays(question: str, word: str, code: str) -> None:
    assert proposed(question, word, code) is None


def test_an_acronym_may_be_a_part_of_the_format() -> None:
    said = literals('How often was the VM event "PAUSED" logged at level ERROR by user root on 10.0.0.1?')
    assert {one.text for one in said if of_the_format(one)} == {
        "VM", "event", "logged", "level", "user", "root",
    }  # fmt: skip

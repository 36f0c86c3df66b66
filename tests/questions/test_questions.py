"""The public functions of lithify.questions, on small questions."""

from __future__ import annotations

import pytest

from lithify.errors import ProgrammerMustAct
from lithify.questions import family, literals, make_template, match_template, normalise
from lithify.records.tool import Slot


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Which service restarted most often?", "which service restarted most often"),
        ("  Can you please tell me:  What's the  top three?  ", "what is top 3"),
        ("How many lines contain “Disk Full”, please?", 'how many lines contain "Disk Full"'),
        ("How many messages say please?", "how many messages say please"),
        ("how long from a to b", "how long from a to b"),
        ("errors with a grade A, B, and C", "errors with grade A , B and C"),
        ("more than 1,000 or twenty-five or two hundred", "more than 1000 or 25 or 200"),
        ("the ３rd line after 10ms", "3 th line after 10 ms"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


def test_literals_are_found_with_their_places() -> None:
    question = "How many times did root log in from 10.0.0.7 after 15:16:01 with more than 1,000 'bad pass' lines?"
    found = {literal.text: literal for literal in literals(question)}
    assert found["root"].weak
    assert found["root"].value == "root"
    assert (found["1,000"].value, found["1,000"].type) == (1000, "int")
    assert found["10.0.0.7"].type == "str"
    assert not found["10.0.0.7"].weak
    assert found["'bad pass'"].quoted
    assert found["'bad pass'"].value == "bad pass"
    assert not {"many", "more", "from", "How"} & set(found)
    assert all(question[slice(*literal.span)] == literal.text for literal in found.values())


def test_a_template_matches_its_question_and_other_values() -> None:
    question = "What are the top 3 users with 'bad pass'?"
    found = {literal.text: literal for literal in literals(question)}
    template = make_template(question, {"n": found["3"], "text": found["'bad pass'"]})
    slots = (Slot(name="n", type="int", default=3), Slot(name="text", type="str", default="bad pass"))
    assert template == 'what are top {n} users with "{text}"'
    assert match_template(template, slots, question) == {"n": 3, "text": "bad pass"}
    assert match_template(template, slots, 'what are the top ten users with "Good pass"') == {
        "n": 10,
        "text": "Good pass",
    }
    assert match_template(template, slots, "what are the top ten hosts with 'bad pass'") is None
    assert match_template(template, slots, "what are the bottom ten users with 'bad pass'") is None


def test_a_literal_of_another_question_is_refused() -> None:
    other = literals("top 7 users")[0]
    with pytest.raises(ProgrammerMustAct, match="no literal"):
        make_template("top users", {"n": other})


def test_a_family_blanks_the_values() -> None:
    assert family("Top 3 lines with 'x y'?") == family("top 14 lines with “z”")
    assert family("Top 3 lines") != family("Bottom 3 lines")

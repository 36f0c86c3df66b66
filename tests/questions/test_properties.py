"""What holds for every question, however odd."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lithify.questions import (
    Literal,
    bare_words,
    difference,
    family,
    literals,
    make_template,
    match_template,
    normalise,
)
from lithify.records.tool import Slot

WORDS = """the a an please can you tell me how many what's Which users' root's ERROR 'disk full' "x" “y z” 3 1,000
three two hundred 10ms 3rd 50% 10-20 -5 1.5 2005-06-14 Jun 14 15:16:01 10.0.0.7 node-246 /var/log ( ) , . ? ! & = < >
{ } {a} '' " ' ` \\ \\" uid=0 a,b A T １２ é ß ﬁ ² \u200b \ufeff thanks"""
PIECES = st.sampled_from(WORDS.split())
QUESTIONS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map(" ".join))


def named(question: str) -> dict[str, Literal]:
    return {f"slot_{place}": literal for place, literal in enumerate(literals(question))}


@given(QUESTIONS)
def test_literals_lie_where_they_say(question: str) -> None:
    for literal in literals(question):
        assert question[literal.span[0] : literal.span[1]] == literal.text


@given(QUESTIONS)
def test_a_question_matches_its_own_template_with_its_own_values(question: str) -> None:
    slots = named(question)
    template = make_template(question, slots)
    recipe_slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in slots.items())
    found = match_template(template, recipe_slots, question)
    assert found == {name: literal.value for name, literal in slots.items()} or (not template and found is None)


@given(QUESTIONS)
def test_without_slots_only_the_same_normal_form_matches(question: str) -> None:
    template = make_template(question, {})
    assert template == normalise(question)
    assert match_template(template, (), question) == ({} if template else None)
    assert match_template(template, (), question + " indeed") is None


@given(QUESTIONS, QUESTIONS)
def test_no_question_breaks_anything(asked: str, other: str) -> None:
    slots = named(asked)
    template = make_template(asked, slots)
    recipe_slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in slots.items())
    matched = match_template(template, recipe_slots, other)
    words = bare_words(template, recipe_slots, other)
    assert words <= set(slots)
    assert isinstance(difference(template, recipe_slots, other), str)
    assert matched is None or set(matched) == set(slots)
    assert isinstance(family(other), str)

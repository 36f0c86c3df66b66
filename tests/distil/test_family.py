"""Two solved questions of one family: what differs becomes a parameter, what is the same stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lithify.distil import generalised_with
from lithify.distil.unify import Different, Solved, Unified, anti_unify
from lithify.layout import defaults_of
from lithify.questions import match_template
from lithify.records.tool import Candidate
from tests.distil.conftest import Teller

LOG = """\
Jun 14 01:00:01 combo sshd[101]: opened session
Jun 14 02:10:05 combo cron[102]: timeouts seen
Jun 15 03:20:07 combo sshd[103]: timeouts seen
Jul 01 04:30:00 combo kernel[1]: retries seen
Jul 02 05:00:00 combo sshd[105]: retries seen
Jul 02 06:00:00 combo sshd[106]: retries seen
"""


def told(teller: Teller, question: str, cell: str) -> Candidate:
    found = teller.tell(question, LOG, [cell])
    assert isinstance(found, Candidate), found
    return found


def solved(candidate: Candidate) -> Solved:
    return Solved(source=candidate.source, signature=candidate.signature, recipe=candidate.recipe)


def together(teller: Teller, first: Candidate, second: Candidate) -> Candidate:
    return teller.runner.run(generalised_with(second, [first], teller.sandbox, seconds=10))


MENTION = "FINAL(sum('{}' in l for l in context.splitlines()))"
COUNT = "n = 0\nfor {0} in context.splitlines():\n    if '{1}' in {0}:\n        n += 1\nprint(n)\nFINAL(n)"
MONTH = "rows = [l for l in context.splitlines() if l.startswith('{}')]\nFINAL(len(rows))"


def test_a_word_that_one_question_alone_does_not_show_to_be_a_value(teller: Any) -> None:
    first = told(teller, "How many lines mention timeouts?", COUNT.format("line", "timeouts"))
    second = told(teller, "How many lines mention retries?", COUNT.format("l", "retries"))
    assert first.recipe.slots == second.recipe.slots == ()
    made = together(teller, first, second)
    assert made.signature.function == first.signature.function
    (parameter,) = made.signature.parameters
    assert (parameter.annotation, parameter.default) == ("str", "timeouts")
    assert teller.call(made, LOG) == 2
    assert teller.call(made, LOG, **{parameter.name: "retries"}) == 3
    assert teller.call(made, LOG, **{parameter.name: "opened"}) == 1
    asked = "how many lines mention crashes"
    assert match_template(made.recipe.template, made.recipe.slots, asked) == {parameter.name: "crashes"}
    assert match_template(made.recipe.template, made.recipe.slots, first.recipe.question) == defaults_of(made.signature)
    assert {use.name for use in made.examples} == {"whole", "earlier whole"}
    for use in made.examples:
        assert teller.call(made, use.context, **use.arguments) == use.expected
    assert "became a parameter because two questions differ" in made.notes[-1]


def test_another_spelling_in_the_code(teller: Any) -> None:
    first = told(teller, "How many lines are from June?", MONTH.format("Jun"))
    second = told(teller, "How many lines are from July?", MONTH.format("Jul"))
    made = together(teller, first, second)
    (parameter,) = made.signature.parameters
    assert f"{parameter.name}[:3]" in made.source
    assert teller.call(made, LOG, **{parameter.name: "July"}) == 3
    assert teller.call(made, LOG) == 3
    assert teller.call(made, LOG, **{parameter.name: "August"}) == 0


def test_what_is_a_parameter_in_both_stays_one(teller: Any) -> None:
    cell = "import re\nfrom collections import Counter\n"
    cell += "c = Counter(re.findall(r' (\\w+)\\[', '\\n'.join(l for l in context.splitlines() if '{}' in l)))\n"
    cell += "FINAL(sorted(c.items(), key=lambda p: (-p[1], p[0]))[:{}])"
    first = told(teller, "Which top 1 services mention timeouts?", cell.format("timeouts", 1))
    second = told(teller, "Which top 2 services mention retries?", cell.format("retries", 2))
    made = together(teller, first, second)
    names = [one.name for one in made.signature.parameters]
    assert names[0] == first.signature.parameters[0].name
    assert len(names) == 2
    top, word = names
    assert teller.call(made, LOG, **{top: 2, word: "retries"}) == [["sshd", 2], ["kernel", 1]]
    assert teller.call(made, LOG) == [["cron", 1]]


def test_a_parameter_of_one_and_a_constant_of_the_other(teller: Any) -> None:
    first = told(teller, "How many lines are from user cron?", MENTION.format("cron"))
    assert [one.name for one in first.signature.parameters] == ["user"]
    second = told(teller, "How many lines are from user sshd?", MENTION.format("sshd"))
    constant = replace(
        second,
        source=second.source.replace(', user: str = "sshd"', "").replace("user in", '"sshd" in'),
        signature=replace(second.signature, parameters=()),
        recipe=replace(second.recipe, template="how many lines are from user sshd", slots=()),
    )
    found = anti_unify(solved(first), solved(constant))
    assert isinstance(found, Unified), found
    assert found.signature == first.signature
    assert found.arguments == {"user": "sshd"}
    assert found.recipe.template == first.recipe.template


REFUSED = {
    "other words": ("How many lines mention timeouts?", "How many of all lines mention retries?", "different words"),
    "no value": ("How many lines mention timeouts?", "How many lines mention the timeouts?", "already"),
    "an operation": ("What is the first timeouts line?", "What is the last timeouts line?", "no two values"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_two_questions_that_are_no_family(name: str, teller: Any) -> None:
    one, other, reason = REFUSED[name]
    first, second = (told(teller, question, MENTION.format("timeouts")) for question in (one, other))
    found = anti_unify(solved(first), solved(second))
    assert isinstance(found, Different)
    assert reason in found.reason
    assert together(teller, first, second) == second


def test_code_that_differs_beside_the_values(teller: Any) -> None:
    first = told(teller, "How many lines mention timeouts?", COUNT.format("line", "timeouts"))
    second = told(teller, "How many lines mention retries?", MENTION.format("retries"))
    found = anti_unify(solved(first), solved(second))
    assert isinstance(found, Different)
    assert "the code differs" in found.reason


def test_what_does_not_give_the_earlier_answers_is_not_made(teller: Any) -> None:
    first = told(teller, "How many lines mention timeouts?", COUNT.format("line", "timeouts"))
    second = told(teller, "How many lines mention retries?", COUNT.format("l", "retries"))
    broken = replace(first, examples=tuple(replace(use, expected=99) for use in first.examples))
    assert together(teller, broken, second) == second


WAYS = (
    "FINAL(sum('{}' in l for l in context.splitlines()))",
    "FINAL(len([1 for l in context.splitlines() if l.endswith('{} seen')]))",
)


def test_another_way_to_compute_the_same_is_no_second_tool(teller: Any) -> None:
    first = told(teller, "How many lines mention timeouts?", WAYS[0].format("timeouts"))
    second = told(teller, "How many lines mention retries?", WAYS[1].format("retries"))
    assert isinstance(anti_unify(solved(first), solved(second)), Different)
    made = together(teller, first, second)
    assert (made.signature.function, len(made.signature.parameters)) == (first.signature.function, 1)
    assert teller.call(made, LOG, **{made.signature.parameters[0].name: "retries"}) == 3
    other = replace(first, source=first.source.replace("timeouts", "combo"), recipe=first.recipe)
    assert together(teller, other, second) == second, "one that answers otherwise stays a tool of its own"

"""Which tool may answer, and the reasons for every one that nearly could."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from lithify.context import context_from_value
from lithify.questions import literals, make_template
from lithify.records.context import Context
from lithify.records.tool import LibraryView, Parameter, Provenance, Recipe, Signature, Slot, Tool
from lithify.routing.decide import Decision, decide

USERS = ("root", "guest", "admin")


def log(start: int = 0, count: int = 60) -> str:
    line = "Jun {day} 10:{minute:02}:00 gate sshd[{n}]: authentication failure; user={user} from=10.0.0.{n}\n"
    numbers = range(start, start + count)
    return "".join(line.format(day=n % 9 + 10, minute=n % 60, n=n, user=USERS[n % 3]) for n in numbers)


CSV = "day,shop,sold\n" + "".join(f"2024-03-{n % 28 + 1:02},{'north' if n % 2 else 'south'},{n}\n" for n in range(40))


def tool(question: str, values: Mapping[str, str] | None = None, data: Any = None, **changed: Any) -> Tool:
    """A tool whose recipe came from a question; values: slot name → the literal as it stands in the question."""
    context = context_from_value(log() if data is None else data)
    found = {literal.text: literal for literal in literals(question)}
    named = {name: found[text] for name, text in (values or {}).items()}
    slots = tuple(Slot(name=name, type=one.type, default=one.value) for name, one in named.items())
    parameters = tuple(Parameter(name=slot.name, annotation=slot.type, default=slot.default) for slot in slots)
    recipe = Recipe(template=make_template(question, named), slots=slots, tool="failures", question=question)
    made = Tool(
        name="failures",
        version=2,
        status="provisional",
        grade="code",
        signature=Signature(
            function="failures",
            context_parameter="text",
            context_kind=context.kind,
            parameters=parameters,
            returns="int",
        ),
        description="",
        source="",
        requirements=(),
        recipes=(recipe,),
        applicability=(context.fingerprint,),
        provenance=Provenance(run_id="r", question=question, model="m", cost=None, model_calls=1, input_digest="d"),
        contents="c",
        approved_by="someone",
    )
    return replace(made, **changed)


def ask(question: str, tools: Sequence[Tool], data: Any = None, refused: Mapping[str, str] | None = None) -> Decision:
    context: Context = context_from_value(log(100) if data is None else data)
    return decide(question, context, LibraryView(tools=tuple(tools), refused=refused or {}))


FAILURES = "How many authentication failures had user root?"


def test_the_same_question_over_another_part_of_the_log_matches() -> None:
    decision = ask("how many authentication failures had the user root", [tool(FAILURES)])
    assert [match.tool.name for match in decision.matches] == ["failures"]
    assert decision.matches[0].arguments == {}
    assert decision.matches[0].recipe.question == FAILURES
    assert decision.why == ()


def test_other_values_become_arguments() -> None:
    decision = ask("How many authentication failures had user guest?", [tool(FAILURES, {"user": "root"})])
    assert decision.matches[0].arguments == {"user": "guest"}


def test_numbers_and_quoted_text_need_not_occur_in_the_data() -> None:
    kept = tool("How many lines hold 'user=root' more than 3 times?", {"text": "'user=root'", "n": "3"})
    decision = ask('How many lines hold "user=nobody" more than 12345 times?', [kept])
    assert decision.matches[0].arguments == {"text": "user=nobody", "n": 12345}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("How many authentication failures had user mallory?", "'mallory' does not occur in the data; quote it"),
        ("How many authentication failures had user sshd?", "'sshd' never stands in the data where 'root' does"),
        ("How many authentication failures had user oot?", "'oot' does not occur in the data"),
    ],
)
def test_a_plain_word_must_stand_in_the_data_where_the_default_does(question: str, reason: str) -> None:
    decision = ask(question, [tool(FAILURES, {"user": "root"})])
    assert decision.matches == ()
    assert reason in decision.why[0]


def test_a_quoted_word_is_taken_as_it_is() -> None:
    decision = ask("How many authentication failures had user 'mallory'?", [tool(FAILURES, {"user": "root"})])
    assert decision.matches[0].arguments == {"user": "mallory"}


def test_a_word_is_not_checked_when_the_data_no_longer_holds_the_default() -> None:
    data = log(100).replace("user=root", "user=other")
    decision = ask("How many authentication failures had user guest?", [tool(FAILURES, {"user": "root"})], data)
    assert "does not hold 'root'" in decision.why[0]
    assert ask(FAILURES, [tool(FAILURES, {"user": "root"})], data).matches[0].arguments == {"user": "root"}


def test_a_columns_place_takes_columns_and_a_cells_place_cells_of_the_column() -> None:
    column = tool("What is the sum of sold?", {"column": "sold"}, CSV)
    assert ask("What is the sum of day?", [column], CSV).matches[0].arguments == {"column": "day"}
    assert "'north' is no column here" in ask("What is the sum of north?", [column], CSV).why[0]
    cell = tool("How many were sold in shop north?", {"shop": "north"}, CSV)
    assert ask("How many were sold in shop south?", [cell], CSV).matches[0].arguments == {"shop": "south"}
    assert "does not occur" in ask("How many were sold in shop west?", [cell], CSV).why[0]
    assert "never stands" in ask("How many were sold in shop day?", [cell], CSV).why[0]


def test_a_near_question_is_named_with_what_differs() -> None:
    kept = tool("Which user failed most often from this host?")
    decision = ask("Which user failed least often from this host?", [kept])
    assert decision.matches == ()
    assert decision.why == ('tool failures v2: its question is near, but "least" stands for "most"',)


def test_a_value_of_another_kind_is_said() -> None:
    kept = tool("What are the top 3 users by failures?", {"n": "3"})
    decision = ask("What are the top few users by failures?", [kept])
    assert "a value is of another kind" in decision.why[0]


def test_far_questions_are_not_listed() -> None:
    decision = ask("Is it raining in Paris?", [tool(FAILURES)])
    assert decision.why == ("none of the 1 kept tools answers a question like this",)


def test_an_empty_library_says_so() -> None:
    assert ask(FAILURES, []).why == ("the library holds no tool yet",)


@pytest.mark.parametrize("status", ["candidate", "deprecated", "retired"])
def test_a_tool_that_may_not_run_is_named(status: str) -> None:
    decision = ask(FAILURES, [tool(FAILURES, status=status)])
    assert decision.matches == ()
    assert decision.why == (f"tool failures v2: the question matches, but it is {status}",)


def test_a_tool_that_was_edited_by_hand_is_named() -> None:
    decision = ask(FAILURES, [], refused={"failures": "edited by hand; run lithify test failures"})
    assert decision.why == ("tool failures: may not run: edited by hand; run lithify test failures",)


def test_data_of_another_shape_is_refused_with_the_share() -> None:
    decision = ask(FAILURES, [tool(FAILURES)], log(0, 12) + "2024-01-01 something else happened here\n" * 88)
    assert decision.matches == ()
    assert "question matches, but only 12% of lines have a known shape" in decision.why[0]


def test_only_the_shape_keeps_a_tool_from_answering() -> None:
    question = "How many authentication failures by user root?"
    found = ask(question.replace("root", "guest"), [tool(question, {"user": "root"})], CSV)
    (one,) = found.uncovered
    assert (one.tool.name, dict(one.arguments)) == ("failures", {"user": "guest"})
    assert one.why in found.why[0]
    put_away = tool(question, {"user": "root"}, status="deprecated")
    for other, data in ((put_away, CSV), (tool(question, {"user": "root"}), "")):
        assert ask(question, [other], data).uncovered == ()
    assert ask("How many shops?", [tool(question, {"user": "root"})], CSV).uncovered == ()


def test_data_of_another_kind_is_refused() -> None:
    decision = ask(FAILURES, [tool(FAILURES)], {"a.log": log()})
    assert "it reads text, this is files" in decision.why[0]


def test_an_empty_context_is_refused() -> None:
    assert "the context is empty" in ask(FAILURES, [tool(FAILURES)], "").why[0]


def test_a_recipe_that_names_unknown_parameters_is_refused() -> None:
    kept = tool("What are the top 3 users?", {"n": "3"})
    broken = replace(kept, signature=replace(kept.signature, parameters=()))
    assert "names n, which the function does not take" in ask("What are the top 5 users?", [broken]).why[0]


def test_a_second_recipe_of_a_tool_is_tried() -> None:
    first, second = tool("How many users are there?"), tool(FAILURES, {"user": "root"})
    both = replace(second, recipes=(*first.recipes, *second.recipes))
    assert ask(FAILURES, [both]).matches[0].arguments == {"user": "root"}


def test_trusted_tools_and_specific_recipes_come_first() -> None:
    general = tool(FAILURES, {"user": "root"}, name="general")
    special = tool(FAILURES, name="special")
    trusted = tool(FAILURES, {"user": "root"}, name="trusted", status="trusted")
    decision = ask(FAILURES, [general, special, trusted])
    assert [match.tool.name for match in decision.matches] == ["trusted", "special", "general"]


def test_files_are_searched_for_words() -> None:
    kept = tool(FAILURES, {"user": "root"}, {"a.log": log()})
    data = {"b.log": log(100), "c.log": log(200)}
    assert ask("How many authentication failures had user guest?", [kept], data).matches[0].arguments["user"] == "guest"
    assert ask("How many authentication failures had user mallory?", [kept], data).matches == ()


def test_other_words_that_mean_the_same_match_after_those_that_are_the_same() -> None:
    asked = "What is the number of authentication failures had user guest?"
    first, second = tool(FAILURES, {"user": "root"}), tool(asked, {"user": "guest"}, name="worded")
    decision = ask(asked, [first, second])
    assert [(match.tool.name, match.exact) for match in decision.matches] == [("worded", True), ("failures", False)]
    assert decision.matches[1].arguments == {"user": "guest"}
    assert not ask(asked.replace("guest", "anyone"), [first]).matches, "a word that is no value there is none"


def test_a_word_that_the_tool_looks_for_has_no_other_word() -> None:
    asked, reworded = "How many lines are there with average in them?", "What is the number of lines with mean in them?"
    assert ask(reworded, [tool(asked, source="def f(text):\n    'average'\n    return 0\n")]).matches
    holding = "def f(text):\n    return sum('average' in line for line in text.splitlines())\n"
    assert not ask(reworded, [tool(asked, source=holding)]).matches


def test_one_figure_for_all_answers_no_question_for_each() -> None:
    asked, reworded = "How many failures were there per user?", "How many failures were there for each user?"
    many = tool(asked, signature=replace(tool(asked).signature, returns="dict[str, int]"))
    assert ask(reworded, [many]).matches
    assert not ask(reworded, [tool(asked)]).matches

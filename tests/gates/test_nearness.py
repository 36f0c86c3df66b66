"""How a candidate stands to a kept tool, from what was found out about both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.gates.nearness import Shared, code_digest, contradicts, likeness_of, nearest, nearness, translated
from lithify.records.nearness import Nearness
from lithify.records.tool import Candidate, Parameter, Recipe, Signature, Tool
from lithify.testing.candidates import SOURCE, make_candidate


def kept(candidate: Candidate, name: str = "", description: str = "") -> Tool:
    return Tool(
        name=name or candidate.signature.function,
        version=3,
        status="provisional",
        grade="code",
        signature=candidate.signature,
        description=description or candidate.description,
        source=candidate.source,
        requirements=(),
        recipes=(candidate.recipe,),
        applicability=(candidate.applicability,),
        provenance=candidate.provenance,
        contents="",
        approved_by="Ada",
    )


OTHER = make_candidate(source=SOURCE.replace("restarted", "stopped"), template="which services stopped")


def test_the_same_code_under_other_names() -> None:
    renamed = (
        SOURCE.replace("most_restarted_service", "busiest")
        .replace("counts", "n")
        .replace("line.", "row.")
        .replace("for line", "for row")
    )
    plain = renamed.replace('    """The services that restarted most often, most frequent first."""\n', "")
    mine = make_candidate(source=plain.replace("log: str, top: int = 1) -> list[str]", "log, top=1)"))
    found = nearness(mine, kept(make_candidate()), Shared())
    assert (found.relation, found.tool, found.version) == ("same", "most_restarted_service", 3)
    assert "no second tool" in found.advice


@pytest.mark.parametrize(
    ("before", "after"),
    [("-pair[1]", "pair[1]"), ("restarted", "stopped"), ("split()[1]", "split()[2]"), ("sorted", "list"), ("1)", "2)")],
)
def test_other_code_has_another_digest(before: str, after: str) -> None:
    assert code_digest(SOURCE) != code_digest(SOURCE.replace(before, after))


def test_a_swap_of_two_names_is_other_code() -> None:
    one = "def f(a, b):\n    return a - b\n"
    assert code_digest(one) == code_digest("def g(x, y):\n    '''It.'''\n    return x - y\n")
    assert code_digest(one) != code_digest("def g(x, y):\n    return y - x\n")
    assert code_digest("def f(:") == "def f(:"


ALL = Shared(calls=6, same=6, theirs=2, theirs_right=2, mine=2, mine_right=2)


@pytest.mark.parametrize(
    ("shared", "relation"),
    [
        (ALL, "same"),
        (replace(ALL, calls=2, same=2), "near"),
        (replace(ALL, mine_right=1, same=5), "improves"),
        (replace(ALL, mine_right=0, same=2), "near"),
        (replace(ALL, theirs_right=1, same=5), "near"),
        (replace(ALL, theirs=0, theirs_right=0), "near"),
        (Shared(), "near"),
    ],
)
def test_what_shared_answers_say(shared: Shared, relation: str) -> None:
    found = nearness(OTHER, kept(make_candidate()), shared)
    assert found.relation == relation
    assert found.evidence
    assert found.advice


def test_other_words_are_not_near() -> None:
    far = kept(make_candidate(template="how many bytes were sent"), "bytes_sent", "The bytes sent per host.")
    assert nearness(OTHER, far, Shared(differs="1 and 2")) == Nearness(
        relation="none", evidence="no kept tool is like it", advice=""
    )
    assert likeness_of(OTHER, far) < 0.2


def test_near_tells_where_answers_differ() -> None:
    found = nearness(OTHER, kept(make_candidate()), Shared(calls=3, same=1, differs="['web'] and ['db']"))
    assert "answers differ: ['web'] and ['db']" in found.evidence
    assert "not for" in found.advice


def test_the_nearest_is_the_one_that_matters_most() -> None:
    def one(relation: str, tool: str) -> Nearness:
        return Nearness(relation=relation, tool=tool, evidence="", advice="")  # type: ignore[arg-type]

    found = [one("near", "a"), one("improves", "b"), one("none", ""), one("improves", "c")]
    assert nearest(found).tool == "b"
    assert nearest([*found, one("same", "d")]).tool == "d"
    assert nearest([]).relation == "none"


def test_one_question_two_answers() -> None:
    mine = make_candidate()
    assert contradicts(mine, kept(mine), Shared(calls=2, same=1))
    assert not contradicts(mine, kept(mine), Shared(calls=2, same=2))
    assert not contradicts(OTHER, kept(mine), Shared(calls=2, same=0))
    nameless = replace(mine, recipe=Recipe(template="", slots=(), tool="x", question=""))
    assert not contradicts(nameless, kept(nameless), Shared(calls=2, same=0))


def signature(*parameters: Parameter, kind: str = "text") -> Signature:
    return Signature(
        function="f",
        context_parameter="x",
        context_kind=kind,
        parameters=parameters,
        returns="int",  # type: ignore[arg-type]
    )


TOP, LIMIT, WORD = (
    Parameter(name="top", annotation="int", default=1),
    Parameter(name="limit", annotation="int", default=5),
    Parameter(name="word", annotation="str", default="a"),
)


@pytest.mark.parametrize(
    ("arguments", "source", "target", "expected"),
    [
        ({"top": 2}, signature(TOP), signature(TOP, WORD), {"top": 2}),
        ({"top": 2}, signature(TOP), signature(LIMIT), {"limit": 2}),
        ({"top": 2}, signature(TOP), signature(WORD), None),
        ({"top": 2}, signature(TOP), signature(), None),
        ({"top": 1}, signature(TOP), signature(), {}),
        ({}, signature(), signature(TOP), {}),
        ({}, signature(), signature(kind="files"), None),
    ],
)
def test_arguments_of_one_as_anothers(
    arguments: dict[str, int | float | str], source: Signature, target: Signature, expected: dict[str, int] | None
) -> None:
    assert translated(arguments, source, target) == expected


def test_a_further_parameter_that_its_uses_need_improves_the_tool() -> None:
    made = make_candidate()
    tool = kept(made)
    further = Parameter(name="host", annotation="str", default="any")
    wider = replace(
        made,
        source=made.source.replace("top: int = 1", "top: int = 1, host: str = 'any'").replace(
            "top]", "top] if host else []"
        ),
        signature=replace(made.signature, parameters=(*made.signature.parameters, further)),
    )
    shared = Shared(calls=4, same=4, theirs=2, theirs_right=2, mine=1, mine_right=1)
    assert nearness(wider, tool, shared).relation == "same"
    uses = tuple(replace(one, arguments={**one.arguments, "host": "one"}) for one in made.examples)
    found = nearness(replace(wider, examples=uses), tool, shared)
    assert found.relation == "improves"
    assert "takes host besides" in found.evidence
    assert nearness(replace(wider, examples=uses), tool, replace(shared, same=3)).relation != "improves"

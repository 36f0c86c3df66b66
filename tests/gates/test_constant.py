"""A tool that says what it once saw is no tool."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from lithify.gates.constant import ConstantGate
from lithify.gates.gate import Finding
from lithify.records.context import ContextKind
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example, Parameter, Signature
from lithify.testing.candidates import LOG, make_candidate

PutTo = Callable[..., Finding]
FILES = {"a.log": LOG, "b.log": "10:00 db restarted\n"}


def tool(
    body: str, expected: Plain, context: str | Mapping[str, str] = LOG, parameters: tuple[Parameter, ...] = ()
) -> Candidate:
    kind: ContextKind = "text" if isinstance(context, str) else "files"
    signature = Signature(
        function="answer_it", context_parameter="log", context_kind=kind, parameters=parameters, returns="object"
    )
    given = "".join(f", {one.name}: {one.annotation} = {one.default!r}" for one in parameters)
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return make_candidate(
        source=f"def answer_it(log: object{given}) -> object:\n{lines}\n",
        signature=signature,
        examples=(Example(name="it", context=context, arguments={}, expected=expected),),
    )


@pytest.mark.parametrize(
    "candidate",
    [
        tool("return 'web'", "web"),
        tool("return 4", 4),
        tool("return None", None),
        tool("x = log.splitlines()\nreturn 'web'", "web"),
        tool("return 'web' + log[:0]", "web"),
        tool("return max('web', '', key=lambda s: len(s) + 0 * len(log))", "web"),
        tool("if log:\n    return 'web'\nreturn ''", "web"),
        tool("if not log:\n    return None\nreturn 'web'", "web"),
        tool("return 'web' if len(log) > 3 else 'db'", "web"),
        tool("if 'restarted' not in log:\n    raise ValueError\nif log:\n    return 'web'", "web"),
        tool("return log.count('panic')", 0),
        tool("return 'web' if log else ''", "web", FILES),
        tool("return sorted(['web'] + list(log)[:0])", ["web"], FILES),
    ],
    ids=lambda candidate: candidate.source.split("\n", 1)[1].strip().replace("\n", ";")[:50],
)
def test_a_constant_is_refused(put_to: PutTo, candidate: Candidate) -> None:
    finding = put_to(ConstantGate(), candidate)
    assert finding.outcome == "fail", finding.evidence
    assert "constant" in finding.evidence
    assert "compute the answer from the context" in finding.remedy


@pytest.mark.parametrize(
    "candidate",
    [
        tool("return log.count('restarted')", 3),
        tool("return log.splitlines()[0].split()[1]", "web"),
        tool("return any('restarted' in line for line in log.splitlines())", True),
        tool("for line in log.splitlines():\n    if 'restarted' in line:\n        return True\nreturn False", True),
        tool("return 'yes' if 'restarted' in log else 'no'", "yes"),
        tool("if 'brown fox' in log or not log:\n    raise ValueError('another format')\nreturn len(log)", len(LOG)),
        tool("return sum(text.count('restarted') for text in log.values())", 4, FILES),
        tool("return sorted(log)", ["a.log", "b.log"], FILES),
    ],
    ids=lambda candidate: candidate.source.split("\n", 1)[1].strip().replace("\n", ";")[:50],
)
def test_a_computed_answer_passes(put_to: PutTo, candidate: Candidate) -> None:
    finding = put_to(ConstantGate(), candidate)
    assert finding.outcome == "pass", finding.evidence
    assert "something else on" in finding.evidence


def test_an_answer_that_stands_in_the_code_is_for_a_person_to_see(put_to: PutTo) -> None:
    candidate = tool("names = [w for w in log.split() if w == 'web']\nreturn names[0] if names else ''", "web")
    finding = put_to(ConstantGate(), candidate)
    assert finding.outcome == "needs-person"
    assert "'web'" in finding.evidence


@pytest.mark.parametrize(
    "candidate",
    [
        tool("return log.split()[2] if 'restarted' in log else ''", "restarted"),  # the question says it
        tool("return log.split()[1][: len(log) and 3]", "web"),
        tool("return [len(log.splitlines()), 100 * bool(log)]", [4, 100]),
        tool("return [len(log), 'many' if len(log) > 3 else 'few']", [len(LOG), "many"]),
    ],
    ids=["in-the-question", "another-value", "a-round-number", "its-own-word"],
)
def test_what_is_ordinary_in_code_is_no_reason(put_to: PutTo, candidate: Candidate) -> None:
    assert put_to(ConstantGate(), candidate).outcome == "pass"


def test_an_answer_given_as_an_argument_is_no_constant_of_the_code(put_to: PutTo) -> None:
    word = Parameter(name="word", annotation="str", default="web")
    candidate = tool("found = [w for w in log.split() if w == word]\nreturn found[:1]", ["web"], parameters=(word,))
    examples = (Example(name="it", context=LOG, arguments={"word": "web"}, expected=["web"]),)
    candidate = make_candidate(source=candidate.source, signature=candidate.signature, examples=examples)
    finding = put_to(ConstantGate(), candidate)
    assert finding.outcome == "pass", finding.evidence

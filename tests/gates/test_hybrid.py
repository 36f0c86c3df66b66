"""A hybrid tool passes the gates without a model: the answers recorded with its uses stand in for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from lithify.gates import judge
from lithify.records.tool import Candidate, Example, Recipe, Reply, Signature, Verdict
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import make_candidate

SOURCE = '''\
"""Reviews."""

from collections.abc import Callable
from typing import Any


def count_negative(text: str, *, llm: Callable[..., Any]) -> int:
    """How many reviews are negative."""
    replies = llm([f"Is this negative? {line}" for line in text.splitlines()])
    return sum(reply == "yes" for reply in replies)
'''
SIGNATURE = Signature(
    function="count_negative",
    context_parameter="text",
    context_kind="text",
    parameters=(),
    returns="int",
    needs_llm=True,
)
WORDS = {"awful": "yes", "fine": "no", "broken": "yes", "good": "no", "great": "no"}


def hybrid(words: dict[str, str]) -> Candidate:
    replies = tuple(Reply(prompt=f"Is this negative? {word}", answer=answer) for word, answer in words.items())
    use = Example(name="whole", context="\n".join(WORDS) + "\n", arguments={}, expected=2, replies=replies)
    made = make_candidate(source=SOURCE, signature=SIGNATURE, examples=(use,))
    recipe = Recipe(
        template="how many are negative", slots=(), tool="count_negative", question="How many are negative?"
    )
    return replace(made, recipe=recipe)


def judged(candidate: Candidate) -> Verdict:
    return asyncio.run(judge(candidate, start_sandbox))


def test_the_recorded_answers_are_enough() -> None:
    verdict = judged(hybrid(WORDS))
    refused = [(one.gate, one.evidence) for one in verdict.results if one.outcome in ("fail", "not-run")]
    assert not refused


def test_a_prompt_without_a_recorded_answer_fails() -> None:
    verdict = judged(hybrid({word: answer for word, answer in WORDS.items() if word != "good"}))
    (replay,) = [one for one in verdict.results if one.gate == "replay"]
    assert replay.outcome == "fail"
    assert "no answer is recorded" in replay.evidence


@pytest.mark.parametrize("needs_llm", [True, False])
def test_the_signature_says_whether_it_asks(needs_llm: bool) -> None:
    source = SOURCE if not needs_llm else SOURCE.replace(", *, llm: Callable[..., Any]", "").replace("llm(", "list(")
    made = replace(hybrid(WORDS), source=source, signature=replace(SIGNATURE, needs_llm=needs_llm))
    (static,) = [one for one in judged(made).results if one.gate == "static"]
    assert static.outcome == "fail"
    assert "make the two agree" in static.remedy

"""Whatever text a person or a log holds survives being written down."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from lithify.layout import (
    candidate_contents,
    candidate_from,
    dump,
    parse,
    read_recipes,
    render_candidate,
    render_recipes,
    same_answer,
    verdict_from_table,
    verdict_to_table,
)
from lithify.records.context import Fingerprint, LineShape
from lithify.records.tool import Example, GateResult, Slot, Verdict
from lithify.testing.candidates import make_candidate

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
anything = st.text(max_size=30)
scalars = st.one_of(st.integers(), st.floats(allow_nan=False), words)
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), anything, st.binary(max_size=8))
answers = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(anything, st.integers(), st.none()), inner, max_size=3),
    ),
    max_leaves=8,
)
fingerprints = st.builds(
    Fingerprint,
    format=st.sampled_from(["lines", "delimited", "prose"]),
    header=st.lists(words, max_size=3).map(tuple),
    delimiter=words,
    shapes=st.lists(st.builds(LineShape, pattern=words, share=st.floats(min_value=0, max_value=1)), max_size=3).map(
        tuple
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(words, min_size=4, max_size=4),
    context=st.one_of(anything, st.dictionaries(anything, anything, max_size=3)),
    expected=answers,
    default=scalars,
    fingerprint=fingerprints,
)
def test_a_candidate(words: list[str], context: str, expected: object, default: int, fingerprint: Fingerprint) -> None:
    base = make_candidate(
        examples=(Example(name=words[0], context=context, arguments={"top": default}, expected=expected),),  # type: ignore[arg-type]
        template=words[1],
        applicability=Fingerprint(format="files", members=((words[2], fingerprint),)),
    )
    candidate = replace(
        base,
        description=words[2],
        notes=tuple(words),
        provenance=replace(base.provenance, question=words[3], model=words[0], cost=Decimal("0.1")),
        recipe=replace(base.recipe, slots=(Slot(name=words[0], type="str", default=default),), question=words[3]),
    )
    (recipe,) = read_recipes("here", render_recipes(candidate.signature.function, [candidate.recipe]))
    read = candidate_from(render_candidate(candidate), recipe, "here")
    assert same_answer(read.examples[0].expected, candidate.examples[0].expected)
    assert read.examples[0].context == context
    assert replace(read, examples=()) == replace(candidate, examples=())
    assert candidate_contents(read) == candidate_contents(candidate)


@settings(max_examples=40, deadline=None)
@given(evidence=words, remedy=words, seconds=st.floats(min_value=0, max_value=1e6))
def test_a_verdict(evidence: str, remedy: str, seconds: float) -> None:
    result = GateResult(
        gate="replay", outcome="needs-person", evidence=evidence, remedy=remedy, seconds=round(seconds, 4)
    )
    verdict = Verdict(results=(result,), contents="ab")
    assert verdict_from_table(parse("here", dump("what\nit is", verdict_to_table(verdict)))) == verdict

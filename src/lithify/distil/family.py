"""Generalising from two solved questions of one family: anti-unified, then run on what either is known to answer."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from lithify.distil.bench import Bench, Runnable
from lithify.distil.format import formatted
from lithify.distil.unify import Solved, Unified, anti_unify, widen
from lithify.layout import form_of
from lithify.ports import Sandbox
from lithify.records.answers import same_answer
from lithify.records.context import Fingerprint
from lithify.records.tool import Candidate, Example

_MOST_KEPT = 3
"""How many uses of the earlier one the new one takes over."""
_MOST_TRIED = 5


async def generalised_with(
    candidate: Candidate, earlier: Sequence[Candidate], sandbox: Sandbox, *, seconds: float
) -> Candidate:
    """The candidate made one tool with an earlier one of its family; as it is when there is none.

    earlier: kept tools and waiting candidates, likeliest first. The two become one when what differs in both questions
    and in both sources is values, and the one tool gives every recorded answer of both; or when the earlier code alone,
    with such values as parameters, gives them, and this one is only another way. It keeps the name, parameters
    and defaults of the earlier one: what called that one goes on as before. seconds: for one run.
    Raises SandboxUnavailable, and PersonMustAct when ruff cannot be run.
    """
    mine = Solved(source=candidate.source, signature=candidate.signature, recipe=candidate.recipe)
    for other in earlier[:_MOST_TRIED]:
        if not _alike(candidate, other):
            continue
        theirs = Solved(source=other.source, signature=other.signature, recipe=other.recipe)
        for found in (anti_unify(theirs, mine), widen(theirs, mine)):
            if isinstance(found, Unified):
                made = await _made(candidate, other, found)
                if await _answers_everything(made, sandbox, seconds):
                    return made
    return candidate


def _alike(candidate: Candidate, other: Candidate) -> bool:
    """Whether two read inputs of one format, and import nothing that the other does not."""
    return (
        candidate.id != other.id
        and form_of(candidate.signature) == form_of(other.signature)
        and candidate.signature.needs_llm == other.signature.needs_llm
        and _format(candidate.applicability) == _format(other.applicability)
        and candidate.requirements == other.requirements
        and not candidate.callees
        and not other.callees
    )


def _format(shape: Fingerprint) -> tuple[object, ...]:
    members = tuple((name, _format(member)) for name, member in shape.members) if shape.format == "inputs" else ()
    return shape.format, shape.header, shape.delimiter, members


async def _made(candidate: Candidate, other: Candidate, found: Unified) -> Candidate:
    source = await asyncio.to_thread(formatted, found.source)
    questions = f"{other.recipe.question!r} and {candidate.recipe.question!r}"
    new = [one.name for one in found.signature.parameters if one not in other.signature.parameters]
    note = f"{', '.join(new)} became a parameter because two questions differ in it: {questions}"
    return replace(
        candidate,
        id=hashlib.sha256(f"{source}\0{found.recipe.template}".encode()).hexdigest()[:12],
        signature=found.signature,
        source=source,
        recipe=found.recipe,
        examples=(*(_renamed(one, found) for one in candidate.examples), *_earlier(other.examples, found)),
        holdout=tuple(_renamed(one, found) for one in candidate.holdout),
        originals=tuple(replace(one, arguments=_arguments(dict(one.arguments), found)) for one in candidate.originals),
        notes=(*candidate.notes, note),
    )


def _renamed(use: Example, found: Unified) -> Example:
    return replace(use, arguments=_arguments(dict(use.arguments), found))


def _arguments(given: dict[str, int | float | str], found: Unified) -> dict[str, int | float | str]:
    """The arguments of a use of the second tool, for the one tool."""
    return {**found.arguments, **{found.renamed.get(name, name): value for name, value in given.items()}}


def _earlier(uses: Sequence[Example], found: Unified) -> list[Example]:
    """Uses of the first tool: its defaults stand, and are written out."""
    defaults = {one.name: one.default for one in found.signature.parameters}
    return [
        replace(one, name=f"earlier {one.name}", arguments={**defaults, **one.arguments}) for one in uses[:_MOST_KEPT]
    ]


async def _answers_everything(made: Candidate, sandbox: Sandbox, seconds: float) -> bool:
    tool = Runnable(made.source, made.signature)
    for use in (*made.examples, *made.holdout):
        bench = Bench(sandbox, use.context, seconds, use.replies, form_of(made.signature))
        outcome = await bench.call(tool, **use.arguments)
        if outcome.error or not same_answer(use.expected, outcome.value):
            return False
    return True

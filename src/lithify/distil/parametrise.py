"""Making parameters of the question's values, each proved by running the tool with its default and with others."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lithify.distil.assemble import Draft, runnable
from lithify.distil.bench import Bench, Runnable
from lithify.distil.extracts import size, smaller
from lithify.distil.generalise import Proposal, of_the_format, proposals, propose, template
from lithify.distil.shrinking import Extract, Subject, shrunk
from lithify.distil.values import ABSENT, field_values, other_numbers, other_texts, other_values
from lithify.errors import ProgrammerMustAct
from lithify.records.answers import equal_answer, means_something
from lithify.records.context import Format
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Parameter, Slot

_MOST_TRIALS = 6
_NEAR = 2
"""How many numbers near a default are tried before those that stand in the data where it does (another status)."""
_MOST_HALVED = 5
"""How often the ground is halved to see whether the answer follows a value."""
_GROUND_CHARACTERS = 2_000_000
"""On how much of a context values are tried."""


@dataclass(frozen=True, slots=True)
class Parametrised:
    """A draft whose parameters are proved, what became of each, and the template that goes with them."""

    draft: Draft
    accepted: tuple[Proposal, ...]
    template: str
    notes: tuple[str, ...]


async def parametrise(draft: Draft, answer: Plain, bench: Bench, form: Format) -> Parametrised:
    """The draft with those of the question's values as parameters that the answer really depends on.

    A value becomes a parameter only if the tool gives the same answer with its default, and with another value runs
    and gives another answer (not only other words in it). Everything else stays a constant, and stays in the template.
    Tried on the whole context, or on an extract of a big one.
    """
    accepted: list[Proposal] = []
    notes: list[str] = []
    ground = Extract(bench.context, answer)
    if size(bench.context) > _GROUND_CHARACTERS or not bench.whole:
        subject = Subject(tool=runnable(draft), answer=answer, form=form)
        ground = await shrunk(subject, bench, _GROUND_CHARACTERS)
    for literal in proposals(draft.question, _nodes(draft)):
        if bench.exhausted:
            notes.append(f"{literal.text!r} was not tried as a parameter: the tool takes too long")
            continue
        proposal = propose(draft.question, _nodes(draft), literal)
        if proposal is None:
            continue
        wider = _with(draft, proposal)
        if await _holds(wider, proposal, ground, form, bench) and _template_fits(draft.question, [*accepted, proposal]):
            draft = wider
            accepted.append(proposal)
        elif not literal.weak:
            notes.append(f"{literal.text!r} of the question stays a constant: the answer does not follow it")
    return Parametrised(draft, tuple(accepted), template(draft.question, accepted), tuple(notes))


def trials(slot: Slot, context: str | Mapping[str, str]) -> list[int | float | str]:
    """Other values to try for a slot, likeliest first."""
    if isinstance(slot.default, str):
        return [*other_texts(context, slot.default)[:_MOST_TRIALS]]
    near = other_numbers(slot.default)
    there = other_values(context, slot.default)
    ordered = dict.fromkeys([*near[:_NEAR], *there[: _MOST_TRIALS - _NEAR], *near[_NEAR:]])
    return [*list(ordered)[:_MOST_TRIALS]]


def _nodes(draft: Draft) -> list[ast.AST]:
    return [*draft.body, draft.expression]


def _with(draft: Draft, proposal: Proposal) -> Draft:
    *body, expression = proposal.nodes
    slot = proposal.slot
    said = proposal.literal.text.strip(_QUOTES)
    meaning = (
        f"How many to give; {said} in the question."
        if slot.name in _COUNTS
        else f'In place of "{said}" in the question.'
    )
    return replace(
        draft,
        body=tuple(node for node in body if isinstance(node, ast.stmt)),
        expression=expression if isinstance(expression, ast.expr) else draft.expression,
        parameters=(*draft.parameters, Parameter(name=slot.name, annotation=slot.type, default=slot.default)),
        meaning={**draft.meaning, slot.name: meaning},
    )


_COUNTS = frozenset({"top", "how_many"})
_QUOTES = "\"'`“”‘’«»"


async def _holds(draft: Draft, proposal: Proposal, ground: Extract, form: Format, bench: Bench) -> bool:
    """Whether the answer is the same with the default, and follows another value.

    A plain word may stand in the code as a mere part of the format (took, ms): it counts as a value only if another
    value of its field, from the data, gives a result that says something.
    """
    tool = runnable(draft)
    same = await bench.call(tool, ground.context)
    if same.error or not equal_answer(ground.answer, same.value):
        return False
    if await _follows(draft, proposal, ground, bench):
        return True
    if isinstance(ground.answer, int | float):
        return False
    for _ in range(_MOST_HALVED):  # two values may have one answer, as two states may have the same best city
        less = await _smaller(tool, ground, form, bench)
        if less is None:
            return False
        if await _follows(draft, proposal, less, bench):
            return True
        ground = less
    return False


async def _smaller(tool: Runnable, ground: Extract, form: Format, bench: Bench) -> Extract | None:
    """A part of a ground on which the tool says something."""
    for context in smaller(ground.context, form, bench.members):
        outcome = await bench.call(tool, context)
        if not outcome.error and means_something(outcome.value):
            return Extract(context, outcome.value)
    return None


async def _follows(draft: Draft, proposal: Proposal, ground: Extract, bench: Bench) -> bool:
    """Whether the answer follows another value of a parameter, on this ground."""
    tool, slot, weak = runnable(draft), proposal.slot, of_the_format(proposal.literal)
    answer = ground.answer
    for value in _trials(slot, ground.context, weak):
        other = await bench.call(tool, ground.context, **{slot.name: value})
        if other.error or equal_answer(answer, other.value) or (weak and not means_something(other.value)):
            continue
        return not equal_answer(_reworded(answer, str(slot.default), str(value)), other.value)
    return False


def _trials(slot: Slot, context: str | Mapping[str, str], weak: bool) -> list[int | float | str]:
    if weak:
        return [*field_values(context, str(slot.default))[:_MOST_TRIALS]]
    return [*trials(slot, context), *([ABSENT] if slot.type == "str" else [])]


def _reworded(answer: Plain, default: str, value: str) -> Plain:
    """The answer with only the words in it changed: what it would be if the value were a mere label."""
    if isinstance(answer, str):
        return answer.replace(default, value)
    if isinstance(answer, dict):
        return {_reworded(key, default, value): _reworded(part, default, value) for key, part in answer.items()}
    if isinstance(answer, (list, tuple)):
        return [_reworded(part, default, value) for part in answer]
    return answer


def _template_fits(question: str, accepted: Sequence[Proposal]) -> bool:
    try:
        template(question, accepted)
    except ProgrammerMustAct:
        return False
    return True

"""Distilling: a solved exploration in, a candidate out."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from lithify.distil.assemble import Draft, assemble, one_line, runnable, signature_of
from lithify.distil.bench import Bench, Outcome, Runnable
from lithify.distil.derive import Derivation, Underived, derive
from lithify.distil.examples import examples
from lithify.distil.extracts import empty
from lithify.distil.format import formatted
from lithify.distil.hybrid import asks_model, recorded_replies
from lithify.distil.inputs import opening_steps
from lithify.distil.naming import GENERIC_NAMES, function_name, says_something
from lithify.distil.originals import original_of
from lithify.distil.parametrise import Parametrised, parametrise
from lithify.distil.program import Step, read_program
from lithify.distil.reading import reads_of
from lithify.distil.readoff import without_read_off
from lithify.distil.rename import identifiers
from lithify.distil.requirements import requirements
from lithify.distil.returns import annotation, converted
from lithify.distil.shrinking import Subject
from lithify.distil.suspicion import depends_on_data
from lithify.distil.typed import derive_typed
from lithify.distil.writing import Written, written
from lithify.layout import form_of
from lithify.ports import Sandbox
from lithify.records.answers import equal_answer, means_something, same_answer
from lithify.records.context import Context
from lithify.records.distil import NoCandidate
from lithify.records.plain import Plain
from lithify.records.run import Limits, Trajectory
from lithify.records.tool import Candidate, Provenance, Recipe


async def distil(
    trajectory: Trajectory,
    context: Context,
    provenance: Provenance,
    sandbox: Sandbox,
    limits: Limits,
    told: Written | NoCandidate | None = None,
) -> Candidate | NoCandidate:
    """What a solved exploration proposes to keep, or why it proposes nothing. No model is asked.

    The code is cut backward from the answer to what computes it, made a function of the context and of the question's
    literals, and run from nothing: it gives the same answer, or there is no candidate. told: how the context is
    written, where that is known already.
    Raises SandboxUnavailable, and PersonMustAct when ruff cannot be run.
    """
    if not trajectory.complete or trajectory.form == "extract":
        return NoCandidate(reason="the answer is incomplete: the budget ended before it was submitted")
    form = form_of(context)
    told = told or await written(context, sandbox)
    if isinstance(told, NoCandidate):
        return told
    steps = (*opening_steps(context), *read_program(trajectory.cells))
    bench = Bench(
        sandbox,
        told.texts,
        limits.cell_seconds,
        recorded_replies(trajectory),
        form=form,
        source=context if form.written else None,
        whole=told.whole,
        members={name: one.format for name, one in context.fingerprint.members} if context.inputs else {},
    )

    async def derived(program: Sequence[Step]) -> Derivation | Underived:
        found = await derive(trajectory, program, bench)
        if isinstance(found, Derivation):
            return found
        typed = await derive_typed(trajectory, program, bench)
        return typed if isinstance(typed, Derivation) or found.typed else found

    found = await derived(steps)
    if isinstance(found, Derivation):
        found = await without_read_off(found, trajectory.question, steps, bench, derived)
    if isinstance(found, Underived):
        return NoCandidate(reason=found.reason)
    return await _candidate(found, trajectory, context, provenance, bench)


async def _candidate(
    found: Derivation, trajectory: Trajectory, context: Context, provenance: Provenance, bench: Bench
) -> Candidate | NoCandidate:
    question = trajectory.question
    form = context.fingerprint.format
    draft = _draft(found, trajectory, context)
    if await bench.changes(runnable(draft)):
        copying = await _copying(draft, bench)
        if copying is None:
            return NoCandidate(reason=f"the code changes the {context.kind} that it reads")
        draft = copying
    parametrised = await parametrise(draft, trajectory.answer, bench, form)
    draft = _named(parametrised)
    source = await asyncio.to_thread(formatted, assemble(draft))
    tool = Runnable(source, signature_of(draft))
    outcome = await bench.call(tool)
    problem = await _problem(tool, outcome, trajectory.answer, bench)
    if problem:
        return NoCandidate(reason=problem)
    slots = tuple(proposal.slot for proposal in parametrised.accepted)
    if bench.form.written and bench.whole:
        again = await bench.call(tool, bench.context)
        if again.error or not same_answer(outcome.value, again.value):
            gives = again.error or "another answer"
            return NoCandidate(reason=f"the {context.kind}, written down and opened again, gives {gives}")
    subject = Subject(tool=tool, answer=outcome.value, form=form, asked=outcome.asked)
    recorded = await examples(subject, slots, bench)
    if not recorded:
        return NoCandidate(reason="no extract of the context is small enough to keep and gives a result")
    defaults = {slot.name: slot.default for slot in slots}
    recipe = Recipe(template=parametrised.template, slots=slots, tool=draft.function, question=question)
    return Candidate(
        id=hashlib.sha256(f"{source}\0{recipe.template}".encode()).hexdigest()[:12],
        signature=signature_of(draft),
        description=one_line(question, 200),
        source=source,
        requirements=requirements(source),
        recipe=recipe,
        applicability=context.fingerprint,
        examples=recorded,
        provenance=provenance,
        notes=(*found.notes, *parametrised.notes),
        originals=(original_of(context, defaults, outcome.value),),
    )


def _draft(found: Derivation, trajectory: Trajectory, context: Context) -> Draft:
    """The slice as a function of the context alone."""
    expression, helper = converted(found.code.expression, found.kind)
    return Draft(
        body=found.code.statements,
        expression=expression,
        function="answer_the_question",
        reads=reads_of(context),
        parameters=(),
        meaning={},
        returns=annotation(trajectory.answer),
        question=trajectory.question,
        helper=helper,
        asks=asks_model([*found.code.statements, found.code.expression]),
        shape=context.fingerprint,
    )


async def _copying(draft: Draft, bench: Bench) -> Draft | None:
    """The draft with copies of as few of its inputs as leave all as they were; None where none can be copied so."""
    names = [one.name for one in draft.reads.each if one.copied]
    for copies in [*(frozenset({name}) for name in names), frozenset(names)]:
        copying = replace(draft, copies=copies)
        if copies and not await bench.changes(runnable(copying)):
            return copying
    return None


def _named(parametrised: Parametrised) -> Draft:
    """The draft under a name from the question, with the parameters' names in place of their values."""
    draft = parametrised.draft
    taken = identifiers([*draft.body, draft.expression]) | {slot.name for slot in draft.parameters}
    taken |= {one.name for one in draft.reads.each}
    question = draft.question
    for proposal in sorted(parametrised.accepted, key=lambda proposal: -proposal.literal.span[0]):
        start, end = proposal.literal.span
        slot = proposal.slot.name.removeprefix("wanted_").removeprefix("other_")
        question = f"{question[:start]} {'' if slot in GENERIC_NAMES else slot} {question[end:]}"
    name = function_name(question, taken)
    return replace(draft, function=name if says_something(name) else function_name(draft.question, taken))


async def _problem(tool: Runnable, outcome: Outcome, answer: Plain, bench: Bench) -> str:
    """What speaks against the finished tool, from running it; "" when nothing does."""
    if outcome.error:
        return f"as a function, the code gives {outcome.error}"
    if not equal_answer(answer, outcome.value):
        return "as a function, the code gives another answer"
    if not means_something(answer):
        return ""
    nothing = await bench.call(tool, empty(bench.context, bench.form))
    if not nothing.error and equal_answer(answer, nothing.value) and depends_on_data(answer, bench.context):
        return "the code gives the same answer for an empty context: it does not compute it from the data"
    return ""

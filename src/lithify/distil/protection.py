"""Keeping a person's data out of a library: recorded uses redacted, or kept as digests alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lithify.distil.bench import Bench, Runnable
from lithify.distil.extracts import Text
from lithify.distil.redaction import Redactor
from lithify.distil.substitution import substituted
from lithify.layout import TEXT_FORM, Form, form_of
from lithify.ports import Sandbox
from lithify.records.answers import same_answer
from lithify.records.fixtures import FixturePolicy
from lithify.records.tool import Candidate, Example, Reply

_HASH_ONLY = "fixtures are kept as digests only, as the settings ask for"


async def protected(candidate: Candidate, policy: FixturePolicy, sandbox: Sandbox, *, seconds: float) -> Candidate:
    """The candidate with what the policy allows of its recorded and sealed uses.

    A redacted use is run again: it stays only if the tool gives the recorded answer with the same substitutes in it.
    Otherwise it becomes private, as every use does under "hash-only": it serves to judge the tool, and is left out
    when the tool is kept. seconds: for one run. Raises SandboxUnavailable.
    """
    if policy.mode == "hash-only":
        private = [
            tuple(replace(one, private=True) for one in uses) for uses in (candidate.examples, candidate.holdout)
        ]
        return replace(candidate, examples=private[0], holdout=private[1], notes=(*candidate.notes, _HASH_ONLY))
    redactor = Redactor(policy)
    tool = Runnable(candidate.source, candidate.signature)
    examples, lost = await _redacted(candidate.examples, redactor, tool, sandbox, seconds)
    holdout, more = await _redacted(candidate.holdout, redactor, tool, sandbox, seconds)
    notes = list(candidate.notes)
    if redactor.replaced:
        notes.append(f"{redactor.replaced} secrets, addresses or names were replaced in its recorded uses")
    if lost or more:
        names = ", ".join(one.name for one in (*lost, *more))
        notes.append(f"not kept in clear, because the tool answers otherwise on it once it is redacted: {names}")
    return replace(candidate, examples=examples, holdout=holdout, notes=tuple(notes))


async def _redacted(
    uses: Sequence[Example], redactor: Redactor, tool: Runnable, sandbox: Sandbox, seconds: float
) -> tuple[tuple[Example, ...], list[Example]]:
    """(the uses as they may be kept, those that become private)."""
    kept: list[Example] = []
    lost: list[Example] = []
    for use in uses:
        changed = redacted(use, redactor, form_of(tool.signature))
        if changed == use or await _still_answers(changed, tool, sandbox, seconds):
            kept.append(changed)
        else:
            kept.append(replace(use, private=True))
            lost.append(use)
    return tuple(kept), lost


def redacted(use: Example, redactor: Redactor, form: Form = TEXT_FORM) -> Example:
    """A recorded use with substitutes in its input, arguments, answer, and what a model was asked and said."""
    return replace(
        use,
        context=_context(use.context, redactor, form),
        arguments={
            name: redactor.text(value) if isinstance(value, str) else value for name, value in use.arguments.items()
        },
        expected=redactor.plain(use.expected),
        replies=tuple(
            Reply(prompt=redactor.text(reply.prompt), answer=redactor.plain(reply.answer)) for reply in use.replies
        ),
    )


def _context(context: Text, redactor: Redactor, form: Form) -> Text:
    if isinstance(context, str) and form.written:
        return substituted(context, redactor, form)
    if isinstance(context, str):
        return redactor.text(context)
    if form.parts:
        return {name: substituted(context[name], redactor, part) for name, part in form.parts}
    return {redactor.text(name): redactor.text(text) for name, text in context.items()}


async def _still_answers(use: Example, tool: Runnable, sandbox: Sandbox, seconds: float) -> bool:
    bench = Bench(sandbox, use.context, seconds, use.replies, form_of(tool.signature))
    outcome = await bench.call(tool, **use.arguments)
    return not outcome.error and same_answer(use.expected, outcome.value)

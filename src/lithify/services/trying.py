"""How a model does on the open cases of a tool that shall ask it. What is sealed is not known here."""

from __future__ import annotations

from collections.abc import Sequence

from lithify.context import context_of
from lithify.errors import LithifyError
from lithify.ports import Sandbox
from lithify.records.answers import equal_answer
from lithify.records.cases import Case
from lithify.records.tool import Candidate
from lithify.services.calling import call_by_name
from lithify.services.running import Call
from lithify.services.workbench import Workbench


def call_on(case: Case, found: Candidate) -> Call:
    """The candidate over the data of a case."""
    context = context_of(case.context)
    return Call(
        source=found.source,
        signature=found.signature,
        context=context,
        arguments=case.arguments,
        callees=found.callees,
    )


async def tried(cases: Sequence[Case], found: Candidate, sandbox: Sandbox, bench: Workbench) -> str:
    """How a real model does on the cases, in a line for the reviewer. Each is a run of its own."""
    right, wrong = 0, list[str]()
    for case in cases:
        what = f"{found.signature.function}, softened, tried on case {case.id}"
        try:
            answer = await call_by_name(what, call_on(case, found), sandbox, bench)
        except LithifyError as error:  # it is said, and the others are tried all the same
            wrong.append(f"{case.id}: {error}")
            continue
        if equal_answer(case.answer, answer):
            right += 1
        else:
            wrong.append(f"{case.id}: {answer!r:.80}")
    said = f"{bench.models().sub.name} answered {right} of {len(cases)} open cases as they were answered before"
    return f"{said}; otherwise {'; '.join(wrong)}" if wrong else said

"""Soften: a tool whose open cases fit into no program becomes one that asks a model for them. Proposed, never kept."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lithify.distil import protected
from lithify.distil.format import formatted
from lithify.distil.softening import Hard, softened_source, softer
from lithify.errors import NotCovered
from lithify.layout import PROPERTIES_PATH
from lithify.ports import Sandbox
from lithify.records.answers import equal_answer
from lithify.records.cases import Case
from lithify.records.healing import Healed
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Example, Reply, Tool, Verdict
from lithify.routing.applicability import covers
from lithify.routing.postcondition import postcondition
from lithify.services.judging import judged
from lithify.services.preloading import of_requirements
from lithify.services.running import run_tool
from lithify.services.trying import call_on, tried
from lithify.services.workbench import Workbench
from lithify.upkeep import for_softening


@dataclass(frozen=True, slots=True, kw_only=True)
class Softened:
    """A softer version of a tool that waits for review as candidate.id."""

    candidate: Candidate
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Unsoftened:
    """Nothing was proposed; reason says why, for a person."""

    reason: str


async def soften(
    name: str, cases: Sequence[Case], bench: Workbench, *, with_model: bool = False
) -> Softened | Unsoftened:
    """Propose a version of a tool that asks a model where its code does not cover the input.

    cases: its open ones; those with data and an answer become its recorded uses, with that answer as the model's: they
    are its evals. with_model: ask a model for each of them now, so that a reviewer sees how it does; this spends.
    Raises LibraryProblem for a tool that may not run, and what the gates raise.
    """
    tool, whole = bench.library.load(name), bench.library.edited(name)
    chosen = for_softening(cases)
    if not chosen:
        return Unsoftened(f"{name} has no open case with its data and an answer: there is nothing to try a model on")
    source = softened_source(whole, tool.applicability, guarded=any(case.by == "shape" for case in chosen))
    if isinstance(source, Hard):
        return Unsoftened(source.reason)
    source = await asyncio.to_thread(formatted, source)
    found = replace(whole, source=source, signature=softer(whole.signature))
    sandbox = await bench.sandbox(of_requirements(tool.requirements))
    uses: dict[str, Example] = {}
    reasons: list[str] = []
    for case in chosen:
        use = await _use(case, found, replace(tool, signature=found.signature), sandbox, bench)
        if isinstance(use, Example):
            uses[case.id] = use
        else:
            reasons.append(f"case {case.id} is left out: {use}")
    if not uses:
        return Unsoftened("; ".join(reasons))
    taken = [case for case in chosen if case.id in uses]
    notes = [*whole.notes, f"it asks a model where its code does not cover the input, as in {_cases(len(taken))}"]
    if with_model:
        notes.append(await tried(taken, found, sandbox, bench))
    found = replace(_candidate(found, tool, taken, uses), notes=(*notes, *reasons))
    found = await protected(found, bench.fixtures, sandbox, seconds=bench.limits.cell_seconds)
    found = replace(found, examples=(*whole.examples, *found.examples), holdout=whole.holdout)
    if bench.library.is_rejected(found):
        return Unsoftened("the same proposal was rejected before")
    verdict = await judged(found, bench)
    return Softened(candidate=replace(found, id=bench.library.propose(found, verdict)), verdict=verdict)


def _candidate(found: Candidate, tool: Tool, cases: Sequence[Case], uses: Mapping[str, Example]) -> Candidate:
    """The next version with its new uses alone: what of them may be kept is still to be seen."""
    last = cases[-1]
    known = list(tool.applicability)
    for case in cases:
        if case.shape is not None and not covers(known, case.shape).covered:
            known.append(case.shape)
    healed = Healed(
        tool=tool.name,
        version=tool.version,
        by="run",
        run_id=last.run_id,
        why=f"{_inputs(len(cases))} into no program; the last: {last.why}",
        case=last.use,
        cases=tuple(case.id for case in cases),
        shapes=tuple(known[len(tool.applicability) :]),
    )
    digest = hashlib.sha256(f"{found.source}\0{tool.name}\0{tool.version}".encode()).hexdigest()
    return replace(
        found,
        id=digest[:12],
        applicability=tool.applicability[0],
        examples=tuple(uses[case.id] for case in cases),
        holdout=(),
        extra={path: data for path, data in found.extra.items() if path != PROPERTIES_PATH},
        properties=(),
        healed=healed,
    )


async def _use(case: Case, found: Candidate, tool: Tool, sandbox: Sandbox, bench: Workbench) -> Example | str:
    """The case as a recorded use of the softer tool, or why it can be none."""
    doubt = postcondition(tool, case.answer)
    if doubt is not None:
        return f"its answer is none of this tool: {doubt}"
    prompts: list[str] = []

    async def answers(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        prompts.append(str(args[0]))
        return case.answer

    try:
        answer = await run_tool(replace(call_on(case, found), ask=answers), sandbox, bench.limits)
    except NotCovered as error:
        return str(error)
    if not prompts:
        return "its code answers it, without asking the model"
    if case.context is None or not equal_answer(case.answer, answer):
        return f"it makes {answer!r:.80} of the model's answer"
    replies = tuple(Reply(prompt=prompt, answer=case.answer) for prompt in prompts)
    return Example(
        name=case.use, context=case.context, arguments=dict(case.arguments), expected=answer, replies=replies
    )


def _cases(count: int) -> str:
    return "1 open case" if count == 1 else f"{count} open cases"


def _inputs(count: int) -> str:
    return "1 input that it does not cover fits" if count == 1 else f"{count} inputs that it does not cover fit"

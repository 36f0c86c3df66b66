"""Cases that a kept tool does not answer and that nothing was learned of: put aside, and shown until one answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lithify.context import context_of
from lithify.errors import LibraryProblem, NotCovered
from lithify.ports import Library
from lithify.records.answers import same_answer
from lithify.records.cases import Case, Said
from lithify.records.context import Context
from lithify.records.healing import FailedBy, Failing
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example, Tool
from lithify.routing.applicability import covers
from lithify.services.preloading import of_requirements
from lithify.services.running import Call, run_tool
from lithify.services.workbench import Workbench
from lithify.upkeep import for_softening

_SAID: dict[FailedBy, Said] = {"shape": "explored", "run": "explored", "person": "explored", "shadow": "shadow"}


def case_of(failing: Failing, question: str, answer: Plain, unhealed: str, context: Context) -> Case:
    """The case of a tool that failed, with the answer that was derived instead; its data is not in it yet."""
    return Case(
        tool=failing.tool,
        version=failing.version,
        by=failing.by,
        why=failing.why,
        unhealed=unhealed,
        question=question,
        run_id=failing.run_id,
        arguments=failing.arguments,
        input=context.digest,
        shape=context.fingerprint,
        answer=answer,
        said=_SAID[failing.by],
    )


def told_of(tool: str) -> str:
    """What is told of a case that was put aside, after the reason why nothing was learned."""
    return f"; put aside as an open case of {tool}: `lithify review {tool}`"


async def put_aside(case: Case, context: Context, bench: Workbench) -> None:
    """Put a case aside, with its data where that may be and is small enough."""
    bench.library.cases.put(await _with_data(case, context, bench))


async def _with_data(case: Case, context: Context, bench: Workbench) -> Case:
    """With its data as a recorded use has it, where it is as small as one: else it is counted, and is no example."""
    from lithify.distil import NoCandidate, written  # not loaded by who only looks
    from lithify.distil.examples import WHOLE_CHARACTERS

    if context.size > WHOLE_CHARACTERS:
        return case
    told = await written(context, await bench.sandbox())
    if isinstance(told, NoCandidate) or not told.whole:
        return case
    return replace(case, context=told.texts)


async def with_cases(candidate: Candidate, bench: Workbench) -> Candidate:
    """The next version of a tool, with those of the tool's open cases that it answers among its uses.

    The others stay open, and are shown beside it.
    """
    healed = candidate.healed
    if healed is None or candidate.signature.needs_llm:
        return candidate
    found, shapes = list[Example](), list(healed.shapes)
    for case in for_softening(open_cases(bench.library, [healed.tool])):
        if case.run_id == healed.run_id or not await _answers(case, candidate, bench) or case.context is None:
            continue
        use = Example(name=case.use, context=case.context, arguments=dict(case.arguments), expected=case.answer)
        found.append(use)
        shapes += [case.shape] if case.shape is not None else []
    return replace(candidate, examples=(*candidate.examples, *found), healed=replace(healed, shapes=tuple(shapes)))


async def close_answered(bench: Workbench) -> None:
    """Close the open cases that their tools, as they stand, answer: since a version was mended by hand, say."""
    for case in for_softening(open_cases(bench.library)):
        try:
            tool = bench.library.load(case.tool)
        except LibraryProblem:
            continue
        known = case.shape is not None and covers(tool.applicability, case.shape).covered
        if known and not tool.signature.needs_llm and await _answers(case, tool, bench):
            bench.library.cases.close(case.id, f"{tool.name} v{tool.version} answers it")


async def _answers(case: Case, tool: Candidate | Tool, bench: Workbench) -> bool:
    """Whether code gives the answer of a case on its data."""
    call = Call(
        source=tool.source,
        signature=tool.signature,
        context=context_of(case.context),
        arguments=case.arguments,
        callees=tool.callees,
    )
    try:
        answer = await run_tool(call, await bench.sandbox(of_requirements(tool.requirements)), bench.limits)
    except NotCovered:
        return False
    return same_answer(case.answer, answer)


def open_cases(library: Library, names: Iterable[str] = ()) -> tuple[Case, ...]:
    """The cases that nobody closed and that the tool as it stands has no recorded use for; only of `names`, if given.

    Cases of a tool that is no longer there, or is retired, are nobody's.
    """
    wanted = set(names)
    found = [one for one in library.cases.all() if not one.closed and (not wanted or one.tool in wanted)]
    uses = {name: _uses(library, name) for name in {one.tool for one in found}}
    return tuple(one for one in found if still_open(one, uses[one.tool]))


def still_open(case: Case, tool: Candidate | None) -> bool:
    """Whether a tool, as it stands, has no use for a case. None: it is there no more."""
    if tool is None:
        return False
    healed = tool.healed
    if healed is not None and (case.run_id == healed.run_id or case.id in healed.cases):
        return False
    recorded = {one.name for one in tool.examples} | {one.name for one in tool.originals}
    return case.use not in recorded


def _uses(library: Library, name: str) -> Candidate | None:
    if library.view().statuses.get(name) == "retired":
        return None
    try:
        return library.edited(name)
    except LibraryProblem:
        return None

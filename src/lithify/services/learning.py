"""Learn: distil a solved exploration, put the candidate through the gates, and keep or propose it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from lithify import questions
from lithify.distil import Mended, NoCandidate, Unhealed, Written, distil, generalised_with, protected, written
from lithify.errors import LithifyError
from lithify.gates import Expected, Use, seal
from lithify.layout import defaults_of, rule
from lithify.properties import with_properties, without_properties
from lithify.records.context import Context
from lithify.records.events import CandidateProposed, GateJudged, ToolKept
from lithify.records.healing import Failing
from lithify.records.quick import dataclass
from lithify.records.run import RunId, RunResult, Trajectory
from lithify.records.tool import Candidate, Example, GateResult, Outcome, Provenance, Tool, Verdict
from lithify.services.cases import case_of, put_aside, told_of, with_cases
from lithify.services.failing import answers_by_asking, failing_shapes
from lithify.services.healing import heal
from lithify.services.judging import judged
from lithify.services.workbench import Workbench

Objection: TypeAlias = Callable[[Candidate], str]
_MOST_NEAR = 3
"""With how many near tools, and candidates, a new one is tried to be made one."""
POLICY_PROVISIONAL = "policy:provisional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What came of a solved exploration. candidate None: nothing to keep, and why says the reason."""

    candidate: Candidate | None
    verdict: Verdict | None = None
    kept: Tool | None = None
    why: str = ""


async def learn(
    result: RunResult,
    trajectory: Trajectory,
    context: Context,
    bench: Workbench,
    objection: Objection = lambda _: "",
    failed: tuple[Failing, ...] = (),
) -> Learned:
    """Distil and judge. The answer is given already: a failure here is told and never takes it back.

    objection: what speaks against a candidate before it is judged; "" for nothing
    failed:    kept tools that should have given this answer: what is learned is the next version of one of them
    """
    try:
        learned = await _learn(result, trajectory, context, bench, objection, failed)
        if learned.candidate is None and learned.verdict is None:
            told = await _put_aside(result, trajectory, context, failed, learned.why, bench)
            learned = replace(learned, why=f"{learned.why}{told}")
    except LithifyError as error:
        learned = Learned(candidate=None, why=f"{type(error).__name__}: {error}")
    if learned.candidate is None:
        _tell_none(result, learned.why, bench)
    return learned


async def _put_aside(
    result: RunResult, trajectory: Trajectory, context: Context, failed: tuple[Failing, ...], why: str, bench: Workbench
) -> str:
    """Nothing was learned of this answer: where a kept tool should have given it, that is an open case of the tool.

    Gives what to tell of it.
    """
    unlike = failing_shapes(result.run_id, trajectory.question, context, bench.library.view())
    first = next(iter((*failed, *unlike)), None)
    if first is None:
        return ""
    await put_aside(case_of(first, trajectory.question, trajectory.answer, why, context), context, bench)
    return told_of(first.tool)


async def _learn(
    result: RunResult,
    trajectory: Trajectory,
    context: Context,
    bench: Workbench,
    objection: Objection,
    failed: tuple[Failing, ...],
) -> Learned:
    provenance = Provenance(
        run_id=result.run_id,
        question=trajectory.question,
        model=bench.model_name,
        cost=result.usage.price,
        model_calls=result.usage.model_calls,
        input_digest=context.digest,
    )
    sandbox = await bench.sandbox()
    told = await written(context, sandbox)
    if isinstance(told, NoCandidate):
        return Learned(candidate=None, why=told.reason)
    found = await distil(trajectory, context, provenance, sandbox, bench.limits, told)
    if isinstance(found, NoCandidate):
        return Learned(candidate=None, why=found.reason)
    against = objection(found)
    if against:
        return Learned(candidate=None, why=against)
    seconds = bench.limits.cell_seconds
    sealed = await seal(found, trajectory, context, sandbox, seconds=seconds, texts=told.texts)
    found = replace(found, holdout=sealed)
    unlike = failing_shapes(result.run_id, trajectory.question, context, bench.library.view())
    mended = await heal(found, (*failed, *unlike), trajectory.answer, context, told, bench)
    if isinstance(mended, Unhealed):
        return Learned(candidate=None, why=mended.reason)
    # Where the model that a tool asked said nothing of use, the tool is not to blame, and is not to get a twin.
    asking = "" if mended else answers_by_asking(trajectory.question, context, bench.library.view())
    if asking:
        return Learned(candidate=None, why=f"{asking} answers this question, and asks a model where its code does not")
    found = await _with_family(found, bench) if mended is None else await with_cases(mended.candidate, bench)
    if bench.library.is_rejected(found):
        return Learned(candidate=None, why="the same proposal was rejected before")
    bench.observer.notify(
        CandidateProposed(run_id=result.run_id, candidate=found.id, function=found.signature.function)
    )
    found = await protected(found, bench.fixtures, sandbox, seconds=seconds)
    found = found if mended is None else mended.whole(found)
    # What a hybrid tool's model answered is recorded for its examples only: the whole was run while it was distilled.
    original = None if found.signature.needs_llm else _original(found, trajectory, context)
    found = await with_properties(found, _example(original, told), sandbox)
    found = found if mended is None else _without_dropped(found, mended)
    verdict = await judged(found, bench, original)
    for gate in verdict.results:
        bench.observer.notify(GateJudged(run_id=result.run_id, candidate=found.id, result=gate))
    nothing = _nothing_new(found, verdict, bench)
    if nothing:
        return Learned(candidate=None, verdict=verdict, why=nothing)
    found = replace(found, id=bench.library.propose(found, verdict))
    return _ruled(found, verdict, bench)


def _without_dropped(candidate: Candidate, mended: Mended) -> Candidate:
    """The candidate without the properties that a reviewer did not want of the version before."""
    again = mended.dropped & {one.name for one in candidate.properties}
    return without_properties(candidate, again) if again else candidate


async def _with_family(candidate: Candidate, bench: Workbench) -> Candidate:
    """The candidate made one tool with a kept tool, or with a candidate that waits, whose question is of its family."""
    question = candidate.recipe.question
    view = bench.library.view()
    near = [
        tool.name
        for tool in view.tools
        if any(questions.difference(one.template, one.slots, question) for one in tool.recipes)
    ]
    earlier = [bench.library.edited(name) for name in near[:_MOST_NEAR]]
    waiting = [one.candidate for one in bench.library.candidates() if one.state == "open" and not one.edited]
    earlier += [one for one in waiting if questions.difference(one.recipe.template, one.recipe.slots, question)][
        :_MOST_NEAR
    ]
    if not earlier:
        return candidate
    return await generalised_with(candidate, earlier, await bench.sandbox(), seconds=bench.limits.cell_seconds)


def _nothing_new(candidate: Candidate, verdict: Verdict, bench: Workbench) -> str:
    """Why the library has no use for a candidate that passed, or ""."""
    if verdict.outcome == "fail":
        return ""
    placement = bench.library.placement(candidate, verdict)
    if placement.kind == "same":
        return f"{placement.tool} {placement.semver} answers this already"
    return "; ".join(placement.reasons) if placement.kind == "refused" else ""


def _ruled(candidate: Candidate, verdict: Verdict, bench: Workbench) -> Learned:
    """Kept, when the setting lets the policy decide and the policy lets it in; the reasons are told either way."""
    overrules = candidate.healed is not None and bool(candidate.healed.overrules)
    if bench.keep != "provisional" or verdict.outcome != "pass" or overrules:
        return Learned(candidate=candidate, verdict=verdict)
    ruling = rule(bench.library.policy(), candidate, verdict, bench.library.view().tools)
    outcome: Outcome = "pass" if ruling.enters else "needs-person"
    said = GateResult(gate="policy", outcome=outcome, evidence="; ".join(ruling.reasons), remedy="`lithify review`")
    run_id = RunId(candidate.provenance.run_id)
    bench.observer.notify(GateJudged(run_id=run_id, candidate=candidate.id, result=said))
    if not ruling.enters:
        return Learned(candidate=candidate, verdict=verdict, why="; ".join(ruling.reasons))
    with_policy = replace(verdict, results=(*verdict.results, replace(said, remedy="")))
    kept = keep(candidate, with_policy, POLICY_PROVISIONAL, bench)
    return Learned(candidate=candidate, verdict=with_policy, kept=kept)


def keep(candidate: Candidate, verdict: Verdict, approved_by: str, bench: Workbench) -> Tool:
    """Commit a candidate whose gates allow it, as provisional."""
    tool = bench.library.keep(candidate, verdict, "provisional", approved_by)
    bench.observer.notify(
        ToolKept(
            run_id=RunId(candidate.provenance.run_id),
            candidate=candidate.id,
            tool=tool.name,
            version=tool.version,
            commit=tool.commit,
            approved_by=approved_by,
        )
    )
    return tool


def _original(candidate: Candidate, trajectory: Trajectory, context: Context) -> Use:
    """The run itself as a use: the whole context, and the answer that was given."""
    asked = next((one.arguments for one in candidate.originals if one.input == context.digest), None)
    return Use(
        name="original",
        context=context,
        arguments=defaults_of(candidate.signature) if asked is None else asked,
        expected=Expected(value=trajectory.answer),
    )


def _example(original: Use | None, told: Written) -> Example | None:
    """The run as an example, where its context is written whole."""
    if original is None or original.expected is None or not told.whole:
        return None
    answer = original.expected.value
    return Example(name=original.name, context=told.texts, arguments=original.arguments, expected=answer)


def _tell_none(result: RunResult, why: str, bench: Workbench) -> None:
    bench.observer.notify(CandidateProposed(run_id=result.run_id, candidate=None, function="", why=why))

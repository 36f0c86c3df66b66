"""Ask: route the question, replay a kept tool or explore, and record what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from lithify import questions, rlm
from lithify.context import context_of
from lithify.errors import BadAnswer, BadInput, LibraryProblem, LithifyError, NoModel, NotCovered, ProgrammerMustAct
from lithify.records.context import Context
from lithify.records.events import RouteChosen, RunFailed, RunFinished, RunResumed, RunStarted, ToolUsed
from lithify.records.healing import Failing
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Route, RunId, RunResult, ToolRef, Trajectory
from lithify.records.setup import RunSetup
from lithify.services.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from lithify.records.tool import Tool
    from lithify.rlm.typed import AnswerType, Typed
    from lithify.services.adapting import Adapted
    from lithify.services.hybrid import Tally

# Each way of answering loads what it takes when it is gone: a replay no loop, the pure RLM no tools.

Reuse: TypeAlias = Literal["auto", "replay", "never", "only"]
CUT_SHORT = "it was not run to its end"
"""How the record of a use begins that something else put an end to: the person, the machine, a model that it asked."""
Explorer: TypeAlias = "Callable[[rlm.Exploration, rlm.Means], Awaitable[rlm.Explored]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """A question over a context.

    ephemeral: neither reuse nor keep anything, the pure RLM
    reuse:     "never": explore, and keep what worked; "only": by a kept tool or not at all; "replay": by one whose
               question this is, word for word, else explore: no model picks among the others
    answer:    what the answer must be
    cite:      the answer is to be supported by quotes; kept tools give none
    explorer:  how it is explored; None: in a session of its own, which ends with it
    goes_on:   the run that is gone on with, in place of a new one
    checks:    the run whose answer is derived anew by this one; "" for a question of its own
    """

    question: str
    context: Context
    ephemeral: bool = False
    reuse: Reuse = "auto"
    answer: AnswerType | None = None
    cite: bool = False
    explorer: Explorer | None = None
    goes_on: GoesOn | None = None
    checks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    """A run that is resumed, for the nth time (attempt).

    explored: why it explored, when it had come that far; None: it is routed again.
    """

    run_id: RunId
    attempt: int
    explored: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The result, and the trajectory when the run explored: what learning reads.

    typed:  the answer in the type that was asked for
    tool:   the kept tool that answered
    failed: kept tools that were run and did not answer, by a fault of their own
    """

    result: RunResult
    trajectory: Trajectory | None = None
    typed: Typed | None = None
    tool: Tool | None = None
    failed: tuple[Failing, ...] = ()


async def ask(inquiry: Inquiry, bench: Workbench) -> Asked:
    """Answer a question. Every way it can end is told to the observer: result, failure, or interruption."""
    if not inquiry.question.strip():
        raise BadInput('the question is empty; give one, for example: lithify ask "How many errors are there?" app.log')
    started = bench.clock()
    run_id = _begin(inquiry, bench)
    try:
        asked = await _answer(run_id, inquiry, bench, started)
    except LithifyError as error:
        bench.observer.notify(_failed(run_id, type(error).__name__, str(error), bench.clock() - started))
        raise
    except asyncio.CancelledError:
        bench.observer.notify(_failed(run_id, "Interrupted", "stopped by the person", bench.clock() - started))
        raise
    bench.observer.notify(RunFinished(result=asked.result))
    return asked


def _begin(inquiry: Inquiry, bench: Workbench) -> RunId:
    goes_on = inquiry.goes_on
    if goes_on is None:
        run_id = bench.new_run_id()
        bench.observer.notify(_started(run_id, inquiry, bench))
        return run_id
    try:
        bench.observer.notify(RunResumed(run_id=goes_on.run_id, attempt=goes_on.attempt))
    except ProgrammerMustAct as error:
        raise BadInput(f"run {goes_on.run_id} was just resumed by another process; wait for it") from error
    return goes_on.run_id


async def _answer(run_id: RunId, inquiry: Inquiry, bench: Workbench, started: float) -> Asked:
    """By a kept tool whose recipe matches; else by one that a model picks; else by exploring."""
    if inquiry.goes_on is not None and inquiry.goes_on.explored is not None:
        return await _explore(run_id, inquiry, bench, started, inquiry.goes_on.explored, Usage())
    aside = _set_aside(inquiry)
    if aside and inquiry.reuse == "only":
        raise _not_reused((aside,))
    if aside:
        return await _explore(run_id, inquiry, bench, started, (aside,), Usage())
    from lithify.routing.decide import decide
    from lithify.services.hybrid import Tally

    decision = decide(inquiry.question, inquiry.context, bench.library.view())
    why, spent = list(decision.why), Tally()
    failed: list[Failing] = []
    for match in decision.matches:
        tool = match.tool
        try:
            answer = await _fitting(await _use(run_id, tool, match.arguments, inquiry, bench, spent), inquiry)
        except NotCovered as error:
            why.append(f"{tool.name} v{tool.version} was run and does not cover this input: {error}")
            failed += _failing(run_id, tool, match.arguments, error)
            continue
        why.append(f"{tool.name} v{tool.version} answers this question and covers this input")
        bench.observer.notify(RouteChosen(run_id=run_id, route="replay", why=tuple(why)))
        asked = _by_tool(run_id, tool, answer, "replay", bench.clock() - started, tuple(why))
        return replace(asked, result=replace(asked.result, usage=spent.usage))
    # A tool that was made for this question and gives none here is what a model would pick again.
    reusing = not decision.matches and inquiry.reuse in ("auto", "only")
    adapted = await _adapt(run_id, inquiry, bench) if reusing else None
    choice = adapted.choice if adapted else None
    why += adapted.why if adapted else ()
    spent.add(adapted.usage if adapted else Usage())
    if adapted is not None and choice is not None and choice.tool is not None:
        tool = choice.tool
        try:
            answer = await _fitting(await _use(run_id, tool, choice.arguments, inquiry, bench, spent), inquiry)
        except NotCovered as error:
            why.append(f"{tool.name} v{tool.version} was picked, was run and does not cover this input: {error}")
            failed += _failing(run_id, tool, choice.arguments, error)
        else:
            why.append(f"{tool.name} v{tool.version} was picked by {bench.model_name} among the kept tools")
            bench.observer.notify(RouteChosen(run_id=run_id, route="adapt", why=tuple(why)))
            asked = _by_tool(run_id, tool, answer, "adapt", bench.clock() - started, tuple(why))
            return replace(asked, result=replace(asked.result, usage=spent.usage))
    elif choice is not None:
        why.append(choice.why)
    if inquiry.reuse == "only":
        raise _not_reused(why)
    explored = await _explore(run_id, inquiry, bench, started, tuple(why), spent.usage)
    return replace(explored, failed=tuple(failed))


def _set_aside(inquiry: Inquiry) -> str:
    """Why no kept tool is considered, or ""."""
    if inquiry.ephemeral:
        return "ephemeral: kept tools are not considered"
    if inquiry.reuse == "never":
        return "kept tools are not considered, as asked"
    return "quotes were asked for, which kept tools do not give" if inquiry.cite else ""


def _not_reused(why: Sequence[str]) -> NotCovered:
    return NotCovered(f"no kept tool answers this question over this data: {'; '.join(why)}")


def _failing(run_id: RunId, tool: Tool, arguments: Mapping[str, int | float | str], error: NotCovered) -> list[Failing]:
    from lithify.services.failing import failing_run

    return failing_run(run_id, tool, arguments, str(error))


async def _adapt(run_id: RunId, inquiry: Inquiry, bench: Workbench) -> Adapted:
    from lithify.routing.adapting import Choice
    from lithify.services.adapting import Adapted, adapt

    try:
        return await adapt(run_id, inquiry.question, inquiry.context, bench)
    except NoModel:
        if inquiry.reuse != "only":
            raise
        return Adapted(choice=Choice(tool=None, why="no model is configured that could pick among the near tools"))


def _by_tool(run_id: RunId, tool: Tool, answer: Typed, route: Route, seconds: float, why: tuple[str, ...]) -> Asked:
    result = RunResult(
        run_id=run_id,
        answer=answer.plain,
        route=route,
        complete=True,
        seconds=seconds,
        why=why,
        tool=ToolRef(name=tool.name, version=tool.version, commit=tool.commit),
    )
    return Asked(result=result, typed=answer, tool=tool)


async def _use(
    run_id: RunId,
    tool: Tool,
    arguments: Mapping[str, int | float | str],
    inquiry: Inquiry,
    bench: Workbench,
    spent: Tally,
) -> Plain:
    """The answer of a kept tool. Raises NotCovered when it does not cover this input or the answer cannot be so.

    What a hybrid tool asks a model for is added to `spent`; raises what a call of the model failed with.
    """
    from lithify.routing.postcondition import postcondition
    from lithify.services.hybrid import use_tool
    from lithify.services.preloading import of_requirements
    from lithify.services.running import call_of

    began = bench.clock()
    error = f"{CUT_SHORT}: it was stopped"
    try:
        call = call_of(_loaded(tool, bench), inquiry.context, arguments)
        sandbox = await bench.sandbox(of_requirements(tool.requirements))
        answer = await use_tool(run_id, call, sandbox, bench, spent)
        doubt = postcondition(tool, answer)
        if doubt is not None:
            raise NotCovered(doubt)
        error = ""
    except NotCovered as failure:
        error = str(failure)
        raise
    except LithifyError as failure:
        error = f"{CUT_SHORT}: {type(failure).__name__}: {failure}"
        raise
    finally:
        used = ToolUsed(
            run_id=run_id,
            tool=tool.name,
            version=tool.version,
            arguments=dict(arguments),
            seconds=bench.clock() - began,
            error=error,
        )
        bench.observer.notify(used)
    return answer


def _loaded(tool: Tool, bench: Workbench) -> Tool:
    """The tool with every byte checked now. Raises NotCovered when it may not run, or is another one by now."""
    try:
        found = bench.library.load(tool.name)
    except LibraryProblem as problem:
        raise NotCovered(f"it may not run: {problem}") from problem
    if found.contents != tool.contents:
        raise NotCovered(f"it became v{found.version} while it was being chosen")
    return found


async def _fitting(answer: Plain, inquiry: Inquiry) -> Typed:
    """A tool's answer in the type that was asked for. Raises NotCovered when it is none."""
    from lithify.rlm.typed import Typed

    if inquiry.answer is None:
        return Typed(answer, answer)
    try:
        return await inquiry.answer.check(answer)
    except BadAnswer as error:
        raise NotCovered(f"its answer is not what was asked for (type {inquiry.answer.digest}): {error}") from None


async def _explore(
    run_id: RunId, inquiry: Inquiry, bench: Workbench, started: float, why: tuple[str, ...], before: Usage
) -> Asked:
    if inquiry.goes_on is None or inquiry.goes_on.explored is None:
        bench.observer.notify(RouteChosen(run_id=run_id, route="explore", why=why))
    models = bench.models()
    means = rlm.Means(
        model=models.root,
        sub_model=models.sub,
        sandbox=await bench.sandbox(),
        observer=bench.observer,
        clock=bench.clock,
        sub_models=models.named,
        make_context=context_of,
        recall=bench.recall,
        streaming=bench.streaming,
    )
    task = rlm.Exploration(
        run_id=run_id,
        question=inquiry.question,
        context=inquiry.context,
        limits=bench.limits,
        before=before,
        answer=inquiry.answer,
        cite=inquiry.cite,
        seed=rlm.seed_of(run_id),
    )
    explored = await (inquiry.explorer or rlm.explore)(task, means)
    typed = explored.typed
    result = RunResult(
        run_id=run_id,
        answer=explored.trajectory.answer if typed is None else typed.plain,
        route="explore",
        complete=explored.trajectory.complete,
        reason=explored.reason,
        seconds=bench.clock() - started,
        usage=before.add(explored.usage),
        why=why,
        citations=explored.citations,
    )
    return Asked(result=result, trajectory=explored.trajectory, typed=typed)


def _started(run_id: RunId, inquiry: Inquiry, bench: Workbench) -> RunStarted:
    context = inquiry.context
    return RunStarted(
        run_id=run_id,
        question=inquiry.question,
        sources=context.sources,
        context_digest=context.digest,
        context_size=context.size,
        model=bench.model_name,
        ephemeral=inquiry.ephemeral,
        family=questions.family(inquiry.question),
        prompt_digest=rlm.digest(),
        seed=rlm.seed_of(run_id),
        setup=_setup(inquiry, bench),
    )


def _setup(inquiry: Inquiry, bench: Workbench) -> RunSetup | None:
    """What going on with the run needs; None when it cannot be gone on with: it builds on what is not recorded."""
    if bench.setup is None or inquiry.explorer is not None:
        return None
    answer = inquiry.answer
    return replace(
        bench.setup,
        limits=bench.limits,
        paths=paths_of(inquiry.context),
        schema=None if answer is None else answer.schema,
        options=(
            ("cite", inquiry.cite),
            ("reuse", inquiry.reuse),
            *([("checks", inquiry.checks)] * bool(inquiry.checks)),
        ),
    )


def paths_of(context: Context) -> tuple[str, ...]:
    """What loads the same context again: paths, with the names of several inputs; () for data given as a value."""
    if not context.inputs:
        return context.sources
    return tuple(f"{one.name}={source}" for one in context.inputs for source in one.sources)


def _failed(run_id: RunId, kind: str, message: str, seconds: float) -> RunFailed:
    return RunFailed(run_id=run_id, kind=kind, message=message, seconds=seconds)

"""Checks of what kept tools answered: a fresh derivation beside it (shadow), or a person who says that it is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from lithify.errors import BadInput
from lithify.ports import Ledger
from lithify.records.cases import Case
from lithify.records.context import Context
from lithify.records.events import CheckedBy, ToolChecked
from lithify.records.healing import FailedBy, Failing
from lithify.records.ledger import RunDetail, RunSummary
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import RunId, RunResult, ToolRef
from lithify.records.uses import ToolCheck
from lithify.routing.agreement import disagreement
from lithify.services import asking, learning, trust
from lithify.services.cases import case_of, put_aside, told_of
from lithify.services.failing import arguments_of
from lithify.services.sampling import Sample
from lithify.services.wordings import learn_wording
from lithify.services.workbench import Workbench

_BY_A_TOOL = frozenset({"replay", "adapt"})
BY_CHECK = "policy:shadow"
_RUNS_LOOKED_AT = 10_000
Find: TypeAlias = Callable[[RunDetail], Context | None]
"""The data of a run as it was; None when it changed or is no longer there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check came to.

    difference: "" when both answers say the same
    fresh:      the run that derived the answer anew; None when none was asked, as no model is configured
    candidate:  what was learned of it, to be reviewed
    unlearned:  why nothing was, where an answer was derived anew
    change:     the status that the tool lost or won by it, and why
    wording:    what became of the words of the question, where a model had picked the tool for it
    """

    run_id: str
    tool: ToolRef
    kept: Plain
    difference: str
    fresh: RunResult[Plain] | None = None
    candidate: str | None = None
    unlearned: str = ""
    change: trust.Change | None = None
    wording: str = ""


def due(runs: Sequence[RunSummary], checks: Sequence[ToolCheck], share: float, first: int) -> tuple[RunSummary, ...]:
    """The runs that a kept tool answered and that are to be checked, oldest first.

    Of each version of a tool the first uses, and a share of the others: chosen by their id, so that the choice is the
    same whoever asks and nobody can wait for a lucky one.
    """
    done = {check.run_id for check in checks if check.by == "shadow"}
    seen: dict[tuple[str, int], int] = {}
    chosen: list[RunSummary] = []
    for run in sorted(runs, key=lambda one: one.started_at):
        if run.tool is None or run.route not in _BY_A_TOOL or run.state != "finished":
            continue
        key = (run.tool.name, run.tool.version)
        seen[key] = seen.get(key, 0) + 1
        if run.run_id not in done and (seen[key] <= first or drawn(run.run_id, share)):
            chosen.append(run)
    return tuple(chosen)


async def shadows(sample: Sample, find: Find, bench: Callable[[Context], Workbench], ledger: Ledger) -> list[Checked]:
    """Check what is due, as far as its data is still there. bench: the means to explore a context with."""
    runs = ledger.runs(_RUNS_LOOKED_AT)
    checks = [
        check for name in sorted({run.tool.name for run in runs if run.tool}) for check in ledger.tool_checks(name)
    ]
    found: list[Checked] = []
    for summary in due(runs, checks, sample.share, sample.first):
        if len(found) >= sample.limit:
            break
        run = ledger.run(summary.run_id)
        context = find(run)
        if context is not None:
            found.append(await shadow(run, context, bench(context), ledger))
    return found


async def shadow(run: RunDetail, context: Context, bench: Workbench, ledger: Ledger) -> Checked:
    """Derive a tool's answer anew, without kept tools, and compare. The derivation is a run of its own.

    Where they differ the fresh derivation is distilled, so that both lie side by side in the review. Raises what
    exploring raises: then nothing is recorded.
    """
    tool = _tool_of(run, context)
    inquiry = asking.Inquiry(question=run.summary.question, context=context, reuse="never", checks=run.summary.run_id)
    asked = await asking.ask(inquiry, bench)
    fresh = asked.result
    if not fresh.complete:
        reason = f"the fresh derivation was not completed: {fresh.reason}"
        return Checked(run_id=run.summary.run_id, tool=tool, kept=run.answer, difference=reason, fresh=fresh)
    difference = disagreement(run.answer, fresh.answer)
    event = _checked(run, tool, "shadow", agreed=not difference, derived=fresh.answer)
    bench.observer.notify(replace(event, why=difference, check_run=fresh.run_id))
    found = Checked(run_id=run.summary.run_id, tool=tool, kept=run.answer, difference=difference, fresh=fresh)
    if not difference:
        change = trust.settle_on_record(tool.name, ledger, bench.library)
        return replace(found, change=change, wording=_worded(run, bench) if bench.keep == "provisional" else "")
    learned = await _learned(asked, context, bench, _failing(run, tool, "shadow", difference))
    return replace(
        found,
        candidate=learned.candidate.id if learned.candidate else None,
        unlearned=learned.why,
        change=trust.settle_on_record(tool.name, ledger, bench.library),
    )


async def wrong(
    run: RunDetail, context: Context | None, right: Plain | None, why: str, bench: Workbench, ledger: Ledger
) -> Checked:
    """Take a person's word that a tool's answer is wrong: the tool loses trust, and the answer is derived anew.

    right: the right answer, where the person gave it: what is derived anew is then kept only when it agrees.
    context: None when no model is configured: then the word alone is recorded.
    """
    tool = _tool_of(run, context)
    said = _checked(run, tool, "person", agreed=False, derived=right)
    bench.observer.notify(replace(said, why=why or "a person said that the answer is wrong"))
    change = trust.settle_on_record(tool.name, ledger, bench.library)
    found = Checked(
        run_id=run.summary.run_id, tool=tool, kept=run.answer, difference=why or "said to be wrong", change=change
    )
    failing = _failing(run, tool, "person", found.difference)
    if context is None:
        _note(failing, run, right, "no model is configured that could derive the answer anew", bench)
        return found
    asked = await asking.ask(asking.Inquiry(question=run.summary.question, context=context, reuse="never"), bench)
    fresh = asked.result
    against = _against(run, fresh, right)
    if against:
        case = replace(
            case_of(failing, run.summary.question, right, against, context), said="" if right is None else "person"
        )
        await put_aside(case, context, bench)
        return replace(found, fresh=fresh, unlearned=f"{against}{told_of(tool.name)}")
    learned = await _learned(asked, context, bench, failing)
    candidate = learned.candidate.id if learned.candidate else None
    return replace(found, fresh=fresh, candidate=candidate, unlearned=learned.why)


def _checked(run: RunDetail, tool: ToolRef, by: CheckedBy, *, agreed: bool, derived: Plain) -> ToolChecked:
    """The record of a check, as far as it is the same whoever made it."""
    run_id = RunId(run.summary.run_id)
    return ToolChecked(run_id=run_id, tool=tool.name, version=tool.version, by=by, agreed=agreed, derived=derived)


def right(run: RunDetail, bench: Workbench) -> Checked:
    """Take a person's word that a tool's answer is right; the wording that a model led to the tool is learned."""
    tool = _tool_of(run, None)
    bench.observer.notify(_checked(run, tool, "person", agreed=True, derived=run.answer))
    wording = _worded(run, bench, bench.person())
    return Checked(run_id=run.summary.run_id, tool=tool, kept=run.answer, difference="", wording=wording)


def _worded(run: RunDetail, bench: Workbench, by: str = BY_CHECK) -> str:
    """What became of the words in which the question was asked; "" where no model had picked the tool."""
    if run.summary.route != "adapt":
        return ""
    learned = learn_wording(run, bench.library, by)
    if isinstance(learned, str):
        return f"its wording was not learned: {learned}"
    return f"{learned.name} v{learned.version} answers this wording from now on, without a model"


def _against(run: RunDetail, fresh: RunResult[Plain], right: Plain | None) -> str:
    """Why nothing can be learned from a fresh derivation after a person's word, or ""."""
    if not fresh.complete:
        return f"the answer was not derived anew: {fresh.reason}"
    if right is not None:
        difference = disagreement(right, fresh.answer)
        return "the fresh derivation does not give the answer that was said to be right" if difference else ""
    return "the fresh derivation gives the same answer again" if not disagreement(run.answer, fresh.answer) else ""


def _note(failing: Failing, run: RunDetail, right: Plain | None, unhealed: str, bench: Workbench) -> None:
    """Put a case aside by what is on record of its run, without the data."""
    case = Case(
        tool=failing.tool,
        version=failing.version,
        by=failing.by,
        why=failing.why,
        unhealed=unhealed,
        question=run.summary.question,
        run_id=failing.run_id,
        arguments=failing.arguments,
        input=run.context_digest,
        answer=right,
        said="" if right is None else "person",
    )
    bench.library.cases.put(case)


def _failing(run: RunDetail, tool: ToolRef, by: FailedBy, why: str) -> Failing:
    """The run as a case that its tool failed."""
    arguments = next(
        (arguments_of(use) for use in run.tool_uses if use.tool == tool.name and not use.error), dict[str, int]()
    )
    return Failing(tool=tool.name, version=tool.version, by=by, why=why, run_id=run.summary.run_id, arguments=arguments)


async def _learned(asked: asking.Asked, context: Context, bench: Workbench, failing: Failing) -> learning.Learned:
    if asked.trajectory is None or not asked.result.complete:
        return learning.Learned(candidate=None)
    return await learning.learn(asked.result, asked.trajectory, context, bench, failed=(failing,))


def _tool_of(run: RunDetail, context: Context | None) -> ToolRef:
    """The tool that answered a run. Raises BadInput when none did, or over other data."""
    summary = run.summary
    if summary.tool is None or summary.route not in _BY_A_TOOL:
        raise BadInput(
            f"run {summary.run_id} was not answered by a kept tool, so there is none to hold to account; what it "
            "proposed can be rejected: `lithify review`"
        )
    if context is not None and context.digest != run.context_digest:
        raise BadInput(
            f"the data has changed since run {summary.run_id}: its digest was {run.context_digest:.12}, and is "
            f"{context.digest:.12} now. Give the data as it was: lithify wrong {summary.run_id} PATH..."
        )
    return summary.tool


def drawn(run_id: str, share: float) -> bool:
    """Whether a run is in a share of all, by a number from 0 to 1 that its id draws for it."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:6], "big") / 2**48 < share

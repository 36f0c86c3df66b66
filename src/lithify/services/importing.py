"""Import: runs of other programs into the ledger, and what can be learned from them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lithify import questions
from lithify.context import context_of
from lithify.errors import BadInput, LedgerProblem
from lithify.export import RlmsBlock, RlmsCall, RlmsRun
from lithify.ports import Ledger
from lithify.records import plain_json
from lithify.records.cell import CellError, CellResult
from lithify.records.context import Context
from lithify.records.events import CellFinished, Event, ModelCalled, RouteChosen, RunFinished, RunStarted
from lithify.records.model import ModelReply, Usage
from lithify.records.quick import dataclass
from lithify.records.run import RunId, RunResult
from lithify.services import learning
from lithify.services.failing import failing_uses
from lithify.services.recorded import recorded_run
from lithify.services.workbench import Workbench

ORIGIN = "rlms"
_ERROR = re.compile(r"^(\w+(?:Error|Exception|Interrupt|Exit|Warning|Iteration)): ?(.*)\Z", re.MULTILINE | re.DOTALL)
_ID = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one run. new: False when it was imported before; learned None: why says why not."""

    run_id: RunId
    run: RlmsRun
    new: bool
    learned: learning.Learned | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where runs come from: the log's name, and the data that they were asked over, when it was given."""

    log: str
    context: Context | None = None


async def import_rlms(
    runs: Sequence[RlmsRun], source: Source, ledger: Ledger, bench: Workbench
) -> tuple[Imported, ...]:
    """Record the runs, and distil those whose data is at hand: given, or found in the log. Each run once."""
    return tuple([await _import(run, source, ledger, bench) for run in runs])


async def _import(run: RlmsRun, source: Source, ledger: Ledger, bench: Workbench) -> Imported:
    run_id = identity(run)
    if _is_there(ledger, run_id):
        return Imported(run_id=run_id, run=run, new=False, why="imported before")
    context = source.context or (None if run.context is None else context_of(run.context))
    for event in tuple(events_of(run, run_id, source.log, context)):
        ledger.notify(event)
    if not run.complete:
        return Imported(run_id=run_id, run=run, new=True, why="it has no final answer")
    if not run.question:
        return Imported(run_id=run_id, run=run, new=True, why="it has no root prompt: its question lies in its data")
    if context is None:
        why = f"its data is not in the log; `lithify distil {run_id} PATH` learns from it"
        return Imported(run_id=run_id, run=run, new=True, why=why)
    learned = await distil_run(run_id, context, ledger, bench)
    return Imported(run_id=run_id, run=run, new=True, learned=learned, why=learned.why)


async def distil_run(run_id: str, context: Context, ledger: Ledger, bench: Workbench) -> learning.Learned:
    """Learn from a run on record: distil it over its data, judge the candidate, keep or propose it.

    Raises BadInput when the run has no complete, explored answer, or was asked over other data.
    """
    run = ledger.run(run_id)
    result, trajectory = recorded_run(run)
    if run.context_digest and context.digest != run.context_digest:
        raise BadInput(
            f"run {run.summary.run_id} was asked over other data: its digest was {run.context_digest:.12}, and that of "
            f"{', '.join(context.sources) or 'what was given'} is {context.digest:.12}"
        )
    failed = failing_uses(run.tool_uses, bench.library.view())
    bench = replace(bench, model_name=run.summary.model)
    return await learning.learn(result, trajectory, context, bench, failed=failed)


def identity(run: RlmsRun) -> RunId:
    """An id by what happened in the run: the same log imported again gives the same."""
    said = [[turn.prompt, turn.response, *(block.code for block in turn.blocks)] for turn in run.turns]
    return _id(plain_json.dumps([run.recorded, run.model, run.question, said]))


def _id(text: str) -> RunId:
    return RunId(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_ID])


def _is_there(ledger: Ledger, run_id: RunId) -> bool:
    try:
        return ledger.run(run_id).summary.run_id == run_id
    except LedgerProblem:
        return False


def events_of(
    run: RlmsRun, run_id: RunId, log: str, context: Context | None, parent: RunStarted | None = None
) -> Iterator[Event]:
    """What the run would have told, had it been ours. Tokens of its own turns are not in the log, and count 0."""
    started = RunStarted(
        run_id=run_id,
        question=run.question or f"(no root prompt; the task lies in the data, {run.context_size:,} characters)",
        sources=(log,) if context is None or not context.sources else context.sources,
        context_digest="" if context is None else context.digest,
        context_size=run.context_size if context is None else context.size,
        model=run.model,
        ephemeral=False,
        family=questions.family(run.question) if parent is None else "",
        parent=parent.run_id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        origin=ORIGIN,
    )
    yield started
    yield RouteChosen(run_id=run_id, route="explore", why=(f"imported from {log}, a log of rlms of {run.recorded}",))
    usage, seconds = Usage(), 0.0
    for turn in run.turns:
        reply = ModelReply(text=turn.response, model=run.model, input_tokens=0, output_tokens=0, finish="unknown")
        yield ModelCalled(
            run_id=run_id,
            turn=turn.number,
            purpose="root",
            model=run.model,
            prompt=turn.prompt,
            reply=reply,
            seconds=0.0,
            system=turn.system if turn.number == 1 else "",
        )
        usage, seconds = usage.plus(reply), seconds + turn.seconds
        for index, block in enumerate(turn.blocks):
            for call in block.calls:
                usage = usage.plus(_reply(call))
                yield from _sub_call(call, turn.number, started, log)
            yield CellFinished(run_id=run_id, turn=turn.number, index=index, code=block.code, result=_result(block))
    result = RunResult(
        run_id=run_id,
        answer=run.answer,
        route="explore",
        complete=run.complete,
        seconds=seconds,
        usage=usage,
        reason="" if run.complete else "the log has no final answer",
    )
    yield RunFinished(result=result)


def _sub_call(call: RlmsCall, turn: int, parent: RunStarted, log: str) -> Iterator[Event]:
    """A completion, or the child run behind it."""
    if call.run is None:
        yield ModelCalled(
            run_id=parent.run_id,
            turn=turn,
            purpose="sub",
            model=call.model,
            prompt=call.prompt,
            reply=None if call.error else _reply(call),
            seconds=call.seconds,
            error=call.error,
        )
        return
    child = _id(f"{parent.run_id} {identity(call.run)}")
    context = None if call.run.context is None else context_of(call.run.context)
    yield from events_of(call.run, child, log, context, parent)


def _reply(call: RlmsCall) -> ModelReply:
    return ModelReply(
        text=call.response,
        model=call.model,
        input_tokens=call.input_tokens,
        output_tokens=call.output_tokens,
        seconds=call.seconds,
        finish="unknown",
    )


def _result(block: RlmsBlock) -> CellResult:
    """What a cell gave. rlms puts the exception at the end of standard error; what comes before it was printed."""
    found = _ERROR.search(block.stderr)
    printed = block.stdout + (block.stderr[: found.start()] if found else block.stderr)
    error = CellError(kind=found[1], message=found[2].strip(), traceback=block.stderr.strip()) if found else None
    return CellResult(stdout=printed, stdout_length=len(printed), error=error, seconds=block.seconds)

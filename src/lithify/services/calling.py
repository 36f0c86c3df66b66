"""Calling a tool by name, or trying a candidate: without a question, and for one that asks a model as a run."""

from __future__ import annotations

from lithify.errors import LithifyError
from lithify.ports import Sandbox
from lithify.records.context import Context
from lithify.records.events import RouteChosen, RunFailed, RunFinished, RunStarted
from lithify.records.plain import Plain
from lithify.records.run import RunId, RunResult
from lithify.services.running import Call, run_tool
from lithify.services.workbench import Workbench


async def call_by_name(what: str, call: Call, sandbox: Sandbox, bench: Workbench) -> Plain:
    """What a tool returns. what: the call in a few words, which stand for the question of the run that it is.

    Only what asks a model is a run: it spends, within the limits of a run, and the ledger says what. Raises NotCovered,
    and what a call of the model failed with.
    """
    if not call.signature.needs_llm:
        return await run_tool(call, sandbox, bench.limits)
    from lithify.services.hybrid import Tally, use_tool

    run_id, started, spent = bench.new_run_id(), bench.clock(), Tally()
    bench.observer.notify(_started(run_id, what, call.context, bench))
    bench.observer.notify(RouteChosen(run_id=run_id, route="replay", why=("called by name",)))
    try:
        answer = await use_tool(run_id, call, sandbox, bench, spent)
    except LithifyError as error:
        seconds = bench.clock() - started
        bench.observer.notify(RunFailed(run_id=run_id, kind=type(error).__name__, message=str(error), seconds=seconds))
        raise
    seconds = bench.clock() - started
    result = RunResult(run_id=run_id, answer=answer, route="replay", complete=True, seconds=seconds, usage=spent.usage)
    bench.observer.notify(RunFinished(result=result))
    return answer


def _started(run_id: RunId, what: str, context: Context, bench: Workbench) -> RunStarted:
    return RunStarted(
        run_id=run_id,
        question=what,
        sources=context.sources,
        context_digest=context.digest,
        context_size=context.size,
        model=bench.model_name,
        ephemeral=False,
        family=what,
    )

"""Performs what the loop decides: asks the model, runs the cells, and hands back the end."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace

from lithify.errors import BudgetSpent, LithifyError, ModelFailed
from lithify.ports import Model
from lithify.records.model import ModelRequest
from lithify.records.run import Trajectory
from lithify.rlm import step
from lithify.rlm.abilities import abilities
from lithify.rlm.asking import Asking
from lithify.rlm.budget import Budget
from lithify.rlm.children import Children
from lithify.rlm.lanes import Lanes
from lithify.rlm.past import Past
from lithify.rlm.queries import Names
from lithify.rlm.repl import Repl
from lithify.rlm.subcalls import SubCalls
from lithify.rlm.submission import extracted
from lithify.rlm.task import Exploration, Explored, Means, Parent
from lithify.rlm.thread import Thread


async def explore(task: Exploration, means: Means, thread: Thread | None = None) -> Explored:
    """Answer a question by the RLM loop; thread: what the questions before it in a session left, and it goes on.

    A spent budget and a model that fails after work was done end in an answer marked incomplete; the same failure
    before any turn was finished is raised (ModelFailed, ModelRefused, SandboxUnavailable, BudgetSpent).
    """
    parent = task.parent
    budget = parent.budget.child() if parent else Budget(task.limits, means.clock, before=task.before)
    budget.check_prices([means.model, means.sub_model, *means.sub_models.values()])
    past = Past(task.run_id, means.observer, means.recall)
    asking = Asking(task.run_id, budget, means.observer, means.clock, past, means.streaming)
    lanes = parent.lanes if parent else Lanes(task.limits)
    children = Children(task, means, Parent(run_id=task.run_id, budget=budget, lanes=lanes), past, explore)
    names = Names(means.sub_model, means.sub_models)
    subcalls = SubCalls(asking, names, lanes, children)
    alone = thread is None
    thread = thread or Thread()
    async with AsyncExitStack() as ending:
        ending.callback(budget.close)
        ending.push_async_callback(subcalls.close)
        if alone:
            ending.push_async_callback(thread.close)
        repl = await thread.open(task, means, asking, subcalls)
        state, command = thread.begin(task, abilities(children.allowed, names, means.sandbox.notes))
        while not isinstance(command, step.Finish):
            observation = await _perform(state, command, asking, means, repl)
            if isinstance(observation, step.Finish):
                command = replace(observation, citations=await repl.citations())
            else:
                state, command = step.step(state, observation)
                thread.goes_on(state)
        thread.ends(state, command)
    trajectory = Trajectory(
        question=task.question,
        turns=state.turns,
        answer=command.answer,
        form=command.form,
        complete=command.complete,
    )
    return Explored(
        trajectory=trajectory,
        usage=budget.usage,
        reason=command.reason,
        typed=command.typed,
        citations=command.citations,
    )


async def _perform(
    state: step.State,
    command: step.AskModel | step.RunCells | step.LookAround,
    asking: Asking,
    means: Means,
    repl: Repl,
) -> step.Observation | step.Finish:
    match command:
        case step.RunCells():
            return await repl.run(command)
        case step.LookAround():
            return step.Looked(await repl.variables())
        case step.AskModel(request, last=True):
            return await _extract(state, request, asking, means.model)
        case step.AskModel(request):
            asking.turn = state.turn
            try:
                asking.budget.check_turn(state.turn)
                reply = await asking.ask(means.model, request, "root")
                return step.Replied(reply.text, max(1, reply.output_tokens) if reply.finish == "length" else 0)
            except (BudgetSpent, ModelFailed) as error:
                if not state.turns:
                    raise
                return step.LimitReached(str(error))


async def _extract(state: step.State, request: ModelRequest, asking: Asking, model: Model) -> step.Finish:
    try:
        reply = await asking.ask(model, request, "extract")
    except LithifyError as error:
        return step.Finish(None, "extract", False, f"{state.reason}; and the last call failed: {error}")
    return await extracted(reply.text, state.reason, state.task.answer)

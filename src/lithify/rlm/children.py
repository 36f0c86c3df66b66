"""Child runs: `rlm_query` answered by a run of its own, with its own worker, trajectory, id and seed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from lithify.errors import LithifyError, ModelMustAct
from lithify.ports import Model
from lithify.records.context import Context
from lithify.records.events import RouteChosen, RunFailed, RunFinished, RunStarted
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import RunId, RunResult
from lithify.rlm.observe import cut_middle
from lithify.rlm.past import Past
from lithify.rlm.prompt import digest, fill
from lithify.rlm.queries import Query
from lithify.rlm.seeds import seed_of
from lithify.rlm.task import Exploration, Explored, Means, Parent
from lithify.rlm.typed import AnswerType

_QUESTION_CHARS = 4_000
"""A longer task without a context is the child's context, and its question shows the two ends of it."""
_GUESS_CHARS = 400

Explore: TypeAlias = Callable[[Exploration, Means], Awaitable[Explored]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildAnswer:
    """The complete answer of a child run. cost: of all that it asked, None when a part has no known price."""

    run_id: RunId
    answer: Plain
    cost: Decimal | None


class Children:
    """The child runs of one run."""

    def __init__(self, task: Exploration, means: Means, parent: Parent, past: Past, explore: Explore) -> None:
        self._task = task
        self._means = means
        self._parent = parent
        self._explore = explore
        self._past = past

    @property
    def allowed(self) -> bool:
        """Whether this run may have children."""
        return self._parent.budget.levels_left > 0 and self._means.make_context is not None

    @property
    def model(self) -> Model:
        """What thinks in a child that was given no model: a child writes code, as its parent does."""
        return self._means.model

    async def run(self, query: Query, model: Model, wanted: AnswerType | None) -> ChildAnswer:
        """Ask a child. Raises ModelMustAct with its best guess when it has no complete answer, and what explore raises.

        Its id and seed come from its parent's and from what is asked, so that a resumed run finds its children again.
        """
        given = json.dumps(query.context, sort_keys=True, default=repr)
        run_id = self._past.child(query.prompt, given, query.schema, model.name)
        async with self._parent.lanes.level(self._parent.budget.depth + 1):
            self._parent.budget.check_time()
            question, context = self._asked(query)
            task = replace(
                self._task,
                run_id=run_id,
                question=question,
                context=context,
                answer=wanted,
                cite=False,
                before=Usage(),
                extras=replace(self._task.extras, shown=()),
                seed=seed_of(run_id),
                parent=self._parent,
            )
            explored = await self._watched(task, replace(self._means, model=model))
        if not explored.trajectory.complete:
            guess = f"{explored.trajectory.answer!r}"
            raise ModelMustAct(
                f"the child run found no complete answer: {explored.reason}. Its best guess, which nothing confirms: "
                f"{cut_middle(guess, _GUESS_CHARS)}"
            )
        return ChildAnswer(run_id=run_id, answer=explored.trajectory.answer, cost=explored.usage.price)

    def _asked(self, query: Query) -> tuple[str, Context]:
        """Question and context of the child. Without a context the prompt is all it sees: as a variable, too."""
        make = self._means.make_context
        if make is None:
            raise ModelMustAct("rlm_query cannot be used here; use llm_query")
        given = query.prompt if query.context is None else query.context
        try:
            context = make(given)
        except LithifyError as error:
            raise ModelMustAct(f"rlm_query: the context cannot be used: {error}") from None
        if query.context is None and len(query.prompt) > _QUESTION_CHARS:
            shown = cut_middle(query.prompt, _QUESTION_CHARS // 2)
            return fill("child", {"name": context.name, "task": shown}), context
        return query.prompt, context

    async def _watched(self, task: Exploration, means: Means) -> Explored:
        """Explore, and tell of its start and of every way it can end."""
        began = means.clock()
        tell, run_id = means.observer.notify, task.run_id
        tell(_started(task, means, self._parent))
        tell(RouteChosen(run_id=run_id, route="explore", why=(f"asked by a cell of run {self._parent.run_id}",)))
        try:
            explored = await self._explore(task, means)
        except (LithifyError, asyncio.CancelledError) as error:
            stopped = isinstance(error, asyncio.CancelledError)
            kind = "Interrupted" if stopped else type(error).__name__
            message = "stopped with the run that asked" if stopped else str(error)
            tell(RunFailed(run_id=run_id, kind=kind, message=message, seconds=means.clock() - began))
            raise
        result = RunResult(
            run_id=run_id,
            answer=explored.trajectory.answer,
            route="explore",
            complete=explored.trajectory.complete,
            seconds=means.clock() - began,
            usage=explored.usage,
            reason=explored.reason,
        )
        tell(RunFinished(result=result))
        return explored


def _started(task: Exploration, means: Means, parent: Parent) -> RunStarted:
    return RunStarted(
        run_id=task.run_id,
        question=task.question,
        sources=(),
        context_digest=task.context.digest,
        context_size=task.context.size,
        model=means.model.name,
        ephemeral=True,
        family="",
        prompt_digest=digest(),
        parent=parent.run_id,
        depth=parent.budget.depth + 1,
        seed=task.seed,
    )


def text_of(context: Plain) -> str:
    """Plain data as text: as it is, or as JSON."""
    return context if isinstance(context, str) else json.dumps(context, ensure_ascii=False, default=repr)

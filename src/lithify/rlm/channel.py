"""Sub-calls without a loop around them: what a kept tool asks a model for, on account of the run that it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from lithify.errors import BudgetSpent, LithifyError, ModelFailed, PersonMustAct
from lithify.ports import Model, Observer, Recall
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Limits, RunId
from lithify.rlm.asking import Asking
from lithify.rlm.budget import Budget
from lithify.rlm.lanes import Lanes
from lithify.rlm.past import Past
from lithify.rlm.queries import Names
from lithify.rlm.subcalls import SubCalls


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMeans:
    """What a channel works with: the model of `llm_query`, further ones by name, and whom it tells. recall: see Means.

    before: what the run spent already; it counts against the limits, and not as usage of the channel
    """

    sub_model: Model
    observer: Observer
    clock: Callable[[], float]
    sub_models: Mapping[str, Model] = field(default_factory=dict)
    recall: Recall | None = None
    before: Usage = field(default_factory=Usage)


class Channel:
    """`llm_query` for one call of a tool: answered once, budgeted, as parallel as it goes, told as sub-calls of a run.

    failure: the first that lies neither in the tool nor in what the model said: no answer after all retries, a refusal,
    a spent budget. Whatever the tool makes of it, its answer is none.
    """

    def __init__(self, run_id: RunId, limits: Limits, means: ChannelMeans) -> None:
        self.failure: LithifyError | None = None
        models = [means.sub_model, *means.sub_models.values()]
        self._budget = Budget(limits, means.clock, before=means.before)
        self._budget.check_prices(models)
        past = Past(run_id, means.observer, means.recall)
        asking = Asking(run_id, self._budget, means.observer, means.clock, past)
        self._subcalls = SubCalls(asking, Names(means.sub_model, means.sub_models), Lanes(limits))

    @property
    def usage(self) -> Usage:
        """What was spent through it."""
        return self._budget.usage

    async def ask(self, args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        """The handler of `llm`, as that of `llm_query`. What it raises is remembered where it is a `failure`."""
        try:
            return await self._subcalls.llm_query(args, kwargs)
        except (ModelFailed, PersonMustAct, BudgetSpent) as failure:
            self.failure = self.failure or failure
            raise

    async def close(self) -> None:
        """End what is under way, and wait until it has ended."""
        await self._subcalls.close()
        self._budget.close()

"""Adapt: one small model call that picks a kept tool with arguments for a question worded anew, or none."""

from __future__ import annotations

import asyncio
from dataclasses import field

from lithify import rlm
from lithify.errors import BudgetSpent, ModelFailed
from lithify.records.context import Context
from lithify.records.model import Usage
from lithify.records.quick import dataclass
from lithify.records.run import RunId
from lithify.routing.adapting import Choice, adapt_request, read_choice
from lithify.routing.shortlist import shortlist
from lithify.services.workbench import Workbench

_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """What adapting came to. usage is what the call spent; choice None: no kept tool was near enough to ask about.

    why: what speaks against kept tools that a model was therefore not asked about
    """

    choice: Choice | None = None
    why: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)


async def adapt(run_id: RunId, question: str, context: Context, bench: Workbench) -> Adapted:
    """Ask a model which of at most three kept tools answers the question.

    A model that fails is a reason to explore, not an end: exploring meets the same failure and tells it. Raises
    NoModel when none is configured, as exploring would.
    """
    offers = shortlist(question, context, bench.library.view())
    tools = offers.tools
    if not tools:
        return Adapted(why=offers.why)
    request = adapt_request(question, tools)
    budget = rlm.Budget(bench.limits, bench.clock)
    past = rlm.Past(run_id, bench.observer, bench.recall)
    asking = rlm.Asking(run_id, budget, bench.observer, bench.clock, past)
    model = bench.models().root
    budget.check_prices([model])
    try:
        async with asyncio.timeout(_SECONDS):
            reply = await asking.ask(model, request, "adapt")
    except (ModelFailed, BudgetSpent, TimeoutError) as error:
        why = str(error) or f"no answer within {_SECONDS:g} s"
        return Adapted(choice=Choice(tool=None, why=f"the model could not be asked: {why}"), usage=budget.usage)
    return Adapted(choice=read_choice(reply.text, question, tools), usage=budget.usage)

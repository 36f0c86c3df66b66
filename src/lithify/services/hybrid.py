"""What a hybrid tool asks a model for: on account of the run that it answers, and never to the tool's blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lithify import rlm
from lithify.errors import NoModel, NotCovered
from lithify.ports import Sandbox
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.run import RunId
from lithify.services.running import Call, run_tool
from lithify.services.workbench import Workbench


@dataclass(slots=True)
class Tally:
    """What a run has spent before it explores: kept tools that asked a model, and the model that picked one."""

    usage: Usage = field(default_factory=Usage)

    def add(self, usage: Usage) -> None:
        """Count this too."""
        self.usage = self.usage.add(usage)


async def use_tool(run_id: RunId, call: Call, sandbox: Sandbox, bench: Workbench, spent: Tally) -> Plain:
    """What a kept tool returns; what it asks a model for is the run's, within its limits, and is added to `spent`.

    Raises NotCovered as `run_tool` does, also where it comes to ask and no model is configured. A call of the model
    that fails is raised as it is, whatever the tool made of it: an answer without it would be another answer.
    """
    if not call.signature.needs_llm:
        return await run_tool(call, sandbox, bench.limits)
    try:
        models = bench.models()
    except NoModel:
        return await _without_model(call, sandbox, bench)
    means = rlm.ChannelMeans(
        sub_model=models.sub,
        observer=bench.observer,
        clock=bench.clock,
        sub_models=models.named,
        recall=bench.recall,
        before=spent.usage,
    )
    channel = rlm.Channel(run_id, bench.limits, means)
    try:
        answer = await run_tool(replace(call, ask=channel.ask), sandbox, bench.limits)
    except NotCovered:
        if channel.failure is not None:
            raise channel.failure from None
        raise
    finally:
        await channel.close()
        spent.add(channel.usage)
    if channel.failure is not None:
        raise channel.failure
    return answer


async def _without_model(call: Call, sandbox: Sandbox, bench: Workbench) -> Plain:
    """What a tool returns that asks a model only for some inputs, and not for this one."""
    asked = False

    async def refuse(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        nonlocal asked
        asked = True
        raise NoModel("none is configured")

    try:
        answer = await run_tool(replace(call, ask=refuse), sandbox, bench.limits)
    except NotCovered:
        if not asked:
            raise
    if asked:
        raise NotCovered("it asks a language model, and none is configured")
    return answer

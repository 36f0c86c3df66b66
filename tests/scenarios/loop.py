"""One exploration against the real sandbox with a scripted model."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from lithify.models import ScriptedModel
from lithify.ports import Fanout, SandboxSpec
from lithify.records.context import Context, Fingerprint
from lithify.records.run import Limits, RunId
from lithify.rlm import Exploration, Explored, Means, explore
from lithify.sandbox import start_sandbox


def context_of(value: str) -> Context:
    return Context(
        kind="text",
        value=value,
        sources=("x.log",),
        size=len(value),
        digest="0" * 64,
        preview=value[:1_000],
        fingerprint=Fingerprint(format="lines"),
    )


def task(limits: Limits | None = None) -> Exploration:
    return Exploration(
        run_id=RunId("r"), question="q", context=context_of("a b a"), limits=limits or Limits(cell_seconds=20)
    )


def explored_by(
    replies: Sequence[str], wanted: Exploration, value: str | None = None
) -> tuple[Explored, ScriptedModel]:
    """What comes of a task when the model gives these replies; value takes the place of the context's text."""
    model = ScriptedModel(list(replies))
    if value is not None:
        wanted = replace(wanted, context=context_of(value))

    async def work() -> Explored:
        sandbox = await start_sandbox(SandboxSpec(memory_mb=512))
        try:
            means = Means(model=model, sub_model=model, sandbox=sandbox, observer=Fanout(), clock=time.monotonic)
            return await explore(wanted, means)
        finally:
            await sandbox.close()

    return asyncio.run(work()), model


def cell(code: str) -> str:
    return f"```repl\n{code}\n```"

"""Full-size replays: whether a tool still answers on the input it came from, as long as that is still there."""

from __future__ import annotations

from collections.abc import Iterable

from lithify.distil.bench import Bench, Runnable
from lithify.layout import form_of
from lithify.ports import Sandbox
from lithify.records.answers import answer_digest
from lithify.records.context import Context
from lithify.records.plain import Plain
from lithify.records.tool import Original


def original_of(context: Context, arguments: dict[str, int | float | str], answer: Plain) -> Original:
    """A use on a whole input, by digests."""
    return Original(name="original", input=context.digest, arguments=arguments, answer=answer_digest(answer))


async def replayed(
    tool: Runnable, originals: Iterable[Original], context: Context, sandbox: Sandbox, *, seconds: float
) -> dict[str, str]:
    """For each original whose input this context is: "" when the tool gives its answer again, else what it did.

    Empty when the context is the input of none. seconds: for one run. Hybrid tools are not replayed: the answers of
    their model are recorded for their examples only.
    """
    if tool.signature.needs_llm or context.kind != tool.signature.context_kind:
        return {}
    found: dict[str, str] = {}
    bench = Bench(sandbox, "", seconds, form=form_of(tool.signature), source=context)
    for original in originals:
        if original.input != context.digest:
            continue
        outcome = await bench.call(tool, **original.arguments)
        again = "" if answer_digest(outcome.value) == original.answer else "it gives another answer"
        found[original.name] = outcome.error or again
    return found

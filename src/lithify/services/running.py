"""Running a kept tool on a context, in the sandbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from lithify.errors import NotCovered, SandboxLost
from lithify.layout import ASK_FUNCTION, LIVE_LLM, call_text, definition, handed_to
from lithify.ports import HostFunction, HostHandler, Sandbox
from lithify.records.context import Context, Fingerprint
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Limits
from lithify.records.tool import Signature, Tool
from lithify.routing.inputs import arranged

_DEFINE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a tool's function: source defines it, the context fills its first parameter.

    callees: the sources of the kept tools that it imports, as in Tool.
    ask: what asks a language model for a hybrid tool; None: no model may be asked.
    """

    source: str
    signature: Signature
    context: Context
    arguments: Mapping[str, int | float | str]
    callees: Mapping[str, str] = field(default_factory=dict)
    ask: HostHandler | None = None


def call_of(tool: Tool, context: Context, arguments: Mapping[str, int | float | str]) -> Call:
    """A call of a kept tool. The tool is one that was just loaded: what runs is what the lock vouches for.

    Raises NotCovered when the inputs are not those of the tool.
    """
    read = read_by(tool.signature, tool.applicability, context)
    return Call(source=tool.source, signature=tool.signature, context=read, arguments=arguments, callees=tool.callees)


def read_by(signature: Signature, known: Sequence[Fingerprint], context: Context) -> Context:
    """The context as a tool reads it, its inputs under the names of the parameters. Raises NotCovered."""
    found = arranged(context, signature, known)
    if isinstance(found, str):
        raise NotCovered(found)
    return found


async def run_tool(call: Call, sandbox: Sandbox, limits: Limits) -> Plain:
    """What the tool returns, as plain data.

    Raises NotCovered when it raises, runs out of time or memory, or returns what is not plain data.
    """
    if call.context.kind != call.signature.context_kind:
        raise NotCovered(f"it reads {call.signature.context_kind}, this is {call.context.kind}")
    cells = definition(call.signature.function, call.source, call.callees)
    functions: dict[str, HostFunction] = {}
    if call.signature.needs_llm:
        if call.ask is None:
            raise NotCovered("it asks a language model, and none is at hand here")
        functions = {ASK_FUNCTION: HostFunction(handler=call.ask, batched=True)}
        cells = (LIVE_LLM, *cells)
    handed = handed_to(call.signature, call.context)
    session = await sandbox.open_session(handed.inputs, functions)
    try:
        for cell in (*([handed.code] if handed.code else []), *cells):
            defined = await session.run(cell, timeout=_DEFINE_SECONDS)
            if defined.error is not None:
                raise NotCovered(f"its source does not run here: {defined.error.kind}: {defined.error.message}")
        result = await session.run(call_text(call.signature, call.arguments), timeout=limits.cell_seconds)
    except SandboxLost as lost:
        raise NotCovered(f"its worker was ended: {lost}") from lost
    finally:
        await session.close()
    if result.error is not None:
        raise NotCovered(f"it raised {result.error.kind}: {result.error.message}")
    if not result.value_plain:
        raise NotCovered(f"it returned a {result.value_type}, which is not plain data")
    return result.value

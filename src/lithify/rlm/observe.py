"""How the model is shown its data and what its cells gave; what comes from data is marked as data by code."""

from __future__ import annotations

from lithify.records.context import Context
from lithify.records.run import CellRun
from lithify.rlm.marking import as_data, harmless

_LEAST_SHOWN = 200
"""Characters of output that a cell may always show, however many there are."""


def variables(context: Context, mark: str) -> str:
    """One line on the variable that holds the data; on several, one line each."""
    lines = [f"{variable.name}: {harmless(_type(variable), mark)}" for variable in context.variables]
    if context.inputs:
        names = ", ".join(repr(variable.name) for variable in context.inputs)
        lines.append(f"{context.name}: dict of the variables above, by name: {names}")
    return "\n".join(lines)


def _type(variable: Context) -> str:
    if variable.kind == "text":
        return f"str of {variable.size:,} characters"
    if variable.kind == "files":
        return f"dict[str, str], relative file name → text; {len(variable.texts):,} files, {variable.size:,} characters"
    return variable.type


def cells(runs: tuple[CellRun, ...], limit: int, mark: str) -> str:
    """What each cell printed, its value, its error; of output at most limit characters a cell, twice that a turn."""
    many = len(runs) > 1
    parts = []
    for number, run in enumerate(runs, 1):
        title = f"Cell {number} of {len(runs)}" if many else "Cell"
        output = _output(run)
        room = min(limit, max(_LEAST_SHOWN, 2 * limit // len(runs)))
        shown = as_data(cut_middle(output, room), mark) if output else "(no output)"
        parts.append(f"{title} ({_state(run)}):\n{shown}")
    return "\n\n".join(parts)


def _state(run: CellRun) -> str:
    if run.lost:
        return "the REPL was ended in it"
    if run.result.timed_out:
        return "stopped: it ran out of time; its variables are kept"
    return "ok" if run.result.ok else "raised an exception; variables set before it are kept"


def _output(run: CellRun) -> str:
    result = run.result
    parts = [result.stdout.rstrip("\n")] if result.stdout.strip() else []
    if result.value_repr:
        parts.append(f"→ {result.value_repr}")
    if result.error is not None:
        parts.append(result.error.traceback or f"{result.error.kind}: {result.error.message}")
    return "\n".join(parts)


def cut_middle(text: str, limit: int) -> str:
    """At most limit characters, the middle cut out and its length said."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    tail = limit - head
    return f"{text[:head]}\n[… {len(text) - limit:,} of {len(text):,} characters cut …]\n{text[-tail:]}"

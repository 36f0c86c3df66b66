"""Open cases of a tool in words, and when there are so many that the tool should ask a model for them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from lithify.records.cases import Case
from lithify.records.tool import Tool


def told(case: Case) -> str:
    """One case in a line: what was asked, how the tool failed, and why nothing mends it."""
    known = {
        "explored": "explored since",
        "shadow": "derived otherwise, which nobody confirmed",
        "person": "said by a person",
        "": "no answer is known",
    }[case.said]
    where = f'"{case.question}" in run {case.run_id}'
    return f"{where}: {case.why} (answer: {known}); {case.unhealed}"


def ways_out(case: Case) -> str:
    """What a person can do about it. What the tool covers, and answers wrongly, no softening mends."""
    mend = f"mend tools/{case.tool}/tool.py and `lithify review {case.tool}`"
    soften = f"`lithify soften {case.tool}` proposes a version that asks a model for such"
    ways = [soften, mend] if case.by in ("shape", "run") else [mend]
    return f"{', '.join(ways)}, or `lithify review {case.id} --reject REASON` lets it be"


def for_softening(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Of open cases those that a tool can answer by asking a model: what it does not cover, with data and answer.

    What it covers, and answers wrongly, no softening mends: its code would be asked first.
    """
    found: dict[str, Case] = {}
    for case in cases:
        if case.by in ("shape", "run") and case.context is not None and case.answer is not None:
            found.setdefault(case.input, case)
    return tuple(found.values())


def softens(tool: Tool, cases: Iterable[Case], after: int) -> tuple[Case, ...]:
    """The cases for which a tool should soften; none while there are fewer than `after` on different data.

    after: 0: never. A tool that asks a model already is soft.
    """
    found = for_softening(one for one in cases if one.tool == tool.name)
    return found if not tool.signature.needs_llm and 0 < after <= len(found) else ()

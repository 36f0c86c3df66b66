"""Which way a question would go, without going it."""

from __future__ import annotations

from lithify.ports import Library
from lithify.records.context import Context
from lithify.records.quick import dataclass
from lithify.records.run import Route
from lithify.records.tool import Tool
from lithify.routing.decide import Match, decide
from lithify.routing.shortlist import shortlist


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The route that a question would take first.

    match:    the tool that would be run with its arguments (replay)
    offered:  the tools that a model would be shown (adapt)
    why:      one line per tool that matches or came near
    A tool that is run may still say that it does not cover the input, and a model may take none: then the next route
    is taken.
    """

    route: Route
    match: Match | None
    offered: tuple[Tool, ...]
    why: tuple[str, ...]


def plan(question: str, context: Context, library: Library) -> Plan:
    """Decide and run nothing: no tool, no model, no entry in the ledger."""
    view = library.view()
    decision = decide(question, context, view)
    if decision.matches:
        best = decision.matches[0]
        line = f"{best.tool.name} v{best.tool.version}: matches, and {best.share:.0%} of the data has a known shape"
        line += "; it may ask a language model, which spends" if best.tool.signature.needs_llm else ""
        return Plan(route="replay", match=best, offered=(), why=(line, *decision.why))
    offered = shortlist(question, context, view)
    why = decision.why if offered.tools else (*decision.why, *offered.why)
    return Plan(route="adapt" if offered.tools else "explore", match=None, offered=offered.tools, why=why)

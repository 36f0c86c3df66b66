"""Which kept tools are worth showing to a model for a question that no recipe matches: three at most. Pure."""

from __future__ import annotations

import math
from collections import Counter

from lithify.questions import telling_words
from lithify.records.context import Context
from lithify.records.quick import dataclass
from lithify.records.tool import LibraryView, Tool
from lithify.routing.applicability import covers
from lithify.routing.inputs import arranged

MOST = 3
"""A model chooses worse from more: at 202 tools peers lost a fifth of their right answers."""
NEAR = 0.2
"""The share of a question's telling words, each weighted by how rare it is among the tools, that a tool must know."""
_MAY_RUN = frozenset({"provisional", "trusted"})


@dataclass(frozen=True, slots=True)
class _Near:
    tool: Tool
    share: float


def shortlist(question: str, context: Context, view: LibraryView) -> tuple[Tool, ...]:
    """The tools that fit this context and speak of what the question speaks of, nearest first; none: nothing to ask."""
    asked = telling_words(question)
    known = {tool.name: _words(tool) for tool in view.tools}
    spread = Counter(word for words in known.values() for word in words)
    rarity = {word: 1.0 + math.log((1 + len(known)) / (1 + spread[word])) for word in asked}
    total = sum(rarity.values())
    near: list[_Near] = []
    for tool in view.tools:
        share = sum(rarity[word] for word in asked & known[tool.name]) / total if total else 0.0
        if share >= NEAR and _fits(tool, context):
            near.append(_Near(tool, share))
    near.sort(key=lambda one: (-one.share, one.tool.status != "trusted", one.tool.name))
    return tuple(one.tool for one in near[:MOST])


def _fits(tool: Tool, context: Context) -> bool:
    if tool.status not in _MAY_RUN:
        return False
    read = arranged(context, tool.signature, tool.applicability)
    return (
        not isinstance(read, str)
        and tool.signature.context_kind == read.kind
        and covers(tool.applicability, read.fingerprint).covered
    )


def _words(tool: Tool) -> frozenset[str]:
    asked = " ".join(recipe.question for recipe in tool.recipes)
    return telling_words(f"{tool.name.replace('_', ' ')} {tool.description} {asked}")

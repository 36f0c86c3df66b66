"""Which kept tools are worth showing to a model for a question that no recipe matches: three at most. Pure."""

from __future__ import annotations

import math
from collections import Counter

from lithify.questions import telling_words
from lithify.questions.kinship import estranged
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


@dataclass(frozen=True, slots=True)
class Offers:
    """The tools that a model may be shown, nearest first; none: nothing to ask. why: what speaks against near ones."""

    tools: tuple[Tool, ...]
    why: tuple[str, ...] = ()


def shortlist(question: str, context: Context, view: LibraryView) -> Offers:
    """The tools that fit this context, speak of what the question speaks of, and can be meant by it at all."""
    asked = telling_words(question)
    known = {tool.name: _words(tool) for tool in view.tools}
    spread = Counter(word for words in known.values() for word in words)
    rarity = {word: 1.0 + math.log((1 + len(known)) / (1 + spread[word])) for word in asked}
    total = sum(rarity.values())
    near: list[_Near] = []
    why: list[str] = []
    for tool in view.tools:
        share = sum(rarity[word] for word in asked & known[tool.name]) / total if total else 0.0
        if share < NEAR or not _fits(tool, context):
            continue
        reason = _estranged(tool, question)
        if reason:
            why.append(f"tool {tool.name} v{tool.version}: another question: {reason}")
        else:
            near.append(_Near(tool, share))
    near.sort(key=lambda one: (-one.share, one.tool.status != "trusted", one.tool.name))
    return Offers(tuple(one.tool for one in near[:MOST]), tuple(why[:MOST]))


def _estranged(tool: Tool, question: str) -> str:
    """Why none of a tool's questions can be this one in other words, or ""; of several recipes the first reason."""
    slots = {slot.name for recipe in tool.recipes for slot in recipe.slots}
    unnamed = any(parameter.name not in slots for parameter in tool.signature.parameters)
    reasons = [
        estranged(recipe.template, recipe.slots, recipe.question, question, unnamed=unnamed) for recipe in tool.recipes
    ]
    return reasons[0] if reasons and all(reasons) else ""


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

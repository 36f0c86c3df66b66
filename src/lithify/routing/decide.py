"""Which kept tools can answer a question over a context, best first, and one line on each that nearly could."""

from __future__ import annotations

from collections.abc import Mapping

from lithify.questions import Reworded, bare_words, constant_words, difference, match_template, match_wording
from lithify.records.context import Context
from lithify.records.quick import dataclass
from lithify.records.tool import LibraryView, Recipe, Tool
from lithify.routing.applicability import covers
from lithify.routing.inputs import arranged
from lithify.routing.postcondition import postcondition
from lithify.routing.values import strange_word

__all__ = ["Decision", "Match", "decide", "postcondition"]

_MAY_RUN = frozenset({"provisional", "trusted"})
_MAX_NEAR = 5
_ONE_FIGURE = frozenset({"int", "float", "str", "bool"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A tool that answers the question, by which of its recipes, with which arguments. share as in Coverage.

    exact: the question is the recipe's word for word, in normal form
    """

    tool: Tool
    recipe: Recipe
    arguments: Mapping[str, int | float | str]
    share: float
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A tool that answers the question, with which arguments, over inputs of other shapes; why says how they differ."""

    tool: Tool
    arguments: Mapping[str, int | float | str]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The matches, best first (none: explore), and why tools that came near are not among them, one line for each.

    uncovered: of these, the ones that only the shape of the input keeps from answering
    """

    matches: tuple[Match, ...]
    why: tuple[str, ...]
    uncovered: tuple[Uncovered, ...] = ()


def decide(question: str, context: Context, view: LibraryView) -> Decision:
    """Check every kept tool: question, status, kind and shape of the context, arguments. All must hold.

    Tools that ask it word for word come before those that ask it in other words, trusted ones before provisional, then
    those that know more of the context, then the more specific.
    """
    matches: list[Match] = []
    why: list[str] = []
    near: list[str] = []
    uncovered: list[Uncovered] = []
    for tool in view.tools:
        found, refusals = _try(tool, question, context)
        if isinstance(found, Match):
            matches.append(found)
        elif refusals:
            why.append(f"tool {tool.name} v{tool.version}: {refusals[0]}")
            uncovered += [found] if found is not None else []
        else:
            near += _nearly(tool, question)
    why += [f"tool {name}: may not run: {reason}" for name, reason in sorted(view.refused.items())]
    why += near[:_MAX_NEAR]
    if not matches and not why:
        why.append(_nothing_near(view))
    matches.sort(key=_rank)
    return Decision(matches=tuple(matches), why=tuple(why), uncovered=tuple(uncovered))


def _rank(match: Match) -> tuple[bool, bool, float, int, str]:
    return not match.exact, match.tool.status != "trusted", -match.share, len(match.recipe.slots), match.tool.name


def _try(tool: Tool, question: str, context: Context) -> tuple[Match | Uncovered | None, list[str]]:
    """The first recipe of a tool for which everything holds, or why those whose question matches do not."""
    refusals: list[str] = []
    uncovered: Uncovered | None = None
    for recipe in tool.recipes:
        asked = _asked(tool, recipe, question)
        if asked is None:
            continue
        read = arranged(context, tool.signature, tool.applicability)
        if isinstance(read, str):
            refusals.append(f"the question matches, but {read}")
            continue
        arguments = asked.values
        reason = _unfit(tool, arguments, read)
        coverage = covers(tool.applicability, read.fingerprint)
        reason = reason or coverage.why or _strange_value(recipe, asked, read)
        if not reason:
            share, exact = coverage.share, asked.exact
            return Match(tool=tool, recipe=recipe, arguments=arguments, share=share, exact=exact), []
        refusals.append(f"the question matches, but {reason}")
        if reason == coverage.why and context.fingerprint.format != "empty":
            uncovered = uncovered or Uncovered(tool=tool, arguments=arguments, why=reason)
    return uncovered, refusals


def _asked(tool: Tool, recipe: Recipe, question: str) -> Reworded | None:
    """The question as this recipe's: word for word, or in other words that mean the same."""
    values = match_template(recipe.template, recipe.slots, question)
    if values is not None:
        bare = bare_words(recipe.template, recipe.slots, question)
        return Reworded(values=values, bare=bare, exact=True)
    reworded = match_wording(recipe.template, recipe.slots, question)
    if reworded is None or reworded.own & constant_words(tool.source):
        return None
    figures = reworded.regrouped and tool.signature.returns in _ONE_FIGURE
    return None if figures else reworded


def _unfit(tool: Tool, arguments: Mapping[str, int | float | str], context: Context) -> str:
    """Why a tool whose question matches may not run at all, or ""."""
    if tool.status not in _MAY_RUN:
        return f"it is {tool.status}"
    beyond = sorted(set(arguments) - {parameter.name for parameter in tool.signature.parameters})
    if beyond:
        return f"its recipe names {', '.join(beyond)}, which the function does not take; edit its recipe"
    if tool.signature.context_kind != context.kind:
        return f"it reads {tool.signature.context_kind}, this is {context.kind}"
    return ""


def _strange_value(recipe: Recipe, asked: Reworded, context: Context) -> str:
    """Why one of the words taken for values is none here, or ""."""
    for slot in recipe.slots:
        value = asked.values[slot.name]
        if slot.name in asked.bare and isinstance(value, str) and value != slot.default:
            reason = strange_word(value, str(slot.default), context)
            if reason:
                return f"{slot.name}: {reason}"
    return ""


def _nearly(tool: Tool, question: str) -> list[str]:
    """One line when a recipe of the tool asks nearly the same."""
    for recipe in tool.recipes:
        differing = difference(recipe.template, recipe.slots, question)
        if differing:
            return [f"tool {tool.name} v{tool.version}: its question is near, but {differing}"]
    return []


def _nothing_near(view: LibraryView) -> str:
    if not view.tools:
        return "the library holds no tool yet"
    return f"none of the {len(view.tools)} kept tools answers a question like this"

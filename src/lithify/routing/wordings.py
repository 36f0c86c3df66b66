"""What a wording that a model led to a kept tool can be learned as: one more recipe of it, or why not. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lithify.questions import Literal, literals, make_template, match_template, match_wording
from lithify.questions.kinship import estranged
from lithify.records.tool import LibraryView, Recipe, Slot, SlotType, Tool

_TYPES: Mapping[str, SlotType] = {"int": "int", "float": "float", "str": "str"}


def learned_wording(
    question: str, tool: Tool, arguments: Mapping[str, int | float | str], view: LibraryView
) -> Recipe | str:
    """The question as a template of the tool, with the arguments in their places; or why it is none.

    Every argument that is not the tool's default must stand in the question, once. A question that another tool
    answers, or that asks for something else by the closed lists of words, is not learned whoever said yes to it.
    """
    other = next((one.name for one in view.tools if one.name != tool.name and _answers(one, question)), "")
    if other:
        return f"{other} answers this question"
    if _answers(tool, question):
        return f"{tool.name} answers it in these words already"
    reasons = [estranged(one.template, one.slots, one.question, question, unnamed=True) for one in tool.recipes]
    if all(reasons):
        return f"it looks like another question: {reasons[0] if reasons else 'the tool has none'}"
    placed = _placed(literals(question), tool, arguments)
    if isinstance(placed, str):
        return placed
    template = make_template(question, placed)
    types = {parameter.name: _TYPES.get(parameter.annotation) for parameter in tool.signature.parameters}
    slots = tuple(Slot(name=name, type=types[name] or "str", default=arguments[name]) for name in placed)
    if match_template(template, slots, question) != {name: arguments[name] for name in placed}:
        return "its values do not come back from the template that it makes"
    return Recipe(template=template, slots=slots, tool=tool.name, question=question)


def _answers(tool: Tool, question: str) -> bool:
    return any(
        match_template(one.template, one.slots, question) is not None
        or match_wording(one.template, one.slots, question) is not None
        for one in tool.recipes
    )


def _placed(
    stated: Sequence[Literal], tool: Tool, arguments: Mapping[str, int | float | str]
) -> dict[str, Literal] | str:
    """Which literal of the question each argument is, or why that cannot be said."""
    found: dict[str, Literal] = {}
    for parameter in tool.signature.parameters:
        value = arguments.get(parameter.name, parameter.default)
        places = [literal for literal in stated if _is(literal, value)]
        if not places and value == parameter.default:
            continue
        if not places:
            return f"{parameter.name} = {value!r} does not stand in it as a value"
        if len(places) > 1:
            return f"{value!r} stands in it more than once, so which of them is {parameter.name} is not known"
        if any(places[0].span == literal.span for literal in found.values()):
            return f"{value!r} stands in it once and is meant twice"
        found[parameter.name] = places[0]
    return found


def _is(literal: Literal, value: int | float | str) -> bool:
    if isinstance(value, str):
        return literal.type == "str" and literal.value == value
    return literal.type != "str" and literal.value == value

"""Adapt: a model that sees at most three kept tools chooses one with arguments, or none. Pure: request and reply."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from lithify.prompting import PromptFolder
from lithify.questions import states
from lithify.records.model import Message, ModelRequest
from lithify.records.quick import dataclass
from lithify.records.tool import Parameter, Recipe, Tool

PROMPTS = PromptFolder(Path(__file__).parent / "prompts", {"adapt": frozenset({"tools", "question"})})
_REPLY_TOKENS = 300
_WORDINGS_SHOWN = 3
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The tool that the model chose with its arguments; tool None: none of them, and why."""

    tool: Tool | None
    arguments: Mapping[str, int | float | str] = field(default_factory=dict)
    why: str = ""


def adapt_request(question: str, tools: Sequence[Tool]) -> ModelRequest:
    """One small call: the questions that the tools answer, the new one, and what counts as the same question."""
    text = PROMPTS.fill("adapt", {"tools": "\n".join(_shown(tool) for tool in tools), "question": question})
    return ModelRequest(messages=(Message(role="user", content=text),), max_tokens=_REPLY_TOKENS)


def read_choice(reply: str, question: str, tools: Sequence[Tool]) -> Choice:
    """What the model chose. What is not one of the tools with arguments that the question states is no choice."""
    found = _object(reply)
    if found is None:
        return Choice(tool=None, why="the model's reply was no JSON object")
    name = found.get("tool")
    if name is None:
        return Choice(tool=None, why=f"the model took none of them: {found.get('why') or 'no reason given'!s:.200}")
    tool = next((one for one in tools if one.name == name), None)
    if tool is None:
        return Choice(tool=None, why=f"the model named {str(name)[:80]!r}, which was not offered")
    given = found.get("arguments") or {}
    if not isinstance(given, dict):
        return Choice(tool=None, why="the model's arguments were no JSON object")
    return _bound(tool, given, question)


def _bound(tool: Tool, given: Mapping[str, object], question: str) -> Choice:
    known = {parameter.name: parameter for parameter in tool.signature.parameters}
    arguments: dict[str, int | float | str] = {}
    for name, value in given.items():
        if name not in known:
            return Choice(tool=None, why=f"the model gave {tool.name} an argument {name[:80]!r} that it does not take")
        typed = _typed(value, known[name])
        if typed is None:
            return Choice(tool=None, why=f"the model gave {value!r:.80} for {name}, which is {known[name].annotation}")
        if typed != known[name].default and not states(question, typed):
            return Choice(tool=None, why=f"the model gave {typed!r:.80} for {name}, which the question does not say")
        arguments[name] = typed
    return Choice(tool=tool, arguments={one.name: arguments.get(one.name, one.default) for one in known.values()})


def _typed(value: object, parameter: Parameter) -> int | float | str | None:
    match parameter.annotation, value:
        case _, bool():
            return None
        case "int", int(whole):
            return whole
        case "float", int(whole):
            return float(whole)
        case "float", float(number):
            return number
        case "str", str(text):
            return text
    return None


def _object(reply: str) -> Mapping[str, object] | None:
    match = _OBJECT.search(reply)
    if match is None:
        return None
    try:
        found = json.loads(match.group())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _shown(tool: Tool) -> str:
    """A tool as the model sees it, in a line or two: by its questions, with its values in their places.

    Its source is not shown: what it computes is what its question asks, the gates and the review saw to that, and
    source costs three times as much as all the rest.
    """
    told = [_with_defaults(recipe) for recipe in tool.recipes[:_WORDINGS_SHOWN]] or [tool.description]
    slots = {slot.name for recipe in tool.recipes[:_WORDINGS_SHOWN] for slot in recipe.slots}
    further = [f"{one.name}={one.default!r}" for one in tool.signature.parameters if one.name not in slots]
    lines = [f"- {tool.name}: {' | '.join(told)}"]
    lines += [f"  also takes {', '.join(further)}"] if further else []
    return "\n".join(lines)


def _with_defaults(recipe: Recipe) -> str:
    """ "which {number=3} hosts failed most"."""
    text = recipe.template
    for slot in recipe.slots:
        text = text.replace(f"{{{slot.name}}}", f"{{{slot.name}={slot.default}}}")
    return text if recipe.slots else recipe.question

"""What spans say of events, in the words of OpenTelemetry's semantic conventions for generative AI. Pure.

https://opentelemetry.io/docs/specs/semconv/gen-ai/ (status: development). What these have no word for is `lithify.*`.
Questions, answers, prompts, replies, code, outputs, arguments and error messages are content: they may hold the data,
and are left out unless content is asked for. Paths of the data and URLs are never in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypeAlias

from lithify.records import plain_json
from lithify.records.events import CellFinished, ModelCalled, RunFailed, RunResumed, RunStarted, ToolUsed
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.run import RunResult

Attributes: TypeAlias = Mapping[str, "str | int | float | bool | list[str]"]

CONTENT_CHARS = 20_000
"""How much of one text is sent."""

_PROVIDERS = {
    "azure": "azure.ai.openai",
    "bedrock": "aws.bedrock",
    "google": "gcp.gemini",
    "google-cloud": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "openai-chat": "openai",
    "openai-responses": "openai",
    "xai": "x_ai",
}
"""Providers whose name in the conventions is another than their prefix."""


def run_started(event: RunStarted, *, content: bool) -> Attributes:
    """A run as it begins."""
    found: dict[str, str | int | float | bool | list[str]] = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "lithify",
        "lithify.run.id": event.run_id,
        "lithify.run.depth": event.depth,
        "lithify.run.ephemeral": event.ephemeral,
        "lithify.context.size": event.context_size,
        "lithify.context.digest": event.context_digest,
        "lithify.prompt.digest": event.prompt_digest,
    }
    if event.model:
        found |= _model(event.model)
    if content:
        found["gen_ai.input.messages"] = _messages("user", event.question)
    return found


def run_resumed(event: RunResumed) -> Attributes:
    """A run that goes on."""
    return {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "lithify",
        "lithify.run.id": event.run_id,
        "lithify.run.resumed": True,
    }


def run_finished(result: RunResult, *, content: bool) -> Attributes:
    """A run as it ends well. usage is that of the whole tree."""
    found: dict[str, str | int | float | bool | list[str]] = {
        "lithify.run.route": result.route,
        "lithify.run.complete": result.complete,
        **_usage(result.usage),
    }
    if result.tool is not None:
        found |= {"lithify.tool.name": result.tool.name, "lithify.tool.version": result.tool.version}
    if content:
        found["gen_ai.output.messages"] = _messages("assistant", _text(result.answer))
    return found


def run_failed(event: RunFailed, *, content: bool) -> Attributes:
    """A run as it ends without a result."""
    return {"error.type": event.kind, **({"error.message": _cut(event.message)} if content else {})}


def model_called(event: ModelCalled, *, content: bool) -> Attributes:
    """A model call, answered or not."""
    found: dict[str, str | int | float | bool | list[str]] = {
        "gen_ai.operation.name": "chat",
        **_model(event.model),
        "gen_ai.conversation.id": event.run_id,
        "lithify.call.purpose": event.purpose,
        "lithify.turn": event.turn,
    }
    reply = event.reply
    if reply is not None:
        found |= {
            "gen_ai.usage.input_tokens": reply.input_tokens,
            "gen_ai.usage.output_tokens": reply.output_tokens,
            "gen_ai.response.finish_reasons": [reply.finish],
            "lithify.call.attempts": reply.attempts,
        }
        if reply.cost is not None:
            found["lithify.cost.usd"] = float(reply.cost)
    else:
        found["error.type"] = event.kind or "error"
    if content:
        found["gen_ai.input.messages"] = _messages("user", event.prompt)
        if reply is not None:
            found["gen_ai.output.messages"] = _messages("assistant", reply.text)
    return found


def cell_finished(event: CellFinished, *, content: bool) -> Attributes:
    """A cell that ran."""
    result = event.result
    found: dict[str, str | int | float | bool | list[str]] = {
        "lithify.turn": event.turn,
        "lithify.cell.index": event.index,
        "lithify.cell.output_chars": result.stdout_length,
        "lithify.cell.timed_out": result.timed_out,
        "lithify.cell.lost": event.lost,
    }
    if result.error is not None:
        found["error.type"] = result.error.kind
    if content:
        found |= {"lithify.cell.code": _cut(event.code), "lithify.cell.output": _cut(result.stdout)}
    return found


def tool_used(event: ToolUsed, *, content: bool) -> Attributes:
    """A kept tool that was run for a question."""
    found: dict[str, str | int | float | bool | list[str]] = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": event.tool,
        "gen_ai.tool.type": "function",
        "lithify.tool.version": event.version,
    }
    if event.error:
        found["error.type"] = "NotCovered"
    if content:
        found["gen_ai.tool.call.arguments"] = _text(event.arguments)
    return found


def model_span(model: str) -> str:
    """The name of a model call's span."""
    return f"chat {_split(model)[1]}"


def _model(name: str) -> dict[str, str | int | float | bool | list[str]]:
    provider, model = _split(name)
    return {"gen_ai.provider.name": _PROVIDERS.get(provider, provider), "gen_ai.request.model": model}


def _split(name: str) -> tuple[str, str]:
    """Provider and model; a cassette's file name and a plain name belong to no provider."""
    provider, _, model = name.partition(":")
    if provider == "cassette":
        return "cassette", "cassette"
    return (provider, model) if model else ("openai-compatible", name)


def _usage(usage: Usage) -> dict[str, str | int | float | bool | list[str]]:
    found: dict[str, str | int | float | bool | list[str]] = {
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "lithify.usage.model_calls": usage.model_calls,
    }
    if usage.price is not None:
        found["lithify.cost.usd"] = float(usage.price)
    return found


def _messages(role: str, text: str) -> str:
    return json.dumps([{"role": role, "parts": [{"type": "text", "content": _cut(text)}]}], ensure_ascii=False)


def _text(value: Plain) -> str:
    if isinstance(value, str):
        return value
    try:
        return _cut(plain_json.dumps(value))
    except (TypeError, ValueError, RecursionError):  # what a caller asked for may be of any type
        return f"a {type(value).__name__}"


def _cut(text: str) -> str:
    """UTF-8 that a protocol can carry, of bounded length."""
    shown = text if len(text) <= CONTENT_CHARS else f"{text[:CONTENT_CHARS]}… ({len(text):,} characters)"
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")

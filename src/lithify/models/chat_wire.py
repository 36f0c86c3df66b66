"""Chat Completions as JSON: the one API that every OpenAI-compatible server speaks. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from lithify.models.texts import sendable
from lithify.records.model import Message, ModelRequest
from lithify.records.quick import dataclass

PATH = "/chat/completions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens as the server counts them, and what it says that they cost in US dollars (None: it does not say)."""

    input_tokens: int
    output_tokens: int
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A reply. usage None: the server reports none. model is the server's name for what answered."""

    text: str
    finish: str
    model: str
    usage: Usage | None


def body(request: ModelRequest, model: str, *, newer: bool, stream: bool) -> bytes:
    """The request as it is sent. newer: the limit of the reply by its newer name, which only OpenAI itself knows.

    Empty assistant messages are left out: servers refuse them, or see nothing in them.
    """
    document: dict[str, Any] = {
        "model": model,
        "messages": [_message(message) for message in request.messages if _says_something(message)],
    }
    if request.max_tokens is not None:
        document["max_completion_tokens" if newer else "max_tokens"] = request.max_tokens
    if request.temperature is not None:
        document["temperature"] = request.temperature
    if stream:
        document |= {"stream": True, "stream_options": {"include_usage": True}}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _message(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": sendable(message.content)}


def _says_something(message: Message) -> bool:
    return message.role != "assistant" or bool(message.content.strip())


def completion(content: bytes) -> Completion:
    """Read a whole reply. Raises ValueError for anything else."""
    document = _object(content)
    choice = _first_choice(document)
    message = choice.get("message")
    if not isinstance(message, Mapping):
        raise ValueError("the first choice has no message")
    return Completion(
        text=_text(message.get("content")),
        finish=str(choice.get("finish_reason") or "unknown"),
        model=str(document.get("model") or ""),
        usage=_usage(document.get("usage")),
    )


class Stream:
    """A reply that comes in events. `take` gives the text of each line; `end` puts everything together."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._finish = ""
        self._model = ""
        self._usage: Usage | None = None
        self._chosen = False

    def take(self, line: str) -> str:
        """The text that a line of the stream brings, "" for none. Raises ValueError for what cannot be read."""
        name, _, value = line.partition(":")
        if name != "data" or value.strip() in ("", "[DONE]"):
            return ""
        document = _object(value.strip().encode("utf-8", "surrogatepass"))
        if "error" in document:
            raise ValueError(f"the server broke off: {document['error']}")
        self._model = str(document.get("model") or self._model)
        self._usage = _usage(document.get("usage")) or self._usage
        if not document.get("choices"):
            return ""
        choice = _first_choice(document)
        self._chosen = True
        self._finish = str(choice.get("finish_reason") or self._finish)
        delta = choice.get("delta")
        text = _text(delta.get("content")) if isinstance(delta, Mapping) else ""
        self._pieces.append(text)
        return text

    def end(self) -> Completion:
        """The whole reply. Raises ValueError when the stream ended before it."""
        if not self._chosen or not self._finish:
            raise ValueError("the stream ended before the reply did")
        return Completion(text="".join(self._pieces), finish=self._finish, model=self._model, usage=self._usage)


def _object(content: bytes) -> Mapping[str, Any]:
    document = json.loads(content)
    if not isinstance(document, Mapping):
        raise ValueError(f"a JSON {type(document).__name__} where an object is expected")
    return document


def _first_choice(document: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = document.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        raise ValueError("it has no choices")
    return choices[0]


def _text(content: object) -> str:
    """The text of a content field: a text, nothing, or a list of parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def _usage(document: object) -> Usage | None:
    if not isinstance(document, Mapping):
        return None
    counts = [document.get(name) for name in ("prompt_tokens", "completion_tokens")]
    given = [count if isinstance(count, int) else 0 for count in counts]
    return Usage(input_tokens=given[0], output_tokens=given[1], cost=_dollars(document.get("cost")))


def _dollars(value: object) -> Decimal | None:
    """OpenRouter and others say what a call cost."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        cost = Decimal(str(value))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and cost >= 0 else None

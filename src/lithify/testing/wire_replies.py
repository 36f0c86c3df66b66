"""What a provider's HTTP API answers, as JSON: OpenAI chat completions, OpenAI responses, Anthropic messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One scripted answer of the server.

    text:          the reply of the model, or the error message when status is not 200
    input_tokens, output_tokens: the usage reported (counts)
    usage:         whether usage is reported at all
    finish:        the finish reason, in the words of chat completions
    status:        HTTP status; headers: further HTTP headers, for example {"Retry-After": "1"}
    body:          sent as it is in place of a well-formed reply (nonsense, or nothing at all: "")
    content_type:  of the body
    delay:         seconds before the answer
    hang:          never answer; drop: close the connection without an answer
    """

    text: str = ""
    input_tokens: int = 7
    output_tokens: int = 5
    usage: bool = True
    finish: str = "stop"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    content_type: str = "application/json"
    delay: float = 0.0
    hang: bool = False
    drop: bool = False


PIECE = 8
"""Characters in one piece of a streamed reply."""

Payload = dict[str, Any]
"""A decoded JSON object, as the wire has it."""


def _chat_completion(answer: Answer, model: str, number: int) -> Payload:
    payload: Payload = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": answer.text}, "finish_reason": answer.finish}
        ],
    }
    if answer.usage:
        payload["usage"] = {
            "prompt_tokens": answer.input_tokens,
            "completion_tokens": answer.output_tokens,
            "total_tokens": answer.input_tokens + answer.output_tokens,
        }
    return payload


def _response(answer: Answer, model: str, number: int) -> Payload:
    cut = answer.finish == "length"
    payload: Payload = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1_700_000_000,
        "status": "incomplete" if cut else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "model": model,
        "output": [
            {
                "id": f"msg_{number}",
                "type": "message",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": answer.text, "annotations": []}],
            }
        ],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    if answer.usage:
        payload["usage"] = {
            "input_tokens": answer.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": answer.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": answer.input_tokens + answer.output_tokens,
        }
    return payload


def _message(answer: Answer, model: str, number: int) -> Payload:
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": answer.text}] if answer.text else [],
        "stop_reason": "max_tokens" if answer.finish == "length" else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": answer.input_tokens, "output_tokens": answer.output_tokens},
    }


def _chat_events(completion: Payload) -> list[Payload]:
    choice = completion["choices"][0]
    start = {**completion, "object": "chat.completion.chunk", "usage": None}
    deltas = [{"role": "assistant", "content": piece} for piece in _pieces(choice["message"]["content"])]
    ends = [*({"index": 0, "delta": delta, "finish_reason": None} for delta in deltas)]
    ends.append({"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]})
    usage = {**start, "choices": [], "usage": completion.get("usage")}
    return [*({**start, "choices": [end]} for end in ends), usage]


def _pieces(text: str) -> list[str]:
    """A text as it comes in a stream: in several pieces, an empty one as one."""
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]


def _response_events(response: Payload) -> list[Payload]:
    (item,) = response["output"]
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    text = item["content"][0]["text"]
    part = {"type": "output_text", "text": "", "annotations": []}
    begun = {**response, "status": "in_progress", "output": []}
    events: list[Payload] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}},
        {"type": "response.content_part.added", **place, "part": part},
        *({"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []} for piece in _pieces(text)),
        {"type": "response.output_text.done", **place, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": {**part, "text": text}},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": f"response.{response['status']}", "response": response},
    ]
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _message_events(message: Payload) -> list[Payload]:
    usage = {**message["usage"], "output_tokens": 1}
    started = {**message, "content": [], "stop_reason": None, "usage": usage}
    events: list[Payload] = [{"type": "message_start", "message": started}]
    for index, block in enumerate(message["content"]):
        events += [
            {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}},
            *(
                {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": piece}}
                for piece in _pieces(block["text"])
            ),
            {"type": "content_block_stop", "index": index},
        ]
    stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    events.append({"type": "message_delta", "delta": stop, "usage": message["usage"]})
    return [*events, {"type": "message_stop"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one API words a reply, whole and as the events of a stream."""

    whole: Callable[[Answer, str, int], Payload]
    events: Callable[[Payload], list[Payload]]
    done: str = ""


DIALECTS: Mapping[str, Dialect] = {
    "/chat/completions": Dialect(whole=_chat_completion, events=_chat_events, done="data: [DONE]\n\n"),
    "/responses": Dialect(whole=_response, events=_response_events),
    "/messages": Dialect(whole=_message, events=_message_events),
}
"""How the end of the path chooses the wording."""


def wire_reply(answer: Answer, path: str, asked: Payload, number: int) -> tuple[str, bytes]:
    """Content type and body for the request `asked` to path: the scripted body, an error, or a reply as it is worded
    there, streamed if the request says so."""
    if answer.body is not None:
        return answer.content_type, answer.body.encode("utf-8")
    if answer.status != 200:
        error = {"message": answer.text, "type": "scripted_error", "param": None, "code": None}
        return answer.content_type, json.dumps({"type": "error", "error": error}).encode("utf-8")
    dialect = next((d for suffix, d in DIALECTS.items() if path.endswith(suffix)), DIALECTS["/chat/completions"])
    whole = dialect.whole(answer, str(asked.get("model", "")), number)
    if not asked.get("stream"):
        return answer.content_type, json.dumps(whole).encode("utf-8")
    events = dialect.events(whole)
    lines = [f"event: {e.get('type', 'message')}\ndata: {json.dumps(e)}\n\n" for e in events]
    return "text/event-stream", ("".join(lines) + dialect.done).encode("utf-8")

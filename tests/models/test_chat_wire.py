"""Reading and writing Chat Completions."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from lithify.models.chat_wire import Completion, Stream, Usage, body, completion
from lithify.records.model import Message, ModelRequest


def asked(*messages: tuple[str, str], max_tokens: int | None = None) -> ModelRequest:
    return ModelRequest(messages=tuple(Message(role=r, content=c) for r, c in messages), max_tokens=max_tokens)


def reply(**more: object) -> bytes:
    whole = {
        "model": "m-1",
        "choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2},
    }
    return json.dumps(whole | more).encode()


def line(delta: str | None = None, finish: str | None = None, **more: object) -> str:
    return "data: " + json.dumps({"choices": [{"delta": {"content": delta}, "finish_reason": finish}], **more})


def test_messages_without_words_of_the_assistant_are_left_out() -> None:
    request = asked(("system", "s"), ("user", ""), ("assistant", " \n"), ("user", "u \udcff"))
    document = json.loads(body(request, "m", newer=False, stream=False))
    assert document == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "s"},
            {"role": "user", "content": ""},
            {"role": "user", "content": "u ?"},
        ],
    }


@pytest.mark.parametrize(("newer", "field"), [(False, "max_tokens"), (True, "max_completion_tokens")])
def test_only_openai_gets_the_newer_limit_field(newer: bool, field: str) -> None:
    document = json.loads(body(asked(("user", "u"), max_tokens=9), "m", newer=newer, stream=False))
    assert document[field] == 9


def test_a_stream_is_asked_for_with_its_usage() -> None:
    document = json.loads(body(asked(("user", "u")), "m", newer=False, stream=True))
    assert (document["stream"], document["stream_options"]) == (True, {"include_usage": True})


def test_a_whole_reply() -> None:
    usage = Usage(input_tokens=3, output_tokens=2)
    assert completion(reply()) == Completion(text="hi", finish="stop", model="m-1", usage=usage)


@pytest.mark.parametrize(
    ("content", "text"), [(None, ""), ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "ab"), (7, "")]
)
def test_content_of_any_form(content: object, text: str) -> None:
    assert completion(reply(choices=[{"message": {"content": content}, "finish_reason": "stop"}])).text == text


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        (0.25, Decimal("0.25")),
        ("0.1", Decimal("0.1")),
        (0, Decimal(0)),
        (None, None),
        ("?", None),
        (-1, None),
        (True, None),
    ],
)
def test_what_the_server_says_that_it_cost(said: object, cost: Decimal | None) -> None:
    usage = completion(reply(usage={"prompt_tokens": 1, "completion_tokens": 1, "cost": said})).usage
    assert usage is not None
    assert usage.cost == cost


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{}]}', b'{"choices": 1}']
)
def test_what_is_no_reply_is_an_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        completion(content)


def test_a_stream_gives_its_pieces_and_then_the_whole() -> None:
    stream = Stream()
    usage = {"prompt_tokens": 5, "completion_tokens": 4}
    lines = [
        ": a comment that keeps the connection open",
        "event: message",
        "",
        line("", model="m-2"),
        line("a\n"),
        line(None),
        line("b"),
        line(None, "length"),
        "data: " + json.dumps({"choices": [], "usage": usage}),
        "data: [DONE]",
    ]
    assert [text for text in map(stream.take, lines) if text] == ["a\n", "b"]
    whole = Completion(text="a\nb", finish="length", model="m-2", usage=Usage(input_tokens=5, output_tokens=4))
    assert stream.end() == whole


@pytest.mark.parametrize("lines", [[], [line("half")], ["data: [DONE]"]])
def test_a_stream_that_breaks_off_is_no_reply(lines: list[str]) -> None:
    stream = Stream()
    for one in lines:
        stream.take(one)
    with pytest.raises(ValueError, match="ended before"):
        stream.end()


def test_an_error_in_a_stream_is_told() -> None:
    with pytest.raises(ValueError, match="overloaded"):
        Stream().take('data: {"error": {"message": "overloaded"}}')

"""The file format: readable, without repetition, lossless, and strict about what it is."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from lithify.errors import CassetteProblem
from lithify.models.cassette_file import (
    Document,
    Header,
    RecordedCall,
    RecordedFailure,
    Shared,
    decode,
    encode_call,
    encode_header,
    migrate,
)
from lithify.records.model import Message, ModelReply, ModelRequest

HEADER = Header(recorded="2026-11-22T13:00:00+00:00", model="openai:m", note="a note — with ü")
SYSTEM = Message(role="system", content="be brief")


def user(text: str) -> Message:
    return Message(role="user", content=text)


def call(number: int, *messages: Message, reply: str = "ok", **settings: float) -> RecordedCall:
    outcome = ModelReply(
        text=reply,
        model="openai:m",
        input_tokens=12,
        output_tokens=3,
        cost=Decimal("0.000123"),
        seconds=1.25,
        attempts=2,
        finish="length",
    )
    return RecordedCall(number=number, request=ModelRequest(messages=messages, **settings), outcome=outcome)


def encode(*calls: RecordedCall) -> str:
    shared = Shared()
    parts = [encode_header(HEADER)]
    for item in calls:
        parts.append(encode_call(item, shared))
        shared.add(item)
    return b"".join(parts).decode("utf-8")


TEXTS = {
    "lines": "one\ntwo\n\n",
    "quotes and backslashes": "print(\"a\\n\")\t'b'",
    "carriage returns": "a\r\nb\rc",
    "other line ends": "a\x85b\u2028c\x0bd\x0ce",
    "letters": "日本語 🎉 ü",
    "half a pair": "broken \udc80 byte",
    "control": "bell \x07 nul \x00",
    "nothing": "",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    calls = [call(1, SYSTEM, user(text), reply=text, max_tokens=100, temperature=0.1)]
    assert decode(encode(*calls)) == (HEADER, calls)


def test_what_was_said_before_is_not_repeated() -> None:
    first = call(1, SYSTEM, user("question"), reply="answer one")
    second = call(2, *first.conversation, user("go on"), reply="answer two")
    sub = call(3, user("a sub-call"), reply="yes")
    third = call(4, *second.conversation, user("and on"), reply="answer three")
    branch = call(5, SYSTEM, user("another question"))
    text = encode(first, second, sub, third, branch)
    assert decode(text) == (HEADER, [first, second, sub, third, branch])
    for once in ("be brief", '"question"', "answer one", "go on", "answer two"):
        assert text.count(once) == 1, once
    starts = [json.loads(part).get("continues") for part in text.split("\n\n")[1:]]
    assert starts == [
        None,
        {"call": 1, "messages": 3},
        None,
        {"call": 2, "messages": 5},
        {"call": 1, "messages": 1},
    ]


def test_lines_of_a_text_are_lines_of_the_file() -> None:
    lines = encode(call(1, user("def f():\n    return 'x'"))).split("\n")
    assert [line.strip().rstrip(",") for line in lines if "def f" in line or "return" in line] == [
        '"def f():"',
        "\"    return 'x'\"",
    ]


def test_the_header_is_one_line_of_json() -> None:
    assert json.loads(encode().split("\n")[0]) == {
        "format": "lithify-cassette",
        "version": 1,
        "recorded": "2026-11-22T13:00:00+00:00",
        "model": "openai:m",
        "note": "a note — with ü",
    }


def test_failures_are_kept() -> None:
    failed = RecordedCall(
        number=1,
        request=ModelRequest(messages=(user("x"),)),
        outcome=RecordedFailure(kind="ModelFailed", message="status 500"),
    )
    assert decode(encode(failed)) == (HEADER, [failed])


def test_an_unpriced_reply_stays_unpriced() -> None:
    text = encode(call(1, user("x"))).replace('"0.000123"', "null")
    outcome = decode(text)[1][0].outcome
    assert isinstance(outcome, ModelReply)
    assert outcome.cost is None


BROKEN = {
    "empty": ("", "does not begin with the header"),
    "another file": ('{"name": "x"}\n', "does not begin with the header"),
    "not json": ("hello\n", "line 1 cannot be read"),
    "a list": ("[1]\n", "line 1 holds list"),
    "cut off": (encode(call(1, user("x")))[:-40], "line 3 cannot be read.*remove everything from that line on"),
    "newer": (encode().replace('"version": 1', '"version": 7'), "format version 7.*reads up to 1: upgrade lithify"),
    "older than any": (encode().replace('"version": 1', '"version": 0'), "version 0, which no lithify wrote"),
    "a role nobody has": (encode(call(1, user("x"))).replace('"user"', '"tool"'), "call 1 .*role 'tool'"),
    "a call that is missing": (encode(call(2, user("x"))), "call 1 .*its number is 2"),
    "no reply": (encode(call(1, user("x"))).replace('"reply"', '"replies"'), "call 1 .*KeyError: 'reply'"),
    "a cost that is no number": (encode(call(1, user("x"))).replace("0.000123", "much"), "call 1 "),
    "an unknown failure": (
        encode(call(1, user("x"))).replace('"reply"', '"failure"').replace('"text": [\n   "ok"', '"kind": [\n   "k"'),
        "call 1 ",
    ),
    "continues nothing": (
        encode(call(1, user("x"))).replace('"messages"', '"continues": {"call": 1, "messages": 1}, "messages"'),
        "call 1 .*not an earlier one",
    ),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(CassetteProblem, match=f"(?s){says}"):
        decode(text)


def test_it_cannot_continue_more_messages_than_there_were() -> None:
    first = call(1, user("x"))
    text = encode(first, call(2, *first.conversation, user("y"))).replace('"messages": 2', '"messages": 9')
    with pytest.raises(CassetteProblem, match=r"call 2 .*continues 9 messages, call 1 has 2"):
        decode(text)


def test_older_versions_pass_through_every_step() -> None:
    def first(documents: list[Document]) -> list[Document]:
        return [{**document, "one": True} for document in documents]

    def second(documents: list[Document]) -> list[Document]:
        return [{**document, "two": document["one"]} for document in documents]

    header: Document = {"format": "lithify-cassette", "version": 1, "recorded": "", "model": "m"}
    migrated = migrate([header, {"call": 1}], migrations={1: first, 2: second}, version=3)
    assert migrated[1] == {"call": 1, "one": True, "two": True}
    assert migrate([{**header, "version": 2}, {"call": 1}], migrations={2: lambda d: d[:1]}, version=3) == [
        {**header, "version": 2}
    ]

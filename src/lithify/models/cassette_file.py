"""The format of a recorded conversation: text that people can read and diff, and `jq` too.

A cassette is a sequence of JSON values. The first, on one line, is the header:

    {"format": "lithify-cassette", "version": 1, "recorded": "2026-11-22T13:00:00+00:00", "model": "…", "note": "…"}

Every other is one call, indented, with texts as lists of lines. What a call shares with an earlier conversation is
not repeated: "continues": {"call": 1, "messages": 3} stands for the first three messages of call 1 and its reply.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from lithify.errors import CassetteProblem, LithifyError, ModelFailed, ModelRefused
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.records.quick import dataclass

FORMAT = "lithify-cassette"
VERSION = 1

Document: TypeAlias = dict[str, Any]
"""One decoded JSON object of the file."""

Migration: TypeAlias = Callable[[list[Document]], list[Document]]
MIGRATIONS: Mapping[int, Migration] = {}
"""Version n → the function that turns the documents of version n (header first) into those of version n + 1."""

FAILURES: Mapping[str, type[LithifyError]] = {"ModelFailed": ModelFailed, "ModelRefused": ModelRefused}
_ROLES = frozenset({"system", "user", "assistant"})
_HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """When and with which model a cassette was recorded; recorded is an ISO time in UTC."""

    recorded: str
    model: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFailure:
    """A call that the provider did not answer. kind is a name in FAILURES."""

    kind: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """One request and what came back. number counts from 1 in the order of completion."""

    number: int
    request: ModelRequest
    outcome: ModelReply | RecordedFailure

    @property
    def conversation(self) -> tuple[Message, ...]:
        """The messages of the request, and the reply as one more."""
        if isinstance(self.outcome, RecordedFailure):
            return self.request.messages
        return (*self.request.messages, Message(role="assistant", content=self.outcome.text))


class Shared:
    """Finds what a request shares with earlier conversations; cost is linear in the length of the request."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[int, int]] = {}

    def add(self, call: RecordedCall) -> None:
        """Remember the beginnings of a call's conversation."""
        for length, key in enumerate(_beginnings(call.conversation), start=1):
            self._known.setdefault(key, (call.number, length))

    def longest(self, messages: Sequence[Message]) -> tuple[int, int]:
        """The call that shares most messages from the start, and how many; (0, 0) when there is none."""
        best = (0, 0)
        for key in _beginnings(messages):
            if key not in self._known:
                break
            best = self._known[key]
        return best


def _beginnings(messages: Sequence[Message]) -> list[bytes]:
    keys, key = [], b""
    for message in messages:
        text = message.content.encode("utf-8", "surrogatepass")
        key = hashlib.sha256(key + message.role.encode() + b"\0" + text).digest()
        keys.append(key)
    return keys


def encode_header(header: Header) -> bytes:
    """The first line of the file."""
    document = {"format": FORMAT, "version": VERSION, "recorded": header.recorded, "model": header.model}
    return _dump({**document, "note": header.note}, indent=None)


def encode_call(call: RecordedCall, shared: Shared) -> bytes:
    """One call as it is appended to the file."""
    earlier, count = shared.longest(call.request.messages)
    document: Document = {"call": call.number}
    if count:
        document["continues"] = {"call": earlier, "messages": count}
    document["messages"] = [{"role": m.role, "text": m.content.split("\n")} for m in call.request.messages[count:]]
    for setting in ("max_tokens", "temperature"):
        value = getattr(call.request, setting)
        if value is not None:
            document[setting] = value
    if isinstance(call.outcome, RecordedFailure):
        document["failure"] = {"kind": call.outcome.kind, "message": call.outcome.message}
    else:
        document["reply"] = _reply_document(call.outcome)
    return b"\n" + _dump(document, indent=1)


def _reply_document(reply: ModelReply) -> Document:
    return {
        "text": reply.text.split("\n"),
        "model": reply.model,
        "input_tokens": reply.input_tokens,
        "output_tokens": reply.output_tokens,
        "cost": None if reply.cost is None else str(reply.cost),
        "seconds": round(reply.seconds, 3),
        "attempts": reply.attempts,
        "finish": reply.finish,
    }


def _dump(document: Document, indent: int | None) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    return (_HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", text) + "\n").encode("utf-8")


def decode(text: str) -> tuple[Header, list[RecordedCall]]:
    """Read a whole file. Raises CassetteProblem (without the path) naming the line or the call that is wrong."""
    documents = migrate(_documents(text))
    header, *rest = documents
    calls: list[RecordedCall] = []
    for number, document in enumerate(rest, start=1):
        try:
            calls.append(_call(document, number, calls))
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise CassetteProblem(f"call {number} is not a recorded call ({reason})") from error
    return Header(recorded=str(header["recorded"]), model=str(header["model"]), note=str(header.get("note", ""))), calls


def migrate(
    documents: list[Document], *, migrations: Mapping[int, Migration] = MIGRATIONS, version: int = VERSION
) -> list[Document]:
    """Bring documents of an older format version up to date. Raises CassetteProblem for what no version explains."""
    header = documents[0] if documents else {}
    found = header.get("version")
    if header.get("format") != FORMAT or not isinstance(found, int) or not {"recorded", "model"} <= set(header):
        raise CassetteProblem(f"it does not begin with the header of a recording: {_HEADER_EXAMPLE}")
    if found > version:
        raise CassetteProblem(f"it has format version {found}, this lithify reads up to {version}: upgrade lithify")
    for older in range(found, version):
        if older not in migrations:
            raise CassetteProblem(f"it has format version {found}, which no lithify wrote")
        documents = migrations[older](documents)
    return documents


_HEADER_EXAMPLE = f'{{"format": "{FORMAT}", "version": {VERSION}, "recorded": …, "model": …}}'


def _documents(text: str) -> list[Document]:
    """The JSON objects of the file, in order."""
    decoder = json.JSONDecoder()
    documents: list[Document] = []
    position, end = 0, len(text)
    while True:
        while position < end and text[position].isspace():
            position += 1
        if position == end:
            return documents
        try:
            document, after = decoder.raw_decode(text, position)
        except ValueError as error:
            raise CassetteProblem(
                f"what begins in line {_line(text, position)} cannot be read ({error}). If the recording was cut off "
                "there, remove everything from that line on"
            ) from error
        if not isinstance(document, dict):
            raise CassetteProblem(f"line {_line(text, position)} holds {type(document).__name__}, not an object")
        documents.append(document)
        position = after


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _call(document: Document, number: int, earlier: Sequence[RecordedCall]) -> RecordedCall:
    if document["call"] != number:
        raise ValueError(f"its number is {document['call']!r}, and {number} was expected")
    messages: list[Message] = []
    if "continues" in document:
        start = document["continues"]
        if not 1 <= start["call"] < number:
            raise ValueError(f"it continues call {start['call']!r}, which is not an earlier one")
        conversation = earlier[start["call"] - 1].conversation
        if not 1 <= start["messages"] <= len(conversation):
            raise ValueError(f"it continues {start['messages']} messages, call {start['call']} has {len(conversation)}")
        messages += conversation[: start["messages"]]
    messages += [_message(item) for item in document["messages"]]
    request = ModelRequest(
        messages=tuple(messages),
        max_tokens=document.get("max_tokens"),
        temperature=document.get("temperature"),
    )
    return RecordedCall(number=number, request=request, outcome=_outcome(document))


def _message(document: Document) -> Message:
    if document["role"] not in _ROLES:
        raise ValueError(f"role {document['role']!r} is none of {', '.join(sorted(_ROLES))}")
    return Message(role=document["role"], content="\n".join(document["text"]))


def _outcome(document: Document) -> ModelReply | RecordedFailure:
    if "failure" in document:
        failure = document["failure"]
        if failure["kind"] not in FAILURES:
            raise ValueError(f"failure {failure['kind']!r} is none of {', '.join(FAILURES)}")
        return RecordedFailure(kind=failure["kind"], message=str(failure["message"]))
    reply = document["reply"]
    return ModelReply(
        text="\n".join(reply["text"]),
        model=str(reply["model"]),
        input_tokens=int(reply["input_tokens"]),
        output_tokens=int(reply["output_tokens"]),
        cost=None if reply["cost"] is None else Decimal(reply["cost"]),
        seconds=float(reply["seconds"]),
        attempts=int(reply["attempts"]),
        finish=str(reply["finish"]),
    )

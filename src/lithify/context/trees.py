"""JSON: its keys and the types below them, as paths for one document, as keys for many records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from lithify.context.fields import number_class
from lithify.context.sample import LineSample

WHOLE_LIMIT = 1 << 24
"""Documents up to this many characters are parsed whole; of bigger ones, the beginning is looked at."""
HEAD = 1 << 20
_DEPTH = 4
_MAX_KEYS = 200
_MAX_RECORDS = 20_000
_RECORD_SHARE = 0.95
_UNREAD = object()
_TYPE_NAMES = {bool: "bool", int: "number", float: "number", type(None): "null", bytes: "bytes"}
"""Of what is no text, list or object."""


def read_json(text: str, *, parts: int = 1) -> Any:
    """The document (of a big one, as many leading elements as the first megabyte holds), or raises ValueError.

    parts says how many texts share the limit of what is parsed whole.
    """
    stripped = text[:64].lstrip()[:1]
    if stripped not in ("{", "["):
        raise ValueError("no JSON object or array")
    if len(text) <= max(HEAD, WHOLE_LIMIT // parts):
        try:
            return json.loads(text)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
    if text[-64:].rstrip()[-1:] != {"{": "}", "[": "]"}[stripped]:
        raise ValueError("not closed")
    return _leading(text[:HEAD])


def read_records(sample: LineSample) -> list[dict[str, Any]] | None:
    """The sampled lines as JSON objects, one a line, or None when fewer than 95 % are."""
    lines = [line for line in sample.lines if line.strip()]
    if not lines or not lines[0].lstrip().startswith("{"):
        return None
    records = [record for record in map(_record, lines) if record is not None]
    return records if records and len(records) >= _RECORD_SHARE * len(lines) else None


def common_keys(records: Sequence[Any]) -> tuple[str, ...]:
    """The keys that every record has, in the order of the first."""
    if not records or not all(isinstance(record, dict) for record in records):
        return ()
    shared = set(records[0]).intersection(*records[1:])
    return tuple(key for key in records[0] if key in shared)[:_MAX_KEYS]


def field_classes(records: Sequence[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """How many records have a key with a value of a type: (key, type) → count."""
    return Counter((key, value_type(value)) for record in records for key, value in record.items())


def value_type(value: Any) -> str:
    """number, bool, null, object, list, text, or for text that is a number, date or address, its style in quotes."""
    if isinstance(value, str):
        parts = value.split(" ", 2)
        styles = [number_class(part) for part in parts if part]
        return f'"{" ".join(styles)}"' if styles and all(styles) else "text"
    return _TYPE_NAMES.get(type(value), "list" if isinstance(value, Sequence) else "object")


def structure(document: Any) -> Counter[tuple[str, str]]:
    """The paths of a document with the types that stand there, and how often: ($.items[].id, number) → 12."""
    return Counter(_walk(document, "$", 0))


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    yield path, value_type(value)
    if depth >= _DEPTH:
        return
    if isinstance(value, dict):
        for key in list(value)[:_MAX_KEYS]:
            yield from _walk(value[key], f"{path}.{key}", depth + 1)
    elif isinstance(value, list):
        for item in value[:_MAX_RECORDS]:
            yield from _walk(item, f"{path}[]", depth + 1)


def _record(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _leading(head: str) -> Any:
    """As many elements as can be read from the beginning of an array or object that goes on beyond it."""
    decoder = json.JSONDecoder()
    place = head.index(head.lstrip()[0]) + 1
    if head.lstrip()[0] == "[":
        items: list[Any] = []
        while (found := _next(decoder, head, place))[0] is not _UNREAD:
            items.append(found[0])
            place = found[1]
        if not items:
            raise ValueError("no element in the first megabyte")
        return items
    members: dict[str, Any] = {}
    while (key := _next(decoder, head, place))[0] is not _UNREAD and isinstance(key[0], str):
        value, place = _next(decoder, head, key[1])
        members[key[0]] = None if value is _UNREAD else value
        if value is _UNREAD:
            break
    if not members:
        raise ValueError("no member in the first megabyte")
    return members


def _next(decoder: json.JSONDecoder, text: str, place: int) -> tuple[Any, int]:
    while place < len(text) and text[place] in " \t\r\n,:":
        place += 1
    try:
        return decoder.raw_decode(text, place)
    except (ValueError, RecursionError):
        return _UNREAD, place

"""Whether a plain word of a question can stand where a tool's default stood: judged by where the data holds both."""

from __future__ import annotations

import csv
import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lithify.records.context import Context, ContextKind
from lithify.routing.databases import columns_of_database

_OCCURRENCES = 200
_UNKNOWN = "the data does not hold"
_BEFORE = 80
_LONGEST = 1 << 16
_MOST_PARTS = 2_000_000
_LEFT = re.compile(r"([^\W\d_]*)([\W\d_]*)$")
_RIGHT = re.compile(r"[(\[<{]\w*[)\]>}][\W_]?|[=:|]")
_LINE = re.compile(r"[^\r\n]*")
_DIGITS = re.compile(r"[0-9]+")


def strange_word(value: str, default: str, context: Context) -> str:
    """Why an unquoted word is no value in the default's place, or "".

    A column's place takes columns. Any other word must occur in the data as a whole word, and in the same column or
    after the same word as the default does somewhere, or as the same word of a line before the same marks: then "guest"
    can stand for "root" in `user=root` and "sshd" for "crond" in `host2 crond[17]:`, "anyone" for neither.
    """
    if context.inputs:
        return _strange_in_each(value, default, context)
    if default in context.fingerprint.header:
        return "" if value in context.fingerprint.header else f"{value!r} is no column here"
    if context.kind not in _SEARCHED:
        return f"whether {value!r} can stand for {default!r} cannot be checked in a {context.kind}"
    known = _SEARCHED[context.kind](default, context)
    if not known:
        return f"{_UNKNOWN} {default!r}, so that {value!r} is of its kind cannot be checked"
    found = _SEARCHED[context.kind](value, context)
    if not found:
        return f"{value!r} does not occur in the data; quote it if it is meant as a value"
    return (
        "" if known & found else f"{value!r} never stands in the data where {default!r} does; quote it if it is a value"
    )


def _strange_in_each(value: str, default: str, context: Context) -> str:
    """Why a word is no value in any of several inputs; "" where it is one in one of them."""
    reasons = [strange_word(value, default, one) for one in context.inputs]
    told = [reason for reason in reasons if not reason.startswith((_UNKNOWN, "whether"))]
    return "" if "" in reasons else (told or reasons)[0]


def _places(word: str, context: Context) -> frozenset[str]:
    """The columns that hold a word as their value, or what stands around it; of its first occurrences."""
    texts = [context.texts] if isinstance(context.texts, str) else list(context.texts.values())
    delimiter = context.fingerprint.delimiter
    places: set[str] = set()
    seen = 0
    for text in texts:
        for start in _occurrences(text, word):
            places |= _columns(text, start, word, delimiter) if delimiter else _around(text, start, word)
            seen += 1
            if seen >= _OCCURRENCES:
                return frozenset(places)
    return frozenset(places)


def _occurrences(text: str, word: str) -> Iterator[int]:
    """Where a word stands as a whole."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start
        start = text.find(word, end)


def _around(text: str, start: int, word: str) -> set[str]:
    """What stands before a place in its line; and, where marks follow, which word of the line it is, with them."""
    right = _RIGHT.match(text, start + len(word))
    marks = _DIGITS.sub("9", right.group()) if right else ""
    column = len(text[_line_start(text, start) : start].split())
    return {_before(text, start)} | ({f"{column} {marks}"} if marks else set())


def _before(text: str, start: int) -> str:
    """The last word before a place in its line and what is between, digits blanked: "user=", "combo "."""
    begin = max(_line_start(text, start), start - _BEFORE)
    left = _LEFT.search(text[begin:start])
    return _DIGITS.sub("9", "".join(left.groups())) if left else ""


def _columns(text: str, start: int, word: str, delimiter: str) -> set[str]:
    """The columns of the row at a place whose whole value is the word."""
    line = _LINE.match(text, _line_start(text, start))
    try:
        row = next(csv.reader([line.group() if line else ""], delimiter=delimiter), [])
    except csv.Error:
        return set()
    return {str(number) for number, cell in enumerate(row) if cell.strip() == word}


def _line_start(text: str, place: int) -> int:
    begin = max(0, place - _LONGEST)
    return max(text.rfind("\n", begin, place), text.rfind("\r", begin, place), begin - 1) + 1


def _columns_of_table(word: str, context: Context) -> frozenset[str]:
    """The columns of an Arrow table that hold a word as their value."""
    pyarrow: Any = importlib.import_module("pyarrow")
    compute: Any = importlib.import_module("pyarrow.compute")
    table: Any = context.value
    found: set[str] = set()
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if pyarrow.types.is_dictionary(kind):
            column, kind = column.cast(kind.value_type), kind.value_type
        if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
            found |= {name} if compute.any(compute.equal(column, word)).as_py() else set()
    return frozenset(found)


def _paths_of_data(word: str, context: Context) -> frozenset[str]:
    """The keys below which plain data holds a word as a value, or which it stands beside as a key."""
    found: set[str] = set()
    waiting: list[tuple[str, object]] = [("", context.value)]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        path, value = waiting.pop()
        if isinstance(value, str):
            found |= {path} if value == word else set()
        elif isinstance(value, Mapping):
            found |= {f"{path} key"} if word in value else set()
            waiting += [(f"{path}/{key}", part) for key, part in value.items()]
        elif isinstance(value, list | tuple):
            waiting += [(f"{path}/*", part) for part in value]
    return frozenset(found)


_SEARCHED: Mapping[ContextKind, Callable[[str, Context], frozenset[str]]] = {
    "text": _places,
    "files": _places,
    "table": _columns_of_table,
    "data": _paths_of_data,
    "document": _paths_of_data,
    "database": columns_of_database,
}
"""How the places of a word are found in a context, by its kind."""

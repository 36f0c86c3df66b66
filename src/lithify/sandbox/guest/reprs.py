"""Reprs that stay short without ever building the long one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .capture import printable

_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
    dict: ("{", "}"),
}
_MAX_DEPTH = 50


class _Full(Exception):
    """The limit is reached."""


class _Writer:
    """Collects pieces of a repr until the limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self._left = limit

    def add(self, text: str) -> None:
        self.parts.append(text[: self._left])
        self._left -= len(text)
        if self._left < 0:
            raise _Full

    def value(self, value: Any, depth: int = 0) -> None:
        kind = type(value)
        if kind in (str, bytes) and len(value) > self._left:
            self.add(repr(value[: self._left])[:-1])
            raise _Full
        if kind not in _BRACKETS or depth > _MAX_DEPTH or not value:
            self.add(repr(value))
            return
        opening, closing = _BRACKETS[kind]
        self.add(opening)
        for index, item in enumerate(_items(value)):
            if index:
                self.add(", ")
            for number, part in enumerate(item):
                if number:
                    self.add(": ")
                self.value(part, depth + 1)
        if kind is tuple and len(value) == 1:
            self.add(",")
        self.add(closing)


def _items(value: Any) -> Iterator[tuple[Any, ...]]:
    return iter(value.items()) if type(value) is dict else ((item,) for item in value)


def short_repr(value: Any, limit: int) -> str:
    """repr(value) when it has at most `limit` characters; else its beginning, and how much there is of it."""
    writer = _Writer(limit)
    try:
        writer.value(value)
        text = "".join(writer.parts)
    except _Full:
        text = "".join(writer.parts) + f"… ({_size(value)})"
    return printable(text)


def _size(value: Any) -> str:
    name = type(value).__name__
    if isinstance(value, str):
        return f"{name} of {len(value):,} characters, cut here"
    if type(value) in _BRACKETS or isinstance(value, bytes):
        return f"{name} of {len(value):,} elements, cut here"
    return f"{name}, cut here"

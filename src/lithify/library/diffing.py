"""What differs between two states of a tool, for a person to read. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

_WHOLE_LINES = 400
"""Longer files that are data, not code, are told of and not shown line by line."""


def diff(before: Mapping[str, bytes], after: Mapping[str, bytes], names: tuple[str, str]) -> str:
    """A unified diff of all files, the code first, "" when they are the same. names: what to call the two states."""
    parts = [
        _one(path, before.get(path), after.get(path), names)
        for path in sorted({*before, *after}, key=_order)
        if before.get(path) != after.get(path)
    ]
    return "".join(parts)


def _order(path: str) -> tuple[int, str]:
    order = ("tool.py", "tool.toml")
    return (order.index(path) if path in order else 3 if "fixtures/" in path or "holdout/" in path else 2, path)


def _one(path: str, before: bytes | None, after: bytes | None, names: tuple[str, str]) -> str:
    shown = path.removeprefix("../../")
    head, other = (
        f"{name}/{shown}" if data is not None else "/dev/null"
        for name, data in zip(names, (before, after), strict=True)
    )
    old, new = _lines(before), _lines(after)
    data = not path.endswith((".py", ".toml", ".md"))
    if old is None or new is None or (data and max(len(old), len(new)) > _WHOLE_LINES):
        return f"--- {head}\n+++ {other}\n(data: {_size(before)} before, {_size(after)} after)\n"
    lines = difflib.unified_diff(old, new, head, other)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes | None) -> list[str] | None:
    try:
        return (data or b"").decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return None


def _size(data: bytes | None) -> str:
    return "nothing" if data is None else f"{len(data):,} bytes"

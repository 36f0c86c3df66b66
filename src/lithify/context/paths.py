"""The structure of nested data as paths: what stands at each, how often, its values or range. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from typing import Any

from lithify.context.columns import facts_of, held, short
from lithify.context.trees import value_type

_MAX_LINES = 60
_MAX_DEPTH = 6
_MAX_KEYS = 30
_MAX_VALUES = 5_000
_MANY_KEYS = 12
"""From so many keys an object whose values are alike is a map: its keys are data."""
_SHOWN_KEYS = 3
_MAX_KINDS = 4
_LINE_CHARS = 260


def paths_of(value: Any, root: str = "$") -> list[str]:
    """Lines on a value and what is below it, at most _MAX_LINES; list elements are `[]`, keys that are data `*`."""
    rows: list[str] = []
    _describe(root, [value], 1, rows, 0)
    return _bounded(rows)


def keys_of(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Lines on the keys of records, and what is below them."""
    rows: list[str] = []
    _describe_keys(records, "", rows, 0)
    return _bounded(rows)


def _bounded(rows: list[str]) -> list[str]:
    lines = [row if len(row) <= _LINE_CHARS else f"{row[:_LINE_CHARS]}…" for row in rows[:_MAX_LINES]]
    return [*lines, f"  … and {len(rows) - _MAX_LINES:,} more paths"] if len(rows) > _MAX_LINES else lines


def _describe(path: str, values: Sequence[Any], parents: int, rows: list[str], depth: int) -> None:
    """One line on the values that stand at a path, then on what is in them."""
    rows.append(f"  {path}: {_said(values, parents)}")
    if depth >= _MAX_DEPTH or len(rows) > 2 * _MAX_LINES:
        return
    objects = [value for value in values if isinstance(value, Mapping)]
    if objects:
        _describe_keys(objects, path, rows, depth)
    items = list(islice(chain.from_iterable(value for value in values if _is_list(value)), _MAX_VALUES))
    if items:
        _describe(f"{path}[]", items, len(items), rows, depth + 1)


def _describe_keys(objects: Sequence[Mapping[str, Any]], path: str, rows: list[str], depth: int) -> None:
    inner: dict[Any, list[Any]] = {}
    for one in objects[:_MAX_VALUES]:
        for key, value in one.items():
            inner.setdefault(key, []).append(value)
    if path and _is_map(objects, inner):
        names = ", ".join(map(repr, list(inner)[:_SHOWN_KEYS]))
        values = list(islice(chain.from_iterable(inner.values()), _MAX_VALUES))
        rows.append(f"  {path} has {len(inner):,} keys: {names}, …")
        _describe(f"{path}.*", values, len(values), rows, depth + 1)
        return
    for key, values in list(inner.items())[:_MAX_KEYS]:
        _describe(f"{path}.{key}" if path else repr(key), values, min(len(objects), _MAX_VALUES), rows, depth + 1)
    if len(inner) > _MAX_KEYS:
        rows.append(f"  … and {len(inner) - _MAX_KEYS:,} more keys{f' of {path}' if path else ''}")


def _is_map(objects: Sequence[Mapping[str, Any]], inner: Mapping[Any, list[Any]]) -> bool:
    """Whether the keys are data: many, each in few of the objects (or of the only one), their values of one type."""
    if len(inner) <= _MANY_KEYS:
        return False
    often = sum(map(len, inner.values())) / len(inner)
    types = {value_type(value) for values in inner.values() for value in values[:3]}
    return len(types) == 1 and (len(objects) == 1 or often < 0.3 * len(objects))


def _said(values: Sequence[Any], parents: int) -> str:
    kinds = Counter(map(value_type, values))
    missing = parents - len(values)
    absent = f", missing in {missing / parents:.0%}" if missing > 0 else ""
    scalars = [value for value in values if not isinstance(value, Mapping) and not _is_list(value)]
    parts = [f"{kinds_said(kinds)}{absent}", _sizes(values)]
    if len(values) == 1 and scalars:
        parts.append(short(scalars[0]))
    elif any(value is not None for value in scalars):
        parts.append(held(facts_of(scalars, ordered=len(kinds) == 1 and next(iter(kinds)).startswith('"Y'))))
    return "; ".join(part for part in parts if part)


def _sizes(values: Sequence[Any]) -> str:
    """How many keys the objects have and how many elements the lists."""
    parts = []
    for noun, held_ones in (
        ("key", [len(value) for value in values if isinstance(value, Mapping)]),
        ("element", [len(value) for value in values if _is_list(value)]),
    ):
        if held_ones:
            low, high = min(held_ones), max(held_ones)
            parts.append(f"{low:,}{'' if low == high else f' to {high:,}'} {noun}{'' if low == high == 1 else 's'}")
    return ", ".join(parts)


def kinds_said(kinds: Counter[str]) -> str:
    """The most frequent kinds, with their shares where there are several."""
    total = max(1, kinds.total())
    return ", ".join(
        kind if count == total else f"{kind} {count / total:.0%}" for kind, count in kinds.most_common(_MAX_KINDS)
    )


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)

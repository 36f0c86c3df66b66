"""Taking out of a slice the entries of tables and dicts that nothing reads, where leaving them out changes nothing.

What a program analysis cannot know is tried, after Binkley and others, ORBS: language-independent program slicing
(FSE 2014): on the whole input and on parts of it, the shorter code must end as the longer one does.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from lithify.distil.bench import Bench, Outcome
from lithify.distil.extracts import halves
from lithify.distil.faint import without_faint
from lithify.distil.slice import Slice
from lithify.distil.source import code_of
from lithify.records.answers import equal_answer

_MOST_TRIED = 6


async def without_unread_entries(found: Slice, bench: Bench) -> Slice:
    """The slice without entries `table["key"] = …` whose key stands nowhere else, if it gives the same without them."""
    entries = _unread(found)
    if not entries or bench.exhausted:
        return found
    wanted = await _outcomes(found, bench)
    whole = _without(found, entries)
    if await _outcomes(whole, bench) == wanted:
        return whole
    for entry in entries[:_MOST_TRIED] if len(entries) > 1 else []:
        less = _without(found, [entry])
        if not bench.exhausted and await _outcomes(less, bench) == wanted:
            found = less
    return found


def _unread(found: Slice) -> list[ast.stmt]:
    texts = [
        part.value
        for top in (*found.statements, found.expression)
        for part in ast.walk(top)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    entries: list[ast.stmt] = []
    for node in found.statements:
        match node:
            case ast.Assign(targets=targets):
                keys = [key for target in targets for key in _keys(target)]
                others = (other for other in (*found.statements, found.expression) if other is not node)
                names = {part.attr for top in others for part in ast.walk(top) if isinstance(part, ast.Attribute)}
                once = all(sum(key in text for text in texts) == 1 and key not in names for key in keys)
                entries += [node] if keys and once else []
    return entries


def _keys(target: ast.expr) -> list[str]:
    """The constant keys that an assignment sets; none when it sets anything else as well."""
    match target:
        case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=str(key))):
            return [key]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            keys = [_keys(part) for part in parts]
            return [key for found in keys for key in found] if all(keys) else []
    return []


def _without(found: Slice, left_out: Sequence[ast.stmt]) -> Slice:
    kept = [node for node in found.statements if not any(node is other for other in left_out)]
    return replace(found, statements=tuple(without_faint(kept, found.expression)))


async def _outcomes(found: Slice, bench: Bench) -> _Outcomes:
    code, expression = code_of(found.statements), ast.unparse(found.expression)
    parts = (None, *halves(bench.context, bench.form))
    return _Outcomes([await bench.value_of(code, expression, part) for part in parts])


class _Outcomes:
    """How some code ended on several inputs."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._outcomes = outcomes

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Outcomes):
            return NotImplemented
        pairs = zip(self._outcomes, other._outcomes, strict=True)
        return all(bool(a.error) == bool(b.error) and equal_answer(a.value, b.value) for a, b in pairs)

    __hash__ = None  # type: ignore[assignment] # compared, never kept in a set

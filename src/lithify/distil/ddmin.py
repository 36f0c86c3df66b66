"""Delta debugging: the smallest input, cut down unit by unit, on which a tool still does what it did.

ddmin of Zeller and Hildebrandt, Simplifying and isolating failure-inducing input (2002). What is kept here is no
failure but what the tool does: an answer that says something, by way of every line of the tool that the larger input
reached. The search stops once the input is small enough for a person to read, well before nothing more could go.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from lithify.distil.extracts import DOCUMENTS, Text
from lithify.layout import elements_of
from lithify.records.context import Format
from lithify.records.quick import dataclass

Kept = tuple[int, ...]
"""Which units are left, by their places."""

_MOST_TRIALS = 240


@dataclass(frozen=True, slots=True)
class Units:
    """A context as a sequence of units that can be left out one by one.

    sizes: characters of each; build: the context of those that are left.
    """

    sizes: tuple[int, ...]
    build: Callable[[Kept], Text]


def units_of(context: Text, form: Format, members: Mapping[str, Format] | None = None) -> Units | None:
    """The units of a context: its lines, after the first one of a table; the elements of a document's longest list;
    the lines of files; of several inputs, whose formats are `members`, those of all. None when there are none."""
    if members and not isinstance(context, str):
        return _units_of_several(context, members)
    if not isinstance(context, str):
        return _units_of_files(context)
    if form in DOCUMENTS:
        return _units_of_document(context)
    lines = context.splitlines(keepends=True)
    head = 1 if form in ("delimited", "table", "database", "bytes") else 0
    rest = lines[head:]
    start = "".join(lines[:head])
    return Units(tuple(map(len, rest)), lambda kept: start + "".join(rest[place] for place in kept))


async def minimised(units: Units, enough: int, holds: Callable[[Kept], Awaitable[bool]]) -> Kept:
    """The units left when so few characters are left, or nothing more can be taken out; holds decides on a set."""
    kept: Kept = tuple(range(len(units.sizes)))
    parts, trials = 2, 0
    while len(kept) > 1 and sum(units.sizes[place] for place in kept) > enough and trials < _MOST_TRIALS:
        chunks = _chunks(kept, min(parts, len(kept)))
        smaller = [*chunks, *(_without(kept, chunk) for chunk in chunks)] if parts == 2 else [
            _without(kept, chunk) for chunk in chunks
        ]  # fmt: skip
        for candidate in smaller:
            trials += 1
            if trials > _MOST_TRIALS:
                return kept
            if candidate and len(candidate) < len(kept) and await holds(candidate):
                kept, parts = candidate, max(parts - 1, 2)
                break
        else:
            if parts >= len(kept):
                return kept
            parts = min(2 * parts, len(kept))
    return kept


def _chunks(kept: Kept, number: int) -> list[Kept]:
    edges = [round(place * len(kept) / number) for place in range(number + 1)]
    return [kept[start:end] for start, end in itertools.pairwise(edges) if end > start]


def _without(kept: Kept, chunk: Sequence[int]) -> Kept:
    left_out = set(chunk)
    return tuple(place for place in kept if place not in left_out)


def _units_of_files(files: Mapping[str, str]) -> Units:
    pieces = [(name, line) for name, body in files.items() for line in body.splitlines(keepends=True) or [""]]

    def build(kept: Kept) -> Text:
        left: dict[str, str] = {}
        for place in kept:
            name, line = pieces[place]
            left[name] = left.get(name, "") + line
        return left

    return Units(tuple(len(line) or 1 for _, line in pieces), build)


def _units_of_several(context: Mapping[str, str], members: Mapping[str, Format]) -> Units | None:
    """The units of every input that has some, one input after the other: what belongs together is left out together."""
    found = {name: units for name in members if (units := units_of(context[name], members[name])) is not None}
    owners = [(name, place) for name, units in found.items() for place in range(len(units.sizes))]

    def build(kept: Kept) -> Text:
        left: dict[str, list[int]] = {name: [] for name in found}
        for place in kept:
            left[owners[place][0]].append(owners[place][1])
        return {**context, **{name: str(found[name].build(tuple(places))) for name, places in left.items()}}

    return Units(tuple(size for units in found.values() for size in units.sizes), build) if owners else None


def _units_of_document(text: str) -> Units | None:
    try:
        found = elements_of(json.loads(text))
    except (ValueError, RecursionError):
        return None
    if found is None:
        return None
    mapping = isinstance(found.held, dict)
    elements = list(found.held.items()) if isinstance(found.held, dict) else found.held

    def build(kept: Kept) -> Text:
        left: list[Any] = [elements[place] for place in kept]
        return found.put(dict(left) if mapping else left)

    return Units(tuple(len(json.dumps(element, ensure_ascii=False)) for element in elements), build)

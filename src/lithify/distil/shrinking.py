"""Making a context smaller as long as the tool still does on it what it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from lithify.distil.bench import Bench, Runnable
from lithify.distil.coverage import Reached, Tracer
from lithify.distil.ddmin import Kept, Units, minimised, units_of
from lithify.distil.extracts import DOCUMENTS, Text, size, smaller, windows
from lithify.errors import SandboxLost
from lithify.records.answers import equal_answer, means_something
from lithify.records.context import Format
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

_WINDOW_CHARACTERS = 200_000
_TRACED_CHARACTERS = 200_000
"""Up to this size an extract is cut down line by line; a larger one is halved first."""
_SECONDS = 3.0
"""What all runs of one search may take."""
_MOST = 3
"""How many times larger than enough an extract may be that shows a number in two ways."""
_LONGEST = 10
"""Up to so many entries, a list keeps its length and a table its keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A tool, and the answer it gave on the whole context, which looks like form; asked: the prompts on the way."""

    tool: Runnable
    answer: Plain
    form: Format
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of a context, what the tool gives on it, and the prompts to which it used recorded answers on the way."""

    context: Text
    answer: Plain
    asked: tuple[str, ...] = ()


async def shrunk(subject: Subject, bench: Bench, enough: int) -> Extract:
    """An extract of about enough characters, if there is one; the whole context if there is none at all.

    What the tool gives on it is of the same kind as on the whole, and says something if that did; cut down line by
    line, it is also reached by the same steps of the tool.
    """
    current = Extract(bench.context, subject.answer, subject.asked)
    if not bench.whole:  # the answer is that of the whole, of which there is only a part here
        part = await _first_telling([bench.context], subject, bench)
        if part is None:
            return current
        current = part
    long = size(bench.context) > 2 * _WINDOW_CHARACTERS
    if isinstance(bench.context, str) and long and subject.form not in DOCUMENTS:
        found = await _first_telling(windows(bench.context, _WINDOW_CHARACTERS), subject, bench)
        current = found or current
    while size(current.context) > max(enough, _TRACED_CHARACTERS) and not bench.exhausted:
        less = await _first_telling(smaller(current.context, subject.form, bench.members), subject, bench)
        if less is None:
            break
        current = less
    if enough < size(current.context) <= 2 * _WINDOW_CHARACTERS and not bench.exhausted:
        found = await _cut_down(current, subject, bench, enough)
        if found is not None and size(found.context) <= _MOST * enough:
            return found
        current = found or current
    while size(current.context) > enough and not bench.exhausted:
        less = await _first_telling(smaller(current.context, subject.form, bench.members), subject, bench)
        if less is None:
            break
        current = less
    return current


async def _cut_down(start: Extract, subject: Subject, bench: Bench, enough: int) -> Extract | None:
    """The extract that delta debugging finds; None when it finds none, or what it finds does not hold by itself."""
    units = units_of(start.context, subject.form, bench.members)
    if units is None:
        return None
    try:
        tracer = await Tracer.of(subject.tool, bench)
    except SandboxLost:
        return None
    try:
        base = await tracer.run(start.context)
        if base.error:
            return None

        async def holds(kept: Kept) -> bool:
            return tracer.seconds < _SECONDS and _does_the_same(await tracer.run(units.build(kept)), base)

        kept = await minimised(units, enough, holds)
        if isinstance(base.value, int | float) and not isinstance(base.value, bool):
            kept = await _with_others(units, kept, enough, holds, tracer)
    finally:
        bench.seconds += tracer.seconds
        await tracer.close()
    if len(kept) == len(units.sizes):
        return None
    context = units.build(kept)
    return await _first_telling([context], subject, bench) if size(context) < size(start.context) else None


async def _with_others(
    units: Units, kept: Kept, enough: int, holds: Callable[[Kept], Awaitable[bool]], tracer: Tracer
) -> Kept:
    """The units together with as few of the others as do the same, when the two give different numbers.

    On one line the largest is also the least, and the mean the total: code that has the one for the other shows on two.
    """
    rest = tuple(place for place in range(len(units.sizes)) if place not in set(kept))
    if not rest or not await holds(rest):
        return kept

    def placed(some: Kept) -> Kept:
        return tuple(rest[place] for place in some)

    others = Units(tuple(units.sizes[place] for place in rest), lambda some: units.build(placed(some)))
    found = placed(await minimised(others, enough, lambda some: holds(placed(some))))
    if sum(units.sizes[place] for place in (*kept, *found)) > _MOST * enough:
        return kept
    one, other = [(await tracer.run(units.build(some))).value for some in (kept, found)]
    both = tuple(sorted({*kept, *found}))
    return kept if equal_answer(one, other) or not await holds(both) else both


def _does_the_same(found: Reached, base: Reached) -> bool:
    return not found.error and base.steps <= found.steps and _as_telling(found.value, base.value)


def _as_telling(found: Plain, base: Plain) -> bool:
    """Whether an answer says as much as that on a larger input: the same text, as many entries, more than one."""
    if type(found) is not type(base) or (means_something(base) and not means_something(found)):
        return False
    match base:
        case str():
            return found == base
        case list() | tuple() if len(base) <= _LONGEST:
            return isinstance(found, (list, tuple)) and len(found) == len(base)
        case dict() if len(base) <= _LONGEST:
            return isinstance(found, dict) and found.keys() == base.keys() and _each_tells(found, base)
        case list() | tuple() | dict():
            return isinstance(found, (list, tuple, dict)) and len(found) > 1
        case bool():
            return found is base
        case int() if base > 1:
            return isinstance(found, int) and found > 1
    return True


def _each_tells(found: Mapping[Any, Plain], base: Mapping[Any, Plain]) -> bool:
    return all(means_something(found[key]) or not means_something(base[key]) for key in base)


async def _first_telling(contexts: Iterable[Text], subject: Subject, bench: Bench) -> Extract | None:
    for context in contexts:
        outcome = await bench.call(subject.tool, context)
        alike = type(outcome.value) is type(subject.answer)
        if not outcome.error and alike and (means_something(outcome.value) or not means_something(subject.answer)):
            return Extract(context, outcome.value, outcome.asked)
    return None

"""The failing case: a small input on which a kept tool fails and a new derivation answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lithify.distil.bench import Bench, Outcome, Runnable
from lithify.distil.ddmin import Kept, minimised, units_of
from lithify.distil.examples import LARGEST_CHARACTERS, SMALL_CHARACTERS
from lithify.distil.extracts import Text, size, smaller
from lithify.records.answers import equal_answer, means_something
from lithify.records.context import Format
from lithify.records.quick import dataclass
from lithify.records.tool import Example

_MOST_HALVINGS = 24
Scalars = Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """A kept tool and a new derivation for the same question, and what each is called with."""

    old: Runnable
    new: Runnable
    old_arguments: Scalars
    new_arguments: Scalars
    form: Format


async def failing_case(rivals: Rivals, recorded: Sequence[Example], bench: Bench) -> Example | None:
    """A use of the new derivation on which the old tool raises or answers otherwise; None when there is none.

    recorded: uses of the new derivation that are small already: the smallest that will do is taken. Else the run's
    input is cut down as long as the one goes on failing in the same way, and the other goes on answering.
    """
    for use in sorted(recorded, key=lambda use: size(use.context)):
        if dict(use.arguments) != dict(rivals.new_arguments) or not means_something(use.expected):
            continue
        if _fails(await bench.call(rivals.old, use.context, **rivals.old_arguments), use):
            return use
    return await _cut_down(rivals, bench)


def _fails(outcome: Outcome, use: Example) -> bool:
    return bool(outcome.error) or not equal_answer(use.expected, outcome.value)


async def _cut_down(rivals: Rivals, bench: Bench) -> Example | None:
    start = await _Case.of(rivals, bench, bench.context)
    if start is None:
        return None
    current = start
    for _ in range(_MOST_HALVINGS):
        if size(current.use.context) <= LARGEST_CHARACTERS or bench.exhausted:
            break
        less = await _first(smaller(current.use.context, rivals.form), current, rivals, bench)
        if less is None:
            break
        current = less
    units = units_of(current.use.context, rivals.form)
    if units is not None and SMALL_CHARACTERS < size(current.use.context) <= LARGEST_CHARACTERS:

        async def holds(kept: Kept) -> bool:
            return not bench.exhausted and await _first([units.build(kept)], current, rivals, bench) is not None

        kept = await minimised(units, SMALL_CHARACTERS, holds)
        current = await _first([units.build(kept)], current, rivals, bench) or current
    return current.use if size(current.use.context) <= LARGEST_CHARACTERS else None


@dataclass(frozen=True, slots=True)
class _Case:
    """An input with the new answer on it, and how the old tool fails there: the kind of its exception, else ""."""

    use: Example
    how: str

    @classmethod
    async def of(cls, rivals: Rivals, bench: Bench, context: Text) -> _Case | None:
        new = await bench.call(rivals.new, context, **rivals.new_arguments)
        if new.error or not means_something(new.value):
            return None
        use = Example(name="case", context=context, arguments=dict(rivals.new_arguments), expected=new.value)
        old = await bench.call(rivals.old, context, **rivals.old_arguments)
        return cls(use, old.error.partition(":")[0]) if _fails(old, use) else None


async def _first(contexts: Iterable[Text], like: _Case, rivals: Rivals, bench: Bench) -> _Case | None:
    """The first of some smaller inputs that is a case of the same kind."""
    for context in contexts:
        found = await _Case.of(rivals, bench, context)
        if found is not None and found.how == like.how and type(found.use.expected) is type(like.use.expected):
            return found
    return None

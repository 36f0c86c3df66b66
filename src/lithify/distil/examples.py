"""Recorded uses of a tool: on the whole context where it is small, on an extract that still gives something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lithify.distil.bench import Bench
from lithify.distil.extracts import size
from lithify.distil.parametrise import trials
from lithify.distil.shrinking import Subject, shrunk
from lithify.records.answers import equal_answer, means_something
from lithify.records.tool import Example, Slot

WHOLE_CHARACTERS = 20_000
"""Up to this size the whole context is kept as an example."""

LARGEST_CHARACTERS = 200_000
"""How large the smallest extract may be: a question about groups of a hundred lines needs some hundreds."""

SMALL_CHARACTERS = 2_000
"""How small an extract should become, for people to read."""


async def examples(subject: Subject, slots: Sequence[Slot], bench: Bench) -> tuple[Example, ...]:
    """The examples: whole context or extract, and for each slot another value that gives something else. Empty when
    no extract of a big context can be found on which the tool says something."""
    defaults = {slot.name: slot.default for slot in slots}
    found: list[Example] = []
    if size(bench.context) <= WHOLE_CHARACTERS and bench.whole:
        whole = Example(name="whole", context=bench.context, arguments=defaults, expected=subject.answer)
        found.append(replace(whole, replies=bench.replies_to(subject.asked)))
    if size(bench.context) > SMALL_CHARACTERS:
        extract = await shrunk(subject, bench, SMALL_CHARACTERS)
        name = "whole" if extract.context is bench.context else "extract"
        known = name == "whole" and (bool(found) or not bench.whole)
        if size(extract.context) <= LARGEST_CHARACTERS and not known:
            kept = Example(name=name, context=extract.context, arguments=defaults, expected=extract.answer)
            found.append(replace(kept, replies=bench.replies_to(extract.asked)))
    bases = found[::-1]
    for slot in slots:
        for base in bases:
            other = await _with_other_value(subject, slot, base, bench)
            if other is not None:
                found.append(other)
                break
    return tuple(found)


async def _with_other_value(subject: Subject, slot: Slot, base: Example, bench: Bench) -> Example | None:
    """The base with another value of one slot, on which the tool says something else."""
    for value in trials(slot, base.context) if not bench.exhausted else ():
        outcome = await bench.call(subject.tool, base.context, **{slot.name: value})
        if not outcome.error and means_something(outcome.value) and not equal_answer(outcome.value, base.expected):
            name = re.sub(r"\W+", "_", f"{base.name}_{slot.name}_{value}").strip("_")[:60]
            arguments = {**base.arguments, slot.name: value}
            return Example(
                name=name,
                context=base.context,
                arguments=arguments,
                expected=outcome.value,
                replies=bench.replies_to(outcome.asked),
            )
    return None

"""Recorded uses of a tool that has only tests: what they call it with, and what it answers while they pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from lithify.gates.elsewhere import Elsewhere
from lithify.gates.gate import Workers, subject_of
from lithify.gates.requirements import preloaded
from lithify.gates.running import FIRST_SEED, definition_of
from lithify.gates.suite import Ran, Stage, modules_for
from lithify.gates.workers import SharedWorkers
from lithify.layout import SUITE_PATH, form_of, frame_modules
from lithify.ports import SandboxFactory
from lithify.records.gating import Bounds
from lithify.records.plain import Plain
from lithify.records.tool import Candidate, Example

_MOST = 8
_LARGEST = 200_000


async def harvest(candidate: Candidate, start: SandboxFactory, bounds: Bounds) -> tuple[Example, ...]:
    """Uses with the answers that the tool gave; none when the tests do not pass, or call it with other data.

    Those with different answers first, small ones before large ones. Raises SandboxUnavailable.
    """
    if not candidate.extra:
        return ()
    modules = (*frame_modules(form_of(candidate.signature)), *preloaded(candidate.requirements))
    workers = SharedWorkers(start, modules, bounds, modules_for(candidate.extra))
    try:
        uses = await _seen(candidate, workers)
    finally:
        await workers.close()
    uses.sort(key=lambda use: len(str(use.context)))
    first: dict[str, Example] = {}
    for use in uses:
        first.setdefault(repr(use.expected), use)
    chosen = [*first.values(), *(use for use in uses if use not in first.values())][:_MOST]
    return tuple(_named(number, use) for number, use in enumerate(chosen, 1))


async def _seen(candidate: Candidate, workers: Workers) -> list[Example]:
    bounds = workers.bounds
    tool = Elsewhere(
        definition_of(candidate), await workers.with_seed(FIRST_SEED), bounds.seconds, bounds.tests_seconds
    )
    found: dict[str, Example] = {}

    async def answer(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        given = await tool.answer(args, kwargs)
        match args, given:
            case [[context], {**arguments}], {"value": value} if _fits(context, arguments):
                use = Example(
                    name="",
                    context=cast("str | Mapping[str, str]", context),
                    arguments=cast("Mapping[str, int | float | str]", arguments),
                    expected=value,
                )
                found.setdefault(repr((context, arguments)), use)
        return given

    try:
        subject = subject_of(candidate, None)
        files = {path: data for path, data in subject.files.items() if path != SUITE_PATH}  # no case: it would skip
        ran = await Stage(replace(subject, files=files), workers).against(answer)
    finally:
        await tool.close()
    return list(found.values()) if isinstance(ran, Ran) and set(ran.ends.values()) <= {"passed"} else []


def _fits(context: object, arguments: Mapping[object, object]) -> bool:
    """Whether a call can be recorded: a text or texts, of bounded size, and plain arguments."""
    if isinstance(context, Mapping):
        texts = all(isinstance(key, str) and isinstance(value, str) for key, value in context.items())
    else:
        texts = isinstance(context, str)
    scalars = all(isinstance(one, int | float | str) and not isinstance(one, bool) for one in arguments.values())
    return texts and scalars and len(str(context)) <= _LARGEST


def _named(number: int, use: Example) -> Example:
    return Example(name=f"call {number}", context=use.context, arguments=use.arguments, expected=use.expected)

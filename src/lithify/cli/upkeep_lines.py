"""The page of `lithify upkeep` for a person: read in a minute, whatever the size of the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lithify.upkeep import Finding, Health, Page, Proposed, ShadowChecks, ToolLine

_MOST = 12
"""Lines of one part of the page; `--json` has the rest."""
_WIDTH = 160
_HEALTH: Mapping[Health, str] = {
    "sound": "sound",
    "broken": "broken",
    "surroundings": "not to be tried here",
    "untried": "without a use",
}


def page_lines(page: Page) -> Iterator[str]:
    """The page, line by line."""
    number = len(page.tools)
    yield f"upkeep of {page.library}, {page.at:%Y-%m-%d %H:%M} UTC: {_plural(number, 'tool')}"
    if number:
        yield _tried(page)
        yield _used(page.tools)
    problems = [one for one in page.findings if one.severity == "problem"]
    notes = [one for one in page.findings if one.severity == "note"]
    yield from _part("for you to see to", [_finding(one) for one in problems])
    yield from _part("proposed", list(_proposals(page)))
    yield from _part("good to know", [_finding(one) for one in notes])
    if page.checks is not None:
        yield from _part("shadow checks", list(_checks(page.checks)))
    evidence = [*page.settled, *([f"what this clone knows was committed: {page.shared}"] if page.shared else [])]
    yield from _part("evidence", evidence)
    if not (page.needs_person or notes):
        yield "all is well"


def _tried(page: Page) -> str:
    """What the tools were tried with, and how they are."""
    found = page.surroundings
    packages = [f"{name} {version}" for name, version in found.packages]
    counted = Counter(one.checkup.health for one in page.tools)
    states = ", ".join(f"{counted[health]} {said}" for health, said in _HEALTH.items() if counted[health])
    return f"tried with Python {', '.join([found.python, *packages])} in {page.seconds:.0f} s: {states}"


def _used(tools: Sequence[ToolLine]) -> str:
    """Uses, checks and callers in one line."""
    statuses = Counter(one.status for one in tools)
    said = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
    uses, failed = sum(one.answered for one in tools), sum(one.failed for one in tools)
    agreed, checked = sum(one.agreement.count for one in tools), sum(one.agreement.total for one in tools)
    called = sum(bool(one.callers) for one in tools)
    checks = f"{agreed} of {checked} checked answers confirmed" if checked else "no answer was checked yet"
    return f"{said}; {_plural(uses, 'distinct use')}, {failed} failed; {checks}; {called} imported by others"


def _finding(one: Finding) -> str:
    return f"{one.kind:12} {one.where}: {one.text}"


def _proposals(page: Page) -> Iterator[str]:
    """What lies on branches, then what would be put there."""
    for one in page.proposals:
        if one.branch:
            yield f"{one.state:12} {one.subject}"
            yield f"{'':12} git -C {page.library} merge {one.branch}"
        elif one.candidate:
            yield f"{one.state:12} {one.subject}"
            yield f"{'':12} lithify review {one.candidate}"
        else:
            yield _would(one)


def _would(one: Proposed) -> str:
    return f"{'not made' if one.why else '--propose':12} {one.subject}{f': {one.why}' if one.why else ''}"


def _checks(checks: ShadowChecks) -> Iterator[str]:
    cost = "unpriced" if checks.cost is None else f"${checks.cost:.4f}"
    if checks.made or checks.calls:
        yield f"{checks.agreed} of {checks.made} answers were derived anew alike ({checks.calls} model calls, {cost})"
    else:
        yield "no answer was derived anew: none is due, or its data is no longer where it was"
    yield from checks.lines
    if checks.stopped:
        yield f"stopped: {checks.stopped}"


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in _bounded(lines))


def _bounded(lines: Sequence[str]) -> Iterable[str]:
    shown = [line if len(line) <= _WIDTH or "git -C" in line else f"{line[: _WIDTH - 1]}…" for line in lines[:_MOST]]
    more = len(lines) - _MOST
    return [*shown, f"and {_plural(more, 'more line')}: --json has all"] if more > 0 else shown


def _plural(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

"""What of the facts a person should see, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from lithify.records.lock import LockFinding
from lithify.upkeep.facts import Facts
from lithify.upkeep.open_cases import told
from lithify.upkeep.page import Finding, FindingKind

_AGREES = 0.95
"""From this share on, single disagreements are worth knowing and no more."""


def findings(known: Sequence[Facts], unused: int, today: date) -> tuple[Finding, ...]:
    """What is to be said of the tools. unused: days without a use from which on a tool is.

    Problems first, then in the order of the tools.
    """
    found = [one for facts in known for one in _of(facts, unused, today)]
    return tuple(sorted(found, key=lambda one: one.severity != "problem"))


def lock_findings(found: Iterable[LockFinding]) -> tuple[Finding, ...]:
    """What a check of the lock found."""
    return tuple(Finding(where=one.where, kind="lock", severity=one.severity, text=one.text) for one in found)


def _of(facts: Facts, unused: int, today: date) -> Iterator[Finding]:
    yield from _health(facts)
    agreement, drift = facts.agreement, facts.drift
    if agreement.count < agreement.total:
        checks = f"{agreement.count} of {agreement.total} checked answers were confirmed"
        text = f"{checks} ({agreement.low:.0%} to {agreement.high:.0%}): `lithify review` shows what was derived anew"
        yield _finding(facts, "disagreement", text, problem=agreement.value < _AGREES)
    if drift.is_sure:
        runs = f"{drift.refused.count} of the last {drift.refused.total} runs of its question had input that it"
        text = f"{runs} does not cover (last: {drift.latest}): what `lithify ask` learns of it becomes its next version"
        yield _finding(facts, "drift", text, problem=True)
    for case in facts.cases:
        yield _finding(
            facts,
            "case",
            f"{case.id}, `lithify review {facts.tool.name}` says what can be done: {told(case)}",
            problem=True,
        )
    if facts.near is not None and facts.near.relation == "same":
        text = f"does what {facts.near.tool} does: {facts.near.evidence}"
        yield _finding(facts, "same", text)
    elif facts.near is not None and facts.near.relation != "none":
        yield _finding(facts, "near", f"near {facts.near.tool}: {facts.near.evidence}")
    idle = facts.idle(today)
    if idle is not None and idle >= unused and not facts.callers:
        since = f"not used for {idle} days" if facts.last_used else f"never used in {idle} days"
        yield _finding(facts, "unused", since)


def _health(facts: Facts) -> Iterator[Finding]:
    why, callers = facts.checkup.why, facts.callers
    match facts.checkup.health:
        case "broken":
            also = f"; {', '.join(callers)} import it" if callers else ""
            yield _finding(facts, "broken", f"{why}{also}: `lithify test {facts.tool.name}` shows all", problem=True)
        case "surroundings":
            yield _finding(facts, "surroundings", f"could not be tried here: {why}", problem=True)
        case "untried":
            yield _finding(facts, "untried", why)
        case "sound":
            pass


def _finding(facts: Facts, kind: FindingKind, text: str, *, problem: bool = False) -> Finding:
    return Finding(where=facts.tool.name, kind=kind, severity="problem" if problem else "note", text=text)

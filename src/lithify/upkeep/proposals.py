"""Which changes to propose: on evidence, one for a tool, and none that anybody would have to undo by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from lithify.records.upkeep import Ground, UpkeepKind, UpkeepProposal
from lithify.upkeep.facts import Facts
from lithify.upkeep.open_cases import softens, told

_REFUTED = 2
_DOUBTFUL = 0.8
"""At most this share of a tool's answers is right, by the interval of its checks, when it is to answer no more."""
_IN_USE = frozenset({"provisional", "trusted"})


def proposals(known: Sequence[Facts], unused: int, today: date, soften_after: int = 0) -> tuple[UpkeepProposal, ...]:
    """What is to be proposed, a change for a tool at most.

    A tool that is broken by its own fault, or whose answers were refuted, or that nobody uses, answers no more
    (deprecate); deprecated and in nobody's way, it is put away (retire). Two that do the same become one (merge).
    One that does not cover so many inputs (soften_after; 0: never), and is sound otherwise, asks a model for such
    (soften). What this machine lacks is no reason for anything.
    """
    single = {
        facts.tool.name: found
        for facts in known
        if (found := _single(facts, unused, today) or _soften(facts, soften_after))
    }
    urgent = {name: found for name, found in single.items() if found.ground != "unused"}
    merges = _merges({facts.tool.name: facts for facts in known}, urgent)
    merging = {name for one in merges for name in (one.tool, one.into)}
    return (*merges, *(found for name, found in single.items() if name not in merging))


def _single(facts: Facts, unused: int, today: date) -> UpkeepProposal | None:
    active = facts.tool.status in _IN_USE
    agreement, idle = facts.agreement, facts.idle(today)
    if facts.checkup.health == "broken" and (active or not facts.callers):
        why = "its own uses and tests do not pass any more"
        return _proposal(facts, "deprecate" if active else "retire", "broken", why)
    refuted = agreement.total - agreement.count
    if active and refuted >= _REFUTED and agreement.high < _DOUBTFUL:
        return _proposal(facts, "deprecate", "refuted", f"{refuted} of {agreement.total} checked answers were wrong")
    # A deprecated tool gets the same time once more: what it answered may come back with the next quarter.
    days = unused if active else 2 * unused
    if idle is not None and idle >= days and not facts.callers:
        return _proposal(facts, "deprecate" if active else "retire", "unused", f"nobody used it for {days} days")
    return None


def _soften(facts: Facts, after: int) -> UpkeepProposal | None:
    cases = softens(facts.tool, facts.cases, after) if facts.tool.status in _IN_USE else ()
    if not cases or facts.checkup.health != "sound":
        return None
    found = _proposal(facts, "soften", "uncovered", f"{len(cases)} inputs that it does not cover fit into no program")
    return replace(found, evidence=(*found.evidence, *(told(case) for case in cases)))


def _merges(known: Mapping[str, Facts], urgent: Mapping[str, UpkeepProposal]) -> list[UpkeepProposal]:
    """Pairs that do the same, both sound and in use, each tool in one pair at most."""
    found: list[UpkeepProposal] = []
    taken = set(urgent)
    for facts in known.values():
        near = facts.near
        other = known.get(near.tool) if near is not None and near.relation == "same" else None
        if near is None or other is None or {facts.tool.name, other.tool.name} & taken:
            continue
        if not all(one.checkup.health == "sound" and one.tool.status in _IN_USE for one in (facts, other)):
            continue
        stays, goes = sorted((facts, other), key=_worth, reverse=True)
        if goes.callers:
            continue  # a tool that others import cannot be put away
        taken |= {stays.tool.name, goes.tool.name}
        merge = _proposal(goes, "merge", "same", f"{stays.tool.name} does the same")
        evidence = (near.evidence, *_told(stays), *merge.evidence)
        found.append(replace(merge, evidence=evidence, into=stays.tool.name, into_contents=stays.tool.contents))
    return found


def _worth(facts: Facts) -> tuple[bool, bool, int, int, str]:
    """Which of two tools stays: one that others import, that is trusted, that answered more, that is older."""
    age = -facts.entered.toordinal() if facts.entered else 0
    return bool(facts.callers), facts.tool.status == "trusted", facts.answered, age, facts.tool.name


def _proposal(facts: Facts, kind: UpkeepKind, ground: Ground, reason: str) -> UpkeepProposal:
    return UpkeepProposal(
        kind=kind,
        tool=facts.tool.name,
        contents=facts.tool.contents,
        ground=ground,
        reason=reason,
        evidence=_told(facts),
    )


def _told(facts: Facts) -> tuple[str, ...]:
    """The evidence on one tool, for the commit's message."""
    agreement, name = facts.agreement, facts.tool.name
    last = f", the last on {facts.last_used.isoformat()}" if facts.last_used else ""
    lines = [f"{name} {facts.tool.semver} ({facts.tool.status}): {facts.answered} distinct uses{last}"]
    if facts.checkup.why:
        lines.append(f"{name}: {facts.checkup.why}")
    if agreement.total:
        shares = f"{agreement.low:.0%} to {agreement.high:.0%}"
        lines.append(f"{name}: {agreement.count} of {agreement.total} checked answers were confirmed ({shares})")
    if facts.callers:
        lines.append(f"{name} is imported by {', '.join(facts.callers)}")
    return tuple(lines)

"""The page that upkeep gives: what a person must see to, what is good to know, and a line for each tool."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from lithify.curves import Share
from lithify.records.nearness import Nearness
from lithify.records.quick import dataclass
from lithify.records.tool import Status
from lithify.records.upkeep import Surroundings, UpkeepProposal
from lithify.upkeep.checkup import Checkup
from lithify.upkeep.drift import Drift
from lithify.upkeep.facts import Facts

FindingKind: TypeAlias = Literal[
    "lock",
    "broken",
    "surroundings",
    "disagreement",
    "drift",
    "same",
    "near",
    "unused",
    "untried",
    "versions",
    "yours",
    "case",
]
"""lock: something of the library is not in order; versions: tools were let in with other versions than those of today,
or ask for others; yours: a change would be proposed, if no person had written the tool; case: what a tool should answer
and does not, and no next version does; the others as in Health and Nearness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found, with the way out. problem: a person must see to it; note: good to know."""

    where: str
    kind: FindingKind
    severity: Literal["problem", "note"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLine:
    """One tool: how it is, how it did here and with others, and what is between it and other tools."""

    name: str
    semver: str
    status: Status
    checkup: Checkup
    answered: int
    failed: int
    agreement: Share
    drift: Drift
    last_used: date | None
    callers: tuple[str, ...]
    near: Nearness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A proposal and where it stands: on a branch (made now, or waiting since an earlier time), or not made ("would").

    why: for one that was not made though it was asked for, the reason
    candidate: of one that waits in the review, and not on a branch, its id there
    """

    state: Literal["made", "waiting", "would"]
    subject: str
    branch: str = ""
    proposal: UpkeepProposal | None = None
    why: str = ""
    candidate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowChecks:
    """Shadow checks that were made: how many, how many agreed, and what they spent. stopped: why no more were made."""

    agreed: int
    made: int
    calls: int
    cost: Decimal | None
    lines: tuple[str, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One upkeep.

    seconds: looking at the tools took, checks not counted; settled: status that evidence gave tools now
    people:  whose evidence was read; shared: the file that this clone's was written to, "" for none
    """

    library: str
    at: datetime
    seconds: float
    surroundings: Surroundings
    tools: tuple[ToolLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    proposals: tuple[Proposed, ...] = ()
    settled: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    shared: str = ""
    checks: ShadowChecks | None = None

    @property
    def needs_person(self) -> bool:
        """Whether something waits for a person: a problem, a proposal that was made, a check that disagreed."""
        disagreed = self.checks is not None and self.checks.agreed < self.checks.made
        waits = any(one.state != "would" for one in self.proposals)
        return disagreed or waits or any(one.severity == "problem" for one in self.findings)


def line_of(facts: Facts) -> ToolLine:
    """What the page says of one tool."""
    return ToolLine(
        name=facts.tool.name,
        semver=facts.tool.semver,
        status=facts.tool.status,
        checkup=facts.checkup,
        answered=facts.answered,
        failed=facts.failed,
        agreement=facts.agreement,
        drift=facts.drift,
        last_used=facts.last_used,
        callers=facts.callers,
        near=facts.near,
    )

"""Tools and what is known of them, to be varied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lithify.records.evidence import ToolEvidence, together, use_digest
from lithify.records.tool import GateResult, Outcome, Status, Tool, Verdict
from lithify.testing.candidates import make_candidate
from lithify.upkeep import Checkup, Facts, drift

TODAY = date(2026, 11, 30)
DATA = [
    next(str(n) for n in range(place * 1_000, 99_999) if together([[use_digest("", str(n), b"")]])[f"{place % 16:x}"])
    for place in range(40)
]
"""Digests of data: any 16 in a row lie in drawers of their own."""


def tool(
    name: str = "a",
    *,
    status: Status = "provisional",
    requirements: tuple[str, ...] = (),
    callees: Mapping[str, str] | None = None,
    not_for: tuple[str, ...] = (),
) -> Tool:
    one = make_candidate()
    return Tool(
        name=name,
        version=1,
        status=status,
        grade="code",
        signature=one.signature,
        description="",
        source=f"# {name}\n",
        requirements=requirements,
        recipes=(one.recipe,),
        applicability=(one.applicability,),
        provenance=one.provenance,
        contents=name.ljust(64, "0"),
        approved_by="Ada",
        callees=callees or {},
        not_for=not_for,
    )


def verdict(gate: str = "replay", outcome: Outcome = "pass", evidence: str = "") -> Verdict:
    return Verdict(results=(GateResult(gate=gate, outcome=outcome, evidence=evidence),))


def did(*, answered: int = 0, failed: int = 0, agreed: int = 0, refuted: int = 0, first: int = 0) -> ToolEvidence:
    """What somebody knows; uses with the same number are the same uses."""

    def uses(number: int) -> tuple[str, ...]:
        return tuple(use_digest("which?", DATA[first + one], b"key") for one in range(number))

    return ToolEvidence(
        name="a",
        contents="a".ljust(64, "0"),
        answered=uses(answered),
        failed=uses(failed),
        agreed=uses(refuted + agreed)[refuted:],
        refuted=uses(refuted),
    )


def facts(one: Tool | None = None, **known: object) -> Facts:
    """A sound tool that came today, unless something else is known of it."""
    given: dict[str, object] = {
        "tool": one or tool(),
        "checkup": Checkup(health="sound"),
        "drift": drift(()),
        "entered": TODAY,
        **known,
    }
    return Facts(**given)  # type: ignore[arg-type]

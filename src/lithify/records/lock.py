"""What a check of a library finds, and what two people changed at once."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

Severity: TypeAlias = Literal["problem", "note"]
Side: TypeAlias = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockFinding:
    """One thing that a check found. problem: something does not run, or will not; note: worth a person's look.

    where: a tool's name, or a file in the library's folder; text says what, and the way out.
    """

    where: str
    severity: Severity
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A tool that both sides of a merge changed. ours, theirs: what each has made of it, in a line; "" for removed."""

    name: str
    ours: str
    theirs: str

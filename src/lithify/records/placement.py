"""What keeping a candidate would do to a library."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

PlacementKind: TypeAlias = Literal["new", "version", "same", "refused"]
"""new: a tool of its own; version: the next version of a kept one; same: it is kept already; refused: it cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a candidate would go.

    tool, version, semver: what it would become; "" and 0 when it is refused
    source:   what the tool's code is now, "" for a new one
    reasons:  why, a line each: what breaks callers, which boundary is drawn, why it is refused
    """

    kind: PlacementKind
    tool: str = ""
    version: int = 0
    semver: str = ""
    source: str = ""
    reasons: tuple[str, ...] = ()

"""Why a solved exploration gives nothing to keep."""

from __future__ import annotations

from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCandidate:
    """Distilling proposes nothing; reason says why, for a person to read."""

    reason: str

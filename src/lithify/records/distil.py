"""Why a solved exploration gives nothing to keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoCandidate:
    """Distilling proposes nothing; reason says why, for a person to read."""

    reason: str

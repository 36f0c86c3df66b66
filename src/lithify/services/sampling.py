"""Which replays are checked against a fresh derivation, unless somebody says otherwise."""

from __future__ import annotations

from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """first: uses of each version that are checked, whatever the share of all others; limit: checks made at most."""

    share: float = 0.03
    first: int = 3
    limit: int = 10

"""Shares with their confidence interval, after E. B. Wilson, JASA 22 (1927): honest for few cases and for 0 of n."""

from __future__ import annotations

import math

from lithify.records.quick import dataclass

_Z = 1.959963984540054
"""The two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """count of total, with the 95 % interval of the share behind it. Without any case it may be anything: 0 to 1."""

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share as counted; 0 without a case."""
        return self.count / self.total if self.total else 0.0


def share(count: int, total: int) -> Share:
    """The share of count in total with Wilson's score interval."""
    if total == 0:
        return Share(count=0, total=0, low=0.0, high=1.0)
    observed = count / total
    spread = 1 + _Z**2 / total
    centre = (observed + _Z**2 / (2 * total)) / spread
    half = _Z / spread * math.sqrt(observed * (1 - observed) / total + _Z**2 / (4 * total**2))
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == total else min(1.0, centre + half)
    return Share(count=count, total=total, low=low, high=high)

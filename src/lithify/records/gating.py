"""What the gates may spend, and what they ask for."""

from __future__ import annotations

from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What judging a candidate may cost, and what is asked of its tests.

    strength:         the share of faults put into the code that its examples and tests must notice, for a pass
    strength_floor:   below this share it is a fail; between the two a person decides
    strength_seconds: for how long faults are tried
    mutants:          how many faults are tried at most
    seconds:          one call of the tool
    tests_seconds:    one run of its tests
    memory_mb:        private memory of one worker
    """

    strength: float = 0.6
    strength_floor: float = 0.3
    strength_seconds: float = 6.0
    mutants: int = 120
    seconds: float = 30.0
    tests_seconds: float = 120.0
    memory_mb: int = 1024

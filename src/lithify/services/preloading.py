"""Which modules are worth importing once, where sessions are forked from, and not in each session anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lithify.records.run import CellRun

_HEAVY = ("pandas", "polars", "pyarrow")
"""What takes a second to import (numpy comes with it)."""


def of_cells(cells: Iterable[CellRun]) -> tuple[str, ...]:
    """The heavy modules that cells import: distilling runs them some dozens of times, each in a new session."""
    code = "\n".join(cell.code for cell in cells)
    return tuple(name for name in _HEAVY if re.search(rf"(?m)^\s*(?:import|from)\s+{name}\b", code))


def of_requirements(requirements: Collection[str]) -> tuple[str, ...]:
    """The heavy ones among the modules that a kept tool imports: each of its uses is a new session."""
    return tuple(name for name in _HEAVY if name in requirements)

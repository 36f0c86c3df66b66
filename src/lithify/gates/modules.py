"""Whether a dotted path through harmless modules ends in a harmful one (`statistics.random`, `csv.sys`)."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from lithify.gates.knowledge import ALLOWED


def leads_astray(dotted: str) -> bool:
    """Whether a path from a module of ALLOWED reaches another module of the standard library that is not allowed."""
    parts = dotted.split(".")
    start = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in ALLOWED), 0)
    if not start or parts[0] not in sys.stdlib_module_names:
        return False
    found: object = import_module(".".join(parts[:start]))
    for part in parts[start:]:
        found = getattr(found, part, None)
        if isinstance(found, ModuleType) and found.__name__ not in ALLOWED:
            return True
    return False

"""Plain data: the only values that cross a boundary (the sandbox channel, the ledger, JSON on the screen)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Plain: TypeAlias = "bool | int | float | str | bytes | Sequence[Plain] | Mapping[Any, Plain] | None"
"""None, bool, int, float, str, bytes, and lists and dicts of these. Dict keys are None, bool, int, float or str."""

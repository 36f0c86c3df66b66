"""One thing that speaks against a source, with its line."""

from __future__ import annotations

from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """what is wrong, at a line of tool.py (1-based, 0: nowhere in particular), and what would change it."""

    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" if self.line else self.what

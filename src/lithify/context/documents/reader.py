"""What a reader of documents gives back, and the bounds it keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Cell: TypeAlias = str | int | float | bool | None
Record: TypeAlias = dict[str, str | int | list[list[Cell]]]
"""A page, section, chapter or sheet: its number and names, and its text or its rows. Plain data."""

MAX_RECORDS = 50_000
MAX_CELLS = 5_000_000


class BadDocument(Exception):
    """What is wrong with a document, with the next step."""


@dataclass(slots=True)
class Reading:
    """The records so far. left: characters that may still come."""

    left: int
    records: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """One more record. Raises BadDocument beyond the bounds."""
        self.take(len(str(record.get("text", ""))))
        self.records.append(record)
        if len(self.records) > MAX_RECORDS:
            raise BadDocument(f"has more than {MAX_RECORDS:,} pages or sections; give a part of it")

    def take(self, characters: int) -> None:
        """Count characters. Raises BadDocument when there are too many."""
        self.left -= characters
        if self.left < 0:
            raise BadDocument("holds more text than may be read; give a part of it")

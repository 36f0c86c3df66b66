"""The kinds of lines in a text: lines alike but for their numbers, names and values, counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from lithify.records.quick import dataclass

_DAYS = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
_VALUE = re.compile(rf"(?<!\S)(?:{_DAYS}|\S*[0-9]\S*)(?:\s+(?:{_DAYS}|\S*[0-9]\S*))*")
_WORDS = 14
_PREFIX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LineKind:
    """Lines that are the same where no digits are: how many of them, and the first one."""

    count: int
    example: str


def line_kinds(lines: Iterable[str]) -> list[LineKind]:
    """Every kind of line, most frequent first: fields with digits (and days) blanked, the first 14 compared."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            continue
        kind = " ".join(_VALUE.sub("*", line[:_PREFIX]).split(None, _WORDS)[:_WORDS])
        counts[kind] += 1
        examples.setdefault(kind, line)
    return [LineKind(count=count, example=examples[kind]) for kind, count in counts.most_common()]

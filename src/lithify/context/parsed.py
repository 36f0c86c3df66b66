"""A text looked at once: its sample of lines, its format, and what that format holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lithify.context.fields import line_shape
from lithify.context.sample import LineSample, sample_lines
from lithify.context.tables import Table, read_table
from lithify.context.trees import read_json, read_records
from lithify.records.context import Format
from lithify.records.quick import dataclass

_WORDS = frozenset({"text", "text-1", "text-few", "name", "word", "Word", ">", ",", "tab", "mark", "A", "[name"})
_STRUCTURED = 0.5
"""The share of lines that must begin with more than words for a text to be lines, not prose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What fingerprint and preview are made from. Of table, records, document and shapes, the one of the format is set.

    size counts characters. shapes counts the shapes of the sampled lines (lines, prose).
    """

    size: int
    sample: LineSample
    format: Format
    table: Table | None = None
    records: tuple[dict[str, Any], ...] = ()
    document: Any = None
    shapes: Counter[str] | None = None


def parse(text: str, *, parts: int = 1) -> Parsed:
    """Find out what a text is: empty, JSON lines, one JSON document, a table, lines with structure, or prose.

    parts says how many texts are looked at together: each is then sampled the more sparsely.
    """
    sample = sample_lines(text, parts=parts)
    if not text or text.isspace():
        return Parsed(size=len(text), sample=sample, format="empty")
    records = read_records(sample)
    if records is not None and sample.total > 1:
        return Parsed(size=len(text), sample=sample, format="jsonl", records=tuple(records))
    try:
        return Parsed(size=len(text), sample=sample, format="json", document=read_json(text, parts=parts))
    except ValueError:
        pass  # no JSON: the next format
    table = read_table(text, sample)
    if table is not None:
        return Parsed(size=len(text), sample=sample, format="delimited", table=table)
    shapes = Counter(shape for shape in map(line_shape, sample.lines) if shape)
    structured = sum(count for shape, count in shapes.items() if _is_structured(shape))
    kind: Format = "lines" if structured >= _STRUCTURED * shapes.total() else "prose"
    return Parsed(size=len(text), sample=sample, format=kind, shapes=shapes)


def _is_structured(shape: str) -> bool:
    """Whether a line of this shape begins with more than words."""
    return any(part not in _WORDS for part in shape.split())

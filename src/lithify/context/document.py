"""The records of a document as a Context: pages, sections and chapters with their text, sheets with their rows."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lithify.context.bounds import bounded, shown
from lithify.context.columns import MAX_COLUMNS, column_line, facts_of
from lithify.context.documents.reader import Record
from lithify.context.fingerprint import fingerprint, fingerprint_document
from lithify.context.parsing import Document
from lithify.context.plaindata import pack_into
from lithify.records.context import Context, Fingerprint

MAX_CHARS = 5_000
_MAX_LISTED = 40
_EDGE = 2
_TEXT_CHARS = 500
_HEAD_ROWS = 4


def context_of_document(document: Document, *, sources: tuple[str, ...] = (), name: str = "context") -> Context:
    """A Context over a document that was read: a list of dicts, one a page, section, chapter or sheet."""
    records: list[Any] = document.records
    digest = hashlib.sha256(b"document\n")
    size = pack_into(records, digest.update)
    part = next(iter(records[0])) if records else "page"
    return Context(
        name=name,
        kind="document",
        value=records,
        sources=sources,
        size=size,
        digest=digest.hexdigest(),
        preview=preview_document(document.records),
        fingerprint=fingerprint_of_document(records),
        notes=document.notes,
        type=f"list of {len(records):,} dicts, one a {part}, with the keys {', '.join(map(repr, records[0]))}",
    )


def fingerprint_of_document(records: Sequence[Record]) -> Fingerprint:
    """Of a workbook each sheet by its name: the columns of its header and what stands below them. Of any other document
    the keys of its records, and how the lines of its text begin, as of a text."""
    found = fingerprint_document(list(records), "document")
    if records and "rows" in records[0]:
        members = tuple((str(record["sheet"]), _of_sheet(record)) for record in records)
        return Fingerprint(format="document", header=found.header, members=members)
    lines = fingerprint("\n".join(str(record["text"]) for record in records))
    return Fingerprint(format="document", header=found.header, shapes=lines.shapes) if lines.shapes else found


def _of_sheet(record: Record) -> Fingerprint:
    rows: Any = record["rows"]
    place = header_row(rows)
    if place is None:
        return Fingerprint(format="document" if rows else "empty")  # rows alone say too little to be known again
    names = rows[place]
    body = [dict(zip(names, row, strict=False)) for row in rows[place + 1 :] if row]
    below = fingerprint_document(body, "table")
    shapes = tuple(replace(shape, pattern=shape.pattern.removeprefix("[].")) for shape in below.shapes)
    return Fingerprint(format="table", header=tuple(map(str, names)), shapes=shapes)


def preview_document(records: Sequence[Record]) -> str:
    """What it is made of, and the first and last of it; at most MAX_CHARS characters."""
    part = next(iter(records[0]))
    if part == "sheet":
        lines = [f"A workbook: list of {len(records):,} dicts, one a sheet: {{'sheet': name, 'rows': list of lists}}"]
        lines += [line for record in records for line in _sheet(record)]
        return bounded("\n".join(lines), MAX_CHARS)
    keys = ", ".join(f"{key!r}: {type(value).__name__}" for key, value in records[0].items())
    lengths = [len(str(record["text"])) for record in records]
    lines = [
        f"A document: list of {len(records):,} dicts, one a {part}, in order: {{{keys}}}",
        f"Characters of text: {sum(lengths):,} in all; a {part}: {min(lengths):,} to {max(lengths):,}, "
        f"median {statistics.median_low(lengths):,}",
        *_headings(records, part),
    ]
    for record in records[:_EDGE]:
        lines += _excerpt(record, part)
    if len(records) > _EDGE:
        lines += _excerpt(records[-1], part)
    return bounded("\n".join(lines), MAX_CHARS)


def _headings(records: Sequence[Record], part: str) -> list[str]:
    """The table of contents, where there are headings."""
    named = [(record[part], str(record.get("heading") or record.get("title") or "")) for record in records]
    if not any(heading for _, heading in named):
        return []
    listed = [f"  {number}: {shown(heading, 80)}" for number, heading in named[:_MAX_LISTED]]
    more = [f"  … and {len(named) - _MAX_LISTED:,} more"] if len(named) > _MAX_LISTED else []
    return ["Headings:", *listed, *more]


def _excerpt(record: Record, part: str) -> list[str]:
    text = str(record["text"])
    cut = "" if len(text) <= _TEXT_CHARS else f" (its first {_TEXT_CHARS} of {len(text):,} characters)"
    return [
        f"{part} {record[part]}{cut}:",
        *(f"  {shown(line)}" for line in text[:_TEXT_CHARS].splitlines() if line.strip()),
    ]


def _sheet(record: Record) -> list[str]:
    """A sheet's size and first rows; where a row of names is found, its columns."""
    rows: Any = record["rows"]
    width = max(map(len, rows), default=0)
    lines = [f"sheet {record['sheet']!r}: {len(rows):,} rows, {width:,} columns"]
    header = header_row(rows)
    if header is not None:
        names = rows[header]
        body = [row for row in rows[header + 1 :] if row]
        lines[0] += f"; rows[{header}] looks like the header, {len(body):,} rows below it"
        for number, column in list(enumerate(names))[:MAX_COLUMNS]:
            values = [row[number] if number < len(row) else None for row in body]
            kinds = {type(value).__name__ for value in values if value is not None}
            lines.append(column_line(column, " or ".join(sorted(kinds)) or "empty", facts_of(values)))
    lines += [f"  rows[{number}] = {shown(repr(row))}" for number, row in enumerate(rows[:_HEAD_ROWS])]
    return [*lines, f"  rows[{len(rows) - 1}] = {shown(repr(rows[-1]))}"] if len(rows) > _HEAD_ROWS else lines


def header_row(rows: Sequence[Sequence[object]]) -> int | None:
    """The first of the first rows that is as wide as most, all of it different texts; None when there is none."""
    width = statistics.mode([len(row) for row in rows[:200] if row]) if any(rows[:200]) else 0
    for number, row in enumerate(rows[:20]):
        texts = {cell for cell in row if isinstance(cell, str) and cell.strip()}
        if len(row) >= max(2, width) and len(texts) == len(row):
            return number if number + 1 < len(rows) else None
    return None

"""The Fingerprint of a text or of files: by which a kept tool recognises input of its own shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from lithify.context.parsed import Parsed, parse
from lithify.context.tables import Table
from lithify.context.trees import common_keys, field_classes, structure
from lithify.records.context import Fingerprint, Format, LineShape

MAX_SHAPES = 200
_MAX_MEMBERS = 500
_MAGIC = 4
_LOOKED_AT = 4096


def fingerprint(text: str) -> Fingerprint:
    """What a text looks like: its format, header, delimiter and line shapes. Same text, same fingerprint.

    A text of more than 10,000 lines is judged by a fixed sample: head, tail and evenly spread lines.
    """
    return fingerprint_of(parse(text))


def fingerprint_of(parsed: Parsed) -> Fingerprint:
    """As fingerprint, of a text that was looked at already."""
    if parsed.format == "jsonl":
        shapes = _of_fields(field_classes(parsed.records), len(parsed.records))
        return Fingerprint(format="jsonl", header=common_keys(parsed.records), shapes=shapes)
    if parsed.format == "json":
        return fingerprint_document(parsed.document)
    if parsed.table is not None:
        return _of_table(parsed.table)
    return Fingerprint(format=parsed.format, shapes=_shares(settle_days(parsed.shapes or Counter())))


def fingerprint_files(files: Mapping[str, str]) -> Fingerprint:
    """The fingerprint of several files: one member for each kind (suffix, format, header, delimiter) of them.

    Of more than 500 files, evenly spread ones are looked at; the more there are, the fewer lines of each.
    """
    if not files:
        return Fingerprint(format="empty")
    names = sorted(files)
    step = max(1, len(names) // _MAX_MEMBERS)
    kinds: dict[tuple[str, str, tuple[str, ...], str], list[Fingerprint]] = {}
    chosen = names[::step]
    for name in chosen:
        found = fingerprint_of(parse(files[name], parts=len(chosen)))
        suffix = PurePosixPath(name).suffix.lower()
        kinds.setdefault((suffix, found.format, found.header, found.delimiter), []).append(found)
    members = tuple((kind[0], _merged(group)) for kind, group in sorted(kinds.items()))
    return Fingerprint(format="files", members=members[:MAX_SHAPES])


def fingerprint_bytes(data: bytes) -> Fingerprint:
    """The fingerprint of bytes: of a text that they are, how that looks; of others, how they begin.

    Without shapes where they begin as many others do: with zeros.
    """
    start = data[:_MAGIC]
    try:
        text = "" if b"\0" in data[:_LOOKED_AT] else data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text:
        found = fingerprint(text)
        return replace(found, format="bytes", members=())
    if len(start) < _MAGIC or sum(byte != 0 for byte in start) < 2:
        return Fingerprint(format="bytes")
    return Fingerprint(format="bytes", shapes=(LineShape(pattern=f"begins {start.hex()}", share=1.0),))


def fingerprint_document(document: object, form: Format = "json") -> Fingerprint:
    """The fingerprint of nested data: a list of records is judged by their keys, any other document by its paths."""
    if isinstance(document, list | dict) and not document and form != "json":
        return Fingerprint(format="empty")
    if isinstance(document, list) and document and all(isinstance(item, dict) for item in document):
        counts = Counter({(f"[].{key}", kind): count for (key, kind), count in field_classes(document).items()})
        return Fingerprint(format=form, header=common_keys(document), shapes=_of_fields(counts, len(document)))
    header = tuple(map(str, document))[:MAX_SHAPES] if isinstance(document, dict) else ()
    return Fingerprint(format=form, header=header, shapes=_of_fields(structure(document)))


def _of_table(table: Table) -> Fingerprint:
    """Shapes of a table are "column = class", with the share of the rows whose cell is of the class."""
    columns = zip(table.header, table.classes, strict=True)
    counts = Counter({(name, kind): count for name, column in columns for kind, count in column.items()})
    shapes = _of_fields(counts, len(table.rows))
    if table.irregular:
        shapes = (*shapes, LineShape(pattern=field_pattern("row", "irregular"), share=round(table.irregular, 6)))
    return Fingerprint(format="delimited", header=table.header, delimiter=table.delimiter, shapes=shapes)


def _of_fields(counts: Counter[tuple[str, str]], total: int = 0) -> tuple[LineShape, ...]:
    """Shapes "field = class" with shares of total, or of the field's own count where total is 0."""
    fields: dict[str, Counter[str]] = {}
    for (field, kind), count in counts.items():
        fields.setdefault(field, Counter())[kind] += count
    shapes = [
        LineShape(pattern=field_pattern(field, kind), share=round(count / (total or kinds.total()), 6))
        for field, kinds in list(fields.items())[:MAX_SHAPES]
        for kind, count in sorted(settle_days(kinds).items())
    ]
    return tuple(sorted(shapes, key=lambda shape: -shape.share)[:MAX_SHAPES])


def field_pattern(field: str, kind: str) -> str:
    """The shape of a field of a table or record: what stands before " = " is the field."""
    return f"{field} = {kind}"


def settle_days(counts: Counter[str]) -> Counter[str]:
    """Days that could be read either way (03/04/2020) take the order that the other days of the text prove."""
    settled: Counter[str] = Counter()
    for mark in ("/", "-", "."):
        day_first = any(f"D{mark}M{mark}Y" in shape for shape in counts)
        month_first = any(f"M{mark}D{mark}Y" in shape for shape in counts)
        if day_first != month_first:
            proven = f"D{mark}M{mark}Y" if day_first else f"M{mark}D{mark}Y"
            settled = Counter()
            for shape, count in counts.items():
                settled[shape.replace(f"9{mark}9{mark}Y", proven)] += count
            counts = settled
    return counts


def _shares(counts: Counter[str]) -> tuple[LineShape, ...]:
    total = max(1, counts.total())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MAX_SHAPES]
    return tuple(LineShape(pattern=pattern, share=round(count / total, 6)) for pattern, count in ordered)


def _merged(group: list[Fingerprint]) -> Fingerprint:
    """Fingerprints of one kind as one: each file counts the same."""
    shares: Counter[str] = Counter()
    for found in group:
        for shape in found.shapes:
            shares[shape.pattern] += shape.share  # type: ignore[assignment] # a Counter of shares
    first = group[0]
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:MAX_SHAPES]
    shapes = tuple(LineShape(pattern=pattern, share=round(share / len(group), 6)) for pattern, share in ordered)
    return Fingerprint(format=first.format, header=first.header, delimiter=first.delimiter, shapes=shapes)

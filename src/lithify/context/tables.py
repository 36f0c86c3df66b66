"""Delimited text: its delimiter and header, and what stands in each column."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

from lithify.context.fields import number_class
from lithify.context.sample import LINE_LIMIT, LineSample
from lithify.records.quick import dataclass

DELIMITERS = (",", "\t", ";", "|")
_HEAD_CHARS = 1 << 18
_HEAD_ROWS = 400
_HEADER_CHARS = 1 << 14
_NAME_LENGTH = 80
_MAX_CELLS = 60_000
"""Cells that are classified: of a big table, evenly spread rows."""
_REGULAR = 0.98
"""The share of rows that must have as many fields as the header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Delimited text with a header: rows are a sample in the order of the text, each as wide as the header.

    classes counts, for each column, the classes of its cells. irregular is the share of sampled rows that have another
    number of fields. whole says whether rows are all there are.
    """

    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    classes: tuple[Counter[str], ...]
    irregular: float
    whole: bool


def read_table(text: str, sample: LineSample) -> Table | None:
    """The text as a table, or None when it has no regular rows or its first row does not look like column names.

    Text without a header is no table here: its rows are lines with shapes.
    """
    head = text[:_HEAD_CHARS]
    if len(text) > _HEAD_CHARS:
        head = head[: head.rfind(sample.newline) + 1]
    for delimiter in DELIMITERS:
        if delimiter in head[: 1 << 16]:
            if not _looks_like_names(next(iter(_parse(head[:_HEADER_CHARS], delimiter, sample.newline)), [])):
                continue
            rows = _parse(head, delimiter, sample.newline)[:_HEAD_ROWS]
            if _is_table(rows):
                return _sampled(text, sample, delimiter, rows)
    return None


def cell_class(cell: str) -> str:
    """The class of a cell: empty, int, float, a date or number style as in fields.number_class, or text."""
    cell = cell.strip()
    if not cell:
        return "empty"
    if cell.lstrip("+-").isdigit():
        return "int"
    if as_number(cell) is not None:
        return "float"
    numeric = number_class(cell)
    if not numeric and " " in cell:
        parts = [number_class(part) for part in cell.split(" ", 2)]
        return " ".join(parts) if all(parts) else "text"
    if not numeric and cell[-1] == "%" and as_number(cell[:-1]) is not None:
        return "%"
    return numeric or "text"


def as_number(cell: str) -> float | None:
    """The number that a cell holds, or None."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def _parse(text: str, delimiter: str, newline: str) -> list[list[str]]:
    lines: Iterable[str] = text.split(newline) if newline == "\r" else io.StringIO(text, newline="")
    return _read_rows(lines, delimiter)


def _read_rows(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    """Rows that are not blank. A row that the csv module refuses ends the reading: what is irregular is no table."""
    rows: list[list[str]] = []
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return rows
        except csv.Error:
            return [*rows, []]
        if row and any(cell.strip() for cell in row):
            rows.append(row)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    if len(rows) < 2:
        return False
    header, body = rows[0], rows[1:]
    if sum(len(row) == len(header) for row in body) < _REGULAR * len(body):
        return False
    return _differs(header, body)


def _looks_like_names(header: Sequence[str]) -> bool:
    """Two or more, distinct, short, at most one empty, none a value; years as columns of a wide table are allowed."""
    names = [name.strip() for name in header]
    if len(names) < 2 or len(set(names)) < len(names) or any(len(name) > _NAME_LENGTH for name in names):
        return False
    kinds = [_name_kind(name) for name in names]
    return kinds.count("") <= 1 and "value" not in kinds and kinds.count("name") >= max(1, kinds.count("year") > 0)


def _name_kind(name: str) -> str:
    if not name:
        return ""
    if name.isdigit() and 1900 <= int(name) <= 2100:
        return "year"
    return "name" if cell_class(name) == "text" and not name.endswith((".", "!", "?")) else "value"


def _differs(header: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is no row like the others: some column holds no text, or no name occurs below.

    Where all is text, a comma with a space behind it is punctuation.
    """
    columns = list(zip(*(row for row in body if len(row) == len(header)), strict=True))
    if any(all(cell_class(cell) not in ("text", "empty") for cell in column) for column in columns):
        return True
    if any(name.strip() in column for name, column in zip(header, columns, strict=True)):
        return False
    mostly_other = any(sum(cell_class(cell) != "text" for cell in column) > len(column) / 2 for column in columns)
    if mostly_other:
        return True
    spaced = sum(cell.startswith(" ") for column in columns[1:] for cell in column)
    return all(map(_is_plain_name, header)) and spaced <= len(body) * (len(header) - 1) / 2


def _is_plain_name(name: str) -> bool:
    return len(name.split()) <= 4 and not name.strip().startswith(("-", "*", "#!"))


def _sampled(text: str, sample: LineSample, delimiter: str, head: list[list[str]]) -> Table:
    """All rows of a small text; of a big one its sampled lines, each a row by itself, or else the first rows."""
    header = tuple(head[0])
    if sample.whole:
        rows = _parse(text, delimiter, sample.newline)[1:]
    else:
        whole_lines = (line for line, length in zip(sample.lines, sample.lengths, strict=True) if length <= LINE_LIMIT)
        rows = _read_rows(whole_lines, delimiter)[1:]
    step = 1 + len(rows) * len(header) // _MAX_CELLS
    regular = tuple(tuple(row) for row in rows[::step] if len(row) == len(header))
    irregular = 1 - len(regular) / len(rows[::step]) if rows else 0.0
    if '"' in text[:_HEAD_CHARS] and not sample.whole:
        irregular = 0.0  # a sampled line may be part of a quoted cell with line ends in it
    regular = regular or tuple(tuple(row) for row in head[1:] if len(row) == len(header))
    return Table(
        delimiter=delimiter,
        header=header,
        rows=regular,
        classes=tuple(Counter(map(cell_class, column)) for column in zip(*regular, strict=True)),
        irregular=irregular,
        whole=sample.whole and step == 1 and [] not in rows[-1:],
    )

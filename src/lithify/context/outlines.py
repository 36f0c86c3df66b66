"""The columns of a table and the keys of JSON, with kinds and examples, as lines of a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lithify.context.bounds import shown
from lithify.context.paths import keys_of, kinds_said, paths_of
from lithify.context.tables import Table, as_number
from lithify.context.trees import HEAD

_MAX_COLUMNS = 40
_FEW_VALUES = 8
_VALUE_CHARS = 40
_FIRST = 3


def columns_outline(table: Table, lines: int) -> str:
    """One line a column: its kinds, its range or its values, examples. lines counts the text's lines."""
    basis = (
        f"{len(table.rows):,} rows"
        if table.whole
        else f"about {lines - 1:,} rows; kinds from {len(table.rows):,} of them"
    )
    rows = [f"Delimited by {table.delimiter!r}: {len(table.header)} columns, {basis}:"]
    columns = zip(table.header, zip(*table.rows, strict=True), table.classes, strict=True)
    for name, cells, kinds in list(columns)[:_MAX_COLUMNS]:
        rows.append(f"  {name!r}: {kinds_said(kinds)}; {_values(cells, kinds)}")
    if len(table.header) > _MAX_COLUMNS:
        rows.append(f"  … and {len(table.header) - _MAX_COLUMNS} more, the last {table.header[-1]!r}")
    if table.irregular:
        rows.append(f"  {table.irregular:.1%} of rows have another number of fields")
    return "\n".join(rows)


def records_outline(records: Sequence[dict[str, Any]], lines: int, *, whole: bool) -> str:
    """One line a key of JSON lines: its types, values or range."""
    basis = f"{len(records):,} records" if whole else f"about {lines:,} records; kinds from {len(records):,} of them"
    return "\n".join((f"JSON lines, {basis}:", *keys_of(records)))


def json_outline(document: Any, *, whole: bool = True) -> str:
    """The structure of a JSON document: paths, types, lengths, values or ranges. whole: not only its beginning."""
    basis = "JSON" if whole else f"JSON, by its first {HEAD:,} characters only"
    if is_records(document):
        return "\n".join((f"{basis}: a list of {len(document):,} objects:", *keys_of(document)))
    return "\n".join((f"{basis}:", *paths_of(document)))


def data_outline(value: Any) -> str:
    """Plain data of Python: what it is, its structure, and the first and last of a list."""
    if not isinstance(value, Mapping) and not _is_list(value):
        return f"{type(value).__name__}: {shown(repr(value))}"
    if is_records(value):
        parts = [f"list of {len(value):,} dicts:", *keys_of(value)]
    else:
        parts = [f"{'dict' if isinstance(value, Mapping) else 'list'} of {len(value):,}:", *paths_of(value)]
    if _is_list(value) and value:
        tail = value[-1:] if len(value) > _FIRST else []
        parts += ["First:", *(f"  {shown(repr(item))}" for item in value[:_FIRST])]
        parts += ["Last:", *(f"  {shown(repr(item))}" for item in tail)] if tail else []
    return "\n".join(parts)


def is_records(value: Any) -> bool:
    """Whether it is a list of objects, and nothing else in it."""
    return _is_list(value) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _values(cells: Sequence[str], kinds: Counter[str]) -> str:
    """All values where they are few; else how many are different, the range of numbers or days, and some examples."""
    there = [cell for cell in cells if cell.strip()]
    distinct = Counter(there)
    if len(distinct) <= _FEW_VALUES:
        return f"values {_counted(distinct)}"
    numbers = [number for number in map(as_number, there) if number is not None and number == number]
    if len(numbers) > len(there) / 2:
        ranged = f"from {min(numbers):g} to {max(numbers):g}, "
        others = Counter(cell for cell in there if as_number(cell) is None)
        odd = f", no numbers: {_counted(others)}" if others else ""
        example = next(cell for cell in there if as_number(cell) is not None)
        return f"{len(distinct):,} different, {ranged}e.g. {_short(example)}{odd}"
    # Days written year first are in the order of their text.
    styles = [kind for kind in kinds if kind != "empty"]
    days = len(styles) == 1 and styles[0].startswith("Y")
    ranged = f"from {_short(min(there))} to {_short(max(there))}, " if days else ""
    examples = ", ".join(_short(value) for value in list(distinct)[:3])
    return f"{len(distinct):,} different, {ranged}e.g. {examples}"


def _counted(values: Counter[str]) -> str:
    """The most frequent values with how often they occur."""
    listed = ", ".join(f"{_short(value)} ×{count:,}" for value, count in values.most_common(_FEW_VALUES))
    return listed if len(values) <= _FEW_VALUES else f"{listed}, …"


def _short(text: str) -> str:
    return repr(text if len(text) <= _VALUE_CHARS else text[: _VALUE_CHARS - 1] + "…")

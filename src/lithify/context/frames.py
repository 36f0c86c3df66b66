"""Tables of pandas, polars, Arrow and Parquet as Contexts: handed over as Arrow, previewed by column."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from lithify.context.bounds import bounded, shown
from lithify.context.columns import FEW, MAX_COLUMNS, Facts, column_line, examples_of, facts_of, short
from lithify.context.fingerprint import MAX_SHAPES, field_pattern, settle_days
from lithify.context.framedigest import digest_of_table
from lithify.context.refusal import Unreadable
from lithify.context.tables import cell_class
from lithify.errors import BadInput
from lithify.records.context import Context, Fingerprint, Frame, LineShape
from lithify.records.table import ArrowTable

MAX_CHARS = 5_000
_EXACT_CELLS = 4_000_000
_SAMPLE_ROWS = 5_000
_CLASSED_ROWS = 1_000
_HEAD, _TAIL = 3, 2
_MODULES: dict[Frame, tuple[str, ...]] = {
    "pandas": ("pyarrow", "pandas"),
    "polars": ("pyarrow", "polars"),
    "pyarrow": ("pyarrow", "pyarrow.compute"),
}
_NAMES: dict[Frame, str] = {"pandas": "pandas.DataFrame", "polars": "polars.DataFrame", "pyarrow": "pyarrow.Table"}


def arrow() -> Any:
    """pyarrow. Raises Unreadable, naming the extra, where it is missing."""
    try:
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise Unreadable("is a table, which needs an extra: pip install 'lithify[data]'") from error


def context_of_frame(value: ArrowTable, *, sources: tuple[str, ...] = (), name: str = "context") -> Context:
    """A Context over a table: a cell sees one of the library that it came from.

    Raises BadInput for columns that Arrow cannot hold, and without the extra.
    """
    try:
        table = _as_arrow(value, arrow())
    except Unreadable as error:
        raise BadInput(f"a {type(value).__name__} {error.reason}") from error
    except (TypeError, ValueError, NotImplementedError) as error:  # what Arrow's own errors derive from
        raise BadInput(
            f"a {type(value).__name__} cannot be handed over as an Arrow table ({error}); give every column one type, "
            "for example df[name] = df[name].astype(str), and a single column as a table (.to_frame())"
        ) from error
    library = _library(value)
    return context_of_table(table, library if library in _NAMES else "pyarrow", sources=sources, name=name)


def _as_arrow(value: ArrowTable, pyarrow: Any) -> Any:
    if _library(value) == "polars" and hasattr(value, "to_arrow"):
        # Its newest layouts (string views) are not everywhere understood.
        return value.to_arrow(compat_level=importlib.import_module("polars").CompatLevel.oldest())
    return pyarrow.table(value)


def _library(value: object) -> str:
    return type(value).__module__.partition(".")[0]


def context_of_table(
    table: Any, frame: str, *, sources: tuple[str, ...] = (), name: str = "context", notes: tuple[str, ...] = ()
) -> Context:
    """A Context over a pyarrow.Table that a cell sees as a table of this library."""
    seen = cast("Frame", frame)
    size = int(table.nbytes)
    shape = f"{table.num_rows:,} rows × {len(_columns(table)):,} columns"
    return Context(
        name=name,
        kind="table",
        value=table,
        sources=sources,
        size=size,
        digest=digest_of_table(table),
        preview=preview_table(table, seen),
        fingerprint=fingerprint_table(table),
        notes=notes if table.num_rows else (*notes, "the table has no rows"),
        type=f"{_NAMES[seen]} of {shape}",
        frame=seen,
        modules=_MODULES[seen],
    )


def preview_table(table: Any, frame: Frame) -> str:
    """Shape, columns with types, nulls, values or ranges, and the first and last rows; at most MAX_CHARS characters."""
    names = _columns(table)
    parts = [f"{_NAMES[frame]}: {table.num_rows:,} rows × {len(names):,} columns, {table.nbytes:,} bytes"]
    index = _index_of(table)
    if index:
        parts.append(f"  index: {', '.join(map(repr, index))}")
    exact = table.num_rows * max(1, len(names)) <= _EXACT_CELLS
    basis = "" if exact else f" (medians and examples from {_SAMPLE_ROWS:,} rows, evenly spread)"
    parts.append(f"Columns{basis}:")
    sample = table if exact else _spread(table, _SAMPLE_ROWS)
    for column in names[:MAX_COLUMNS]:
        array, part = table.column(column), sample.column(column)
        facts = exact_facts(array) if exact else _sampled_facts(array, part)
        parts.append(column_line(column, dtype(array, frame), facts))
    if len(names) > MAX_COLUMNS:
        parts.append(f"  … and {len(names) - MAX_COLUMNS:,} more columns, the last {names[-1]!r}")
    return bounded("\n".join((*parts, *_edge_rows(table, names))), MAX_CHARS)


def fingerprint_table(table: Any) -> Fingerprint:
    """Column names, and as shapes "column = class" with the share of rows: by type, of text by what it looks like."""
    header = tuple(_columns(table))
    if not table.num_rows:
        return Fingerprint(format="empty")
    sample = _spread(table, _CLASSED_ROWS)
    shapes: list[LineShape] = []
    for name in header[:MAX_SHAPES]:
        counts = settle_days(_classes(sample.column(name)))
        total = max(1, counts.total())
        shapes += [
            LineShape(pattern=field_pattern(name, kind), share=round(count / total, 6))
            for kind, count in sorted(counts.items())
        ]
    ordered = sorted(shapes, key=lambda shape: -shape.share)[:MAX_SHAPES]
    return Fingerprint(format="table", header=header, shapes=tuple(ordered))


def exact_facts(array: Any) -> Facts:
    """The facts of a whole Arrow column."""
    compute: Any = importlib.import_module("pyarrow.compute")
    types: Any = importlib.import_module("pyarrow").types
    kind = array.type
    if types.is_dictionary(kind):
        array = array.cast(kind.value_type)
        kind = array.type
    if types.is_nested(kind) or types.is_null(kind):
        return facts_of(array.slice(0, _CLASSED_ROWS).to_pylist(), rows=len(array), nulls=array.null_count)
    rows, nulls = len(array), int(array.null_count)
    there = array.drop_null()
    if types.is_floating(kind):
        there = there.filter(compute.invert(compute.is_nan(there)))
        nulls = rows - len(there)
    counted = compute.value_counts(there)
    if len(counted) <= FEW:
        pairs = sorted(
            ((short(one["values"]), one["counts"]) for one in counted.to_pylist()), key=lambda pair: -pair[1]
        )
        return Facts(rows=rows, nulls=nulls, distinct=len(counted), counts=tuple(pairs))
    low, high = _range(there)
    median = ""
    if types.is_integer(kind) or types.is_floating(kind):
        median = short(compute.quantile(there, 0.5, interpolation="lower")[0].as_py())
    examples = examples_of(there.slice(0, 100).to_pylist())
    return Facts(rows=rows, nulls=nulls, distinct=len(counted), low=low, high=high, median=median, examples=examples)


def _sampled_facts(array: Any, sample: Any) -> Facts:
    facts = facts_of(sample.to_pylist(), rows=len(array), nulls=int(array.null_count))
    low, high = _range(array)
    return replace(facts, low=low, high=high) if low else facts


def _range(array: Any) -> tuple[str, str]:
    """Least and greatest of numbers, days and times; ("", "") of anything else."""
    types: Any = importlib.import_module("pyarrow").types
    kind = array.type
    if not (types.is_integer(kind) or types.is_floating(kind) or types.is_temporal(kind)):
        return "", ""
    found = importlib.import_module("pyarrow.compute").min_max(array).as_py()
    return short(found["min"]), short(found["max"])


def dtype(array: Any, frame: Frame) -> str:
    """The type of a column as a cell sees it."""
    kind, types = array.type, importlib.import_module("pyarrow").types
    if frame == "polars":
        return str(importlib.import_module("polars").from_arrow(array.slice(0, 0)).dtype)
    if frame == "pyarrow":
        return str(kind)
    if types.is_dictionary(kind):
        return "category"
    if types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view":
        from importlib.metadata import version

        return "str" if int(version("pandas").partition(".")[0]) >= 3 else "object of str"
    if types.is_timestamp(kind):
        return f"datetime64[{kind.unit}{f', {kind.tz}' if kind.tz else ''}]"
    if types.is_duration(kind):
        return f"timedelta64[{kind.unit}]"
    if types.is_floating(kind):
        return f"float{kind.bit_width}"
    if types.is_integer(kind):
        return "float64" if array.null_count else str(kind)
    if types.is_boolean(kind):
        return "object of bool" if array.null_count else "bool"
    return f"object of {kind}"


def _columns(table: Any) -> list[str]:
    """The columns that a cell sees as columns: without those that become a pandas index."""
    hidden = set(_index_of(table)) if _index_is_stored(table) else set()
    return [name for name in table.column_names if name not in hidden]


def _index_of(table: Any) -> list[str]:
    """The names of the columns that hold a pandas index, if it is more than numbers from 0."""
    stored = (table.schema.metadata or {}).get(b"pandas")
    try:
        columns = json.loads(stored)["index_columns"] if stored else []
    except (ValueError, KeyError, TypeError):
        return []
    return [name for name in columns if isinstance(name, str)]


def _index_is_stored(table: Any) -> bool:
    return all(name in table.column_names for name in _index_of(table))


def _spread(table: Any, rows: int) -> Any:
    """At most so many rows, evenly spread."""
    if table.num_rows <= rows:
        return table
    return table.take([number * table.num_rows // rows for number in range(rows)])


def _edge_rows(table: Any, names: Sequence[str]) -> list[str]:
    if not table.num_rows:
        return []
    seen = table.select(list(names))
    tail = max(0, min(_TAIL, table.num_rows - _HEAD))
    lines = ["First rows:", *_rows(seen.slice(0, _HEAD))]
    return [*lines, "Last rows:", *_rows(seen.slice(table.num_rows - tail))] if tail else lines


def _rows(table: Any) -> list[str]:
    columns = [column.to_pylist() for column in table.columns]
    return [f"  {shown('(' + ', '.join(map(short, row)) + ')')}" for row in zip(*columns, strict=True)]


def _classes(array: Any) -> Counter[str]:
    """The classes of a column's values: the type's, and of text those of tables.cell_class."""
    types: Any = importlib.import_module("pyarrow").types
    kind = array.type.value_type if types.is_dictionary(array.type) else array.type
    if types.is_string(kind) or types.is_large_string(kind) or str(kind) == "string_view":
        return Counter("empty" if value is None else _text_class(value) for value in array.to_pylist())
    name = str(kind)
    for family in ("integer", "floating", "timestamp", "date", "time", "decimal"):
        if getattr(types, f"is_{family}")(kind):
            name = {"integer": "int", "floating": "float"}.get(family, family)
            break
    counts = Counter({name: len(array) - array.null_count, "empty": array.null_count})
    return +counts


def _text_class(cell: str) -> str:
    """The class of a text: a number in quotes is none, and is added up and sorted otherwise."""
    kind = cell_class(cell)
    return f'"{kind}"' if kind in ("int", "float") else kind

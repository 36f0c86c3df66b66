"""One file as a Context of its kind: text, document, table, database. Reads the disk."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from lithify.context.build import context_from_value
from lithify.context.reading import Opened
from lithify.context.refusal import Unreadable
from lithify.context.sniffing import DOCUMENTS, file_kind, refusal
from lithify.context.texts import packed_text, plain_text
from lithify.records.context import Context

_BATCH_ROWS = 16_384


def context_of_opened(opened: Opened, path: Path, left: int, *, name: str = "context") -> Context:
    """What an open file holds, at most `left` bytes of it unpacked.

    Raises Unreadable with the reason and the next step for what cannot be read.
    """
    kind = file_kind(opened.head, path.name)
    sources = (str(path),)
    if kind in DOCUMENTS:
        from lithify.context.document import context_of_document
        from lithify.context.parsing import read_document

        document = read_document(opened.fileno(), kind, opened.size)
        document = replace(document, notes=_noted(path, *document.notes))
        return context_of_document(document, sources=sources, name=name)
    if kind in ("parquet", "arrow"):
        from lithify.context.frames import context_of_table

        table = _parquet(opened, left) if kind == "parquet" else _arrow_file(opened, left)
        return context_of_table(table, "pandas", sources=sources, name=name, notes=_noted(path, opened.note()))
    if kind == "sqlite":
        return replace(_database(opened, path, left, name), sources=sources)
    if kind == "refused":
        raise Unreadable(f"is {refusal(opened.head)}")
    found = packed_text(opened, left) if kind == "packed" else plain_text(opened, opened.blocks, opened.size)
    return replace(context_from_value(found.text, sources=sources, notes=_noted(path, *found.notes)), name=name)


def _noted(path: Path, *notes: str) -> tuple[str, ...]:
    return tuple(f"{path}: {note}" for note in notes if note)


def _parquet(opened: Opened, left: int) -> Any:
    from lithify.context.frames import arrow

    pyarrow = arrow()
    parquet: Any = importlib.import_module("pyarrow.parquet")
    with os.fdopen(os.dup(opened.fileno()), "rb") as file:
        try:
            found = parquet.ParquetFile(file)
            groups = (found.metadata.row_group(number) for number in range(found.metadata.num_row_groups))
            _check(sum(group.total_byte_size for group in groups), left)
            # Repeated values are stored once: only what comes out tells the size.
            return _gathered(found.iter_batches(_BATCH_ROWS), found.schema_arrow, left)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise Unreadable(f"is no sound Parquet file ({error}); get it anew") from error


def _arrow_file(opened: Opened, left: int) -> Any:
    from lithify.context.frames import arrow

    pyarrow = arrow()
    with os.fdopen(os.dup(opened.fileno()), "rb") as file:
        try:
            reader = pyarrow.ipc.open_file(file)
            batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
            return _gathered(batches, reader.schema, left)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise Unreadable(f"is no sound Arrow file ({error}); get it anew") from error


def _gathered(batches: Iterable[Any], schema: Any, left: int) -> Any:
    """The batches as one table. Raises Unreadable as soon as they hold too much."""
    found = []
    size = 0
    for batch in batches:
        size += batch.nbytes
        _check(size, left)
        found.append(batch)
    return importlib.import_module("pyarrow").Table.from_batches(found, schema)


def _check(size: int, left: int) -> None:
    if size > left:
        raise Unreadable(
            f"holds a table of {size:,} bytes, {left:,} may be read; give the columns and rows that matter as a file "
            "of their own",
            too_large=True,
        )


def _database(opened: Opened, path: Path, left: int, name: str) -> Context:
    import sqlite3

    from lithify.context.database import context_of_connection, context_of_file

    if path.exists():
        return context_of_file(path, left, name=name)
    with closing(sqlite3.connect(":memory:")) as database:  # it was piped in
        database.deserialize(b"".join(opened.blocks()))
        return context_of_connection(database, name=name)

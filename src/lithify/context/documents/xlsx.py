"""XLSX: one record a sheet, with its rows as they stand."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from lithify.context.documents.archive import open_archive
from lithify.context.documents.reader import MAX_CELLS, BadDocument, Cell, Reading

_MAX_EMPTY = 100_000
"""Empty rows in a row: behind so many there is nothing more."""


def read_xlsx(data: bytes, reading: Reading) -> None:
    """{"sheet": name, "rows": [[cell, ...], ...]}: row number n of the sheet is rows[n - 1].

    Cells are what was last computed: text, numbers, bool, None; days and times in ISO form. Empty cells at the end of a
    row and empty rows at the end of a sheet are left out.
    """
    with open_archive(data):
        pass  # looked over: the library opens it for itself
    library: Any = importlib.import_module("openpyxl")
    try:
        book = library.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()  # what a file says of its own size is not believed
            reading.add({"sheet": str(sheet.title), "rows": _rows(sheet.iter_rows(values_only=True), reading)})
    except (KeyError, ValueError, TypeError, SyntaxError, AttributeError, IndexError) as error:
        raise BadDocument(f"is no sound workbook ({type(error).__name__}: {error}); save it anew") from error


def _rows(found: Iterable[Iterable[object]], reading: Reading) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    empty = cells = 0
    for values in found:
        row = [_cell(value) for value in values]
        while row and row[-1] is None:
            row.pop()
        empty = 0 if row else empty + 1
        if empty > _MAX_EMPTY:
            break
        cells += len(row)
        if cells > MAX_CELLS:
            raise BadDocument(f"has more than {MAX_CELLS:,} cells in one sheet; export the sheet as CSV")
        reading.take(sum(len(cell) if isinstance(cell, str) else 8 for cell in row))
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return value.total_seconds() / 86_400 if isinstance(value, timedelta) else str(value)

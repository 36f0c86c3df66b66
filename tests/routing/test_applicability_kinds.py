"""Tables, plain data, documents, databases, several inputs and bytes are recognised by their shape."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pyarrow as pa
import pytest

from lithify.context import context_of
from lithify.context.document import fingerprint_of_document
from lithify.records.context import Fingerprint
from lithify.routing.applicability import Coverage, covers

ORDERS = {"id": [1, 2, 3], "day": ["2026-01-01", "2026-01-02", "2026-01-03"], "price": [1.5, None, 3.0]}


def table(**changes: object) -> Fingerprint:
    return context_of(pa.table({**ORDERS, **changes})).fingerprint


def database(schema: str) -> Fingerprint:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.executescript(schema)
        return context_of(opened).fingerprint


def compare(known: Fingerprint, new: Fingerprint) -> Coverage:
    return covers([known], new)


def test_a_table_of_the_same_columns_is_covered() -> None:
    assert compare(table(), table(id=[7, 8, 9])).covered
    assert compare(table(), table(price=[1, 2, 3])).covered  # whole numbers where floats are known


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (table(extra=[1, 2, 3]), "unknown 'extra'"),
        (context_of(pa.table({"id": [1], "price": [1.5]})).fingerprint, "missing 'day'"),
        (table(day=["01/02/2026"] * 3), "'day' has values of a new kind"),
        (table(price=["x", "y", "z"]), "'price' has values of a new kind in 100%: text"),
        (context_of(pa.table(ORDERS).slice(0, 0)).fingerprint, "is empty"),
        (context_of("id,day,price\n1,2026-01-01,1.5\n").fingerprint, "is delimited, the tool knows 'table'"),
    ],
)
def test_another_table_is_not(new: Fingerprint, why: str) -> None:
    coverage = compare(table(), new)
    assert not coverage.covered
    assert why in coverage.why


def test_plain_data_is_judged_like_json() -> None:
    known = context_of([{"id": 1, "at": "2026-01-01"}, {"id": 2, "at": "2026-01-02"}]).fingerprint
    assert compare(known, context_of([{"id": 9, "at": "2026-05-01"}]).fingerprint).covered
    assert "keys are missing: 'at'" in compare(known, context_of([{"id": 9}]).fingerprint).why
    assert not compare(known, context_of([{"id": "x", "at": "2026-05-01"}]).fingerprint).covered
    assert not compare(known, context_of([]).fingerprint).covered


def test_a_database_of_the_same_tables_is_covered() -> None:
    known = database("CREATE TABLE t (a INTEGER, b TEXT); CREATE TABLE u (c)")
    assert compare(known, database("CREATE TABLE u (c); CREATE TABLE t (a INTEGER, b TEXT)")).covered
    assert "unknown 'v'" in compare(known, database("CREATE TABLE t (a INTEGER, b TEXT); CREATE TABLE v (c)")).why
    assert "'t': " in compare(known, database("CREATE TABLE t (a INTEGER, z TEXT); CREATE TABLE u (c)")).why
    assert "'t': " in compare(known, database("CREATE TABLE t (a TEXT, b TEXT); CREATE TABLE u (c)")).why


def test_inputs_are_covered_one_by_one() -> None:
    known = context_of({"orders": pa.table(ORDERS), "note": "2026-01-01 INFO a\n" * 9}).fingerprint
    assert compare(known, context_of({"orders": pa.table(ORDERS), "note": "2026-01-02 INFO b\n"}).fingerprint).covered
    other = context_of({"orders": pa.table(ORDERS), "notes": "2026-01-02 INFO b\n"}).fingerprint
    assert compare(known, other).why == "the inputs differ: missing 'note'; unknown 'notes'"


def workbook(**sheets: list[list[Any]]) -> Fingerprint:
    return fingerprint_of_document([{"sheet": name, "rows": rows} for name, rows in sheets.items()])


ROWS: list[list[Any]] = [["name", "paid"], ["Ann", 3], ["Bob", 4.5]]


def test_a_workbook_of_the_same_sheets_and_columns_is_covered() -> None:
    known = workbook(paid=ROWS, notes=[])
    assert compare(known, workbook(notes=[], paid=[*ROWS, ["Cy", 7]])).covered
    assert compare(known, workbook(paid=ROWS)).why == "the sheets differ: missing 'notes'"
    assert "'paid': the columns differ" in compare(known, workbook(paid=[["who", "paid"], *ROWS[1:]], notes=[])).why
    assert (
        "'paid': 'paid' has values of a new kind" in compare(known, workbook(paid=[ROWS[0], ["x", "y"]], notes=[])).why
    )
    nameless = workbook(paid=[[1, 2], [3, 4]])
    assert "says too little" in compare(nameless, nameless).why
    beside = [workbook(paid=ROWS, notes=[["a note"], [], [note]]) for note in ("one", "two")]
    assert compare(*beside).covered, "notes beside a table are not asked"
    assert compare(workbook(a=[]), workbook(a=[])).why == "the context is empty"


def test_pages_are_known_by_how_their_lines_begin() -> None:
    def pages(*texts: str) -> Fingerprint:
        return fingerprint_of_document([{"page": n, "text": text} for n, text in enumerate(texts, 1)])

    known = pages("Invoice 17\nTotal: 12.50\n", "Invoice 18\nTotal: 3.75\n")
    assert compare(known, pages("Invoice 99\nTotal: 1.25\n")).covered
    assert not compare(known, pages("2024-01-01 ERROR no\n" * 9)).covered
    sections = fingerprint_of_document(
        [{"section": 1, "heading": "", "level": 0, "text": "Invoice 17\nTotal: 12.50\n"}]
    )
    assert not compare(known, sections).covered
    prose = pages(
        "3 Parsing\nThe parser reads one line after the other, from the first\nto the last of the file.\n" * 20
    )
    other = (
        "3 Writing\nA line is written as it stands, whatever it holds; the\nlast has an end too,\nit is said.\n" * 20
    )
    assert compare(prose, pages(other)).covered, "where lines break says nothing"
    assert not compare(prose, pages("Invoice 17\nTotal: 12.50\n" * 20)).covered


def test_bytes_are_known_by_how_they_begin_or_by_the_text_that_they_are() -> None:
    def of(data: bytes) -> Fingerprint:
        return context_of(data).fingerprint

    assert compare(of(b"LTHF\x00\x01\xff"), of(b"LTHF\x00\x02\xff")).covered
    assert not compare(of(b"LTHF\x00\x01\xff"), of(b"RIFF\x00\x01\xff")).covered
    zeros = of(b"\x00" * 20)
    assert "says too little" in compare(zeros, zeros).why
    csv = of(b"id,price\n1,1.5\n2,2.5\n")
    assert compare(csv, of(b"id,price\n7,3.5\n8,0.5\n")).covered
    assert "the columns differ" in compare(csv, of(b"id,cost\n1,1.5\n2,2.5\n")).why


@pytest.mark.parametrize("form", ["document", "bytes"])
def test_what_says_too_little_is_never_covered(form: str) -> None:
    same = Fingerprint(format=form, header=("page", "text"))  # type: ignore[arg-type]
    assert "says too little" in compare(same, same).why

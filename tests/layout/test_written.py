"""Contexts written as text and opened again: the same value with the same types."""

from __future__ import annotations

import base64
import datetime
import json
import math
import sqlite3
from contextlib import closing
from decimal import Decimal
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest

from lithify.layout import Form, opening
from lithify.layout.written import elements_of, head_and_rows, joined, laid_out, nothing, writing

DAY = datetime.date(2024, 2, 29)
COLUMNS: dict[str, Any] = {
    "int": pandas.Series([1, -2, 3], dtype="int64"),
    "small": pandas.Series([1, 2, 3], dtype="int8"),
    "float": pandas.Series([1.5, float("nan"), float("-inf")]),
    "third": pandas.Series([1 / 3, 1e300, 0.1]),
    "bool": pandas.Series([True, False, True]),
    "text": pandas.Series(["a,b", 'q"uo\nte', "\u2028é\x85"]),
    "gap": pandas.Series(["x", None, ""], dtype=object),
    "when": pandas.to_datetime(pandas.Series(["2024-01-01 10:00:00.123456", None, "1969-12-31"]), format="ISO8601"),
    "zone": pandas.Series(pandas.to_datetime(["2024-07-01", "2024-01-01", "2024-03-31"]).tz_localize("Europe/Berlin")),
    "day": pandas.Series([DAY, None, DAY], dtype=object),
    "money": pandas.Series([Decimal("1.10"), Decimal("-2.00"), None], dtype=object),
    "took": pandas.Series(pandas.to_timedelta(["1 days", "00:00:01.5", None])),
    "kind": pandas.Series(["b", None, "a"], dtype=pandas.CategoricalDtype(["c", "b", "a"], ordered=True)),
    "whole": pandas.Series([1, None, 3], dtype="Int64"),
}


def functions(form: Form) -> dict[str, Any]:
    """opened and written of a form, as a session or a test has them."""
    space: dict[str, Any] = {"base64": base64, "json": json}
    exec(opening(form) + writing(form), space)
    return space


def again(value: Any, form: Form) -> Any:
    """A value written and opened."""
    space = functions(form)
    text, whole = space["written"](value)
    assert whole is True
    return eval(form.opened("text"), {**space, "text": text})


TABLE = Form(kind="table", frame="pandas")


class TestTables:
    @pytest.mark.parametrize("name", COLUMNS)
    def test_a_column_of_pandas_keeps_its_values_and_its_type(self, name: str) -> None:
        frame = pandas.DataFrame({name: COLUMNS[name], "n": [1, 2, 3]})
        as_a_cell_sees_it = pyarrow.table(frame).to_pandas()
        pandas.testing.assert_frame_equal(again(frame, TABLE), as_a_cell_sees_it, check_freq=False)

    def test_an_index_and_columns_that_are_numbers_stay(self) -> None:
        frame = pandas.DataFrame({"n": [3, 4]}, index=pandas.Index(["b", "a"], name="who"))
        pandas.testing.assert_frame_equal(again(frame, TABLE), frame)
        numbered = pandas.DataFrame([[1, 2], [3, 4]])
        assert list(again(numbered, TABLE).columns) == [0, 1]

    def test_an_ordinary_table_says_its_columns_and_rows_and_no_more(self) -> None:
        text, _ = functions(TABLE)["written"](pandas.DataFrame({"n": [1, 2], "x": [0.5, math.nan]}))
        assert text == '{"lithify": "table 1", "columns": {"n": "int64", "x": "double"}}\n[1, 0.5]\n[2, null]\n'

    def test_tables_of_polars_and_pyarrow_stay_theirs(self) -> None:
        frame = polars.DataFrame({"n": [1, None], "t": ["é", None], "d": [DAY, None], "x": [numpy.nan, 1.0]})
        assert again(frame, Form(kind="table", frame="polars")).equals(frame)
        table = pyarrow.table({"n": pyarrow.array([1, None], pyarrow.int16()), "t": ["a", "b"]})
        assert again(table, Form(kind="table", frame="pyarrow")).equals(table)

    def test_rows_without_any_column_and_no_rows_are_opened(self) -> None:
        frame = pandas.DataFrame(
            {"n": pandas.Series([], dtype="int64"), "t": pandas.Series([], dtype="datetime64[ns]")}
        )
        assert again(frame, TABLE).dtypes.equals(frame.dtypes)

    def test_what_cannot_be_written_is_named(self) -> None:
        with pytest.raises(TypeError, match="the column 'parts' is of list"):
            functions(TABLE)["written"](pandas.DataFrame({"parts": [[1], [2]]}))

    def test_of_a_large_table_rows_are_taken_evenly(self) -> None:
        frame = pandas.DataFrame({"n": range(10_000)})
        text, whole = functions(TABLE)["written"](frame, 8_000)
        rows = [json.loads(line)[0] for line in head_and_rows(text)[1]]
        assert not whole
        assert len(text) < 10_000
        assert rows == sorted(rows)
        assert rows[0] == 0
        assert rows[-1] > 9_900


class TestData:
    @pytest.mark.parametrize(
        "value",
        [
            [],
            {},
            [{"a": 1, "b": [None, True, 2.5]}, {"a": "é\ud800"}],
            {"$x": 1, "n": math.inf},
            {1: "one", None: b"\x00"},
            {"$items": [1]},
            10**40,
        ],
        ids=repr,
    )
    def test_data_is_the_same_again(self, value: Any) -> None:
        assert again(value, Form(kind="data")) == value

    def test_of_a_long_list_a_part_is_taken(self) -> None:
        text, whole = functions(Form(kind="data"))["written"]([{"n": n} for n in range(5_000)], 2_000)
        assert not whole
        assert 20 < len(json.loads(text)) < 1_000


def test_a_document_is_laid_out_with_a_row_or_a_record_in_a_line() -> None:
    document = [{"sheet": "a", "rows": [["n", 'q"\n'], [1, None]], "empty": []}, {"x": {"y": 1.5}}]
    assert json.loads(laid_out(document)) == document
    assert laid_out([{"a": 1, "b": []}, {"a": 2, "b": []}]) == '[\n {"a": 1, "b": []},\n {"a": 2, "b": []}\n]'
    assert (laid_out([]), laid_out({}), laid_out("é")) == ("[]", "{}", '"é"')


def test_the_elements_of_a_document() -> None:
    def held(document: object) -> object:
        found = elements_of(document)
        return None if found is None else found.held

    rows = [[n] for n in range(40)]
    workbook = [{"sheet": "a", "rows": [[0]]}, {"sheet": "b", "rows": rows}]
    assert held(workbook) == rows
    found = elements_of(workbook)
    assert found is not None
    assert json.loads(found.put(rows[:2])) == [workbook[0], {"sheet": "b", "rows": rows[:2]}]
    assert held([{"a": [1, 2]}, {"a": [3]}]) == [{"a": [1, 2]}, {"a": [3]}]
    assert held({"a": [1], "b": {"x": 1, "y": 2}}) == {"x": 1, "y": 2}
    assert held([]) is held({}) is held({"a": 1}) is held([1]) is held(17) is None


DATABASE = Form(kind="database")
SCHEMA = """
CREATE TABLE "odd, ""name" (id INTEGER PRIMARY KEY, "a, b" TEXT, x REAL, y, twice AS (x * 2));
CREATE TABLE lines (of INTEGER REFERENCES "odd, ""name" (id), n NUMERIC);
CREATE INDEX by_n ON lines (n);
CREATE VIEW named AS SELECT "a, b" FROM "odd, ""name";
"""


class TestDatabases:
    def test_tables_views_and_values_are_there_again(self) -> None:
        with closing(sqlite3.connect(":memory:")) as database:
            database.executescript(SCHEMA)
            database.execute('INSERT INTO "odd, ""name" VALUES (7, ?, 1.5, ?)', ("line\nend\u2028", b"\xff"))
            database.execute('INSERT INTO "odd, ""name" VALUES (9, NULL, ?, 3)', (float("inf"),))
            database.execute("INSERT INTO lines VALUES (7, 2), (9, 'two')")
            with closing(again(database, DATABASE)) as other:
                assert list(other.iterdump()) == list(database.iterdump())
                assert not other.in_transaction

    def test_an_empty_database_and_a_virtual_table(self) -> None:
        with closing(sqlite3.connect(":memory:")) as database:
            with closing(again(database, DATABASE)) as other:
                assert other.execute("SELECT * FROM sqlite_schema").fetchall() == []
            database.execute("CREATE VIRTUAL TABLE found USING fts5 (words)")
            with pytest.raises(TypeError, match="the table 'found' is a virtual one"):
                functions(DATABASE)["written"](database)


def test_nothing_of_a_context_is_opened_as_one_without_rows() -> None:
    frame = pandas.DataFrame({"n": [1], "t": ["a"]})
    text, _ = functions(TABLE)["written"](frame)
    empty = functions(TABLE)["opened"](nothing(text, TABLE))
    assert list(empty.columns) == ["n", "t"]
    assert len(empty) == 0
    assert joined(*head_and_rows(text)) == text
    assert functions(Form(kind="data"))["opened"](nothing('{"a": 1}\n', Form(kind="data"))) == {}
    assert nothing("a\nb", Form(kind="text")) == ""

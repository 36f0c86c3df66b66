"""Tables of every library as contexts."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lithify.context.frames import MAX_CHARS, context_of_frame
from lithify.errors import BadInput
from lithify.records.context import Context

ROWS = {
    "id": list(range(100)),
    "name": [f"user {n}" for n in range(100)],
    "day": [datetime(2026, 1, 1 + n % 28) for n in range(100)],
    "kind": ["north" if n % 4 else "south" for n in range(100)],
    "price": [None if n % 10 == 0 else n / 4 for n in range(100)],
    "ok": [n % 2 == 0 for n in range(100)],
}


def of_pandas() -> Context:
    return context_of_frame(pd.DataFrame(ROWS))


def test_a_data_frame_shows_its_columns_and_edges() -> None:
    context = of_pandas()
    assert (context.kind, context.frame, context.type) == (
        "table",
        "pandas",
        "pandas.DataFrame of 100 rows × 6 columns",
    )
    assert context.modules == ("pyarrow", "pandas")
    for line in (
        "pandas.DataFrame: 100 rows × 6 columns",
        "  'id': int64; all different, 0 to 99, median 49, e.g. 0, 1, 2",
        "  'day': datetime64[us]; 28 different, 2026-01-01 to 2026-01-28, e.g. 2026-01-01, 2026-01-02, 2026-01-03",
        "values 'north' ×75, 'south' ×25",
        "  'price': float64, 10 null (10.0%); all different, 0.25 to 24.75",
        "  'ok': bool; values True ×50, False ×50",
        "First rows:\n  (0, 'user 0', 2026-01-01, 'south', None, True)",
        "Last rows:\n  (98, 'user 98'",
    ):
        assert line in context.preview


@pytest.mark.parametrize(
    ("table", "frame", "kind"),
    [(pl.DataFrame(ROWS), "polars", "'id': Int64;"), (pa.table(ROWS), "pyarrow", "'id': int64;")],
)
def test_tables_of_other_libraries_stay_what_they_are(table: object, frame: str, kind: str) -> None:
    context = context_of_frame(table)  # type: ignore[arg-type]
    assert context.frame == frame
    assert kind in context.preview


def test_the_same_table_has_the_same_digest_in_every_library() -> None:
    frame = pd.DataFrame(ROWS)
    found = {context_of_frame(table).digest for table in (frame, pl.from_pandas(frame), pa.table(frame))}
    assert len(found) == 1
    chunked = pa.concat_tables([pa.table(frame).slice(0, 33), pa.table(frame).slice(33)])
    assert context_of_frame(chunked).digest in found
    assert context_of_frame(pa.table(frame).slice(0, 99)).digest not in found


@pytest.mark.parametrize(
    "other",
    [
        {"a": [1, 2], "b": ["x", "z"]},
        {"a": [1, 2], "c": ["x", "y"]},
        {"b": ["x", "y"], "a": [1, 2]},
        {"a": [1, None], "b": ["x", "y"]},
        {"a": [1.0, 2.0], "b": ["x", "y"]},
        {"a": [1, 2], "b": ["xy", ""]},
        {"a": [1, 2], "b": ["x", None]},
    ],
    ids=str,
)
def test_other_tables_have_another_digest(other: dict[str, list[object]]) -> None:
    assert context_of_frame(pa.table(other)).digest != context_of_frame(pa.table({"a": [1, 2], "b": ["x", "y"]})).digest


def test_every_type_of_column_has_a_digest_and_a_line() -> None:
    table = pa.table(
        {
            "list": [[1], None],
            "struct": [{"a": 1}, {"a": 2}],
            "binary": [b"a", None],
            "nothing": pa.nulls(2),
            "decimal": pa.array(["1.5", None]).cast(pa.decimal128(5, 2)),
            "date": pa.array([0, None], pa.date32()),
            "time": pa.array([0, None], pa.time64("us")),
            "span": pa.array([1, None], pa.duration("s")),
            "words": pa.array(["x", "y"]).dictionary_encode(),
            "zone": pa.array([0, None], pa.timestamp("ms", "UTC")),
            "half": pa.array([1, None], pa.float32()),
            "flag": pa.array([True, None]),
        }
    )
    context = context_of_frame(table)
    assert all(f"{name!r}: " in context.preview for name in table.column_names)
    seen = context_of_frame(table.to_pandas())
    assert "'words': category" in seen.preview
    assert "'zone': datetime64[ms, UTC]" in seen.preview
    assert "'flag': object of bool, 1 null" in seen.preview


def test_a_big_table_is_sampled_with_exact_ranges() -> None:
    table = pa.table({name: range(2_100_000) for name in "ab"})
    preview = context_of_frame(table).preview
    assert "medians and examples from 5,000 rows" in preview
    assert "'a': int64; 0 to 2099999, median" in preview


def test_an_index_is_named() -> None:
    context = context_of_frame(pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="key")))
    assert "index: 'key'" in context.preview
    assert "'key':" not in context.preview
    assert context.fingerprint.header == ("a",)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"mixed": [1, "a", None]}), "column mixed with type object"),
        (pd.Series([1, 2]), "a single column as a table"),
    ],
)
def test_what_arrow_cannot_hold_says_what_to_do(frame: object, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        context_of_frame(frame)  # type: ignore[arg-type]


def test_shapes_are_by_column_and_type() -> None:
    shapes = {shape.pattern: shape.share for shape in of_pandas().fingerprint.shapes}
    assert shapes == {
        "id = int": 1.0,
        "name = text": 1.0,
        "day = timestamp": 1.0,
        "kind = text": 1.0,
        "price = float": 0.9,
        "price = empty": 0.1,
        "ok = bool": 1.0,
    }


def test_texts_that_are_numbers_are_no_numbers_and_days_take_the_order_that_others_prove() -> None:
    frame = pd.DataFrame({"n": ["1", "2", "3.5"], "day": ["1/2/2024", "13/2/2024", "2/3/2024"]})
    found = {shape.pattern: round(shape.share, 2) for shape in context_of_frame(frame).fingerprint.shapes}
    assert found == {'n = "int"': 0.67, 'n = "float"': 0.33, "day = D/M/Y": 1.0}


def test_an_empty_table_is_an_empty_context() -> None:
    context = context_of_frame(pa.table({"a": pa.array([], pa.int64())}))
    assert context.fingerprint.format == "empty"
    assert context.notes == ("the table has no rows",)
    assert "'a': int64; no rows" in context.preview


def test_wide_tables_are_bounded() -> None:
    preview = context_of_frame(pa.table({f"column {n}": ["x" * 900, "y" * 900] for n in range(300)})).preview
    assert len(preview) <= MAX_CHARS
    assert "300 columns" in preview

"""The shape of an input as a test in code: true for inputs of the shape, false for those of the others."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import date, timedelta
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lithify.context import context_of
from lithify.context.document import context_of_document
from lithify.context.fingerprint import fingerprint
from lithify.context.parsing import Document
from lithify.distil.shapes import said, shape_test
from lithify.records.context import Context

INPUTS = {
    "syslog": "".join(f"Jun {n % 9 + 1} 10:0{n % 6}:00 combo sshd[{n}]: restarted\n" for n in range(30)),
    "iso": "".join(f"2026-06-0{n % 9 + 1} 10:0{n % 6}:00,123 INFO web: restarted {n}\n" for n in range(30)),
    "pipes": "".join(f"20171223-22:15:{n}:606|Step_LSC|30002{n}|onStandStepChanged {n}\n" for n in range(10, 40)),
    "indented": "".join(f"  {n} 10.0.0.{n} GET /index {n}\n" for n in range(30)),
    "apache": "".join(f"[Sun Dec 04 04:47:{n} 2005] [notice] workerEnv in state {n}\n" for n in range(10, 40)),
    "csv": "service,what,n\n" + "".join(f"s{n % 3},restarted,{n}\n" for n in range(30)),
    "other columns": "time,service,what\n" + "".join(f"10:0{n % 6},s{n % 3},restarted\n" for n in range(30)),
    "quoted header": '"service; name";what\n' + "".join(f"s{n % 3};{n}\n" for n in range(30)),
    "jsonl": "".join(json.dumps({"service": f"s{n % 3}", "n": n}) + "\n" for n in range(30)),
    "other keys": "".join(json.dumps({"name": f"s{n % 3}", "n": n}) + "\n" for n in range(30)),
    "json": json.dumps([{"service": f"s{n % 3}", "n": n} for n in range(30)], indent=1),
    "nested": json.dumps({"rows": [{"service": f"s{n % 3}", "n": n} for n in range(30)]}),
}


def compiled(text: str) -> Callable[[str], bool]:
    test = shape_test(fingerprint(text))
    assert test is not None
    space: dict[str, Any] = {"csv": csv, "json": json, "re": re}
    body = "\n".join(f"    {line}" for line in test.body.replace("@CONSTANT@", "_X").splitlines())
    exec(f"{test.constant.replace('@CONSTANT@', '_X')}\ndef is_one(text):\n{body}", space)
    found: Callable[[str], bool] = space["is_one"]
    return found


@pytest.mark.parametrize("name", INPUTS)
def test_a_shape_is_told_from_all_others(name: str) -> None:
    is_one = compiled(INPUTS[name])
    assert {other: is_one(text) for other, text in INPUTS.items()} == {other: other == name for other in INPUTS}
    assert not is_one("")
    assert is_one("\n".join(INPUTS[name].splitlines()[:20])) or name in ("json", "nested")


@pytest.mark.parametrize("text", ["", "It was a dark and stormy night.\nThe rain fell in torrents.\n" * 20])
def test_what_has_no_shape_of_its_own_has_no_test(text: str) -> None:
    assert shape_test(fingerprint(text)) is None


def test_a_shape_in_words() -> None:
    assert said(fingerprint(INPUTS["csv"])) == "a table with the columns service, what, n"
    wide, other = (
        fingerprint(f"a,b,c,d,e,{last}\n" + "".join(f"{n},{n},x,y,z,w\n" for n in range(9))) for last in ("n", "m")
    )
    assert said(wide) == "a table with the columns a, b, c, d and 2 more"
    assert said(wide, [other]) == "a table with the columns a, b, c, n and 2 more"
    assert said(fingerprint(INPUTS["syslog"])) == "lines that begin like `Mon 9 9:9:9 word tag:`"


def check(context: Context, others: Sequence[Context] = ()) -> Callable[[object], object]:
    """The test for one context that is to be told from others, as a function over its value as a cell sees it."""
    shapes = [one.fingerprint for one in others]
    test = shape_test(context.fingerprint, shapes, frame=context.frame if context.kind == "table" else None)
    assert test is not None
    space: dict[str, Any] = {"csv": csv, "json": json, "re": re}
    body = "\n".join(f"    {line}" for line in test.body.replace("@CONSTANT@", "_X").splitlines())
    exec(f"{test.constant.replace('@CONSTANT@', '_X')}\ndef is_one({test.reads}):\n{body}", space)
    found: Callable[[object], object] = space["is_one"]
    return found


def people(style: str = "%Y-%m-%d", **columns: list[Any]) -> pd.DataFrame:
    days = [f"{day:{style}}" for day in (date(2024, 1, 1) + timedelta(days=17 * n) for n in range(20))]
    return pd.DataFrame({"who": [f"p{n % 3}" for n in range(20)], "day": days, **columns})


def csv_of(frame: pd.DataFrame) -> str:
    return str(frame.to_csv(index=False))


DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%B %d, %Y"]
"""Of which the second and the third have months and days that could be either."""
SETS: dict[str, list[Any]] = {
    "days as text in a table": [people(style) for style in DAYS],
    "days as text in CSV": [csv_of(people(style)) for style in DAYS],
    "days in records": [people(style).to_dict("records") for style in DAYS],
    "days in JSON lines": [str(people(style).to_json(orient="records", lines=True)) for style in DAYS],
    "another type": [
        people(n=list(range(20))),
        people(n=[str(n) for n in range(20)]),
        people(n=[f"{n},5" for n in range(20)]),
        people(n=list(pd.date_range("2024-01-01", periods=20))),
    ],
    "another library": [pl.DataFrame(people(style)) for style in DAYS[:2]],
    "Arrow": [pa.table(people(style)) for style in DAYS],
    "other columns": [people(), people().rename(columns={"who": "name"}), people()[["day", "who"]]],
    "another nesting": [
        [{"who": f"p{n}", "n": n} for n in range(9)],
        [{"who": {"name": f"p{n}"}, "n": n} for n in range(9)],
        {"rows": [{"who": f"p{n}", "n": n} for n in range(9)]},
        {"rows": [{"name": f"p{n}", "n": n} for n in range(9)]},
        {"rows": {f"p{n}": n for n in range(9)}},
    ],
    "another nesting in JSON": [
        json.dumps({"rows": [{"who": f"p{n}", "n": n} for n in range(9)]}),
        json.dumps({"rows": [{"name": f"p{n}", "n": n} for n in range(9)]}),
        json.dumps([{"name": f"p{n}", "n": n} for n in range(9)]),
    ],
}


@pytest.mark.parametrize("name", SETS)
def test_shapes_with_the_same_fields_are_told_apart_by_their_values(name: str) -> None:
    values = SETS[name]
    contexts = [context_of(value) for value in values]
    for mine, context in enumerate(contexts):
        is_one = check(context, [one for one in contexts if one is not context])
        assert [bool(is_one(value)) for value in values] == [place == mine for place in range(len(values))]


def test_what_could_be_either_and_what_is_half_of_each_is_none_of_both() -> None:
    first, second = people("%d/%m/%Y"), people("%m/%d/%Y")
    either = first[first["day"].str.contains("^0?1/0?1/|^0?5/0?5/|01/0")].head(1)
    tests = [check(context_of(one), [context_of(other)]) for one, other in ((first, second), (second, first))]
    assert [bool(test(either)) for test in tests] == [False, False]
    halves = [check(context_of(one), [context_of(other)]) for one, other in ((first, people()), (people(), first))]
    assert [bool(test(pd.concat([first, people()]))) for test in halves] == [False, False]


def test_files_are_told_apart_by_those_of_a_kind_that_differ() -> None:
    notes = {"notes.txt": "It was a dark and stormy night.\n" * 9}
    folders = [
        {"a.csv": csv_of(people()), "B.CSV": csv_of(people()), **notes},
        {"a.csv": csv_of(people("%d/%m/%Y")), **notes},
        {"a.csv": csv_of(people().rename(columns={"who": "name"})), **notes},
        {"a.log": INPUTS["iso"], **notes},
    ]
    contexts = [context_of(folder) for folder in folders]
    assert {one.kind for one in contexts} == {"files"}
    for mine, context in enumerate(contexts):
        is_one = check(context, [one for one in contexts if one is not context])
        assert [bool(is_one(folder)) for folder in folders] == [place == mine for place in range(len(folders))]
    mixed = {**folders[0], "c.csv": folders[1]["a.csv"]}
    assert not check(contexts[0], contexts[1:])(mixed)


def test_databases_are_told_apart_by_the_tables_that_differ() -> None:
    with ExitStack() as stack:
        bases = [stack.enter_context(closing(sqlite3.connect(":memory:"))) for _ in range(3)]
        for base, table in zip(
            bases, ("orders (id, amount)", "orders (id, cents)", "purchases (id, amount)"), strict=True
        ):
            base.execute("CREATE TABLE people (id, name)")
            base.execute(f"CREATE TABLE {table}")
        contexts = [context_of(base) for base in bases]
        for mine, context in enumerate(contexts):
            is_one = check(context, [one for one in contexts if one is not context])
            assert [bool(is_one(base)) for base in bases] == [place == mine for place in range(3)]
        test = shape_test(contexts[0].fingerprint, [contexts[1].fingerprint])
        assert test is not None
        assert "people" not in test.body


def test_documents_are_told_apart_by_their_sheets_and_by_their_parts() -> None:
    sheets = [
        [{"sheet": "May", "rows": [["Title"], [], ["who", kind], *[[f"p{n}", n] for n in range(9)]]}]
        for kind in ("n", "count")
    ]
    pages = [[{"page": n, "text": "Some text."} for n in range(3)]]
    sections = [[{"section": n, "heading": "h", "text": "Some text."} for n in range(3)]]
    documents: list[Any] = [*sheets, *pages, *sections]
    contexts = [context_of_document(Document(records=one)) for one in documents]
    for mine, context in enumerate(contexts):
        is_one = check(context, [one for one in contexts if one is not context])
        assert [bool(is_one(one)) for one in documents] == [place == mine for place in range(len(documents))]

"""Contexts that are no text: written down, redacted, looked at for changes, and read under a type of their own."""

from __future__ import annotations

import ast
import json
import sqlite3
from contextlib import closing
from typing import Any

import pandas as pd
import pytest

from lithify.context import context_of
from lithify.distil import NoCandidate, Runnable, Written, written
from lithify.distil.bench import Bench
from lithify.distil.inputs import with_inputs
from lithify.distil.program import parse_statement
from lithify.distil.protection import redacted
from lithify.distil.reading import reads_of
from lithify.distil.redaction import Redactor
from lithify.distil.substitution import substituted
from lithify.layout import Form, form_of, opening
from lithify.records.context import Context
from lithify.records.fixtures import FixturePolicy
from lithify.records.tool import Example, Signature

FRAME = pd.DataFrame({"who": ["ada@corp.example.com", "\u2028"], "password": ["hunter2hunter2", None], "n": [1, 2]})


def told(teller: Any, context: Context) -> Written | NoCandidate:
    found: Written | NoCandidate = teller.runner.run(written(context, teller.sandbox))
    return found


def text_of(teller: Any, context: Context) -> str:
    found = told(teller, context)
    assert isinstance(found, Written), found
    assert isinstance(found.texts, str)
    return found.texts


def test_what_cannot_be_written_leaves_nothing_to_keep(teller: Any) -> None:
    found = told(teller, context_of(pd.DataFrame({"parts": [[1], [2]]})))
    assert isinstance(found, NoCandidate)
    assert "the column 'parts' is of list" in found.reason
    several = told(teller, context_of({"a": pd.DataFrame({"parts": [[1], [2]]}), "b": "text"}))
    assert isinstance(several, NoCandidate)
    assert "the column 'parts' is of list" in several.reason


def test_several_inputs_are_written_by_name_and_opened_again(teller: Any) -> None:
    given = {"t": FRAME, "n": [1, {"a": 2}], "raw": b"\x00\xffLTHF\nmail ada@corp.example.com\n", "text": "a\nb"}
    with closing(sqlite3.connect(":memory:")) as base:
        context = context_of({**given, "db": base})
        found = told(teller, context)
    assert isinstance(found, Written)
    assert isinstance(found.texts, dict)
    assert found.texts["raw"].splitlines()[1:] == ['"\\u0000\\u00ffLTHF\\n"', '"mail ada@corp.example.com\\n"']
    assert found.texts["text"] == "a\nb"
    form = form_of(context)
    space: dict[str, Any] = {}
    exec(f"import base64, json\n\n{opening(form)}", space)
    opened = space["opened"](found.texts)
    assert list(opened["t"].columns) == list(FRAME.columns)
    assert (opened["n"], opened["raw"], opened["text"]) == (given["n"], given["raw"], given["text"])
    assert opened["db"].execute("SELECT 1").fetchone() == (1,)
    opened["db"].close()
    use = Example(name="whole", context=found.texts, arguments={}, expected=0)
    safe = redacted(use, Redactor(FixturePolicy()), form).context
    assert isinstance(safe, dict)
    assert b"user1@example.org" in space["opened_bytes"](safe["raw"])
    assert json.loads(safe["t"].splitlines()[1])[0] == "user1@example.org"


def test_what_a_tool_reads_of_several_inputs_is_a_parameter_for_each() -> None:
    given = [*map(parse_statement, ("orders = context['orders']", "rows = orders + context['more']"))]
    assert [ast.unparse(one) for one in with_inputs(given, ["orders", "more"])] == ["rows = orders + more"]
    given = [*map(parse_statement, ("orders = context['orders']", "n = len(context)", "orders = orders[n:]"))]
    assert [ast.unparse(one) for one in with_inputs(given, ["orders", "more"])] == [
        "context = {'orders': orders, 'more': more}",
        "n = len(context)",
        "orders = orders[n:]",
    ]


def test_a_table_is_redacted_cell_by_cell_and_can_still_be_opened(teller: Any) -> None:
    text = text_of(teller, context_of(FRAME))
    safe = substituted(text, Redactor(FixturePolicy()), Form(kind="table", frame="pandas"))
    head, first, second = safe.splitlines()
    assert head == text.splitlines()[0]
    who, password, number = json.loads(first)
    assert who == "user1@example.org"
    assert "hunter" not in password
    assert len(password) == len("hunter2hunter2")
    assert number == 1
    assert json.loads(second) == ["\u2028", None, 2]


def test_databases_and_data_are_redacted_as_well(teller: Any) -> None:
    users = database("CREATE TABLE users (name TEXT, api_token TEXT); INSERT INTO users VALUES ('b@x.io', 'qwertz12');")
    safe = substituted(text_of(teller, users), Redactor(FixturePolicy()), Form(kind="database"))
    table, name, token = json.loads(safe.splitlines()[1])
    assert (table, name) == ("users", "user1@example.org")
    assert token != "qwertz12"
    data = text_of(teller, context_of([{"secret": "qwertz12", "compass": "northward", "at": {"mail": "b@x.io"}}]))
    (record,) = json.loads(substituted(data, Redactor(FixturePolicy()), Form(kind="data")))
    assert record["secret"] != "qwertz12"
    assert record["compass"] == "northward"
    assert record["at"] == {"mail": "user1@example.org"}


def database(script: str) -> Context:
    with closing(sqlite3.connect(":memory:")) as opened:
        opened.executescript(script)
        return context_of(opened)


NUMBERS = database("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2);")


@pytest.mark.parametrize(
    ("context", "body", "changed"),
    [
        (context_of(FRAME), "return int(given['n'].sum())", False),
        (context_of(FRAME), "given['twice'] = given['n'] * 2\n    return int(given['twice'].sum())", True),
        (context_of(FRAME), "given.dropna(inplace=True)\n    return len(given)", True),
        (context_of([3, 1]), "return sorted(given)[0]", False),
        (context_of([3, 1]), "given.sort()\n    return given[0]", True),
        (NUMBERS, "return given.execute('SELECT sum(n) FROM t').fetchone()[0]", False),
        (NUMBERS, "given.execute('DELETE FROM t')\n    return 0", True),
    ],
)
def test_what_a_tool_does_to_its_input_is_seen(teller: Any, context: Context, body: str, changed: bool) -> None:
    form = form_of(context)
    signature = Signature(
        function="f",
        context_parameter="given",
        context_kind=form.kind,
        parameters=(),
        returns="int",
        context_frame=form.frame,
    )
    bench = Bench(teller.sandbox, "", 30.0, form=form, source=context)
    assert teller.runner.run(bench.changes(Runnable(f"def f(given):\n    {body}\n", signature))) is changed


def test_what_a_tool_reads_has_the_type_of_what_the_cells_saw() -> None:
    contexts = [NUMBERS, *(context_of(given) for given in (FRAME, [1], {"a": 1}, "text"))]
    kinds = {reads_of(context).annotation for context in contexts}
    assert kinds == {"pd.DataFrame", "list[Any]", "dict[str, Any]", "sqlite3.Connection", "str"}

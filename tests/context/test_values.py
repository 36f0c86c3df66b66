"""Whatever a caller has at hand, as a context."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from lithify.context import context_of, load_context
from lithify.errors import BadInput, ProgrammerMustAct


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("some text", "text"),
        ({"a.log": "text", "b.log": "more"}, "files"),
        (b"ab", "bytes"),
        (bytearray(b"ab"), "bytes"),
        ([1, 2], "data"),
        ((1, 2), "data"),
        ([], "data"),
        ({"a": 1}, "data"),
        ({"a": "x", "b": [1]}, "data"),
        (7, "data"),
        (pd.DataFrame({"a": [1]}), "table"),
        ({"a": pd.DataFrame({"a": [1]}), "b": "text", "c": [1]}, "inputs"),
        ({"raw": b"ab"}, "inputs"),
    ],
)
def test_kinds(value: object, kind: str) -> None:
    context = context_of(value)  # type: ignore[arg-type]
    assert (context.kind, context.name) == (kind, "context")


def test_paths(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("text")
    assert context_of(path) == load_context([path]) == context_of([path])
    named = context_of({"log": path, "table": pd.DataFrame({"n": [1]}), "note": "as text"})
    assert [(one.name, one.kind) for one in named.inputs] == [("log", "text"), ("table", "table"), ("note", "text")]
    assert named.inputs[0].sources == (str(path),)


def test_a_connection() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE t (a)")
        assert context_of(database).kind == "database"
        assert [one.kind for one in context_of({"db": database}).inputs] == ["database"]


def test_a_context_is_taken_as_it_is() -> None:
    context = context_of("text")
    assert context_of(context) is context
    assert [one.name for one in context_of({"log": context}).inputs] == ["log"]


def test_the_limit_holds_for_paths(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("text")
    with pytest.raises(BadInput, match="3 may be read"):
        context_of({"log": path}, max_bytes=3)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (pl.DataFrame({"a": [1]}).lazy(), "collect"),
        (object(), "is not plain data"),
        ({"a b": Path("x")}, "is no name for a variable"),
        ({}, "the mapping is empty"),
        ({"context": Path("x")}, "means something else"),
    ],
)
def test_what_cannot_be_given_says_what_to_do(value: object, reason: str) -> None:
    with pytest.raises((ProgrammerMustAct, BadInput), match=reason):
        context_of(value)  # type: ignore[arg-type]

"""What a session is opened with for a context, and the code that finishes its variables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.errors import ProgrammerMustAct
from lithify.records.binding import bind
from lithify.records.context import Context, ContextKind, ContextValue, Fingerprint


def context(kind: ContextKind, value: ContextValue, name: str = "context") -> Context:
    fingerprint = Fingerprint(format="empty")
    return Context(
        name=name, kind=kind, value=value, sources=(), size=0, digest="", preview="", fingerprint=fingerprint
    )


def test_text_and_plain_values_are_variables_as_they_are() -> None:
    for kind, value in (("text", "a"), ("files", {"a": "b"}), ("bytes", b"a"), ("data", [1])):
        bound = bind(context(kind, value))  # type: ignore[arg-type]
        assert (bound.inputs, bound.code) == ({"context": value}, "")


def test_a_database_is_opened_under_its_name() -> None:
    bound = bind(context("database", b"file", "db"))
    assert bound.inputs == {"db": b"file"}
    assert bound.code.endswith("db = __lithify_open_database__(db)")
    compile(bound.code, "binding", "exec")


def test_several_inputs_are_bound_each_and_together() -> None:
    inputs = (context("text", "a", "log"), context("bytes", b"b", "raw"))
    bound = bind(replace(context("inputs", {}), inputs=inputs))
    assert bound.inputs == {"log": "a", "raw": b"b"}
    assert bound.code == "context = {'log': log, 'raw': raw}"


def test_only_texts_are_texts() -> None:
    assert context("text", "a").texts == "a"
    assert context("files", {"a": "b"}).texts == {"a": "b"}
    with pytest.raises(ProgrammerMustAct, match="kind bytes has no texts"):
        _ = context("bytes", b"a").texts

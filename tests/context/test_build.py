"""Contexts from values, and their digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from lithify.context import context_from_value, digest_of, load_context
from lithify.errors import BadInput, ProgrammerMustAct


def test_a_text() -> None:
    context = context_from_value("one\ntwo\n")
    assert (context.kind, context.value, context.size, context.name) == ("text", "one\ntwo\n", 8, "context")
    assert context.preview.startswith("str, 8 characters, 2 lines")


def test_files_are_put_in_order() -> None:
    context = context_from_value({"b": "2", "a": "1"})
    assert list(context.value) == ["a", "b"]
    assert context.digest == context_from_value({"a": "1", "b": "2"}).digest


def test_the_digest_is_the_same_for_the_same_text_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("grün\n", encoding="utf-8")
    assert load_context([path]).digest == context_from_value("grün\n").digest


@pytest.mark.parametrize(
    "other",
    ["ab", "abd", {"a": "bc"}, {"ab": "c"}, {"abc": ""}, {"a": "b", "c": ""}, {"a": "", "b": "c"}],
    ids=str,
)
def test_other_contents_have_another_digest(other: str | dict[str, str]) -> None:
    assert digest_of(other) != digest_of("abc")


def test_a_digest_is_of_whole_texts_beyond_a_megabyte() -> None:
    text = "x" * 3_000_000
    assert digest_of(text) != digest_of(text[:-1] + "y")


def test_what_is_no_text_is_the_callers_mistake() -> None:
    with pytest.raises(ProgrammerMustAct, match="'n' maps to int"):
        context_from_value({"n": 1})  # type: ignore[dict-item]
    with pytest.raises(ProgrammerMustAct, match="list"):
        context_from_value(["a"])  # type: ignore[arg-type]


def test_an_empty_mapping_is_refused_and_an_empty_text_is_not() -> None:
    with pytest.raises(BadInput):
        context_from_value({})
    assert context_from_value(" \n").notes == ("the text holds white space only",)

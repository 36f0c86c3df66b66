"""Open cases in a library: what a person said of one stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.layout.cases import case_to_bytes, read_case
from lithify.library import open_library
from lithify.records.cases import Case
from lithify.testing.candidates import FINGERPRINT

CASE = Case(
    tool="a",
    version=2,
    by="run",
    why="it raised ValueError: odd",
    unhealed="not healed: no",
    question="Which?",
    run_id="r1",
    input="ab" * 32,
    arguments={"top": 2, "name": "x", "share": 0.5},
    shape=FINGERPRINT,
    context="odd \ud800 text\n",
    answer=[["web", 2], None],
    said="explored",
)


def test_a_case_comes_back_as_it_was() -> None:
    for case in (CASE, replace(CASE, context={"a.log": "x"}), replace(CASE, context=None, shape=None, answer=None)):
        assert read_case("here", case_to_bytes(case)) == case


@pytest.mark.parametrize("data", [b"", b"[]", b'{"tool": 1}', b"null"])
def test_a_file_that_is_no_case(data: bytes) -> None:
    with pytest.raises(LibraryProblem, match="here"):
        read_case("here", data)


def test_the_same_case_is_there_once_and_a_persons_word_stands(tmp_path: Path) -> None:
    book = open_library(tmp_path / "library").cases
    assert book.all() == ()
    book.put(CASE)
    book.put(replace(CASE, answer=["db"], said="person"))
    book.put(replace(CASE, run_id="r2"))
    (found,) = book.all()
    assert (found.run_id, found.answer, found.said) == ("r2", ["db"], "person")
    book.close(CASE.id, "no matter")
    book.put(CASE)
    assert [one.closed for one in book.all()] == ["no matter"]
    book.put(replace(CASE, version=3))
    assert [one.closed for one in book.all()] == [""], "another version, another matter"
    with pytest.raises(LibraryProblem, match="there is no case 'nobody'"):
        book.close("nobody", "")

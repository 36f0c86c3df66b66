"""Sealed uses and further files: written with the tool, read back, part of what is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.errors import LibraryProblem
from lithify.layout import TEXT_FORM, candidate_contents, render_candidate
from lithify.layout.reading import candidate_from, read_holdout
from lithify.testing.candidates import example, make_candidate

MORE = {"tests/test_mine.py": b"def test_it():\n    assert 1\n", "tests/data/x.bin": b"\x00\xff"}
SEALED = (example("sealed one", "10:00 db restarted\n"), example("files", {"a.log": "x", "b/c.log": "y"}))


def test_they_come_back_as_they_were() -> None:
    candidate = replace(make_candidate(), holdout=SEALED, extra=MORE)
    files = render_candidate(candidate)
    assert {"holdout/cases.json", "holdout/01-sealed-one.txt", "holdout/02-files.json", *MORE} <= files.keys()
    again = candidate_from(files, candidate.recipe, "tools/x")
    assert (again.holdout, again.extra) == (SEALED, MORE)
    assert candidate_contents(again) == candidate_contents(candidate)


def test_without_any_there_is_no_folder() -> None:
    files = render_candidate(make_candidate())
    assert not any(path.startswith("holdout") for path in files)
    again = candidate_from(files, make_candidate().recipe, "tools/x")
    assert (again.holdout, again.extra) == ((), {})


def test_a_verdict_is_about_them_too() -> None:
    plain = make_candidate()
    others = (replace(plain, holdout=SEALED), replace(plain, extra=MORE))
    assert len({candidate_contents(one).sha256 for one in (plain, *others)}) == 3


def test_further_files_cannot_take_the_place_of_the_written_ones() -> None:
    forged = dict.fromkeys(("tool.py", "tool.toml", "tests/test_examples.py", "tests/fixtures/cases.json"), b"forged")
    assert render_candidate(replace(make_candidate(), extra=forged)) == render_candidate(make_candidate())


def test_sealed_uses_are_not_in_a_repr_that_a_prompt_might_take_in() -> None:
    assert "sealed one" not in repr(replace(make_candidate(), holdout=SEALED))


@pytest.mark.parametrize("path", ["../../secret", "/etc/passwd", "02-missing.txt"])
def test_a_case_that_names_a_file_elsewhere(path: str) -> None:
    files = render_candidate(replace(make_candidate(), holdout=SEALED))
    files["holdout/cases.json"] = files["holdout/cases.json"].replace(b"01-sealed-one.txt", path.encode())
    with pytest.raises(LibraryProblem, match="is missing"):
        read_holdout(files, "tools/x", TEXT_FORM)

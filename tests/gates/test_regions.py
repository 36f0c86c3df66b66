"""Other inputs made from an input."""

from __future__ import annotations

import json

import pytest

from lithify.gates.regions import REGION_CHARACTERS, fewer, repeated, unseen_parts

LONG = "time,service,what\n" + "".join(f"2026-01-01 10:00:{n:05d},web{n % 9},restarted {n}\n" for n in range(3_000))
SHORT = "head\n" + "".join(f"line number {n}\n" for n in range(9))


def test_parts_of_a_long_text_are_stretches_after_its_first_line() -> None:
    parts = list(unseen_parts(LONG, "", "seed"))
    assert len(parts) > 10
    for part in parts:
        assert isinstance(part, str)
        head, _, rest = part.partition("\n")
        assert head == "time,service,what"
        assert rest in LONG
        assert REGION_CHARACTERS / 2 < len(part) < 2 * REGION_CHARACTERS


def test_what_was_shown_is_left_out_while_there_is_anything_else() -> None:
    parts = [str(part) for part in unseen_parts(LONG, LONG[: len(LONG) // 2], "seed")]
    assert parts
    assert all(LONG.index(part.splitlines()[1]) > len(LONG) // 2 - REGION_CHARACTERS // 10 for part in parts)
    assert len(list(unseen_parts(LONG, LONG, "seed"))) > len(parts)


def test_the_order_is_the_seeds() -> None:
    assert list(unseen_parts(LONG, "", "a")) == list(unseen_parts(LONG, "", "a"))
    assert list(unseen_parts(LONG, "", "a")) != list(unseen_parts(LONG, "", "b"))


def test_of_a_short_text_its_lines_in_another_selection() -> None:
    parts = list(unseen_parts(SHORT, SHORT, "seed"))
    assert len(parts) >= 5
    for part in parts:
        assert str(part).startswith("head\n")
        assert set(str(part).splitlines()) <= set(SHORT.splitlines())
        assert part != SHORT


@pytest.mark.parametrize("document", [list(range(20)), {"rows": [{"a": n} for n in range(20)], "total": 20}])
def test_of_a_document_fewer_elements(document: object) -> None:
    parts = [json.loads(str(part)) for part in unseen_parts(json.dumps(document), "", "seed")]
    assert len(parts) == 4
    assert all(type(part) is type(document) for part in parts)
    assert all(len(part["rows"] if isinstance(part, dict) else part) == 10 for part in parts)


def test_of_files_some() -> None:
    files = {f"{n}.log": SHORT for n in range(7)}
    parts = list(unseen_parts(files, "", "seed"))
    assert parts
    assert all(isinstance(part, dict) and 0 < len(part) < 7 for part in parts)
    assert all(isinstance(part, dict) and part.keys() == {"x"} for part in unseen_parts({"x": SHORT}, "", "seed"))


@pytest.mark.parametrize("nothing", ["", "one line", "a\nb\n", {}, {"a": ""}, "[]", "{}", "[1", "\n\n"])
def test_what_is_too_small_gives_none_and_no_error(nothing: str | dict[str, str]) -> None:
    assert list(unseen_parts(nothing, "", "seed")) == []
    assert all(one != nothing for one in fewer(nothing))
    assert repeated(nothing) is not None


def test_neighbours_of_lines() -> None:
    less = [str(one) for one in fewer(SHORT)]
    assert [SHORT.count("\n") - one.count("\n") for one in less] == [1, 1, 1, 1, 2, 4]
    twice = [str(one) for one in repeated(SHORT)]
    assert [one.count("\n") - SHORT.count("\n") for one in twice] == [1, 1, 1, 1]
    assert all(set(one.splitlines()) == set(SHORT.splitlines()) for one in twice)
    assert repeated("x\ny") == ["x\ny\ny", "x\nx\ny"]


def test_neighbours_of_a_document_are_documents() -> None:
    rows = json.dumps([1, 2, 3, 4, 5])
    assert sorted(len(json.loads(str(one))) for one in fewer(rows)) == [3, 3, 4, 4, 4, 4]
    assert [1, 2, 3, 3, 4, 5] in [json.loads(str(one)) for one in repeated(rows)]

"""Plain data and bytes of Python as contexts."""

from __future__ import annotations

from datetime import date

import pytest

from lithify.context.plaindata import MAX_CHARS, context_of_bytes, context_of_data, pack_into, type_of
from lithify.errors import ProgrammerMustAct
from lithify.records.plain import Plain

RECORDS: list[Plain] = [{"id": n, "tags": ["a"] * (n % 3), "at": f"2026-01-{n % 28 + 1:02}"} for n in range(50)]


def test_records_show_their_keys_and_the_first_and_last() -> None:
    context = context_of_data(RECORDS)
    assert (context.kind, context.type) == ("data", "list of 50 dicts")
    for line in (
        "list of 50 dicts:",
        "  'id': number; all different, 0 to 49, median 24, e.g. 0, 1, 2",
        "  'tags': list; 0 to 2 elements",
        "  {'id': 0, 'tags': [], 'at': '2026-01-01'}",
        "Last:\n  {'id': 49",
    ):
        assert line in context.preview
    assert context.fingerprint.header == ("id", "tags", "at")


@pytest.mark.parametrize(
    ("value", "said", "kind"),
    [
        ({"a": 1, "b": {"c": "x"}}, "$.b.c: text; 'x'", "dict of 2 keys"),
        ([1, 2, 3], "$[]: number; values 1 ×1, 2 ×1, 3 ×1", "list of 3 ints"),
        (["a", 1], "$[]: text 50%, number 50%", "list of 2 items"),
        (42, "int: 42", "int"),
        (None, "NoneType: None", "NoneType"),
    ],
)
def test_other_data(value: Plain, said: str, kind: str) -> None:
    context = context_of_data(value)
    assert said in context.preview
    assert type_of(value) == context.type == kind


def test_the_same_data_has_the_same_digest() -> None:
    assert context_of_data(RECORDS).digest == context_of_data([*RECORDS]).digest
    assert context_of_data((1, 2)).digest == context_of_data([1, 2]).digest


@pytest.mark.parametrize(
    ("one", "other"),
    [([1, 2], [2, 1]), ([1], ["1"]), ({"a": 1}, {"a": 1.5}), ([[1], 2], [[1, 2]]), ([None], [False]), (b"a", "a")],
)
def test_other_data_has_another_digest(one: Plain, other: Plain) -> None:
    assert context_of_data(one).digest != context_of_data(other).digest


def test_long_data_is_packed_in_batches() -> None:
    pieces: list[bytes] = []
    size = pack_into([{"n": n} for n in range(10_000)], pieces.append)
    assert len(pieces) == 11
    assert size == sum(map(len, pieces))
    assert context_of_data({str(n): n for n in range(3_000)}).size > 3_000


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1, {"day": date(2026, 1, 1)}]}, r"context\['a'\]\[1\]\['day'\] is a date"),
        ([{1, 2}], r"context\[0\] is a set"),
        ([{"deep": {(1, 2): "x"}}], r"a key of a dict is \(1, 2\)"),
        (object(), "context is a object"),
        ([[object()]], r"context\[0\]\[0\] is a object"),
    ],
)
def test_what_is_not_plain_is_named_with_its_place(value: object, place: str) -> None:
    with pytest.raises(ProgrammerMustAct, match=place):
        context_of_data(value)  # type: ignore[arg-type]


def test_long_numbers_are_plain() -> None:
    assert context_of_data({"n": 1 << 70}).digest != context_of_data({"n": 1 << 71}).digest


def test_nothing_is_an_empty_context() -> None:
    assert context_of_data([]).notes == ("the data is empty",)
    assert context_of_data({}).fingerprint.format == "empty"


def test_previews_are_bounded() -> None:
    assert len(context_of_data([{f"k{n}": "v" * 900 for n in range(200)}] * 5).preview) <= MAX_CHARS


def test_bytes_show_what_they_look_like() -> None:
    context = context_of_bytes(b"PAR1" + bytes(100))
    assert (context.kind, context.size, context.fingerprint.format) == ("bytes", 104, "bytes")
    assert context.preview.startswith("bytes, 104 in all; they begin like parquet data\nFirst: b'PAR1\\x00")
    assert "they begin like text" in context_of_bytes(b"abc").preview
    assert context_of_bytes(b"").notes == ("there are no bytes",)

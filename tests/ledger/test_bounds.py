"""Bounds: what is kept of long texts and odd values."""

from __future__ import annotations

import pytest

from lithify.ledger.bounds import cut, fitting
from lithify.records.plain import Plain


def test_a_text_of_the_limit_is_kept_whole() -> None:
    assert cut("x" * 10, 10) == "x" * 10


def test_a_longer_text_keeps_both_ends_and_says_what_is_missing() -> None:
    assert cut("begin" + "x" * 1000 + "finis", 10) == "begin\n… 1,000 of 1,010 characters not kept …\nfinis"


def nested(depth: int) -> Plain:
    value: Plain = None
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [nested(100_000), 10**5_000, {1, 2}, object(), "x" * 99], ids=lambda value: type(value).__name__
)
def test_what_json_cannot_hold_or_the_limit_forbids_is_left_out_and_said(value: Plain) -> None:
    assert fitting(value, 100) == (None, False)


def test_what_fits_is_what_json_gives_back() -> None:
    assert fitting({"a": (1, 2), 3: b"x"}, 100) == ({"a": [1, 2], 3: b"x"}, True)
    assert fitting(None, 100) == (None, True)

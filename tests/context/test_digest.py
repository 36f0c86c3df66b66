"""Digests of texts."""

from __future__ import annotations

import hashlib

import pytest

from lithify.context import digest_of

LARGE = "abcdefgh" * (9 << 20)


def test_a_small_text_is_digested_with_its_length() -> None:
    assert digest_of("grün") == hashlib.sha256("text\n4:grün".encode()).hexdigest()
    assert digest_of({"b": "2", "a": "1"}) == hashlib.sha256(b"files\n1:a1:11:b1:2").hexdigest()


@pytest.mark.parametrize("place", [0, (8 << 20) - 1, 8 << 20, len(LARGE) - 1])
def test_every_character_of_a_large_text_counts(place: int) -> None:
    assert digest_of(LARGE) != digest_of(f"{LARGE[:place]}x{LARGE[place + 1 :]}")


def test_a_large_text_has_the_same_digest_each_time_and_as_a_file_another() -> None:
    assert digest_of(LARGE) == digest_of("".join([LARGE]))
    assert digest_of(LARGE) != digest_of({"": LARGE})

"""Bytes in every encoding that files have, cut into blocks anywhere: always the same text, or the same reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithify.context.decoding import Decoded, NotText, decode, decode_blocks

WRONG = "letters beyond ASCII may be wrong"
REPLACED = "1 broken UTF-8 characters replaced by \ufffd"


def in_blocks(data: bytes, size: int) -> Decoded | NotText:
    return decode_blocks(lambda: iter([data[start : start + size] for start in range(0, len(data), size)]))


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        (b"", "", ""),
        ("grün 🪨\r\n".encode(), "grün 🪨\r\n", ""),
        (b"\xef\xbb\xbfwith a mark", "with a mark", ""),
        ("wide ß".encode("utf-16"), "wide ß", "read as UTF-16"),
        ("wider ß".encode("utf-32"), "wider ß", "read as UTF-32"),
        ("Größe\n".encode("cp1252") * 5, "Größe\n" * 5, f"not UTF-8 (byte 2): read as cp1252; {WRONG}"),
        (b"\x81\xe4", "\x81ä", f"not UTF-8 (byte 0): read as latin-1; {WRONG}"),
        ("öäü".encode() * 9 + b"\xff", "öäü" * 9 + "\ufffd", f"{REPLACED} (first at byte 54)"),
        ("öä".encode() * 9 + b"\xc3", "öä" * 9 + "\ufffd", f"{REPLACED} (first at byte 36)"),
    ],
)
def test_text_with_what_should_be_known_of_it(data: bytes, text: str, note: str) -> None:
    assert decode(data) == Decoded(text=text, note=note)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ab\x00cd", "it is binary (a NUL byte at 2)"),
        ("wide".encode("utf-16-le"), "it looks like UTF-16LE without a byte order mark"),
        ("wide".encode("utf-16-be"), "it looks like UTF-16BE without a byte order mark"),
        (bytes(300), "it is binary (a NUL byte at 0)"),
        (bytes(range(1, 32)) * 10, "control characters"),
        (b"\xff\xfe" + b"\xd8" * 41, "it begins like UTF-16 but is not"),
        (b"\xff" * 10 + b"\x00", "a NUL byte at 10"),
    ],
)
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    found = decode(data)
    assert isinstance(found, NotText)
    assert reason in found.reason


@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")),
        st.text(max_size=60).map(lambda text: text.encode("utf-16", "replace")),
        st.text(alphabet="aßé\n", max_size=60).map(lambda text: text.encode("latin-1")),
    ),
    st.integers(min_value=1, max_value=50),
)
def test_where_the_blocks_end_makes_no_difference(data: bytes, size: int) -> None:
    assert in_blocks(data, size) == decode(data)

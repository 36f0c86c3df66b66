from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithify.sandbox.guest.capture import Capture


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=300)), st.integers(2, 200))
def test_both_ends_are_kept_and_the_length_is_said(parts: list[str], limit: int) -> None:
    capture = Capture(limit)
    for part in parts:
        capture.write(part)
    text, length = capture.take()
    whole = "".join(parts)
    half = limit // 2
    assert length == len(whole)
    if len(whole) <= 2 * half:
        assert text == whole
    else:
        assert text.startswith(whole[:half])
        assert text.endswith(whole[-half:])
        assert f"{len(whole) - 2 * half:,} of {len(whole):,} characters left out" in text


def test_taking_empties_it() -> None:
    capture = Capture(100)
    capture.write("a")
    capture.take()
    capture.write("b")
    assert capture.take() == ("b", 1)


def test_little_is_held() -> None:
    capture = Capture(1000)
    for _ in range(2000):
        capture.write("x" * 997)
    assert capture._held <= 8_000
    assert capture.take()[1] == 2000 * 997


def test_it_passes_for_a_text_stream() -> None:
    capture = Capture(100)
    print("a", 1, file=capture)
    capture.buffer.write(b"b\xff")
    capture.writelines(["c", "d"])
    capture.flush()
    capture.reconfigure(encoding="latin-1")
    assert capture.take()[0] == "a 1\nb\\xffcd"
    assert not capture.isatty()
    assert (capture.encoding, capture.writable(), capture.readable()) == ("utf-8", True, False)
    with pytest.raises(TypeError):
        capture.write(b"bytes")  # type: ignore[arg-type]
    with pytest.raises(OSError):
        capture.fileno()

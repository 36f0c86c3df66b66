from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithify.sandbox.guest.reprs import short_repr

values = st.recursive(
    st.none() | st.integers() | st.text(st.characters(codec="utf-8")) | st.binary() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner) | st.tuples(inner),
)


@given(values)
def test_a_short_one_is_the_repr_itself(value: object) -> None:
    assert short_repr(value, 10**9) == repr(value)


letters = st.text("abc", max_size=60)
plain_ones = st.recursive(
    st.none() | st.integers() | letters,
    lambda inner: st.lists(inner) | st.dictionaries(letters, inner) | st.tuples(inner),
)


@given(plain_ones, st.integers(5, 50))
def test_a_long_one_is_its_beginning(value: object, limit: int) -> None:
    """Of text without quotes: whether those are escaped is decided by the whole."""
    shown = short_repr(value, limit)
    if shown != repr(value):
        beginning, _, _ = shown.rpartition("… (")
        assert len(beginning) <= limit
        assert repr(value).startswith(beginning)


def test_a_large_one_says_its_size() -> None:
    assert short_repr("x" * 10_000, 20) == "'" + "x" * 19 + "… (str of 10,000 characters, cut here)"
    assert short_repr(list(range(10**6)), 12) == "[0, 1, 2, 3,… (list of 1,000,000 elements, cut here)"


class Endless:
    made = 0

    def __repr__(self) -> str:
        Endless.made += 1
        return "Endless()"


def test_a_large_one_is_not_built_whole() -> None:
    short_repr([Endless()] * 100_000, 100)
    assert Endless.made < 20


def test_lone_surrogates_are_escaped() -> None:
    class Odd:
        def __repr__(self) -> str:
            return "\ud800"

    assert short_repr(Odd(), 100) == "\\ud800"


def test_what_contains_itself_ends() -> None:
    value: list[object] = []
    value.append(value)
    assert short_repr(value, 1000).startswith("[[[[")


def test_a_failing_repr_is_the_cells_error() -> None:
    class Bad:
        def __repr__(self) -> str:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        short_repr([Bad()], 100)

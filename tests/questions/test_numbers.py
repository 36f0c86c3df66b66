"""Numbers as questions write them."""

from __future__ import annotations

import pytest

from lithify.questions.numbers import longest_number, read_float, read_integer, read_words


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("zero", 0),
        ("nineteen", 19),
        ("twenty five", 25),
        ("two hundred", 200),
        ("two hundred twenty five", 225),
        ("three thousand four hundred", 3400),
        ("one million two thousand", 1_002_000),
        ("hundred", None),
        ("five twenty", None),
        ("one two", None),
        ("twenty twelve", None),
        ("", None),
    ],
)
def test_written_out_numbers(words: str, value: int | None) -> None:
    assert read_words(words.split()) == value


def test_the_longest_number_at_the_beginning() -> None:
    assert longest_number(["two", "hundred", "five", "six"]) == (3, 205)
    assert longest_number(["hundred", "five"]) == (0, 0)


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("1,000", 1000), ("-5", -5), ("007", None), ("1,00", None), ("3.0", None), ("", None)]
)
def test_integers(text: str, value: int | None) -> None:
    assert read_integer(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("1.5", 1.5), (".5", 0.5), ("1,000.5", 1000.5), ("2e3", 2000.0), ("3", None)]
)
def test_floats(text: str, value: float | None) -> None:
    assert read_float(text) == value

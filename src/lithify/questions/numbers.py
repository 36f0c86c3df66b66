"""Numbers in questions: 1,000 and three and twenty-five."""

from __future__ import annotations

import re
from collections.abc import Sequence

_UNIT_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}

INTEGER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)")
FLOAT = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?\.[0-9]+(?:[eE][+-]?[0-9]+)?|[+-]?[0-9]+[eE][+-]?[0-9]+")


def is_number_word(word: str) -> bool:
    """Whether a lower-case word is part of a written-out number."""
    return word in _UNITS or word in _TENS or word in _SCALES


def read_words(words: Sequence[str]) -> int | None:
    """The number that lower-case words write out together ("two", "hundred" → 200), or None.

    "and" is no part of a number here: "between two hundred and five hundred" holds two.
    """
    if not words or words[0] in _SCALES:
        return None
    total, group, last = 0, 0, 0
    for position, word in enumerate(words):
        if word in _UNITS:
            ten_before = last in _TENS.values() and 0 < _UNITS[word] < 10
            if position and not ten_before and last not in _SCALES.values():
                return None
            group, last = group + _UNITS[word], _UNITS[word]
        elif word in _TENS:
            if position and last not in _SCALES.values():
                return None
            group, last = group + _TENS[word], _TENS[word]
        elif word == "hundred" and 0 < group < 10:
            group, last = group * 100, 100
        elif word in _SCALES and word != "hundred" and group and (not total or total > _SCALES[word] * 1000 - 1):
            total, group, last = total + group * _SCALES[word], 0, _SCALES[word]
        else:
            return None
    return total + group


def longest_number(words: Sequence[str]) -> tuple[int, int]:
    """(how many of the leading words form one number, that number); (0, 0) when none does."""
    for length in range(min(len(words), 12), 0, -1):
        value = read_words(words[:length])
        if value is not None:
            return length, value
    return 0, 0


def read_integer(text: str) -> int | None:
    """The integer that text writes in digits (grouping commas allowed), or None. "007" is a name, not a number."""
    return int(text.replace(",", "")) if INTEGER.fullmatch(text) else None


def read_float(text: str) -> float | None:
    """The float that text writes in digits with a point or an exponent, or None."""
    return float(text.replace(",", "")) if FLOAT.fullmatch(text) else None

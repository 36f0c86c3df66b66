"""Literal text inside regular expressions, and in plain text: where a value stands as a whole word."""

from __future__ import annotations

import itertools

from lithify.records.quick import dataclass

Span = tuple[int, int]
_QUANTIFIERS = frozenset("*+?{")
_SPECIAL = frozenset("^$*+?{}[]|()")


def words_in_text(text: str, value: str) -> list[Span]:
    """Where value stands in text as a whole word."""
    return _occurrences([(c, place, place + 1) for place, c in enumerate(text)], value)


def words_in_pattern(pattern: str, value: str) -> list[Span]:
    """Where a regular expression matches value literally, as a whole word: escaped or not, outside of classes."""
    pieces = _pieces(pattern)
    found = _occurrences([(piece.char, piece.start, piece.end) for piece in pieces], value)
    ends = {piece.end: following for piece, following in itertools.pairwise(pieces)}
    return [span for span in found if span[1] not in ends or not ends[span[1]].quantifier]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a pattern: the character it matches literally, or "" for anything else."""

    char: str
    start: int
    end: int
    quantifier: bool = False


def _pieces(pattern: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(pattern):
        end = _end_of_piece(pattern, at)
        text = pattern[at:end]
        if text[0] == "\\":
            char = "" if len(text) < 2 or text[1].isalnum() else text[1]
        else:
            char = "" if text[0] in _SPECIAL else text
        pieces.append(_Piece(char, at, end, text[0] in _QUANTIFIERS))
        at = end
    return pieces


def _end_of_piece(pattern: str, at: int) -> int:
    """Escapes, classes, repetitions and the names of groups are one piece each."""
    opening = pattern[at]
    if opening == "\\":
        return min(at + 2, len(pattern))
    closing = {"[": "]", "{": "}"}.get(opening, "")
    if pattern.startswith("(?P<", at) or pattern.startswith("(?P=", at):
        closing = ">" if pattern[at + 3] == "<" else ")"
    if not closing:
        return at + 1
    end = at + 1
    if opening == "[":  # a bracket at the beginning of a class belongs to it
        end += pattern.startswith("^", end)
        end += pattern.startswith("]", end)
    while end < len(pattern) and pattern[end] != closing:
        end += 2 if pattern[end] == "\\" else 1
    return min(end + 1, len(pattern))


def _occurrences(characters: list[tuple[str, int, int]], value: str) -> list[Span]:
    found: list[Span] = []
    length = len(value)
    for start in range(len(characters) - length + 1 if length else 0):
        if "".join(char or "\0" for char, _, _ in characters[start : start + length]) != value:
            continue
        before = characters[start - 1][0] if start else ""
        after = characters[start + length][0] if start + length < len(characters) else ""
        if not (_joins(before, value[0]) or _joins(value[-1], after)):
            found.append((characters[start][1], characters[start + length - 1][2]))
    return found


def _joins(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word."""
    return bool(left and right) and _is_word(left) and _is_word(right)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"

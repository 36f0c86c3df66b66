"""A deterministic sample of a text's lines: all of a small one; head, tail and evenly spread lines of a big one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lithify.records.quick import dataclass

Place: TypeAlias = tuple[int, int]
MAX_LINES = 10_000
MIN_LINES = 100
EDGE_SHARE = 0.1
"""The share of the sample that the first lines make up, and the last."""
LINE_LIMIT = 4_096
_SEARCH = 1 << 16
"""How far to look for the end of a line, in characters, before a line counts as too long to sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSample:
    """Lines without their ends, in the order of the text, each cut to LINE_LIMIT characters; lengths are whole.

    total counts the lines of the whole text (a last line without an end counts); whole says whether every line is here.
    newline is what parts the lines: "\\n" or "\\r"; ends is what the first line ends with ("\\r\\n" too).
    """

    lines: tuple[str, ...]
    lengths: tuple[int, ...]
    total: int
    whole: bool
    newline: str
    ends: str


def sample_lines(text: str, *, parts: int = 1) -> LineSample:
    """Sample a text of any size; at most MAX_LINES lines. 200 MB take some tens of milliseconds.

    parts says how many texts share the limit (each has at least MIN_LINES).
    """
    limit = max(MIN_LINES, MAX_LINES // parts)
    newline = "\r" if "\n" not in text and "\r" in text else "\n"
    total = text.count(newline) + (bool(text) and not text.endswith(newline))
    whole = total <= limit
    places = list(_forward(text, newline, limit)) if whole else _some(text, newline, limit)
    lines = tuple(text[start : min(end, start + LINE_LIMIT)].rstrip("\r") for start, end in places)
    lengths = tuple(end - start - text.startswith("\r", end - 1, end) for start, end in places)
    first = text.find(newline)
    ends = "\r\n" if newline == "\n" and text[max(0, first - 1) : first] == "\r" else newline
    return LineSample(lines=lines, lengths=lengths, total=total, whole=whole, newline=newline, ends=ends)


def _some(text: str, newline: str, limit: int) -> list[Place]:
    edge = int(limit * EDGE_SHARE)
    head = list(_forward(text, newline, edge))
    tail = list(_backward(text, newline, edge))[::-1]
    middle = (head[-1][1] + 1, tail[0][0])
    return [*head, *_spread(text, newline, middle, limit - 2 * edge), *tail]


def _forward(text: str, newline: str, count: int) -> Iterator[Place]:
    """(start, end) of the first lines; a last line without an end counts."""
    start = 0
    for _ in range(count):
        if start >= len(text):
            return
        end = text.find(newline, start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _backward(text: str, newline: str, count: int) -> Iterator[Place]:
    """(start, end) of the last lines, last first."""
    end = len(text) - text.endswith(newline)
    for _ in range(count):
        start = text.rfind(newline, 0, end) + 1
        yield start, end
        end = start - 1
        if end < 0:
            return


def _spread(text: str, newline: str, between: Place, count: int) -> Iterator[Place]:
    """The first whole line after each of count evenly spaced places; none twice."""
    start, end = between
    last = -1
    for number in range(count):
        place = start + (end - start) * number // count
        begin = text.find(newline, place, place + _SEARCH) + 1
        if begin <= 0 or begin <= last or begin >= end:
            continue
        finish = text.find(newline, begin)
        last = begin
        yield begin, finish if finish >= 0 else len(text)

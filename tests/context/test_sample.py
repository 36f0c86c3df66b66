"""Which lines of a text are looked at."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lithify.context.sample import EDGE_SHARE, LINE_LIMIT, MAX_LINES, MIN_LINES, sample_lines


@pytest.mark.parametrize(
    ("text", "lines", "total", "ends"),
    [
        ("", (), 0, "\n"),
        ("one", ("one",), 1, "\n"),
        ("one\ntwo\n", ("one", "two"), 2, "\n"),
        ("one\n\ntwo", ("one", "", "two"), 3, "\n"),
        ("one\r\ntwo\r\n", ("one", "two"), 2, "\r\n"),
        ("one\rtwo\r", ("one", "two"), 2, "\r"),
        ("\n\n", ("", ""), 2, "\n"),
    ],
)
def test_small_texts_are_taken_whole(text: str, lines: tuple[str, ...], total: int, ends: str) -> None:
    sample = sample_lines(text)
    assert (sample.lines, sample.total, sample.whole, sample.ends) == (lines, total, True, ends)
    assert sample.lengths == tuple(len(line) for line in lines)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_big_text_gives_head_tail_and_spread_lines(ends: str) -> None:
    total = 10 * MAX_LINES
    text = "".join(f"line {n}{ends}" for n in range(total))
    sample = sample_lines(text)
    numbers = [int(line.split()[1]) for line in sample.lines]
    assert (sample.total, sample.whole) == (total, False)
    assert numbers == sorted(set(numbers))
    edge = int(MAX_LINES * EDGE_SHARE)
    assert numbers[:edge] == list(range(edge))
    assert numbers[-edge:] == list(range(total - edge, total))
    middle = numbers[edge:-edge]
    assert len(middle) > 0.9 * (MAX_LINES - 2 * edge)
    assert max(second - first for first, second in pairwise(middle)) < 100
    assert sample_lines(text) == sample


def test_long_lines_are_cut_with_their_length_known() -> None:
    sample = sample_lines("short\n" + "x" * 1_000_000 + "\r\n")
    assert [len(line) for line in sample.lines] == [5, LINE_LIMIT]
    assert sample.lengths == (5, 1_000_000)


def test_a_big_text_with_one_huge_line_in_it() -> None:
    text = "a\n" * MAX_LINES + "x" * 5_000_000 + "\n" + "b\n" * MAX_LINES
    sample = sample_lines(text)
    assert sample.total == 2 * MAX_LINES + 1
    assert set(sample.lines) <= {"a", "b", "x" * LINE_LIMIT}
    assert {"a", "b"} <= set(sample.lines)


def test_texts_that_are_looked_at_together_share_the_limit() -> None:
    text = "line\n" * 5_000
    assert len(sample_lines(text, parts=4).lines) <= MAX_LINES // 4
    assert MIN_LINES * 0.9 < len(sample_lines(text, parts=1_000).lines) <= MIN_LINES

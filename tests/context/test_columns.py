"""What a line on a column says."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lithify.context.columns import Facts, column_line, facts_of, short


def line(values: list[object]) -> str:
    return column_line("x", "any", facts_of(values))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([3, 1, 2, 1, None], "1 null (20.0%); values 1 ×2, 3 ×1, 2 ×1"),
        (list(range(20)), "any; all different, 0 to 19, median 9, e.g. 0, 1, 2"),
        ([n / 4 for n in range(12)] * 2, "any; 12 different, 0 to 2.75, median 1.25, e.g. 0, 0.25, 0.5"),
        ([f"name {n}" for n in range(20)], "any; all different, e.g. 'name 0', 'name 1', 'name 2'"),
        ([date(2026, 1, n) for n in range(1, 21)], "all different, 2026-01-01 to 2026-01-20, e.g. 2026-01-01"),
        ([True, False, True], "values True ×2, False ×1"),
        ([[1], [2, 3]], "any; e.g. [1], [2, 3]"),
        ([None, float("nan")], "2 null (100.0%); no value"),
        ([], "any; no rows"),
        ([1, "a"] * 9 + list(range(9)), "10 different, e.g. 1, 'a', 0"),
    ],
)
def test_columns(values: list[object], said: str) -> None:
    assert said in line(values)


def test_facts_of_a_part_say_nothing_of_how_many_are_different() -> None:
    facts = facts_of([1, 2, 2], rows=1_000, nulls=10)
    assert (facts.rows, facts.nulls, facts.distinct, facts.counts) == (1_000, 10, None, ())
    assert column_line("x", "int", facts) == "  'x': int, 10 null (1.0%); 1 to 2, median 2, e.g. 1, 2"


def test_lines_are_bounded() -> None:
    facts = Facts(rows=9, nulls=0, examples=("y" * 1_000,))
    assert len(column_line("x" * 500, "str", facts)) < 320


def test_values_are_short() -> None:
    assert short("x" * 100) == repr("x" * 39 + "…")
    assert short(datetime(2026, 1, 1, 10)) == "2026-01-01 10:00:00"
    assert short(datetime(2026, 1, 1)) == "2026-01-01"
    assert short(1e20) == "1e+20"

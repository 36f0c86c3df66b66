"""What several families compute their truths with: plain Python over the rows of a CSV."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from families import Row, Truth


def top(counts: Mapping[str, int | float], number: int) -> list[list[object]]:
    """The first rows; a tie across the cut would have two right answers, so it is refused."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(rows) > number and rows[number - 1][1] == rows[number][1]:
        raise ValueError(f"a tie at {number}: {rows[: number + 1]}")
    return [[name, count] for name, count in rows[:number]]


def counted(column: str) -> Truth:
    return lambda rows: dict(Counter(row[column] for row in rows))


def numbers(rows: Sequence[Row], column: str) -> list[float]:
    return [float(row[column]) for row in rows if row[column].strip()]


def mean(values: Sequence[float], digits: int = 2) -> float:
    return round(sum(values) / len(values), digits)


def means_by(rows: Sequence[Row], key: str, column: str, digits: int = 2) -> dict[str, float]:
    groups: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row[column].strip():
            groups[row[key]].append(float(row[column]))
    return {name: mean(values, digits) for name, values in groups.items()}


def totals_by(rows: Sequence[Row], key: str, column: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for row in rows:
        totals[row[key]] += float(row[column])
    return totals


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

"""What a column holds, in one line: nulls, values or range, examples. Pure."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from lithify.records.quick import dataclass

MAX_COLUMNS = 40
FEW = 8
_VALUE_CHARS = 40
_LINE_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a column.

    rows, nulls: of the whole column; distinct: different values (None: not counted)
    counts:      every value with how often it occurs, where they are few; else empty
    low, high:   the range, and median the value in the middle ("" for what has no order, or no middle)
    examples:    up to three values, as Python writes them
    """

    rows: int
    nulls: int
    distinct: int | None = None
    counts: tuple[tuple[str, int], ...] = ()
    low: str = ""
    high: str = ""
    median: str = ""
    examples: tuple[str, ...] = ()


def column_line(name: object, kind: str, facts: Facts) -> str:
    """One line of a preview."""
    nulls = f", {facts.nulls:,} null ({facts.nulls / facts.rows:.1%})" if facts.nulls else ""
    line = f"  {name!r}: {kind}{nulls}; {held(facts)}"
    return line if len(line) <= _LINE_CHARS else f"{line[:_LINE_CHARS]}…"


def held(facts: Facts) -> str:
    """What a column holds, without its name and type."""
    if facts.rows == facts.nulls:
        return "no value" if facts.rows else "no rows"
    if facts.counts:
        return "values " + ", ".join(f"{value} ×{count:,}" for value, count in facts.counts)
    there = facts.rows - facts.nulls
    distinct = (
        "" if facts.distinct is None else f"{'all' if facts.distinct == there else f'{facts.distinct:,}'} different"
    )
    ranged = f"{facts.low} to {facts.high}" if facts.low else ""
    median = f"median {facts.median}" if facts.median else ""
    examples = f"e.g. {', '.join(facts.examples)}" if facts.examples else ""
    return ", ".join(part for part in (distinct, ranged, median, examples) if part)


def facts_of(
    values: Sequence[object], *, rows: int | None = None, nulls: int | None = None, ordered: bool = False
) -> Facts:
    """The facts of values at hand, None and NaN being nulls.

    rows, nulls: of the whole column, where it is longer. ordered: texts are in the order of what they mean, as days
    written year first are, so that they have a range.
    """
    there = [value for value in values if not is_null(value)]
    total = len(values) if rows is None else rows
    missing = len(values) - len(there) if nulls is None else nulls
    counted = _counted(there) if total == len(values) else None
    if counted is not None and len(counted) <= FEW:
        return Facts(rows=total, nulls=missing, distinct=len(counted), counts=_most(counted))
    low, high, median = _range(there) if not ordered else (short(min(there)), short(max(there)), "")  # type: ignore[type-var]
    return Facts(
        rows=total,
        nulls=missing,
        distinct=None if counted is None else len(counted),
        low=low,
        high=high,
        median=median,
        examples=examples_of(there),
    )


def is_null(value: object) -> bool:
    """Whether a cell holds no value."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def short(value: object) -> str:
    """A value as Python writes it, cut."""
    if isinstance(value, str):
        return repr(value if len(value) <= _VALUE_CHARS else f"{value[: _VALUE_CHARS - 1]}…")
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e15 else repr(value)
    text = str(value).removesuffix(" 00:00:00") if hasattr(value, "isoformat") else repr(value)
    return text if len(text) <= _VALUE_CHARS else f"{text[: _VALUE_CHARS - 1]}…"


def _counted(values: Iterable[object]) -> Counter[object] | None:
    """How often each value occurs; None for values that cannot be compared so (lists, dicts)."""
    try:
        return Counter(values)
    except TypeError:
        return None


def _most(counted: Counter[object]) -> tuple[tuple[str, int], ...]:
    return tuple((short(value), count) for value, count in counted.most_common(FEW))


def examples_of(values: Sequence[object]) -> tuple[str, ...]:
    """The first three that are different."""
    return tuple(dict.fromkeys(short(value) for value in values[:1_000]))[:3]


def _range(values: Sequence[object]) -> tuple[str, str, str]:
    """Least, greatest and middle of numbers; least and greatest of days and times; nothing of text."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == len(values) and numbers:
        return short(min(numbers)), short(max(numbers)), short(statistics.median_low(numbers))
    kinds = {type(value) for value in values}
    if len(kinds) == 1 and hasattr(values[0], "isoformat"):
        return short(min(values)), short(max(values)), ""  # type: ignore[type-var] # days and times of one type
    return "", "", ""

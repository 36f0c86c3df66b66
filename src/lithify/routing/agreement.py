"""Whether two answers to one question, derived apart, say the same: numbers within a tolerance, ties in any order."""

from __future__ import annotations

from lithify.records.answers import equal_answer
from lithify.records.plain import Plain

TOLERANCE = 1e-6
"""How far two numbers may lie apart, relative to the larger: two ways of adding up floats, not two answers."""
_SHOWN = 120


def disagreement(kept: Plain, derived: Plain) -> str:
    """In what two answers differ, for a person; "" when they say the same.

    Numbers agree within TOLERANCE, also where one is a float and one an int. Lists agree in order; lists of rows also
    when only rows that tie in every number stand in another order. A list of one row agrees with that row.
    """
    if _agree(kept, derived) or _agree(_unwrapped(kept), _unwrapped(derived)):
        return ""
    if _rows(kept) and _rows(derived) and _agree(_by_rank(kept), _by_rank(derived)):
        return ""
    return f"the tool said {_short(kept)}, the fresh derivation {_short(derived)}"


def _agree(left: object, right: object) -> bool:
    return equal_answer(left, right, TOLERANCE)


def _unwrapped(answer: Plain) -> object:
    match answer:
        case [[*row]] | ([*row],):
            return row
        case _:
            return answer


def _rows(answer: Plain) -> bool:
    return isinstance(answer, list | tuple) and all(isinstance(row, list | tuple) for row in answer)


def _by_rank(answer: Plain) -> list[object]:
    """The rows with those that tie (equal in all their numbers, side by side) in one order."""
    rows = list(answer) if isinstance(answer, list | tuple) else []
    ordered: list[object] = []
    while rows:
        tie = [row for row in rows if _numbers(row) == _numbers(rows[0])]
        length = next((at for at, row in enumerate(rows) if _numbers(row) != _numbers(rows[0])), len(rows))
        if length != len(tie):
            return ordered + rows
        ordered += sorted(rows[:length], key=repr)
        rows = rows[length:]
    return ordered


def _numbers(row: object) -> tuple[object, ...]:
    cells = row if isinstance(row, list | tuple) else ()
    return tuple(cell for cell in cells if isinstance(cell, int | float))


def _short(answer: Plain) -> str:
    text = repr(answer)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text):,} characters)"

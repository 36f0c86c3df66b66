"""What the two streams are made of: an ask is a question over a piece of a file, with its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Row: TypeAlias = Mapping[str, str]
Truth: TypeAlias = Callable[[Sequence[Row]], object]
Kind: TypeAlias = Literal["first", "same", "value", "paraphrase", "similar"]
"""same: the question word for word; value: another value in it; paraphrase: in other words; similar: another question
that an earlier tool must not answer."""


@dataclass(frozen=True)
class Ask:
    """part: "2of3" is the second third of the file's lines or rows, "all" the whole."""

    kind: Kind
    part: str
    question: str
    truth: Truth


@dataclass(frozen=True)
class Family:
    """Questions of one kind over one file. name: of the family; file: its path below the data folder."""

    name: str
    file: str
    asks: tuple[Ask, ...]


def family(name: str, file: str, question: str, truth: Truth, *, then: Ask, parts: tuple[str, str]) -> Family:
    """A question, the same over another part, and a third ask."""
    first, second = parts
    return Family(name, file, (Ask("first", first, question, truth), Ask("same", second, question, truth), then))


def top(counts: Mapping[str, int | float], number: int) -> list[list[object]]:
    """The first rows; a tie across the cut would have two right answers, so it is refused."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if len(rows) > number and rows[number - 1][1] == rows[number][1]:
        raise ValueError(f"a tie at {number}: {rows[: number + 1]}")
    return [[name, count] for name, count in rows[:number]]


def bounds(part: str, length: int) -> tuple[int, int]:
    """Where a part of so many lines or rows begins and ends."""
    if part == "all":
        return 0, length
    at, of = (int(number) for number in part.split("of"))
    return length * (at - 1) // of, length * at // of


def piece_name(file: str, part: str) -> str:
    """ "loghub/Linux_2k.log", "1of2": "Linux_2k.1of2.log"."""
    stem, dot, suffix = file.rpartition("/")[2].rpartition(".")
    return f"{stem}.{part}{dot}{suffix}"

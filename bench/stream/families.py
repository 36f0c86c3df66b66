"""What the streams are made of: an ask is a question over a piece of a file, with its truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Row: TypeAlias = Mapping[str, str]
Truth: TypeAlias = Callable[[Sequence[Row]], object]
Kind: TypeAlias = Literal["first", "same", "value", "paraphrase", "similar"]
"""same: a question word for word; value: another value in it; paraphrase: in other words; similar: another question
that an earlier tool must not answer."""
HALVES = ("1of2", "2of2")
WHOLE = ("all", "2of2")


@dataclass(frozen=True)
class Ask:
    """part: "2of3" is the second third of the file's lines or rows, "all" the whole.

    question, truth: where there is none it is the family's.
    """

    kind: Kind
    part: str
    question: str = ""
    truth: Truth | None = None


@dataclass(frozen=True)
class Family:
    """Questions of one kind over one file. name: of the family; file: its path below the data folder.

    asks:  in the order in which they are asked, each with its question and its truth
    begin: how much later than others it begins; an ask is one apart from the next
    """

    name: str
    file: str
    asks: tuple[tuple[Ask, str, Truth], ...]
    begin: float = 0.0


def family(
    name: str, file: str, asked: tuple[str, Truth], *later: Ask, parts: tuple[str, ...] = HALVES, begin: float = 0.0
) -> Family:
    """A question with its truth, over each part in turn; then what is asked later."""
    repeated = [Ask("same" if at else "first", part) for at, part in enumerate(parts)]
    asks = tuple((one, one.question or asked[0], one.truth or asked[1]) for one in (*repeated, *later))
    return Family(name, file, asks, begin)


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

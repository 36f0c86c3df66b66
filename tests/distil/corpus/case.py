"""One sequence of cells, and what distilling must make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lithify.records.plain import Plain

CUT = "\n#---\n"
"""Between two cells of a sequence."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question answered by cells over data.

    cells:      the code of all cells, CUT between two of them
    answer:     on the data; elsewhere: on other data, that the cells never saw
    statements: the tool has no more than so many, imports, docstrings and the public function's head not counted
    lacks, has: names and pieces of code that must not, and must, occur in the tool
    calls:      (arguments, answer) on the data
    reason:     a part of the reason why nothing is kept; then nothing else counts
    options:    of Teller.tell: typed, form, model
    """

    question: str
    cells: str
    data: Any
    other: Any = None
    answer: Plain = None
    elsewhere: Plain = None
    statements: int = 0
    lacks: Sequence[str] = ()
    has: Sequence[str] = ()
    calls: Sequence[tuple[Mapping[str, int | float | str], Plain]] = ()
    reason: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parts(self) -> list[str]:
        """The cells, each by itself."""
        return self.cells.strip("\n").split(CUT)

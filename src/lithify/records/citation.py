"""A quote that supports an answer, and whether it stands in the data."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

Unit: TypeAlias = Literal["line", "row", "page", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A quote as the model gave it. source: a file or an input ("" not said); number: its place, 0 not said."""

    quote: str
    source: str = ""
    unit: Unit = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote with its place, looked up by the host.

    source:   the file or input that it stands in; "" where the context is one text
    unit, number: where: the line of a text, the row of a table or list, the page of a document, from 1; "" and 0 when
              the quote was not found
    verified: the quote stands there, character by character
    note:     what is to be known about it: where the model said that it stands, or why it is not verified
    """

    quote: str
    source: str = ""
    unit: Unit = ""
    number: int = 0
    verified: bool
    note: str = ""

"""What a relation between the inputs and answers of a tool is, before it is known whether it holds."""

from __future__ import annotations

from collections.abc import Callable

from lithify.layout import BY_ELEMENTS, BY_ROWS
from lithify.records.context import Fingerprint, Format
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What decides which relations make sense for a tool: its source, its answer, and what its input looks like."""

    candidate: Candidate
    answer: Plain
    format: Format

    @property
    def number(self) -> bool:
        """Whether it answers with a number."""
        return isinstance(self.answer, (int, float)) and not isinstance(self.answer, bool)

    @property
    def counts(self) -> bool:
        """Whether it answers with a number, or with a number for each of several things."""
        if isinstance(self.answer, dict):
            values = list(self.answer.values())
            return bool(values) and all(type(value) in (int, float) for value in values)
        return self.number

    @property
    def listed(self) -> bool:
        """Whether it answers with a list."""
        return isinstance(self.answer, (list, tuple))

    @property
    def text(self) -> bool:
        """Whether its input is a text of lines."""
        text = self.candidate.signature.context_kind == "text"
        return text and self.format in ("lines", "delimited", "jsonl", "prose")

    @property
    def rows(self) -> bool:
        """Whether its input is written as a line that tells the columns, and a line for each row; or a workbook."""
        return self.candidate.signature.context_kind in BY_ROWS - {"bytes"} or bool(self.sheets)

    @property
    def sheets(self) -> tuple[tuple[str, Fingerprint], ...]:
        """The sheets of a workbook that have a row of names."""
        shape = self.candidate.applicability
        return tuple((name, one) for name, one in shape.members if shape.format == "document" and one.header)

    @property
    def elements(self) -> bool:
        """Whether its input is a list; a workbook, which is one of its sheets, is a thing of its own."""
        if self.candidate.applicability.members:
            return False
        use = self.candidate.examples[0].context if self.candidate.examples else ""
        return self.candidate.signature.context_kind in BY_ELEMENTS and isinstance(use, str) and use.startswith("[")

    @property
    def lines(self) -> bool:
        """Whether its input, or what it is written as, consists of lines that can be there or not."""
        return self.text or self.rows or self.elements or self.lined is not None

    @property
    def lined(self) -> tuple[str, int] | None:
        """Of several inputs the one with the most lines, and how many of them are a header; None where none has any."""
        shapes = dict(self.candidate.applicability.members) if self.candidate.signature.inputs else {}
        use = self.candidate.examples[0].context if self.candidate.examples else ""
        found: list[tuple[int, str, int]] = []
        for one in self.candidate.signature.inputs:
            shape = shapes.get(one.name)
            if shape is None or isinstance(use, str) or one.name not in use:
                continue
            written = one.kind in ("table", "database")
            if written or (one.kind == "text" and shape.format in ("lines", "delimited", "jsonl")):
                headed = written or bool(shape.format == "delimited" and shape.header)
                found.append((use[one.name].count("\n"), one.name, int(headed)))
        return max(found)[1:] if found else None

    def mentions(self, *words: str) -> bool:
        """Whether its source holds one of some words."""
        return any(word in self.candidate.source for word in words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """One relation, as the test of it.

    says:  one line for a reviewer
    test:  the source of the test function, without decorators and name: its parameters and its body
    given: what hypothesis draws, as in `@given(...)`
    shown: an expression for one instance of it, as text; `use`, `head` and `lines` are a recorded use
    fits:  whether it makes sense to try it
    rival: the name of a relation that says more: this one is left out where that one holds
    """

    name: str
    says: str
    given: str
    test: str
    shown: str
    fits: Callable[[Situation], bool]
    rival: str = ""

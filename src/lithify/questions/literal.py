"""The values that a question names: what distilling may turn into a tool's parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithify.questions.normal import essential
from lithify.questions.scan import Token, quoted_text
from lithify.questions.words import FUNCTION_WORDS, OPERATORS
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from lithify.records.tool import SlotType

_NO_VALUES = FUNCTION_WORDS | OPERATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value in a question.

    text:   as written, quotation marks included; question[span[0]:span[1]]
    value:  what code would hold: 1000 for "1,000", 3 for "three", the inner text of a quotation
    quoted: it stood in quotation marks
    weak:   a plain word ("root", "kernel"): a value only if the same string stands in the code as a constant
    """

    text: str
    value: int | float | str
    type: SlotType
    span: tuple[int, int]
    quoted: bool = False
    weak: bool = False


def literals(question: str) -> tuple[Literal, ...]:
    """Every value in the question, in order of place.

    Numbers, written-out numbers, quoted text, addresses, dates, times and names are strong; every other word that is
    neither grammar nor an operation ("most", "average", "count") is weak. Politeness and articles are none.
    """
    found = (_literal(token, question) for token in essential(question))
    return tuple(literal for literal in found if literal is not None)


def is_value_word(token: Token) -> bool:
    """Whether a plain word can be a value: not grammar, not an operation, at least one letter."""
    return token.kind == "word" and token.key not in _NO_VALUES


def _literal(token: Token, question: str) -> Literal | None:
    span = (token.start, token.end)
    text = question[token.start : token.end]
    match token.kind:
        case "mark":
            return None
        case "int":
            return Literal(text=text, value=int(token.key), type="int", span=span)
        case "float":
            return Literal(text=text, value=float(token.key), type="float", span=span)
        case "quoted":
            return Literal(text=text, value=quoted_text(token), type="str", span=span, quoted=True)
        case "word":
            contraction = text.casefold() != token.key and "'" in text.replace("’", "'")
            if contraction or not is_value_word(token):
                return None
            return Literal(text=text, value=text, type="str", span=span, weak=True)
        case _:
            return Literal(text=text, value=token.text, type="str", span=span)

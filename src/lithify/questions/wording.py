"""A question that is a template's in other words which mean the same, whatever the data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lithify.questions.normal import essential
from lithify.questions.numbers import read_float, read_integer
from lithify.questions.rewriting import NUMBER, TOUCHED, Item, rewritten
from lithify.questions.scan import Token
from lithify.questions.template import Hole, accept, is_bare, parse
from lithify.questions.words import FUNCTION_WORDS
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from lithify.records.tool import Slot


_GROUPING = frozenset({"by", "per", "each", "every"})
HOLE = ""
"""How the place of a slot is shown that takes a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """The template's question in other words.

    values:    of the slots; bare: those that got an unquoted word, as in `bare_words`
    own:       telling words of the template that the question says otherwise: where one is a value ("how many lines
               hold average"), the other is not the same
    regrouped: "by x", "per x" or "for each x" stands for another of them, which is the same only where the answer has a
               figure for each
    exact:     it is the template word for word, in normal form
    """

    values: Mapping[str, int | float | str]
    bare: frozenset[str]
    own: frozenset[str] = frozenset()
    regrouped: bool = False
    exact: bool = False


def match_wording(template: str, slots: tuple[Slot, ...], question: str) -> Reworded | None:
    """The question as a rewording of the template, by the rules of `rewriting`; None when it is none.

    Both are brought to one wording, which must be the same, word for word; values as in `match_template`.
    """
    named, holes = _named_by_template(template, slots)
    asked = _named_by_question(question)
    if not named <= asked or len(asked) > len(named) + holes:  # spares most of a large library the rewriting
        return None
    parts, tokens = parse(template, slots), essential(question)
    ours, theirs = rewritten(map(_of_part, parts)), rewritten(map(_of_token, tokens))
    if len(ours) != len(theirs) or not ours:
        return None
    values: dict[str, int | float | str] = {}
    bare: set[str] = set()
    for our, their in zip(ours, theirs, strict=True):
        if not isinstance(our.part, Hole):
            if _key(our) != _key(their):
                return None
            continue
        value = accept(our.part, their.part) if isinstance(their.part, Token) else None
        if value is None or values.setdefault(our.part.slot.name, value) != value:
            return None
        bare |= {our.part.slot.name} if isinstance(their.part, Token) and is_bare(their.part) else set()
    known, said = {part for part in parts if isinstance(part, str)}, {token.key for token in tokens}
    regrouped = bool((known ^ said) & _GROUPING)
    return Reworded(
        values=values, bare=frozenset(bare), own=frozenset(known - said - FUNCTION_WORDS), regrouped=regrouped
    )


@lru_cache(maxsize=8_192)
def _named_by_template(template: str, slots: tuple[Slot, ...]) -> tuple[frozenset[str], int]:
    """The words of a template that no rule touches, and how many slots it has besides."""
    parts = parse(template, slots)
    named = frozenset(part for part in parts if isinstance(part, str) and part not in TOUCHED)
    return named, sum(isinstance(part, Hole) for part in parts)


@lru_cache(maxsize=64)
def _named_by_question(question: str) -> frozenset[str]:
    return frozenset(token.key for token in essential(question)) - TOUCHED


def wording(question: str) -> tuple[str, ...]:
    """The words of a question after the rules of `rewriting`; NUMBER for every number."""
    return tuple(_shown(item) for item in rewritten(map(_of_token, essential(question))))


def of_template(template: str, slots: tuple[Slot, ...]) -> tuple[str, ...]:
    """The same of a template; HOLE for slots that take a text."""
    return tuple(_shown(item) for item in rewritten(map(_of_part, parse(template, slots))))


def _of_token(token: Token) -> Item:
    if token.kind in ("int", "float"):
        return Item(NUMBER, token)
    return Item("" if token.kind == "quoted" else token.key, token)


def _of_part(part: str | Hole) -> Item:
    if isinstance(part, Hole):
        return Item(NUMBER if part.slot.type in ("int", "float") else "", part)
    if read_integer(part) is not None or read_float(part) is not None:
        return Item(NUMBER, part)
    return Item("" if part.startswith('"') else part, part)


def _key(item: Item) -> str:
    match item.part:
        case Token(key=key):
            return key
        case str(text):
            return text
        case _:
            return item.word


def _shown(item: Item) -> str:
    if item.word == NUMBER:
        return NUMBER
    return HOLE if isinstance(item.part, Hole) else _key(item)

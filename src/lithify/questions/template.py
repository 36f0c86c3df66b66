"""Question templates: made from a question and its values, matched against another question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from lithify.errors import ProgrammerMustAct
from lithify.questions.literal import Literal, is_value_word
from lithify.questions.normal import essential
from lithify.questions.numbers import read_words
from lithify.questions.scan import Token, quoted_text, scan
from lithify.questions.words import LONG_MONTHS, MONTHS
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from lithify.records.tool import Slot

_PART = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')
_NEAR = 0.7
"""The share of words in common from which on two questions are near."""
_BLANKS = {"int": "{number}", "float": "{number}", "quoted": "{text}", "name": "{name}", "ip": "{address}"}


@dataclass(frozen=True, slots=True)
class Hole:
    """A slot's place in a template. quoted: it takes quoted text only."""

    slot: Slot
    quoted: bool


def make_template(question: str, slots: Mapping[str, Literal]) -> str:
    """The normal form of a question with `{name}` (or `"{name}"` for quoted text) in place of each literal.

    A text that stands in the question twice becomes the same slot twice, unless each has a slot of its own. A number
    that does stays where it has none: "at least 2, rounded to 2 digits" names two.
    Raises ProgrammerMustAct when a literal is not one of this question's, or the question holds a slot's `{name}`.
    """
    parts: list[str] = []
    used: set[str] = set()
    for token in essential(question):
        exact = (name for name, literal in slots.items() if literal.span == (token.start, token.end))
        equal = (name for name, literal in slots.items() if _same_value(token, literal))
        name = next(exact, None) or next(equal, None)
        if name is None:
            parts.append(token.key)
            continue
        used.add(name)
        parts.append(f'"{{{name}}}"' if token.kind == "quoted" else f"{{{name}}}")
    for name, literal in slots.items():
        if name not in used:
            raise ProgrammerMustAct(f"slot {name!r}: {literal.text!r} is no literal of the question {question!r}")
        if f"{{{name}}}" in question:
            raise ProgrammerMustAct(
                f"slot {name!r}: the question {question!r} itself holds {{{name}}}; rename the slot"
            )
    return " ".join(parts)


def match_template(template: str, slots: tuple[Slot, ...], question: str) -> dict[str, int | float | str] | None:
    """The values of the slots when the question is the template with other values, else None.

    Every word must be the same in normal form. A value must be of its slot's type and look like the default: quoted
    where that was quoted, one word, the same kind and the same use of capitals; grammar and operations are no values.
    """
    parts = parse(template, slots)
    tokens = essential(question)
    if len(parts) != len(tokens) or not parts:
        return None
    values: dict[str, int | float | str] = {}
    for part, token in zip(parts, tokens, strict=True):
        if isinstance(part, str):
            if part != token.key:
                return None
            continue
        value = accept(part, token)
        if value is None or values.setdefault(part.slot.name, value) != value:
            return None
    return values


def difference(template: str, slots: tuple[Slot, ...], question: str) -> str:
    """In which words a question that nearly matches differs, for a person; "" when it matches or is far from it."""
    parts = [part if isinstance(part, str) else f"{{{part.slot.name}}}" for part in parse(template, slots)]
    holes = {f"{{{slot.name}}}" for slot in slots}
    tokens = [token.key for token in essential(question)]
    if not parts or len(set(parts) & set(tokens)) < _NEAR * len(set(parts) - holes):
        return ""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, parts, tokens, autojunk=False)
    changes = [(parts[a:b], tokens[c:d]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]
    changes = [(ours, theirs) for ours, theirs in changes if len(ours) != 1 or len(theirs) != 1 or ours[0] not in holes]
    if not changes:
        return "" if match_template(template, slots, question) is not None else "a value is of another kind"
    if matcher.ratio() < _NEAR:
        return ""
    return "; ".join(f'"{" ".join(theirs)}" stands for "{" ".join(ours)}"' for ours, theirs in changes)


def family(question: str) -> str:
    """The normal form with numbers, quoted text, addresses, dates and names blanked: what costs are grouped by."""
    return " ".join(_BLANKS.get(t.kind, "{date}" if t.kind in ("date", "time") else t.key) for t in essential(question))


def bare_words(template: str, slots: tuple[Slot, ...], question: str) -> frozenset[str]:
    """The slots for which a matching question gives an unquoted word of letters only. Such a word may be no value at
    all ("how many times did user sessions log in"), so its reader should look for it in the data before use."""
    parts = parse(template, slots)
    pairs = zip(parts, essential(question), strict=True) if len(parts) == len(essential(question)) else ()
    return frozenset(part.slot.name for part, token in pairs if isinstance(part, Hole) and is_bare(token))


def is_bare(token: Token) -> bool:
    """Whether a token is an unquoted word of letters only."""
    return token.kind in ("word", "name") and token.text.isalpha()


@lru_cache(maxsize=8_192)
def parse(template: str, slots: tuple[Slot, ...]) -> tuple[str | Hole, ...]:
    """The parts of a template: keys of tokens, and holes. `{name}` is a hole only if it names one of the slots."""
    plain = {f"{{{slot.name}}}": Hole(slot, quoted=False) for slot in slots}
    quoted = {f'"{{{slot.name}}}"': Hole(slot, quoted=True) for slot in slots}
    holes = plain | quoted
    return tuple(holes.get(part, part) for part in _PART.findall(template))


def _same_value(token: Token, literal: Literal) -> bool:
    """Whether a token is the value of a literal that stands elsewhere. A number elsewhere is another number."""
    if literal.quoted != (token.kind == "quoted") or token.kind == "mark":
        return False
    return literal.type == "str" and token.text == literal.text


def accept(hole: Hole, token: Token) -> int | float | str | None:
    """The value that a token gives to a slot, or None."""
    slot = hole.slot
    if slot.type == "int":
        return _integer(token)
    if slot.type == "float":
        return _float(token)
    if not hole.quoted and token.kind != "quoted":
        return _bare_text(str(slot.default), token)
    may_be_quoted = hole.quoted or _kind_of_default(slot) in ("word", "name")
    return quoted_text(token) if token.kind == "quoted" and may_be_quoted else None


def _integer(token: Token) -> int | None:
    if token.kind == "int":
        return int(token.key)
    return read_words([token.key]) if token.kind == "word" else None


def _float(token: Token) -> float | None:
    if token.kind == "float":
        return float(token.key)
    integer = _integer(token)
    return None if integer is None else float(integer)


def _bare_text(default: str, token: Token) -> str | None:
    """An unquoted word or name as the value of a text slot: only if it looks like the default."""
    if token.text == default:
        return default
    known = _one_token(default)
    kind = known.kind if known else "quoted"
    if kind == "word":
        fits = is_value_word(token) or token.kind == "name"
    elif kind == "int":
        fits = token.kind == "int" and token.text == token.key and _same_width(default, token.text)
    else:
        fits = token.kind == kind
    if not fits or _capitals(token.text) != _capitals(default):
        return None
    return token.text if _outline(token.text, kind) == _outline(default, kind) else None


def _kind_of_default(slot: Slot) -> str:
    known = _one_token(slot.default) if isinstance(slot.default, str) else None
    return known.kind if known else ""


def _one_token(text: str) -> Token | None:
    tokens = scan("x " + text)[1:]
    return tokens[0] if len(tokens) == 1 else None


def _same_width(default: str, text: str) -> bool:
    """Digits kept as text (an hour, a day) mean a fixed width when there are at most two of them."""
    return len(default) == len(text) or min(len(default), len(text)) > 2


def _capitals(text: str) -> str:
    letters = [c for c in text if c.isalpha()]
    if not any(c.isupper() for c in letters):
        return "lower" if letters else ""
    return "upper" if not any(c.islower() for c in letters) else "mixed"


def _outline(text: str, kind: str) -> str:
    """What two values of a kind must have in common: how a date is written, a network or port behind an address, a
    path's or link's or pair's signs in a name."""
    if kind in ("date", "time"):
        month = text.split(maxsplit=1)[0].lower()
        written = "Month" if month in LONG_MONTHS else "Mon"
        return re.sub(r"[0-9]", "9", text.replace(text.split(maxsplit=1)[0], written) if month in MONTHS else text)
    if kind == "ip":
        return re.sub(r"[0-9]+", "9", text)
    return "".join(sorted(set(text) & set("/\\@=:"))) if kind == "name" else ""

"""A question cut into tokens, each with its place in the text as written and its key for comparing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, TypeAlias

from lithify.questions.numbers import is_number_word, longest_number, read_float, read_integer, read_words
from lithify.questions.words import CONTRACTIONS, MONTHS, UNITS
from lithify.records.quick import dataclass

Kind: TypeAlias = Literal["word", "name", "int", "float", "ip", "date", "time", "quoted", "mark"]


@dataclass(frozen=True, slots=True)
class Token:
    """text stands at [start, end) of the question; key is what two questions are compared by.

    The key of a quoted token is its inner text between double quotes, with \\ before " and \\. Other keys hold no
    white space. Names (node-7, WindowManager, /var/log) and quoted text keep their case, words do not.
    """

    text: str
    start: int
    end: int
    key: str
    kind: Kind


_QUOTED = re.compile(
    r"“(?P<a>[^“”]+)”|«(?P<b>[^«»]+)»|\"(?P<c>[^\"]+)\"|`(?P<d>[^`]+)`"
    r"|(?<![^\s(\[,;:=])['‘](?P<e>[^'‘’\n]*[^'‘’\s])['’](?![\w])"
)
_CHUNK = re.compile(r"\S+")
_OPENING = "([{<>=≥≤~$€£#¿¡\"'`“”‘’«»*|,;:"
_CLOSING = ")]}>,;:.?!…？！。，；：\"'`“”‘’«»*|"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$", re.IGNORECASE)
_SUFFIXED = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)(%|\+|[a-zA-Zµ]{1,5})")
_RANGE = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)([-–])([0-9][0-9,]*(?:\.[0-9]+)?)")
_IP = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:[:/][0-9]{1,5})?")
_DATE = re.compile(
    r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?:[T_-][0-9:.]+(?:Z|[+-][0-9:]+)?)?|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{2,4}"
    r"|[12][0-9]{3}[-/](?:0[1-9]|1[0-2])"
)
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9:]+)?")
_FOLDED = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    ord("’"): "'",
    ord("–"): "-",
    ord("−"): "-",
    ord("‐"): "-",
    ord("‑"): "-",
    ord("。"): ".",
    ord("、"): ",",
}
_DAY = re.compile(r"[1-9]|[12][0-9]|3[01]")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def fold(text: str) -> str:
    """Composed, full-width forms as ASCII, typographic signs as plain ones. No NFKC: 10² is not 102."""
    composed = unicodedata.normalize("NFC", text).translate(_FOLDED)
    return "".join(c for c in composed if unicodedata.category(c) != "Cf")


def scan(question: str) -> tuple[Token, ...]:
    """Every token of a question, in order; empty for an empty one."""
    shouted = not any(letter.islower() for letter in question)
    found: list[Token] = []
    place = 0
    for match in _QUOTED.finditer(question):
        found += _outside(question, place, match.start(), shouted)
        inner = next(part for part in match.groups() if part is not None)
        found.append(Token(match.group(), match.start(), match.end(), quoted_key(inner), "quoted"))
        place = match.end()
    found += _outside(question, place, len(question), shouted)
    return tuple(_join_days(list(_join_number_words(found))))


def quoted_key(inner: str) -> str:
    """How a quoted text is written in a template."""
    folded = " ".join(unicodedata.normalize("NFC", inner).split(" "))
    return '"' + folded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quoted_text(token: Token) -> str:
    """What stands between the quotation marks, as written."""
    return token.text[1:-1]


def _outside(question: str, start: int, end: int, shouted: bool) -> Iterator[Token]:
    for match in _CHUNK.finditer(question, start, end):
        yield from _chunk(match.group(), match.start(), shouted)


def _chunk(text: str, start: int, shouted: bool) -> Iterator[Token]:
    """The tokens of a run of characters without white space: marks before, the core, marks behind."""
    behind: list[Token] = []
    while text and (text[0] in _OPENING) and not _balanced_open(text):
        yield _mark(text[0], start)
        text, start = text[1:], start + 1
    while text and text[-1] in _CLOSING and not _balanced_close(text):
        behind.append(_mark(text[-1], start + len(text) - 1))
        text = text[:-1]
    possessive = _POSSESSIVE.search(text)
    if possessive and text.lower().replace("’", "'") not in CONTRACTIONS:
        behind.append(Token(possessive.group(), start + possessive.start(), start + len(text), "’s", "mark"))
        text = text[: possessive.start()]
    if text:
        yield from _core(text, start, shouted)
    yield from reversed(behind)


def _balanced_open(text: str) -> bool:
    """Whether the bracket that text opens with belongs to it: "[kernel]" stays whole, "(see" does not."""
    closing = {opening: end for end, opening in _PAIRS.items()}.get(text[0])
    return closing in ("]", "}") and len(text) > 2 and text.rstrip("?.!,;:").endswith(closing)


def _balanced_close(text: str) -> bool:
    """Whether the bracket that text ends with was opened in it: "sshd(pam_unix)"."""
    opening = _PAIRS.get(text[-1])
    return opening is not None and text.count(opening) >= text.count(text[-1])


def _core(text: str, start: int, shouted: bool) -> Iterator[Token]:
    contraction = CONTRACTIONS.get(text.lower().replace("’", "'"))
    if contraction:
        for part in contraction:
            yield Token(text, start, start + len(text), part, "word")
    elif (parts := _number_parts(text)) is not None:
        for part in parts:
            yield _plain(part, start, shouted)
            start += len(part)
    elif "," in text and read_integer(text) is None and read_float(text) is None and not _TIME.fullmatch(text):
        for part in re.split(r"(,)", text):
            if part:
                yield _mark(part, start) if part == "," else _plain(part, start, shouted)
            start += len(part)
    else:
        yield _plain(text, start, shouted)


def _number_parts(text: str) -> tuple[str, ...] | None:
    """ "10ms" → 10, ms · "3rd" → 3, rd · "50%" → 50, % · "10-20" → 10, -, 20; None for anything else."""
    folded = fold(text)
    if len(folded) != len(text):
        return None
    suffixed = _SUFFIXED.fullmatch(folded)
    if suffixed and _is_number(suffixed[1]) and (suffixed[2].lower() in UNITS | _ORDINALS | {"%", "+"}):
        return suffixed[1], suffixed[2]
    ranged = _RANGE.fullmatch(folded)
    if ranged and _is_number(ranged[1]) and _is_number(ranged[3]) and not _DATE.fullmatch(folded):
        low, high = (float(ranged[group].replace(",", "")) for group in (1, 3))
        return (ranged[1], ranged[2], ranged[3]) if low < high else None
    return None


def _is_number(text: str) -> bool:
    return read_integer(text) is not None or read_float(text) is not None


def _mark(text: str, start: int) -> Token:
    key = {"“": '\\"', "”": '\\"', '"': '\\"', "‘": "’", "'": "’"}.get(text, fold(text) or text)
    return Token(text, start, start + len(text), key, "mark")


def _plain(text: str, start: int, shouted: bool) -> Token:
    """One unquoted word, number or name."""
    end = start + len(text)
    clean = fold(text) or text
    integer = read_integer(clean)
    if integer is not None:
        return Token(text, start, end, clean.replace(",", ""), "int")
    if read_float(clean) is not None:
        return Token(text, start, end, clean.replace(",", ""), "float")
    written = read_words(clean.lower().split("-")) if "-" in clean else None
    if written is not None:
        return Token(text, start, end, str(written), "int")
    kind = _kind_of(clean, shouted or (start == 0 and len(clean) == 1))
    if kind == "word" and clean.lower() in _ORDINALS and start:
        return Token(text, start, end, "th", "mark")
    key = (
        clean.lower() if kind in ("word", "mark") or (len(clean) > 1 and clean.isupper() and clean.isalpha()) else clean
    )
    return Token(text, start, end, {"&": "and"}.get(key, key), kind)


def _kind_of(text: str, shouted: bool) -> Kind:
    if _IP.fullmatch(text):
        return "ip"
    if _DATE.fullmatch(text):
        return "date"
    if _TIME.fullmatch(text):
        return "time"
    if not any(c.isalnum() for c in text):
        return "word" if text == "&" else "mark"
    plain = text.replace("'", "")
    if not plain.isalpha():
        return "name" if not _only_marks_and_letters(plain) else "word"
    if plain.isupper() and plain != "I" and not shouted:
        return "name"
    return "name" if re.search(r"[^\W\d_][A-Z]", plain) and not plain.isupper() else "word"


def _only_marks_and_letters(text: str) -> bool:
    """Letters with combining marks: a word of a script or spelling that isalpha() does not know as one."""
    return all(unicodedata.category(c)[0] in "LM" for c in text)


def _join_number_words(tokens: list[Token]) -> Iterator[Token]:
    """ "two hundred" becomes the one number 200. A lone "one" stays a word: "which one" asks for no number."""
    place = 0
    while place < len(tokens):
        run = place
        while run < len(tokens) and tokens[run].kind == "word" and is_number_word(tokens[run].key):
            run += 1
        length, value = longest_number([token.key for token in tokens[place:run]])
        if length == 0 or (length == 1 and tokens[place].key == "one"):
            yield tokens[place]
            place += 1
            continue
        first, last = tokens[place], tokens[place + length - 1]
        text = first.text if length == 1 else " ".join(token.text for token in tokens[place : place + length])
        yield replace(first, text=text, end=last.end, key=str(value), kind="int")
        place += length


def _join_days(tokens: list[Token]) -> Iterator[Token]:
    """ "Jun 14" becomes one date: logs and the code that reads them hold it as one."""
    place = 0
    while place < len(tokens):
        first, second = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
        if second and first.key in MONTHS and first.kind != "quoted" and _DAY.fullmatch(second.text):
            key = f"{first.key}_{second.key}"
            yield Token(f"{first.text} {second.text}", first.start, second.end, key, "date")
            place += 2
            continue
        yield first
        place += 1

"""How a parameter is called: by the words around its value in the question, by what the code compares it with, or by
its kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from lithify.distil.knowledge import BUILTINS
from lithify.distil.naming import identifier
from lithify.questions import Literal

_BEFORE = re.compile(r"([A-Za-z][A-Za-z_]*)(?:[\s:=#]|\s+(?:is|named|called|no\.?|number)\s)*$")
_AFTER = re.compile(r"[\s\"'`”’»]+([A-Za-z]+)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_NAMES = _words(
    "a about above after all an and any are as at average be before below between by contain contained contains "
    "containing count did do does each either equal equals every exactly exceed exceeds find first for from give had "
    "has have how in into is it its largest last least less like list longest many match matches matching maximum mean "
    "mention mentions minimum more most much no not of on only or over per rounded show smallest sum than that the "
    "their then there these this those to top total under until was were what when where which who whose with within"
)
"""Words before a value that do not say what the value is."""

_NOUNS = _words(
    "account address application area branch brand category channel city class client cluster code color colour column "
    "command company component country county currency customer database department device director district domain "
    "employee environment event facility field file folder function gender genre group host hostname id interface "
    "invoice job kind label language level machine manager manufacturer method model module month name namespace node "
    "operation order organisation organization package path person player pod port process product project protocol "
    "province queue region role room route rule school sector sensor server service session severity shop site source "
    "species sport state station status store street subject supplier symbol system table tag task team tenant thread "
    "ticket topic town type unit user username vendor version weekday worker year zone"
)
"""Nouns that tell what a value before them is: the root user, the Paris branch."""

_UNITS = _words("day days hour hours minute minutes second seconds week weeks month months year years digit digits")
_UNITS |= _words("star stars decimals places percent ms bytes characters letters words")

_KINDS = (
    (re.compile(r"(?:\d{1,3}\.){3}\d{1,3}(?:/\d+)?"), "address"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "address"),
    (re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*"), "date"),
    (re.compile(r"\d{1,2}:\d{2}.*"), "time"),
    (re.compile(r"[A-Z][a-z]{2,8} \d{1,2}"), "day"),
    (re.compile(r"(?i:error|warn|warning|info|debug|trace|notice|fatal|critical|severe)"), "level"),
    (re.compile(r"GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS"), "method"),
    (re.compile(r"(?i:mon|tues|wednes|thurs|fri|satur|sun)days?"), "weekday"),
    (re.compile(r"/[\w./-]+"), "path"),
    (re.compile(r"[\w-]+\.[a-z][a-z0-9]{1,4}"), "file"),
)
_COMPARED = "more|less|fewer|greater|longer|shorter|higher|lower|larger|smaller|bigger|slower|faster|older|newer"
_AROUND = (
    (re.compile(r"\btop\s+$", re.IGNORECASE), "top"),
    (re.compile(r"\b(?:between|from)\s+$", re.IGNORECASE), "start"),
    (re.compile(r"\bbetween\s+.*\band\s+$|\bfrom\s.*\b(?:to|until|till)\s+$", re.IGNORECASE), "end"),
    (
        re.compile(rf"\b(?:(?:{_COMPARED})\s+than|over|above|below|under|at\s+(?:least|most)|exceed\w*)\s+$"),
        "threshold",
    ),
)
"""What the words before a value say that it is."""

_EXTREME = re.compile(
    r"\b(?:most|least|top|first|last|latest|earliest|best|worst|fewest|(?!rest|test|request)\w{3,}(?:[bcdgklmprstw]est|iest|lest))\b",
    re.IGNORECASE,
)
_GETTERS = re.compile(r"_*(?:get|parse|extract|find|read|to)_(?=[a-z])")


def slot_name(question: str, literal: Literal, nodes: Sequence[ast.AST], taken: frozenset[str]) -> str:
    """The name of the parameter for a literal of the question, none of those taken."""
    said = (
        _around(question, literal)
        or _before(question, literal)
        or _after(question, literal)
        or compared_with(nodes, literal)
    )
    kind = kind_of(literal) or (
        "column"
        if _is_key(nodes, literal)
        else "number"
        if literal.type != "str"
        else "phrase"
        if literal.quoted
        else "word"
    )
    others = ("how_many",) if said == "top" else ()
    choices = (said, *others, f"wanted_{said}") if said else (kind, f"other_{kind}")
    return identifier(next((name for name in choices if name not in taken), choices[-1]), taken)


def role(question: str, literal: Literal) -> str:
    """What a number is for, as the words around it tell: "compared", "count", or "" when they do not."""
    return {"threshold": "compared", "start": "compared", "end": "compared", "top": "count"}.get(
        _around(question, literal), ""
    )


def names_a_value(question: str, literal: Literal, nodes: Sequence[ast.AST]) -> bool:
    """Whether a plain word is a value that another could stand in for, by what the question or the code calls it.

    "for user root" and `level == "error"` say so; in "packages changed status" the word is what is asked about, and
    another in its place would be another question.
    """
    if kind_of(literal) or compared_with(nodes, literal):
        return True
    word = _BEFORE.search(question[: literal.span[0]])
    said = word.group(1).casefold() if word else ""
    return bool(said) and said not in _NO_NAMES and not said.endswith(("ed", "ing"))


def compared_with(nodes: Sequence[ast.AST], literal: Literal) -> str:
    """The name of what the code compares a value with: level for `level == "ERROR"`, status for `row["status"]`."""
    values = (literal.value, literal.text)
    for part in (part for node in nodes for part in ast.walk(node)):
        match part:
            case ast.Compare(left=left, comparators=[ast.Constant(value=value)]) if value in values:
                return _called(left)
            case ast.Compare(left=ast.Constant(value=value), ops=[ast.Eq()], comparators=[right]) if value in values:
                return _called(right)
    return ""


def _is_key(nodes: Sequence[ast.AST], literal: Literal) -> bool:
    """Whether the code looks a text up by it: `row["price"]`, `row.get("price")`."""
    for part in (part for node in nodes for part in ast.walk(node)):
        match part:
            case (
                ast.Subscript(slice=ast.Constant(value=key))
                | ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=key), *_])
            ) if key == literal.value and isinstance(key, str):
                return True
    return False


def kind_of(literal: Literal) -> str:
    """What a value looks like: "address", "date", "level"; "" when it looks like nothing of the kind."""
    return next((name for shape, name in _KINDS if shape.fullmatch(literal.text)), "")


def _around(question: str, literal: Literal) -> str:
    """By the words that stand around the value whatever it is."""
    before, after = _sides(question, literal)
    said = next((name for shape, name in _AROUND if shape.search(before)), "")
    if said and literal.type == "str" and kind_of(literal) not in ("date", "time", "day"):
        return ""
    if said or literal.type != "int":
        return said
    following = _AFTER.match(after)
    if following and _EXTREME.fullmatch(following[1]):
        return "top"
    words = re.findall(r"[A-Za-z]+", after)[:3]
    counted = any(word.endswith("s") and word.casefold() not in _UNITS for word in words)
    asked = re.search(r"\b(?:which|what|the|list|show|name|give)(?:\s+(?:are|me|the))*\s+$", before, re.IGNORECASE)
    return "top" if counted and asked and _EXTREME.search(question) else ""


def _before(question: str, literal: Literal) -> str:
    word = _BEFORE.search(_sides(question, literal)[0])
    said = word.group(1).casefold() if word else ""
    return said if len(said) > 1 and said not in _NO_NAMES and not said.endswith("ing") else ""


def _after(question: str, literal: Literal) -> str:
    word = _AFTER.match(_sides(question, literal)[1])
    said = word.group(1).casefold() if word else ""
    return said if said in (_NOUNS if literal.type == "str" else _UNITS) else ""


def _sides(question: str, literal: Literal) -> tuple[str, str]:
    before = question[: literal.span[0]].rstrip("\"'`“‘ ") + " "
    return before, question[literal.span[1] :]


def _called(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name.casefold() if len(name) > 2 and name.isidentifier() else ""
        case ast.Call(func=ast.Name(id=function)) if function not in BUILTINS:
            name = _GETTERS.sub("", function).strip("_").casefold()
            return name if name in _NOUNS else ""
        case ast.Call(func=ast.Name(id="len")):
            return ""
        case ast.Call(args=[inner]):
            return _called(inner)
        case ast.Call(func=ast.Attribute(value=inner), args=[]):
            return _called(inner)
    return ""

"""The shape of an input as a test that a tool can make by itself: a small predicate, as source. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lithify.records.context import Fingerprint, Format
from lithify.records.quick import dataclass

_KINDS: dict[Format, str] = {"delimited": "table", "json": "document", "jsonl": "records", "lines": "lines"}
"""What inputs of a format are called in the names of functions."""
_FIELDS = 4
"""How many fields at the beginning of a line are looked at."""
_COLUMNS = 4
"""How many columns or keys are named in words."""
_ENOUGH = 0.8
_MOST = 4
_ANYTHING = r"\S+"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeTest:
    """A test of shape. kind: for names; says: what it looks for; imports, constants: lines of source beside it.

    body: the statements of a function of one parameter, `text`, that returns a bool; @CONSTANT@ stands in both for the
    constant's name.
    """

    kind: str
    says: str
    body: str
    imports: tuple[str, ...] = ()
    constant: str = ""


def shape_test(shape: Fingerprint) -> ShapeTest | None:
    """The test for inputs of a shape; None when its shape says too little to be told from another's."""
    kind = _KINDS.get(shape.format)
    if kind is None:
        return None
    says = said(shape)
    match shape.format:
        case "delimited" if shape.header:
            return ShapeTest(kind=kind, says=says, body=_table(shape), imports=("import csv",))
        case "jsonl":
            return ShapeTest(kind=kind, says=says, body=_records(shape), imports=("import json",))
        case "json":
            return ShapeTest(kind=kind, says=says, body=_document(shape), imports=("import json",))
    patterns = _patterns(shape)
    if not patterns:
        return None
    constant = f'@CONSTANT@ = re.compile(r"{"|".join(patterns)}")'
    return ShapeTest(kind=kind, says=says, body=_LINES, imports=("import re",), constant=constant)


def said(shape: Fingerprint) -> str:
    """The shape in a few words: "a table with the columns a, b"."""
    columns = ", ".join(shape.header[:_COLUMNS])
    columns += f" and {len(shape.header) - _COLUMNS} more" if len(shape.header) > _COLUMNS else ""
    match shape.format:
        case "delimited":
            return f"a table with the columns {columns}"
        case "json":
            return f"a JSON document with the keys {columns}" if columns else "a JSON document"
        case "jsonl":
            return f"JSON records with {columns}" if columns else "JSON records"
    return f"lines that begin like `{shape.shapes[0].pattern}`" if shape.shapes else "lines"


_LINES = """\
lines = [line for line in text[:100_000].splitlines() if line.strip()]
return sum(bool(@CONSTANT@.match(line)) for line in lines) > len(lines) / 2
"""


def _table(shape: Fingerprint) -> str:
    header = f"[{', '.join(map(_text, shape.header))}]"
    return f"""\
first = text[:20_000].lstrip("\\r\\n").partition("\\n")[0].rstrip("\\r")
return next(csv.reader([first], delimiter={_text(shape.delimiter)}), []) == {header}
"""


def _records(shape: Fingerprint) -> str:
    return f"""\
try:
    record = json.loads(text[:1_000_000].lstrip().partition("\\n")[0])
except ValueError:
    return False
return isinstance(record, dict){_has_keys(shape.header, "record")}
"""


def _document(shape: Fingerprint) -> str:
    rows = any(one.pattern.startswith("[].") for one in shape.shapes)
    first = "document[0] if isinstance(document, list) and document else None" if rows else "document"
    wanted = "dict" if rows or shape.header else "(dict, list)"
    return f"""\
try:
    document = json.loads(text)
except ValueError:
    return False
record = {first}
return isinstance(record, {wanted}){_has_keys(shape.header, "record")}
"""


def _has_keys(header: Sequence[str], name: str) -> str:
    return f" and {{{', '.join(map(_text, header))}}} <= {name}.keys()" if header else ""


def _text(text: str) -> str:
    """A text as source, in double quotes where that needs no escapes."""
    return f'"{text}"' if text.isprintable() and not set(text) & {'"', "\\"} else repr(text)


def _patterns(shape: Fingerprint) -> list[str]:
    """Regular expressions for how most lines begin; none when that is said by words alone."""
    found: list[str] = []
    covered = 0.0
    for one in shape.shapes:
        if covered >= _ENOUGH or len(found) == _MOST:
            break
        pattern = _pattern(one.pattern)
        covered += one.share
        if pattern and pattern not in found:
            found.append(pattern)
    return found


def _pattern(outline: str) -> str:
    r"""`Y-9-9 9:9:9 name` → `\d{4}-\d+-\d+\s*\d+:\d+:\d+`; "" when nothing in it is more than a word."""
    parts = [_field(one) for one in outline.split()[:_FIELDS]]
    while parts and parts[-1] == _ANYTHING:
        parts.pop()
    return r"\s*".join(parts)


def _field(field: str) -> str:
    """What a field of a line's outline looks like: its digits, signs and fixed kinds; any word for all else."""
    if field in _FIXED:
        return _FIXED[field]
    bare = field.lstrip("[<({\"'")
    opening = re.escape(field[: len(field) - len(bare)]).replace('"', r"\x22")
    if bare in _FIXED:
        return opening + _FIXED[bare]
    if re.search(r"[a-z]", bare.replace("Mon", "")):
        return opening + _ANYTHING if opening else _ANYTHING
    parts = re.findall(r"Mon|.", bare)
    return opening + "".join(_OUTLINE.get(part, re.escape(part).replace('"', r"\x22")) for part in parts)


_FIXED = {
    ">": r"\s",
    "tab": r"\t",
    "Mon": r"[A-Z][a-z]+",
    "Day": r"[A-Z][a-z]+",
    "ip": r"\d+\.\d+\.\d+\.\d+",
    "A": r"[A-Z]\b",
    "LEVEL": r"[A-Z]+\b",
}
_OUTLINE = {"Mon": r"[A-Za-z]+", "Y": r"\d{4}", "D": r"\d+", "M": r"\d+", "9": r"\d+"}

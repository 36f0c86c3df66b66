"""The shape of an input as a test that a tool can make by itself: a small predicate, as source. Pure."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence, Set
from dataclasses import replace

from lithify.distil.telling import Telling, tellings
from lithify.records.context import Fingerprint, Format, Frame
from lithify.records.quick import dataclass

_KINDS: dict[Format, str] = {
    "delimited": "table",
    "json": "document",
    "jsonl": "records",
    "lines": "lines",
    "table": "table",
    "data": "data",
    "document": "document",
    "database": "database",
}
"""What inputs of a format are called in the names of functions."""
_PARAMETERS: frozenset[Format] = frozenset({"table", "data", "document", "database"})
"""Formats that the parameter of a test is named after; else it is `text`."""
_BY_FIELD: frozenset[Format] = frozenset({"delimited", "json", "jsonl", "table", "data"})
_BY_KEYS: frozenset[Format] = frozenset({"json", "jsonl", "data"})
"""Of which a test asks for keys, and others may stand beside them."""
_FIELDS = 4
"""How many fields at the beginning of a line are looked at."""
_COLUMNS = 4
"""How many columns or keys are named in words."""
_MEMBERS = 6
"""How many tables or sheets are looked at."""
_ENOUGH = 0.8
_MOST = 4
_ANYTHING = r"\S+"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeTest:
    """A test of shape. kind: for names; says: what it looks for; imports, constants: lines of source beside it.

    body: the statements of a function of one parameter, `reads`, that returns a bool; @CONSTANT@ stands in both for the
    constant's name.
    """

    kind: str
    says: str
    body: str
    reads: str = "text"
    imports: tuple[str, ...] = ()
    constant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is asked of an input before its values: statements, and an expression. values: a list of those of a field,
    as an expression with @FIELD@ in it."""

    check: str
    before: str = ""
    imports: tuple[str, ...] = ()


def shape_test(
    shape: Fingerprint, others: Sequence[Fingerprint] = (), *, frame: Frame | None = None
) -> ShapeTest | None:
    """The test for inputs of a shape; None when its shape says too little to be told from another's.

    others: shapes that it must be told from. Where one of them has the same fields, the values decide as far as they
    look otherwise there. frame: of a table, whose it is
    """
    if shape.format == "lines":
        return _line_test(shape)
    if shape.format == "files":
        return _files_test(shape, others)
    told = _told(shape, others)
    asked = _asked(shape, others, frame or "pandas", whole=bool(told))
    if asked is None:
        return None
    kind = _KINDS[shape.format]
    reads = shape.format if shape.format in _PARAMETERS else "text"
    says = said(shape, others) + (f" ({', '.join(one.says for one in told)})" if told else "")
    imports = tuple(dict.fromkeys([*asked.imports, *(line for one in told for line in one.imports)]))
    lines = [asked.before] if asked.before else []
    condition = asked.check
    for one in told:
        lines.append(f"if {_negated(condition)}:\n    return False")
        lines.append(_values(shape, one.field, frame or "pandas"))
        condition = one.condition
    lines.append(f"return {condition if not told else f'bool({condition})'}")
    return ShapeTest(kind=kind, says=says, body="\n".join(lines) + "\n", reads=reads, imports=imports)


def _negated(condition: str) -> str:
    match ast.parse(condition, mode="eval").body:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return f"{ast.unparse(left)} != {ast.unparse(right)}"
    return f"not ({condition})"


def said(shape: Fingerprint, others: Sequence[Fingerprint] = ()) -> str:
    """The shape in a few words: "a table with the columns a, b". Of many, those that others have not are named."""
    theirs = [set(one.header) for one in others]
    names = _some(shape.header, {name for name in shape.header if any(name not in one for one in theirs)})
    match shape.format:
        case "delimited" | "table":
            return f"a table with the columns {names}"
        case "json" | "data":
            what = "a JSON document" if shape.format == "json" else "data"
            return f"{what} with the keys {names}" if names else what
        case "jsonl":
            return f"JSON records with {names}" if names else "JSON records"
        case "document" if shape.members:
            return f"a workbook with the sheets {_some(_members(shape))}"
        case "document":
            return f"a document of records with {names}"
        case "database":
            return f"a database with the tables {_some(_members(shape))}"
    return f"lines that begin like `{shape.shapes[0].pattern}`" if shape.shapes else "lines"


def _members(shape: Fingerprint) -> list[str]:
    return [f"{name} ({_some(one.header)})" if one.header else name for name, one in shape.members]


def _some(names: Sequence[str], telling: Set[str] = frozenset()) -> str:
    """The first few, the telling ones above all."""
    chosen = sorted(names, key=lambda name: name not in telling)[:_COLUMNS]
    more = f" and {len(names) - _COLUMNS} more" if len(names) > _COLUMNS else ""
    return ", ".join(name for name in names if name in chosen) + more


def _told(shape: Fingerprint, others: Sequence[Fingerprint]) -> tuple[Telling, ...]:
    """The fields by whose values the shape is told from others that its fields alone do not tell it from."""
    if shape.format not in _BY_FIELD:
        return ()
    alike = [one for one in others if (one.format, one.delimiter) == (shape.format, shape.delimiter)]
    if shape.format in _BY_KEYS:
        near = [one for one in alike if set(shape.header) <= set(one.header) and _has_rows(one) == _has_rows(shape)]
    else:
        near = [one for one in alike if one.header == shape.header]
    return tellings(shape, near)


def _asked(shape: Fingerprint, others: Sequence[Fingerprint], frame: Frame, *, whole: bool) -> _Asked | None:
    """whole: all of the input is read, since values are looked at afterwards."""
    match shape.format:
        case "delimited" if shape.header:
            return _of_text_table(shape, whole=whole)
        case "jsonl":
            return _of_records(shape, whole=whole)
        case "json" | "data":
            return _of_document(shape)
        case "table" if shape.header:
            columns = "table.column_names" if frame == "pyarrow" else "list(table.columns)"
            return _Asked(check=f"{columns} == {_names(shape.header)}")
        case "document" if shape.members:
            return _of_workbook(shape)
        case "document" if shape.header:
            return _Asked(check=f"bool(document) and document[0].keys() == {{{_keys(shape.header)}}}")
        case "database":
            return _of_database(shape, others)
    return None


def _line_test(shape: Fingerprint) -> ShapeTest | None:
    patterns = _patterns(shape)
    if not patterns:
        return None
    constant = f'@CONSTANT@ = re.compile(r"{"|".join(patterns)}")'
    return ShapeTest(kind="lines", says=said(shape), body=_LINES, imports=("import re",), constant=constant)


_LINES = """\
lines = [line for line in text[:100_000].splitlines() if line.strip()]
return sum(bool(@CONSTANT@.match(line)) for line in lines) > len(lines) / 2
"""


_FOUND = """\
columns = "SELECT name FROM pragma_table_info(?)"
found = {name: [row[0] for row in database.execute(columns, (name,))] for name in heads}"""


def _files_test(shape: Fingerprint, others: Sequence[Fingerprint]) -> ShapeTest | None:
    """Of files: whether those of one kind look as they do here, if any of a kind that looks otherwise elsewhere."""
    kinds = [suffix for suffix, _ in shape.members]
    found: list[ShapeTest] = []
    for suffix, member in shape.members:
        theirs = [one for other in others for name, one in other.members if name == suffix]
        test = shape_test(member, theirs) if suffix and kinds.count(suffix) == 1 else None
        if test is None:
            continue
        inside = textwrap.indent(test.body, "    ")
        body = (
            f"def is_one(text: str) -> bool:\n{inside}\n"
            f"texts = [text for name, text in files.items() if name.lower().endswith({_text(suffix)})]\n"
            "return bool(texts) and all(is_one(text) for text in texts)\n"
        )
        whole = replace(test, kind="files", says=f"files {suffix}: {test.says}", body=body, reads="files")
        alike = [shape_test(one, (member,)) for one in theirs]
        if all(one is None or (one.body, one.constant) != (test.body, test.constant) for one in alike):
            return whole
        found.append(whole)
    return found[0] if found else None


def _of_text_table(shape: Fingerprint, *, whole: bool) -> _Asked:
    header, delimiter = _names(shape.header), _text(shape.delimiter)
    if whole:
        rows = f"rows = [row for row in csv.reader(text.splitlines(), delimiter={delimiter}) if row]"
        return _Asked(before=rows, check=f"rows[:1] == [{header}]", imports=("import csv",))
    first = 'first = text[:20_000].lstrip("\\r\\n").partition("\\n")[0].rstrip("\\r")'
    check = f"next(csv.reader([first], delimiter={delimiter}), []) == {header}"
    return _Asked(before=first, check=check, imports=("import csv",))


def _of_records(shape: Fingerprint, *, whole: bool) -> _Asked:
    if whole:
        read = "records = [json.loads(line) for line in text.splitlines() if line.strip()]"
        check = f"all(isinstance(record, dict){_has_keys(shape.header, 'record')} for record in records)"
    else:
        read = 'record = json.loads(text[:1_000_000].lstrip().partition("\\n")[0])'
        check = f"isinstance(record, dict){_has_keys(shape.header, 'record')}"
    before = f"try:\n    {read}\nexcept ValueError:\n    return False"
    return _Asked(before=before, check=check, imports=("import json",))


def _of_document(shape: Fingerprint) -> _Asked:
    """Of a JSON text or of plain data: its keys, or those of the records that it is a list of."""
    name, read = "data", ""
    imports: tuple[str, ...] = ()
    if shape.format == "json":
        name, imports = "document", ("import json",)
        read = "try:\n    document = json.loads(text)\nexcept ValueError:\n    return False\n"
    rows = _has_rows(shape)
    first = f"{name}[0] if isinstance({name}, list) and {name} else None" if rows else name
    wanted = "dict" if rows or shape.header else "(dict, list)"
    check = f"isinstance(record, {wanted}){_has_keys(shape.header, 'record')}"
    return _Asked(before=f"{read}record = {first}", check=check, imports=imports)


def _of_workbook(shape: Fingerprint) -> _Asked | None:
    """The rows of column names of its sheets, as far as they have one."""
    known = [(name, member.header) for name, member in shape.members if member.header][:_MEMBERS]
    if not known:
        return None
    sheets = ", ".join(f"{_text(name)}: {_names(header)}" for name, header in known)
    before = f'rows = {{sheet["sheet"]: sheet["rows"] for sheet in document if "rows" in sheet}}\nheads = {{{sheets}}}'
    return _Asked(before=before, check="all(head in rows.get(name, [])[:20] for name, head in heads.items())")


def _of_database(shape: Fingerprint, others: Sequence[Fingerprint]) -> _Asked | None:
    """The columns of its tables: of those that another known database has not so, else of the first ones."""
    theirs = [dict(one.members) for one in others if one.format == "database"]
    known = [(name, member.header) for name, member in shape.members]
    own = [(name, head) for name, head in known if any(name not in one or one[name].header != head for one in theirs)]
    chosen = (own or known)[:_MEMBERS]
    if not chosen:
        return None
    heads = ", ".join(f"{_text(name)}: {_names(header)}" for name, header in chosen)
    before = f"heads = {{{heads}}}\n{_FOUND}"
    return _Asked(before=before, check="found == heads")


def _values(shape: Fingerprint, field: str, frame: Frame) -> str:
    """The statement for the values of a field, those that are nothing left out."""
    if shape.format == "delimited":
        cell = f"row[{shape.header.index(field)}].strip()"
        return f"values = [{cell} for row in rows[1:] if len(row) == {len(shape.header)} and {cell}]"
    if shape.format == "table":
        there = {"pandas": "dropna().tolist()", "polars": "drop_nulls().to_list()"}
        return f"values = table[{_text(field)}].{there.get(frame, 'drop_null().to_pylist()')}"
    name = {"jsonl": "records", "json": "document"}.get(shape.format, "data")
    if field.startswith("$"):
        return f"try:\n    values = {_at_path(name, field)}\nexcept (KeyError, TypeError):\n    return False"
    key = f"record.get({_text(field.removeprefix('[].'))})"
    return f"values = [{key} for record in {name} if isinstance(record, dict) and {key} is not None]"


def _at_path(name: str, path: str) -> str:
    """What stands at a path of a document: `$.rows[].n` → `[part0["n"] for part0 in document["rows"] if ...]`."""
    place = name
    loops: list[str] = []
    for step in re.findall(r"\.[^.\[]+|\[\]", path):
        if step == "[]":
            loops.append(f"for part{len(loops)} in {place}")
            place = f"part{len(loops) - 1}"
        else:
            place += f"[{_text(step[1:])}]"
    there = f" if {place} is not None" if loops else ""
    return f"[{' '.join([place, *loops])}{there}]"


def _has_rows(shape: Fingerprint) -> bool:
    """Whether a document is a list of records."""
    return any(one.pattern.startswith("[].") for one in shape.shapes)


def _has_keys(header: Sequence[str], name: str) -> str:
    return f" and {{{_keys(header)}}} <= {name}.keys()" if header else ""


def _keys(header: Sequence[str]) -> str:
    return ", ".join(map(_text, header))


def _names(header: Sequence[str]) -> str:
    return f"[{_keys(header)}]"


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

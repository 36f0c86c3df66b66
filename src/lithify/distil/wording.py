"""What a tool's docstring says of its input, its answer and its refusals."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from lithify.records.context import ContextKind, Fingerprint

_SCALARS = {
    "int": ("a whole number", "whole numbers"),
    "float": ("a number", "numbers"),
    "str": ("a text", "texts"),
    "bool": ("True or False", "truth values"),
    "None": ("nothing", "nothing"),
}
_MOST_SHOWN = 8
_SHAPE_SHARE = 0.2


def input_said(kind: ContextKind, shape: Fingerprint) -> str:
    """What the first parameter is: of what format, and what stands in it. No value of the data is told."""
    if kind == "files":
        return "The input: relative path to contents."
    if kind == "database":
        return f"The input: a database with the tables {_some([name for name, _ in shape.members])}. It is only read."
    if kind == "table" and shape.header:
        return f"The input: a table with the columns {_some(shape.header)}."
    if kind == "document":
        return f"The input: the records of a document, each with {_some(shape.header)}."
    if kind == "bytes":
        return "The input: the bytes of a file."
    if kind in ("table", "data"):
        return f"The input: {kind}{f' with the keys {_some(shape.header)}' if shape.header else ''}."
    match shape.format:
        case "delimited" if shape.header:
            return f"The input, whole: a table with the columns {_some(shape.header)}."
        case "json" if shape.header:
            return f"The input, whole: a JSON document with the keys {_some(shape.header)}."
        case "jsonl" if shape.header:
            return f"The input, whole: a JSON record with {_some(shape.header)} in each line."
    usual = [line.pattern for line in shape.shapes if line.share >= _SHAPE_SHARE][:2]
    if shape.format == "lines" and usual:
        shown = " or ".join(f"`{pattern}`" for pattern in usual)
        return f"The input, whole: lines that begin like {shown}."
    return "The input, whole."


def answer_said(annotation: str) -> str:
    """A return annotation in words: "A list of texts." """
    try:
        said = _said(ast.parse(annotation, mode="eval").body, plural=False)
    except SyntaxError:
        said = ""
    return f"{said[0].upper()}{said[1:]}." if said else f"The answer, as {annotation}."


def refusals(nodes: Iterable[ast.AST]) -> list[str]:
    """What the code itself refuses: "ValueError: no request found" for `raise ValueError("no request found")`."""
    found: list[str] = []
    for node in (part for top in nodes for part in ast.walk(top)):
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(message)), *_])):
                found.append(f"{kind}: {' '.join(message.split())}")
            case ast.Raise(exc=ast.Call(func=ast.Name(id=kind), args=[ast.JoinedStr(values=values), *_])):
                pieces = (
                    str(part.value) if isinstance(part, ast.Constant) else "…"
                    for part in values
                    if isinstance(part, (ast.Constant, ast.FormattedValue))
                )
                found.append(f"{kind}: {' '.join(''.join(pieces).split())}")
    return list(dict.fromkeys(found))[:3]


def _said(node: ast.expr, *, plural: bool) -> str:
    match node:
        case ast.Name(id=name) if name in _SCALARS:
            return _SCALARS[name][plural]
        case ast.Constant(value=None):
            return "nothing"
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            row = isinstance(inner, ast.Subscript) and isinstance(inner.value, ast.Name) and inner.value.id == "list"
            what = "rows" if row else _said(inner, plural=True)
            return f"{'lists' if plural else 'a list'} of {what}" if what else ""
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[keys, values])):
            parts = _said(values, plural=False), _said(keys, plural=False)
            return (
                f"{'tables' if plural else 'a table'}: {parts[0]} for each {parts[1].removeprefix('a ')}"
                if all(parts)
                else ""
            )
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            parts = _said(left, plural=plural), _said(right, plural=plural)
            return " or ".join(parts) if all(parts) else ""
    return ""


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    return shown if len(names) <= _MOST_SHOWN else f"{shown} and {len(names) - _MOST_SHOWN} more"

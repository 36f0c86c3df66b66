"""Ways to reach a name that do not write it as a name: patterns, formats, queries, annotations, pickles. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lithify.gates.complaint import Complaint
from lithify.gates.imports import Imports
from lithify.gates.knowledge import (
    ASKED_BY_TEXT,
    CLOCK_METHODS,
    DETOURS,
    REFUSED_ATTRIBUTES,
    REFUSED_PACKAGES,
    SEEDED,
)

_PLAINLY = "write the attribute out"
_READABLE = "write the text out, as one text without computing"
_CHANCE = "give the generator a fixed seed"
_BY_NAME = frozenset({"getattr", "setattr", "delattr", "hasattr", "operator.attrgetter", "operator.methodcaller"})
_FORMATS = frozenset({"format", "format_map"})
_INTERPRETER = re.compile(rf"\b(?:{'|'.join(sorted(REFUSED_ATTRIBUTES - {'mro'}))})\b")
_SQL = re.compile(r"\b(?:select|where|values|insert)\b", re.IGNORECASE)
_SQL_OUTSIDE = re.compile(r"'now'|\bcurrent_(?:timestamp|date|time)\b|\brandom(?:blob)?\s*\(", re.IGNORECASE)


def check_detours(tree: ast.Module, imports: Imports) -> Iterator[Complaint]:
    """What speaks against the code, beyond the names that it writes."""
    plain = _plain_texts(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.MatchClass(kwd_attrs=names):
                hidden = [name for name in names if not is_public(name)]
                yield from (Complaint(node.lineno, f"a pattern takes .{one} of a value", _PLAINLY) for one in hidden)
            case ast.Call():
                yield from _check_call(node, imports, plain)
            case ast.Attribute(attr=name):
                if name in _FORMATS and not _is_plain(node.value, plain):
                    yield Complaint(node.lineno, f".{name} of a text that cannot be read here", _READABLE)
                yield from _check_path(node, imports, is_called=id(node) in called)
            case ast.Name(ctx=ast.Load()):
                yield from _check_path(node, imports, is_called=id(node) in called)
            case ast.Constant(value=str(text)):
                yield from _check_text(node, text)
            case ast.Import(names=aliases):
                yield from (one for alias in aliases for one in _check_package(alias.name, node.lineno))
            case ast.ImportFrom(module=str(module), names=aliases):
                yield from (one for a in aliases for one in _check_package(f"{module}.{a.name}", node.lineno))


def is_public(dotted: str) -> bool:
    """Whether a path of attributes, as a text, stays outside the interpreter and the clock."""
    refused = REFUSED_ATTRIBUTES | CLOCK_METHODS | _FORMATS
    return all(part and not part.startswith("_") and part not in refused for part in dotted.split("."))


def _check_call(node: ast.Call, imports: Imports, plain: frozenset[str]) -> Iterator[Complaint]:
    dotted = imports.dotted(node.func)
    if dotted in _BY_NAME:
        place = node.args[1:2] if dotted in ("getattr", "setattr", "delattr", "hasattr") else node.args
        texts = [one.value for one in place if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        for text in texts:
            if not is_public(text):
                yield Complaint(node.lineno, f"{dotted} of {text[:40]!r}", _PLAINLY)
    if dotted in SEEDED and not _is_seeded(node):
        yield Complaint(node.lineno, f"{dotted} with a seed that cannot be read here answers by chance", _CHANCE)
    if isinstance(node.func, ast.Attribute) and node.func.attr in ASKED_BY_TEXT:
        texts_given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "expr")]
        if not all(_is_query(one, plain) for one in texts_given):
            remedy = f"{_READABLE}, or select by a condition: frame[frame[column] > limit]"
            yield Complaint(node.lineno, f".{node.func.attr} of a text that cannot be read here", remedy)
    if isinstance(node.func, ast.Attribute) and node.func.attr == "sample" and _is_frame_sample(node):
        yield Complaint(node.lineno, ".sample without random_state answers by chance", "give it random_state=1")


def _check_path(node: ast.Attribute | ast.Name, imports: Imports, *, is_called: bool) -> Iterator[Complaint]:
    dotted = imports.dotted(node)
    by_name = f".{node.attr}" if isinstance(node, ast.Attribute) else ""
    why = DETOURS.get(dotted) or DETOURS.get(by_name)
    if why:
        yield Complaint(node.lineno, f"{dotted or by_name} {why}", "compute from the parameters only")
    if dotted in SEEDED and not is_called:
        yield Complaint(node.lineno, f"{dotted} is handed around", _CHANCE)
    if isinstance(node, ast.Attribute):
        yield from _check_package(dotted, node.lineno)


def _check_package(dotted: str, line: int) -> Iterator[Complaint]:
    for package in REFUSED_PACKAGES:
        if dotted == package or dotted.startswith(f"{package}."):
            yield Complaint(line, f"{dotted} runs or reads more than its arguments", "compute from the parameters only")


def _check_text(node: ast.Constant, text: str) -> Iterator[Complaint]:
    found = _INTERPRETER.search(text) if "{" in text else None
    if found is not None:
        yield Complaint(node.lineno, f"the format {text[:40]!r} shows .{found[0]}", _PLAINLY)
    outside = _SQL_OUTSIDE.search(text) if _SQL.search(text) else None
    if outside is not None:
        remedy = "make the date a parameter, and order by a column, so that the answer is the same tomorrow"
        yield Complaint(node.lineno, f"{outside[0]} in a query answers by the clock or by chance", remedy)


def _is_seeded(node: ast.Call) -> bool:
    """Whether a generator has one seed that is a number, written out or a parameter of the tool."""
    given = [*node.args, *(word.value for word in node.keywords if word.arg is not None)]
    whole = len(given) == len(node.args) + len(node.keywords)
    return whole and bool(given) and not any(isinstance(one, ast.Starred) for one in given) and _is_number(given[0])


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | str)


def _is_frame_sample(node: ast.Call) -> bool:
    """`frame.sample(3)`, and not `generator.sample(rows, 3)`."""
    seeds = [word.value for word in node.keywords if word.arg == "random_state"]
    return len(node.args) < 2 and not (seeds and _is_number(seeds[0]))


def _plain_texts(tree: ast.Module) -> frozenset[str]:
    """Names that are bound to texts which are written out, and to nothing else anywhere."""
    bound: dict[str, list[bool]] = {}
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                bound.setdefault(name, []).append(_is_plain(value, frozenset()))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                bound.setdefault(name, []).append(False)
            case ast.arg(arg=name) | ast.MatchAs(name=str(name)) | ast.ExceptHandler(name=str(name)):
                bound.setdefault(name, []).extend([False, False])
    return frozenset(name for name, texts in bound.items() if len(texts) == 2 * sum(texts))


def _is_plain(node: ast.AST | None, plain: frozenset[str]) -> bool:
    """Whether an expression is a text that is written out, or a name for one."""
    if isinstance(node, ast.Name):
        return node.id in plain
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_query(node: ast.expr, plain: frozenset[str]) -> bool:
    """A query that can be read: written out, but for names and numbers in an f-string."""
    if isinstance(node, ast.JoinedStr):
        return all(isinstance(one, ast.Constant) or isinstance(one.value, ast.Name) for one in _parts(node))
    return _is_plain(node, plain)


def _parts(node: ast.JoinedStr) -> list[ast.Constant | ast.FormattedValue]:
    return [one for one in node.values if isinstance(one, ast.Constant | ast.FormattedValue)]

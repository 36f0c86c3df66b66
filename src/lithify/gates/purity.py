"""Whether code computes from its parameters and nothing else: no effects, no clock, no chance, no looking around. Pure.

This reads the source and can be outwitted; the sandbox, which cannot, is what protects. It is here so that a kept tool
gives tomorrow what it gives today, and so that a person who reads it sees all there is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from lithify.gates.complaint import Complaint
from lithify.gates.folding import folded
from lithify.gates.imports import Imports
from lithify.gates.knowledge import (
    CLOCK_METHODS,
    CLOCK_STRINGS,
    CLOCK_TAKERS,
    MISLEADING,
    PARTS,
    PLAIN_DUNDERS,
    REFUSED_ATTRIBUTES,
    REFUSED_NAMES,
    SEEDED,
)
from lithify.gates.modules import leads_astray
from lithify.gates.scopes import outer_reads

_COMPUTE = "compute from the parameters only"
_CLOCK = "make the date a parameter, so that the answer is the same tomorrow"
_CHANCE = "give the generator a fixed seed"
_DUNDER = re.compile(r"__\w+__\Z")
_HIDDEN = re.compile(r"__(?:class|base|bases|mro|subclasses|globals|builtins|import|code|dict|getattribute|loader)__")
_BY_NAME = frozenset({"getattr", "setattr", "delattr", "hasattr"})
_BY_PATH = frozenset({"operator.attrgetter", "operator.methodcaller"})


def check_purity(tree: ast.Module, imports: Imports) -> Iterator[Complaint]:
    """What speaks against the purity of the code, in the order of the tree."""
    roots = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for read in outer_reads(tree):
        if read.id in REFUSED_NAMES:
            yield Complaint(read.lineno, f"{read.id} {REFUSED_NAMES[read.id]}", _COMPUTE)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                yield from _check_name(node, name, imports, is_root=id(node) in roots)
            case ast.Attribute():
                yield from _check_attribute(node, imports, is_whole=id(node) not in roots)
                if node.attr in CLOCK_METHODS and id(node) not in called:
                    yield Complaint(node.lineno, f".{node.attr} reads the clock when it is called", _CLOCK)
            case ast.Call():
                yield from _check_call(node, imports)
            case ast.Constant(value=str(text)) if _HIDDEN.search(text) or _DUNDER.match(text):
                yield Complaint(node.lineno, f"the text {text[:40]!r} names a part of the interpreter", _COMPUTE)
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])):
                if spec.endswith("n"):
                    remedy = "format with ',' or '_'"
                    yield Complaint(node.lineno, "the format 'n' depends on where the code runs", remedy)
            case ast.Global(names=names):
                yield Complaint(
                    node.lineno, f"global {', '.join(names)}: kept between calls", "keep it in the function"
                )
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                yield Complaint(node.lineno, "asynchronous code: there is nothing to wait for", "write it plainly")


def _check_name(node: ast.Name, name: str, imports: Imports, *, is_root: bool) -> Iterator[Complaint]:
    if _DUNDER.match(name) and name != "__name__":
        yield Complaint(node.lineno, f"{name} is a part of the interpreter", _COMPUTE)
    elif name == "__name__":
        yield Complaint(node.lineno, "__name__ tells where the code runs", "behave the same everywhere")
    elif name in imports.modules and not is_root:
        yield Complaint(node.lineno, f"the module {name} is handed around", f"name what is used of {name}")


def _check_attribute(node: ast.Attribute, imports: Imports, *, is_whole: bool) -> Iterator[Complaint]:
    name = node.attr
    if (_DUNDER.match(name) and name not in PLAIN_DUNDERS) or name in REFUSED_ATTRIBUTES:
        yield Complaint(node.lineno, f".{name} leads into the interpreter", _COMPUTE)
    if not is_whole:
        return
    dotted = imports.dotted(node)
    root, *_ = _root_of(node)
    if root not in imports.modules:
        return
    module = "email.utils" if dotted.startswith("email.utils.") else imports.names[root]
    rest = dotted.removeprefix(f"{module}.")
    if module in PARTS:
        if not any(rest == part or rest.startswith(f"{part}.") for part in PARTS[module]):
            remedy = _CLOCK if module == "time" else _CHANCE if module in ("random", "uuid") else _COMPUTE
            yield Complaint(node.lineno, f"{module}.{rest} reaches beyond the input", remedy)
    elif any(part.startswith("_") or part in MISLEADING - {"io"} for part in rest.split(".")) or leads_astray(dotted):
        yield Complaint(node.lineno, f"{dotted} is not {module}'s to give", _COMPUTE)
    if dotted.startswith("numpy.random.") and dotted not in SEEDED:
        yield Complaint(node.lineno, f"{dotted} answers by chance", _CHANCE)


def _check_call(node: ast.Call, imports: Imports) -> Iterator[Complaint]:
    dotted = imports.dotted(node.func)
    if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_METHODS:
        yield Complaint(node.lineno, f"{ast.unparse(node.func)[:60]}() reads the clock", _CLOCK)
    if dotted in CLOCK_TAKERS and _texts(node) & CLOCK_STRINGS:
        yield Complaint(node.lineno, f"{dotted} of now reads the clock", _CLOCK)
    if dotted == "time.strftime" and len(node.args) < 2:
        yield Complaint(node.lineno, "time.strftime without a time reads the clock", _CLOCK)
    if dotted in SEEDED and all(isinstance(one, ast.Constant) and one.value is None for one in _given(node)):
        yield Complaint(node.lineno, f"{dotted}() without a seed answers by chance", _CHANCE)
    if _formats_by_locale(node, dotted):
        yield Complaint(node.lineno, "the format 'n' depends on where the code runs", "format with ',' or '_'")
    if dotted in _BY_NAME and not (len(node.args) > 1 and _is_public_text(node.args[1])):
        yield Complaint(node.lineno, f"{dotted} with a name that cannot be read here", "write the attribute out")
    if dotted in _BY_PATH and not (node.args and all(_is_public_text(one) for one in node.args[:1])):
        yield Complaint(node.lineno, f"{dotted} with a name that cannot be read here", "write the attribute out")
    if dotted == "type" and len(node.args) != 1:
        yield Complaint(node.lineno, "type() makes a class", "write the class out")


def _root_of(node: ast.Attribute) -> tuple[str, ...]:
    """The name at the beginning of a chain of attributes; empty text when it does not begin with a name."""
    inner: ast.expr = node
    while isinstance(inner, ast.Attribute):
        inner = inner.value
    return (inner.id,) if isinstance(inner, ast.Name) else ("",)


def _given(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(word.value for word in node.keywords)]


def _texts(node: ast.Call) -> frozenset[str]:
    values = [folded(part) for one in _given(node) for part in ast.walk(one)]
    return frozenset(one.strip().lower() for one in values if isinstance(one, str))


def _formats_by_locale(node: ast.Call, dotted: str) -> bool:
    """`format(x, "n")` and `"{:n}".format(x)`."""
    if dotted == "format":
        return any(text.endswith("n") for text in _texts(node))
    named = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "format" else None
    return isinstance(named, ast.Constant) and isinstance(named.value, str) and ":n}" in named.value


def _is_public_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.startswith("_")

"""Whether a kept tool's answer can be one: of the annotated type, there, and a number where it is a number."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

from lithify.records.plain import Plain
from lithify.records.tool import Tool

_SEQUENCES = frozenset(
    {"list", "tuple", "set", "frozenset", "Sequence", "Iterable", "Collection", "Set", "List", "Tuple"}
)
_MAPPINGS = frozenset({"dict", "Mapping", "MutableMapping", "Dict", "Counter", "defaultdict", "OrderedDict"})
_SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "bytes": (bytes,),
}
_SHOWN = 80


def postcondition(tool: Tool, answer: Plain) -> str | None:
    """A reason why the answer cannot be trusted, or None.

    Nothing (None, "", an empty list or dict), NaN or an infinity anywhere in it, or a value that is not of the return
    annotation is no answer. Zero and False are. Sets and tuples arrive as lists. Annotations that name other classes
    are not judged.
    """
    nothing = no_answer(tool.name, answer)
    if nothing:
        return nothing
    if not _fits(answer, _parsed(tool.signature.returns)):
        return f"{tool.name} returned {_short(answer)}, which is no {tool.signature.returns}"
    return None


def no_answer(name: str, answer: Plain) -> str:
    """Why a value that a tool of this name returned answers no question, whatever its type; "" when it may."""
    if answer is None:
        return f"{name} returned None"
    if isinstance(answer, str | bytes | list | tuple | dict) and len(answer) == 0:
        return f"{name} returned an empty {type(answer).__name__}"
    return f"{name} returned a number that is none: {_short(answer)}" if _not_a_number(answer) else ""


def _short(answer: Plain) -> str:
    text = repr(answer)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text):,} characters)"


def _not_a_number(value: Plain) -> bool:
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Mapping):
        return any(_not_a_number(item) for pair in value.items() for item in pair)
    return isinstance(value, list | tuple) and any(_not_a_number(item) for item in value)


def _parsed(annotation: str) -> ast.expr | None:
    try:
        return ast.parse(annotation.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None


def _fits(value: Plain, annotation: ast.expr | None) -> bool:
    """Whether plain data can be what an annotation says; True where the annotation says nothing that is known here."""
    match annotation:
        case ast.Constant(value=None):
            return value is None
        case ast.Constant(value=str(quoted)):
            return _fits(value, _parsed(quoted))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _fits(value, left) or _fits(value, right)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _fits_name(value, name)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _fits_generic(value, name, list(inner.elts) if isinstance(inner, ast.Tuple) else [inner])
        case _:
            return True


def _fits_name(value: Plain, name: str) -> bool:
    if name in _SCALARS:
        return isinstance(value, _SCALARS[name]) and (name == "bool" or not isinstance(value, bool))
    if name in _SEQUENCES:
        return isinstance(value, list | tuple)
    return isinstance(value, dict) if name in _MAPPINGS else True


def _fits_generic(value: Plain, name: str, inner: list[ast.expr]) -> bool:
    if name == "Optional":
        return value is None or _fits(value, inner[0])
    if name == "Union":
        return any(_fits(value, part) for part in inner)
    if name == "Literal":
        return any(isinstance(part, ast.Constant) and part.value == value for part in inner)
    if name in ("tuple", "Tuple"):
        return isinstance(value, list | tuple) and _fits_tuple(value, inner)
    if name in _SEQUENCES:
        return isinstance(value, list | tuple) and all(_fits(item, inner[0]) for item in value)
    if name in _MAPPINGS:
        kinds = [*inner, ast.Name(id="int")][:2]
        return isinstance(value, dict) and all(_fits(k, kinds[0]) and _fits(v, kinds[1]) for k, v in value.items())
    return True


def _fits_tuple(value: list[Plain] | tuple[Plain, ...], inner: list[ast.expr]) -> bool:
    if len(inner) == 2 and isinstance(inner[1], ast.Constant) and inner[1].value is Ellipsis:
        return all(_fits(item, inner[0]) for item in value)
    return len(value) == len(inner) and all(_fits(item, kind) for item, kind in zip(value, inner, strict=True))

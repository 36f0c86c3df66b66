"""What an expression without names comes to: `91 * 2`, `"ss" + "hd"`. Pure."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

Scalar = str | int | float
_LARGEST = 10**12
_LONGEST = 1_000
_OPERATORS: dict[type[ast.operator], Callable[[int | float, int | float], int | float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitXor: lambda one, other: int(one) ^ int(other),
    ast.BitOr: lambda one, other: int(one) | int(other),
}


def folded(node: ast.AST) -> Scalar | None:
    """The number or text that an expression of constants is; None for any other, and beyond bounds."""
    match node:
        case ast.Constant(value=str() | int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            inner = folded(operand)
            if isinstance(inner, int | float):
                return -inner if isinstance(sign, ast.USub) else inner
        case ast.BinOp(left=left, op=kind, right=right):
            return _combined(folded(left), kind, folded(right))
        case ast.JoinedStr(values=values):
            parts = [folded(one.value if isinstance(one, ast.FormattedValue) else one) for one in values]
            return "".join(map(str, parts)) if all(one is not None for one in parts) else None
        case ast.Call(
            func=ast.Attribute(value=between, attr="join"), args=[ast.List(elts=items) | ast.Tuple(elts=items)]
        ):
            glue, parts = folded(between), [folded(item) for item in items]
            if isinstance(glue, str) and all(isinstance(one, str) for one in parts):
                return glue.join(map(str, parts))[:_LONGEST]
        case ast.Call(func=ast.Name(id="int" | "len" | "str" | "float" as name), args=[inner_node]):
            inner = folded(inner_node)
            return _called(name, inner) if inner is not None else None
    return None


def _combined(left: Scalar | None, kind: ast.operator, right: Scalar | None) -> Scalar | None:
    if isinstance(left, str) and isinstance(right, str) and isinstance(kind, ast.Add):
        return (left + right)[:_LONGEST]
    if isinstance(left, str) and isinstance(right, int) and isinstance(kind, ast.Mult):
        return left * right if 0 <= right * len(left) <= _LONGEST else None
    if not isinstance(left, int | float) or not isinstance(right, int | float) or type(kind) not in _OPERATORS:
        return None
    if abs(left) > _LARGEST or abs(right) > _LARGEST:
        return None
    try:
        return _OPERATORS[type(kind)](left, right)
    except (ZeroDivisionError, OverflowError, ValueError):
        return None


def _called(name: str, inner: Scalar) -> Scalar | None:
    try:
        if name == "len":
            return len(inner) if isinstance(inner, str) else None
        return str(inner) if name == "str" else int(inner) if name == "int" else float(inner)
    except (ValueError, OverflowError):
        return None

"""Several inputs in a slice: variables of their own in the cells, parameters of their own in the tool."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from typing import cast

from lithify.distil.names import uses_of
from lithify.distil.program import Step, parse_statement
from lithify.records.context import Context


def opening_steps(context: Context) -> tuple[Step, ...]:
    """What a session did before the first cell: a variable of each of several inputs, from the dict of all."""
    return tuple(Step(parse_statement(f"{one.name} = context[{one.name!r}]"), 0) for one in context.inputs)


def with_inputs(nodes: Sequence[ast.stmt], names: Sequence[str]) -> list[ast.stmt]:
    """Statements that read several inputs by the names of parameters, in place of a dict called `context`.

    Where the dict itself is used, it is made first.
    """
    rest = [copy.deepcopy(node) for node in nodes if _opened(node) not in names]
    bound = frozenset[str]().union(*(uses_of(node).binds for node in rest))
    by_name = _ByName({name for name in names if name not in bound})
    rest = [cast("ast.stmt", by_name.visit(node)) for node in rest]
    if not any(isinstance(part, ast.Name) and part.id == "context" for node in rest for part in ast.walk(node)):
        return rest
    whole = ", ".join(f"{name!r}: {name}" for name in names)
    return [parse_statement(f"context = {{{whole}}}"), *rest]


def _opened(node: ast.stmt) -> str:
    """The input that a statement only gives its own name; "" for any other."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Subscript(value=ast.Name(id="context"), slice=ast.Constant(value=key)),
        ) if name == key:
            return name
    return ""


class _ByName(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        match node:
            case ast.Subscript(value=ast.Name(id="context"), slice=ast.Constant(value=str(name)), ctx=ast.Load()) if (
                name in self._names
            ):
                return ast.Name(id=name, ctx=ast.Load())
        self.generic_visit(node)
        return node

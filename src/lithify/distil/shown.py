"""What the cells showed the model, and what they left in variables: where a typed value may have been read off."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence

from lithify.distil.names import bound_names, uses_of
from lithify.distil.program import Step
from lithify.distil.tidy import is_display
from lithify.records.quick import dataclass

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Site:
    """One place where values can be read.

    step and cell: its top-level step and that step's cell; order: its place among the displays of the step, ECHO or
    VARIABLES; values: the expressions it shows and those inside them; nested: in a loop or function, where it may be
    reached more than once or not at all.
    """

    step: int
    cell: int
    order: int
    values: tuple[ast.expr, ...]
    nested: bool = False


ECHO = -1
VARIABLES = -2


def sites(steps: Sequence[Step]) -> tuple[Site, ...]:
    """Every display, every expression that a cell echoed, and the variables after each step, in order."""
    found: list[Site] = []
    for place, step in enumerate(steps):
        walker = _Displays(lambda order, values: None)
        walker.visit(copy.deepcopy(step.node))
        found += [Site(place, step.cell, order, values, nested) for order, values, nested in walker.seen]
        if step.echo and not walker.seen and isinstance(step.node, ast.Expr):
            found.append(Site(place, step.cell, ECHO, tuple(_inside(step.node.value))))
        names = _variables(step, steps[:place])
        if names:
            found.append(Site(place, step.cell, VARIABLES, tuple(ast.Name(id=name, ctx=ast.Load()) for name in names)))
    return tuple(found)


def _variables(step: Step, earlier: Sequence[Step]) -> list[str]:
    """The variables of a step whose value means something after it: not what a loop happened to hold at its end."""
    if isinstance(step.node, (ast.Import, ast.ImportFrom, *_DEFINITIONS)):
        return []
    uses = uses_of(step.node)
    names = set(uses.binds) | {name for name, _ in uses.mutates}
    if isinstance(step.node, _LOOPS):
        before = frozenset[str]().union(*(uses_of(other.node).binds for other in earlier))
        loops = [part for part in ast.walk(step.node) if isinstance(part, (ast.For, ast.AsyncFor))]
        names = (names & before) - frozenset[str]().union(*(bound_names(loop.target) for loop in loops))
    return sorted(names)


Replacement = Callable[[int, tuple[ast.expr, ...]], "list[ast.stmt] | None"]
"""What stands for a display: from its order in the step and the values it shows; None leaves it as it is."""


def with_displays(node: ast.stmt, replace: Replacement) -> list[ast.stmt]:
    """A copy of a statement with its displays replaced."""
    visited: ast.stmt | list[ast.stmt] = _Displays(replace).visit(copy.deepcopy(node))
    return visited if isinstance(visited, list) else [visited]


class _Displays(ast.NodeTransformer):
    """Visits the display statements of a step in order, and may replace them."""

    def __init__(self, replace: Replacement) -> None:
        self._replace = replace
        self._depth = 0
        self.seen: list[tuple[int, tuple[ast.expr, ...], bool]] = []

    def visit(self, node: ast.AST) -> ast.stmt | list[ast.stmt]:
        inner = isinstance(node, (*_LOOPS, *_DEFINITIONS))
        self._depth += inner
        visited: ast.stmt | list[ast.stmt] = super().visit(node)
        self._depth -= inner
        return visited

    def visit_Expr(self, node: ast.Expr) -> list[ast.stmt]:
        if not (isinstance(node.value, ast.Call) and is_display(node.value)):
            return [node]
        values = tuple(part for argument in node.value.args for part in _inside(argument))
        order = len(self.seen)
        self.seen.append((order, values, self._depth > 0))
        return self._replace(order, values) or [node]


def _inside(node: ast.expr) -> Iterator[ast.expr]:
    """An expression that is shown, and those whose values can be read off it."""
    if isinstance(node, ast.Starred):
        yield from _inside(node.value)
        return
    uses = uses_of(node)
    yield node
    if uses.mutates or uses.binds:
        return  # its parts must not be evaluated a second time
    match node:
        case ast.JoinedStr(values=parts) if len(parts) != 1 or not isinstance(parts[0], ast.FormattedValue):
            for part in parts:
                yield from _formatted(part)
        case ast.JoinedStr(values=[ast.FormattedValue(value=value)]):
            yield from _inside(value)
        case ast.BinOp(op=ast.Add() | ast.Mod(), left=left, right=right):
            yield from (*_inside(left), *_inside(right))
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _inside(part)
        case ast.Call(func=ast.Attribute(attr="format"), args=args):
            for part in args:
                yield from _inside(part)
        case ast.Call(func=ast.Name(id="str" | "repr" | "round" | "int" | "float" | "dict" | "list"), args=[part, *_]):
            yield from _inside(part)


def _formatted(part: ast.expr) -> Iterator[ast.expr]:
    """A value inside an f-string: as it is written there, and as it is."""
    if isinstance(part, ast.FormattedValue):
        if part.format_spec is not None or part.conversion != -1:
            yield ast.JoinedStr(values=[part])
        yield from _inside(part.value)

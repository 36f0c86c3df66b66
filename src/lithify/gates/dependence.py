"""Whether a function's answer depends on its context, by reading the code. Pure.

Errs on the side of "depends": what the code does is then seen by running it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from enum import Enum

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef)


class Dependence(Enum):
    """How an answer depends on the context: computed from it, only chosen by it, or not at all."""

    COMPUTED = "computed"
    CHOSEN = "chosen"
    NONE = "none"


def dependence_of(tree: ast.Module, function: str, context: Iterable[str]) -> Dependence:
    """How what `function` returns depends on its parameters `context`."""
    node = next((one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function), None)
    if node is None:
        return Dependence.NONE
    flow = _Flow(context)
    before = -1
    while before != len(flow.computed) + len(flow.chosen):  # until nothing more is reached
        before = len(flow.computed) + len(flow.chosen)
        flow.walk(node.body, chosen=False)
    return flow.answer


class _Flow:
    """Names that hold something computed from the context, and names that were set under a condition on it."""

    def __init__(self, context: Iterable[str]) -> None:
        self.computed = set(context)
        self.chosen: set[str] = set()
        self.answer = Dependence.NONE

    def walk(self, statements: Iterable[ast.stmt], *, chosen: bool) -> None:
        """Follow statements in order; chosen: whether they run depends on the context."""
        for node in statements:
            self._step(node, chosen)
            if any(isinstance(part, ast.Return) for part in ast.walk(node)) and self._steers(node):
                chosen = True  # what follows is reached only if the context did not make it return

    def _step(self, node: ast.stmt, chosen: bool) -> None:
        match node:
            case ast.Return(value=value):
                self._returned(value, chosen)
            case ast.Assign(targets=targets, value=value):
                self._set(targets, value, chosen)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._set([target], value, chosen)
            case ast.AugAssign(target=target, value=value):
                self._mark([target], computed=chosen or self._computed(value) or self._computed(target), chosen=False)
            case ast.For(target=target, iter=iterated, body=body, orelse=orelse):
                self._mark([target], computed=self._computed(iterated), chosen=chosen)
                self.walk([*body, *orelse], chosen=chosen or self._depends(iterated))
            case ast.While(test=test, body=body, orelse=orelse) | ast.If(test=test, body=body, orelse=orelse):
                self._effects(test, chosen)
                for branch in (body, orelse):
                    self.walk(branch, chosen=chosen or self._depends(test))
            case ast.With(items=items, body=body):
                for item in items:
                    if item.optional_vars is not None:
                        self._set([item.optional_vars], item.context_expr, chosen)
                self.walk(body, chosen=chosen)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
                steered = chosen or any(self._depends(one) for one in body)
                self.walk([*body, *orelse, *final], chosen=chosen)
                for handler in handlers:
                    self.walk(handler.body, chosen=steered)
            case ast.Match(subject=subject, cases=cases):
                for case in cases:
                    captured = [one for one in ast.walk(case.pattern) if isinstance(one, ast.MatchAs | ast.MatchStar)]
                    if self._computed(subject):
                        self.computed |= {one.name for one in captured if one.name}
                    self.walk(case.body, chosen=chosen or self._depends(subject))
            case ast.FunctionDef(name=name, body=body) | ast.ClassDef(name=name, body=body):
                if any(self._depends(one) for one in body):
                    self.computed.add(name)
                if isinstance(node, ast.FunctionDef):
                    self._inner(node)
            case ast.Expr(value=value):
                self._effects(value, chosen)

    def _inner(self, node: ast.FunctionDef) -> None:
        """A function inside: its parameters may hold anything; its returns are not the tool's."""
        before = self.answer
        self.computed |= {argument.arg for argument in node.args.args}
        for part in ast.walk(node):  # what it changes outside, whenever it is called
            self.computed |= set(part.names) if isinstance(part, ast.Nonlocal) else set()
        self.walk(node.body, chosen=False)
        self.answer = before

    def _returned(self, value: ast.expr | None, chosen: bool) -> None:
        if value is not None and self._computed(value):
            self.answer = Dependence.COMPUTED
        elif (chosen or (value is not None and self._depends(value))) and self.answer is Dependence.NONE:
            self.answer = Dependence.CHOSEN

    def _set(self, targets: list[ast.expr], value: ast.expr, chosen: bool) -> None:
        self._effects(value, chosen)
        self._mark(targets, computed=self._computed(value), chosen=chosen or self._depends(value))

    def _effects(self, value: ast.expr, chosen: bool) -> None:
        """What an expression changes: `names.append(line)`, `heappush(heap, line)`, `(n := len(line))`."""
        for part in ast.walk(value):
            if isinstance(part, ast.NamedExpr):
                self._mark([part.target], computed=self._computed(part.value), chosen=chosen)
            elif isinstance(part, ast.Call):
                receiver = [part.func.value] if isinstance(part.func, ast.Attribute) else []
                arguments = [*part.args, *(word.value for word in part.keywords)]
                if any(map(self._computed, arguments)):
                    self._mark([*receiver, *arguments], computed=True, chosen=chosen)
                else:
                    self._mark(receiver, computed=False, chosen=chosen)

    def _mark(self, targets: list[ast.expr], *, computed: bool, chosen: bool) -> None:
        names = {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        subscripts = [part for target in targets for part in ast.walk(target) if isinstance(part, ast.Subscript)]
        if computed or any(self._computed(part.slice) for part in subscripts):
            self.computed |= names
        elif chosen:
            self.chosen |= names

    def _steers(self, node: ast.stmt) -> bool:
        """Whether the context decides what a statement does."""
        return isinstance(node, ast.If | ast.While | ast.For | ast.Match | ast.Try) and self._depends(node)

    def _computed(self, node: ast.AST) -> bool:
        """Whether a value is computed from the context; one of two constants, chosen by it, is not."""
        if isinstance(node, ast.IfExp):
            return self._computed(node.body) or self._computed(node.orelse)
        if isinstance(node, ast.Name):
            return node.id in self.computed
        return any(self._computed(child) for child in ast.iter_child_nodes(node))

    def _depends(self, node: ast.AST) -> bool:
        reached = self.computed | self.chosen
        return any(isinstance(part, ast.Name) and part.id in reached for part in ast.walk(node))

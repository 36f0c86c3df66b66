"""Taking out of a program what only shows something: prints and bare expressions without effect."""

from __future__ import annotations

import ast
import copy
from typing import TypeVar

from lithify.distil.knowledge import DISPLAYS
from lithify.distil.names import uses_of

_STREAMS = frozenset({"stdout", "stderr"})
_Definition = TypeVar("_Definition", ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def without_displays(statement: ast.stmt) -> list[ast.stmt]:
    """The statement without displays at any depth, or nothing. A block left empty becomes `pass`.

    What an argument of a display changes stays (`print(queue.pop())`), and so does what may raise where an exception
    is caught. The original is not touched.
    """
    tidied = _Tidier().visit(copy.deepcopy(statement))
    if tidied is None:
        return []
    return tidied if isinstance(tidied, list) else [tidied]


def is_display(node: ast.expr) -> bool:
    """Whether an expression is a call that only shows something."""
    match node:
        case ast.Call(func=ast.Name(id=function)) if function in DISPLAYS:
            files = [word.value for word in node.keywords if word.arg == "file"]
            return all(isinstance(file, ast.Attribute) and file.attr in _STREAMS for file in files)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="pprint"), attr="pprint" | "pp")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=stream), attr="write" | "flush")):
            return stream in _STREAMS
    return False


class _Tidier(ast.NodeTransformer):
    """guarded: an exception raised here is caught by the code itself."""

    def __init__(self) -> None:
        self._guarded = False

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if getattr(node, "body", None) == []:
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node

    def visit_Expr(self, node: ast.Expr) -> list[ast.stmt]:
        if not is_display(node.value):
            inert = isinstance(node.value, (ast.Constant, ast.Name, ast.JoinedStr, ast.Compare, ast.Attribute))
            return [] if inert and not self._matters(node.value) else [node]
        arguments = node.value.args if isinstance(node.value, ast.Call) else []
        values = [argument.value if isinstance(argument, ast.Starred) else argument for argument in arguments]
        return [ast.Expr(value=value) for value in values if self._matters(value)]

    def visit_If(self, node: ast.If) -> ast.stmt | None:
        self.generic_visit(node)
        empty = all(isinstance(part, ast.Pass) for part in (*node.body, *node.orelse))
        return None if empty and not self._matters(node.test) else node

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        before, self._guarded = self._guarded, True
        body = [part for statement in node.body for part in self._statements(statement)]
        node.body = [part for part in body if isinstance(part, ast.stmt)] or [ast.Pass()]
        self._guarded = before
        for name in ("handlers", "orelse", "finalbody"):
            setattr(node, name, [part for old in getattr(node, name) for part in self._statements(old)])
        node.orelse = [] if all(isinstance(part, ast.Pass) for part in node.orelse) else node.orelse
        if node.handlers and all(isinstance(part, ast.Pass) for part in node.finalbody):
            node.finalbody = []
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return self._definition(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.stmt:
        return self._definition(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        return self._definition(node)

    def _definition(self, node: _Definition) -> _Definition:
        """A docstring is a bare string too, and stays."""
        whole: list[ast.stmt] = node.body
        docstring: list[ast.stmt] = whole[:1] if ast.get_docstring(node) is not None else []
        before, self._guarded = self._guarded, False
        node.body = whole[len(docstring) :]
        self.generic_visit(node)
        self._guarded = before
        rest: list[ast.stmt] = node.body
        node.body = [*docstring, *(part for part in rest if not (docstring and isinstance(part, ast.Pass)))]
        return node

    def _statements(self, node: ast.AST) -> list[ast.AST]:
        visited = self.visit(node)
        if visited is None:
            return []
        return visited if isinstance(visited, list) else [visited]

    def _matters(self, node: ast.expr) -> bool:
        uses = uses_of(node)
        if uses.binds or uses.mutates or uses.calls:
            return True
        risky = (ast.Call, ast.Subscript, ast.BinOp)
        return self._guarded and any(isinstance(part, risky) for part in ast.walk(node))

"""Renaming identifiers throughout a piece of code."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence
from typing import TypeVar

_Node = TypeVar("_Node", bound=ast.AST)


def identifiers(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Every identifier that stands for a variable, parameter, function or class, in any scope."""
    found: set[str] = set()
    for node in (part for top in nodes for part in ast.walk(top)):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.AsyncFunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found |= set(names)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.split(".")[0])
    return frozenset(found)


def renamed(nodes: Sequence[_Node], names: Mapping[str, str]) -> list[_Node]:
    """Copies of the nodes with identifiers renamed in every scope; names that are new must not be in use yet.

    Attributes, and fields in class bodies, keep their names: they are read through objects.
    """
    transformer = _Renamer(names, _own_parameters(nodes))
    return [transformer.visit(copy.deepcopy(node)) for node in nodes]


def _own_parameters(nodes: Sequence[ast.AST]) -> Mapping[str, frozenset[str]]:
    """The parameters of the code's own functions and methods by name; of a class, those of its __init__."""
    found: dict[str, frozenset[str]] = {}
    for node in (part for top in nodes for part in ast.walk(top)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names = frozenset(part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg))
            found[node.name] = found.get(node.name, frozenset()) | names
    for node in (part for top in nodes for part in ast.walk(top)):
        if isinstance(node, ast.ClassDef):
            methods = (part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "__init__")
            found[node.name] = frozenset(
                part.arg for method in methods for part in ast.walk(method.args) if isinstance(part, ast.arg)
            )
    return found


class _Renamer(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str], own: Mapping[str, frozenset[str]]) -> None:
        self._names = names
        self._own = own

    def _new(self, name: str) -> str:
        return self._names.get(name, name)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self._new(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self._new(node.arg)
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name = self._new(node.name)
        self.generic_visit(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        node.name = self._new(node.name)
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.name = self._new(node.name)
        fields = {
            target.id
            for part in node.body
            for target in (part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)])
            if isinstance(target, ast.Name)
        }
        outer = self._names
        node.bases = [self.visit(base) for base in node.bases]
        node.keywords = [self.visit(word) for word in node.keywords]
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        for place, part in enumerate(node.body):
            method = isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
            self._names = outer if method else {old: new for old, new in outer.items() if old not in fields}
            name = part.name if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) else ""
            node.body[place] = self.visit(part)
            if method:
                node.body[place].name = name  # type: ignore[attr-defined]
        self._names = outer
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        parameters = self._own.get(called, frozenset())
        for word in node.keywords:
            word.arg = self._new(word.arg) if word.arg in parameters else word.arg
        self.generic_visit(node)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        node.name = self._new(node.name) if node.name else None
        self.generic_visit(node)
        return node

    def visit_MatchAs(self, node: ast.MatchAs) -> ast.MatchAs:
        node.name = self._new(node.name) if node.name else None
        self.generic_visit(node)
        return node

    def visit_MatchStar(self, node: ast.MatchStar) -> ast.MatchStar:
        node.name = self._new(node.name) if node.name else None
        return node

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.MatchMapping:
        node.rest = self._new(node.rest) if node.rest else None
        self.generic_visit(node)
        return node

    def visit_Global(self, node: ast.Global) -> ast.Global:
        node.names = [self._new(name) for name in node.names]
        return node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.Nonlocal:
        node.names = [self._new(name) for name in node.names]
        return node

    def visit_alias(self, node: ast.alias) -> ast.alias:
        bound = node.asname or node.name.split(".")[0]
        if bound in self._names and not (node.asname is None and "." in node.name):
            node.asname = self._names[bound]
        return node

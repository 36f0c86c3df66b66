"""Which names of a module come from outside it, by Python's own rules of scope. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*_FUNCTIONS, *_COMPREHENSIONS)


def outer_reads(tree: ast.Module) -> Iterator[ast.Name]:
    """The names that are read and are no parameter or variable of a function around them.

    What a class body binds does not count: its methods do not see it.
    """
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, known = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in known:
            yield node
        inside = known | _bound_in(node) if isinstance(node, _SCOPES) else known
        for field, value in ast.iter_fields(node):
            around = isinstance(node, _FUNCTIONS) and field != "body"  # defaults and decorators belong outside
            children = value if isinstance(value, list) else [value]
            waiting += [(child, known if around else inside) for child in children if isinstance(child, ast.AST)]


def _bound_in(scope: ast.AST) -> frozenset[str]:
    """The parameters and variables of one function or comprehension."""
    names: set[str] = set()
    declared: set[str] = set()
    waiting: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
            case ast.Global(names=others):
                declared |= set(others)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {(alias.asname or alias.name).split(".", maxsplit=1)[0] for alias in aliases}
        if not isinstance(node, (*_SCOPES, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))
    return frozenset(names - declared)

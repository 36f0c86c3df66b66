"""Whether code keeps something between calls: what it changes must be its own. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lithify.gates.complaint import Complaint
from lithify.gates.scopes import outer_reads

_CHANGING = frozenset(
    {"add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft", "remove"}
    | {"reverse", "setdefault", "sort", "update"}
)
_REMEDY = "make it inside the function, so that each call begins from nothing"


def check_state(tree: ast.Module) -> Iterator[Complaint]:
    """Changes of what was made at module level: `_SEEN.append(x)`, `_TABLE[k] = v`, `_C.count += 1`, `f.calls = 1`."""
    made = {name for node in tree.body for name in _made(node)}
    shared = {name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for name in _mutable(node)}
    outer = {id(read) for read in outer_reads(tree) if read.id in made}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in _CHANGING:
                changed = value
            case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
                changed = value
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
                changed = value
            case _:
                continue
        if _chain(changed) & shared or _of_a_type(node):
            what = "what belongs to a class is changed and stays so until the next call"
            yield Complaint(node.lineno, what, "make it in __init__, or inside the function")
        root = _root(changed)
        if root is not None and id(root) in outer:
            yield Complaint(node.lineno, f"{root.id} is changed and stays so until the next call", _REMEDY)


def _made(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (one.id for one in targets if isinstance(one, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _root(node: ast.expr) -> ast.Name | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def _mutable(node: ast.ClassDef) -> Iterator[str]:
    """What a class body binds to a list, a dict or a set: all its instances share it."""
    for part in node.body:
        match part:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ) if isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
                yield name


def _chain(node: ast.expr) -> set[str]:
    names = set()
    while isinstance(node, ast.Attribute | ast.Subscript):
        names |= {node.attr} if isinstance(node, ast.Attribute) else set()
        node = node.value
    return names


def _of_a_type(node: ast.AST) -> bool:
    """`type(x).count = …`."""
    match node:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="type"))):
            return isinstance(node.ctx, ast.Store | ast.Del)
    return False

"""Which names may hold the same object, or parts of it: what a change through one name does to another.

After Steensgaard, Points-to analysis in almost linear time (POPL 1996): every name has a node, every node one node for
all that its object holds, and what may be the same is unified, whatever the order of the statements.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from lithify.distil.knowledge import PURE_FUNCTIONS, READING_METHODS

Spot = tuple[str, int]
"""A name and how deep in its object: ("rows", 0) the list itself, ("rows", 1) what it holds."""

_ELEMENT_METHODS = frozenset({"get", "pop", "popleft", "popitem", "setdefault", "group", "first", "last"})
_CONTENT_METHODS = frozenset({"values", "items", "copy", "iterrows", "itertuples", "most_common", "elements"})
_ELEMENT_FUNCTIONS = frozenset({"next", "max", "min", "choice"})
_CONTENT_FUNCTIONS = frozenset(
    {"sorted", "list", "reversed", "filter", "dict", "tuple", "set", "frozenset", "deque", "chain", "islice", "tee"}
    | {"enumerate", "zip", "map", "groupby", "nlargest", "nsmallest", "iter", "defaultdict", "OrderedDict", "copy"}
)
_STORE_ELEMENT = frozenset({"append", "add", "insert", "appendleft", "put", "push", "setdefault"})
_STORE_CONTENT = frozenset({"extend", "update", "extendleft"})


class _Nodes:
    """Nodes that can be unified, each with at most one node for what it holds (union-find)."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._content: dict[int, int] = {}

    def _new(self) -> int:
        self._parent.append(len(self._parent))
        return len(self._parent) - 1

    def _find(self, node: int) -> int:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def _content_of(self, node: int) -> int:
        node = self._find(node)
        if node not in self._content:
            self._content[node] = self._new()
        return self._find(self._content[node])

    def _unify(self, left: int, right: int) -> None:
        waiting = [(left, right)]
        while waiting:
            one, other = (self._find(node) for node in waiting.pop())
            if one == other:
                continue
            self._parent[other] = one
            inner = self._content.pop(other, None)
            if inner is not None:
                if one in self._content:
                    waiting.append((self._content[one], inner))
                else:
                    self._content[one] = inner

    def _has_content(self, node: int) -> bool:
        return self._find(node) in self._content


class Sharing(_Nodes):
    """The nodes of a program's names.

    apart: names that share with nobody (a context of texts, which cannot be changed in place).
    """

    def __init__(self, statements: Iterable[ast.stmt], apart: frozenset[str]) -> None:
        super().__init__()
        self._names: dict[str, int] = {}
        self._apart = apart
        self._functions: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        nodes = [node for statement in statements for node in ast.walk(statement)]
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._functions.setdefault(node.name, []).append(node)
        for node in nodes:
            self._link(node)

    def touches(self, changed: Iterable[Spot], needed: Iterable[str]) -> bool:
        """Whether changing the objects at some spots changes what a needed name holds, at any depth."""
        found = {self._at(name, depth) for name, depth in changed}
        return any(self._holds(name, found) for name in needed) if found else False

    def _at(self, name: str, depth: int) -> int:
        node = self._name(name)
        for _ in range(depth):
            node = self._content_of(node)
        return node

    def _holds(self, name: str, changed: set[int]) -> bool:
        if name not in self._names:
            return False
        node, seen = self._name(name), set[int]()
        while node not in seen:
            if node in changed:
                return True
            seen.add(node)
            if not self._has_content(node):
                break
            node = self._content_of(node)
        return False

    def _name(self, name: str) -> int:
        if name in self._apart:
            return self._new()
        if name not in self._names:
            self._names[name] = self._new()
        return self._find(self._names[name])

    def _link(self, node: ast.AST) -> None:
        """Unify what one statement or expression makes share."""
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                self._assign(target, value)
            case ast.AugAssign(target=target, value=value):
                self._unify(self._content_of(self._value(target)), self._content_of(self._value(value)))
            case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
                self._store(target, self._content_of(self._value(source)))
            case ast.comprehension(target=target, iter=source):
                self._store(target, self._content_of(self._value(source)))
            case ast.withitem(context_expr=source, optional_vars=ast.expr() as target):
                self._store(target, self._value(source))
            case ast.Call(func=ast.Attribute(value=owner, attr=method), args=args):
                self._stored_by_method(owner, method, args)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        pairs = isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List))
        if pairs and len(target.elts) == len(value.elts):  # type: ignore[attr-defined]
            for inner, part in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                self._assign(inner, part)
            return
        self._store(target, self._value(value))

    def _store(self, target: ast.expr, node: int) -> None:
        match target:
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                # Pairs are folded into what they pair (items, enumerate, zip): a part may be the node or in it.
                self._unify(node, self._content_of(node))
                for element in elements:
                    self._store(element, node)
            case ast.Starred(value=value):
                self._unify(self._content_of(self._value(value)), node)
            case _:
                self._unify(self._value(target), node)

    def _stored_by_method(self, owner: ast.expr, method: str, args: list[ast.expr]) -> None:
        if method in _STORE_ELEMENT:
            for arg in args:
                self._unify(self._content_of(self._value(owner)), self._value(arg))
        elif method in _STORE_CONTENT:
            for arg in args:
                self._unify(self._content_of(self._value(owner)), self._content_of(self._value(arg)))

    def _value(self, node: ast.expr) -> int:
        """The node of what an expression may denote; a new one for a fresh object."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Subscript(value=value, slice=ast.Slice()):
                return self._holding_content([value])
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                return self._content_of(self._value(value))
            case ast.Starred(value=value) | ast.Await(value=value) | ast.NamedExpr(target=value):
                return self._value(value)
            case ast.BoolOp(values=parts):
                return self._any_of(parts)
            case ast.IfExp(body=body, orelse=orelse):
                return self._any_of([body, orelse])
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
                return self._holding(parts)
            case ast.ListComp(elt=part) | ast.SetComp(elt=part) | ast.GeneratorExp(elt=part) | ast.DictComp(value=part):
                return self._holding([part])
            case ast.BinOp(left=left, right=right):
                return self._holding_content([left, right])
            case ast.Call():
                return self._called(node)
        return self._new()

    def _called(self, node: ast.Call) -> int:
        match node.func:
            case ast.Attribute(value=owner, attr=method) if method in _ELEMENT_METHODS:
                found = self._content_of(self._value(owner))
                for arg in node.args:
                    self._unify(found, self._value(arg))
                return found
            case ast.Attribute(value=owner, attr=method) if method in _CONTENT_METHODS:
                return self._holding_content([owner, *node.args])
            case ast.Name(id=function) | ast.Attribute(attr=function) if function in _ELEMENT_FUNCTIONS:
                found = self._any_of(node.args)
                self._unify(found, self._content_of(found))
                return found
            case ast.Name(id=function) | ast.Attribute(attr=function) if function in _CONTENT_FUNCTIONS:
                return self._holding_content(node.args)
            case ast.Name(id=function) if function in self._functions:
                return self._called_here(node, self._functions[function])
            case ast.Name(id=function) if function in PURE_FUNCTIONS:
                return self._new()
            case ast.Attribute(attr=method) if method in READING_METHODS:
                return self._new()
        owners = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        found = self._any_of([*owners, *node.args, *(word.value for word in node.keywords)])
        self._unify(found, self._content_of(found))
        return found

    def _called_here(self, node: ast.Call, definitions: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> int:
        """A call of the program's own function: arguments become its parameters, what it returns the value."""
        found = self._new()
        for definition in definitions:
            names = [argument.arg for argument in (*definition.args.posonlyargs, *definition.args.args)]
            pairs = [*zip(names, node.args, strict=False), *((w.arg, w.value) for w in node.keywords if w.arg)]
            for name, argument in pairs:
                self._unify(self._name(name), self._value(argument))
            self._functions = {key: value for key, value in self._functions.items() if value is not definitions}
            for part in ast.walk(definition):  # a recursive call inside counts as fresh
                if isinstance(part, (ast.Return, ast.Yield)) and part.value is not None:
                    value = self._value(part.value)
                    self._unify(found, value)
                    if isinstance(part, ast.Yield):  # what a generator holds, what a context manager gives
                        self._unify(self._content_of(found), value)
            self._functions[definition.name] = definitions
        return found

    def _any_of(self, parts: list[ast.expr]) -> int:
        found = self._new()
        for part in parts:
            self._unify(found, self._value(part))
        return found

    def _holding(self, parts: list[ast.expr]) -> int:
        found = self._new()
        for part in parts:
            self._unify(self._content_of(found), self._value(part))
        return found

    def _holding_content(self, parts: list[ast.expr]) -> int:
        found = self._new()
        for part in parts:
            self._unify(self._content_of(found), self._content_of(self._value(part)))
        return found

"""Taking out of a slice what only serves itself: counters that are only counted up, lists that are only appended to,
functions that nothing calls any more.

Such variables are faint (Giegerich, Möncke and Wilhelm, Invariance of approximative semantics, 1981): a backward
slice keeps one that something needed shares an object, a function or a statement with.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from lithify.distil.effects import Effects
from lithify.distil.knowledge import MUTATING_FUNCTIONS
from lithify.distil.names import bound_names, roots, uses_of
from lithify.distil.sharing import Spot
from lithify.distil.tidy import without_displays

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
_RISKY = (ast.Call, ast.Subscript, ast.BinOp)


def without_faint(statements: Sequence[ast.stmt], expression: ast.expr) -> list[ast.stmt]:
    """The statements without those that have no effect but on variables that only they use.

    That it gives the same is shown by running it: what two names share is judged by their assignments alone.
    """
    kept = list(statements)
    while True:
        remover = _Remover(kept, expression)
        faint = {name for name in remover.candidates if remover.is_faint(name)}
        unused = _unused(kept, expression)
        if not faint and not unused:
            return kept
        before = [ast.dump(node) for node in kept]
        if faint:
            kept = remover.without(faint)
        kept = [node for node in kept if _defined_name(node) not in unused]
        kept = _without_methods([_without_imports(node, unused) for node in kept], expression)
        if [ast.dump(node) for node in kept] == before:
            return kept


class _Remover:
    """Finds the statements that serve one variable only."""

    def __init__(self, statements: Sequence[ast.stmt], expression: ast.expr) -> None:
        self._statements = statements
        self._expression = expression
        self._effects = Effects(statements)
        nodes = [part for top in (*statements, expression) for part in ast.walk(top)]
        self._guarded = {
            id(part)
            for node in nodes
            if isinstance(node, ast.Try) and node.handlers
            for top in node.body
            for part in ast.walk(top)
        }
        parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
        stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self.candidates = sorted(stored - parameters - {"context"})

    def is_faint(self, name: str) -> bool:
        """Whether nothing but statements that serve the name mentions it, and these do nothing else."""
        changed, fresh = False, True
        for step, top in enumerate(self._statements):
            for node in _statements(top):
                if not _mentions(node, name):
                    continue
                if isinstance(node, (ast.Global, ast.Nonlocal)):
                    continue
                if id(node) in self._guarded and any(isinstance(part, _RISKY) for part in ast.walk(node)):
                    return False
                if not self._serves(node, name, step):
                    return False
                changed |= not _binds_only(node, name)
                fresh &= not any(other != name for value in _values(node) for other, _ in _denoted(value))
        return self._mentioned_only_in_statements(name) and (fresh or not changed)

    def _serves(self, node: ast.stmt, name: str, step: int) -> bool:
        match node:
            case ast.Assign(targets=targets):
                own = all(_root(target) == name for target in targets) or _part(node, name) is not None
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                own = _root(target) == name
            case ast.Delete(targets=targets):
                own = all(_root(target) == name for target in targets)
            case ast.Expr(value=ast.Call() as call):
                own = _changed_by(call) == name
            case _:
                return False
        return own and self._does_nothing_else(node, name, step)

    def _does_nothing_else(self, node: ast.stmt, name: str, step: int) -> bool:
        effects = self._effects.of(uses_of(node), step)
        part = _part(node, name)
        if part is not None:  # one of several targets
            effects = self._effects.of(uses_of(part), step)
            return not effects.mutates and not effects.may_mutate and not effects.binds
        mine = {spot for spot in effects.mutates | effects.may_mutate if spot[0] != name}
        return not mine and not effects.binds - {name}

    def _mentioned_only_in_statements(self, name: str) -> bool:
        """Whether no head of a block, no definition's default and not the answer's expression reads the name."""
        inside = {
            id(part)
            for top in self._statements
            for node in _statements(top)
            if not isinstance(node, _COMPOUND)
            for part in ast.walk(node)
        }
        whole = (*self._statements, self._expression)
        everywhere = [part for top in whole for part in ast.walk(top) if _is(part, name)]
        return all(id(part) in inside for part in everywhere)

    def without(self, faint: set[str]) -> list[ast.stmt]:
        """Copies of the statements without those that serve a faint variable."""

        class Cutter(ast.NodeTransformer):
            def visit(self, node: ast.AST) -> ast.AST | None:
                if isinstance(node, (ast.Global, ast.Nonlocal)):
                    node.names = [name for name in node.names if name not in faint]
                    return node if node.names else None
                if isinstance(node, ast.stmt) and not isinstance(node, _COMPOUND):
                    return _cut(node, faint)
                visited: ast.AST = self.generic_visit(node)
                return visited

        cut = [Cutter().visit(copy.deepcopy(node)) for node in self._statements]
        tidied = [part for node in cut if isinstance(node, ast.stmt) for part in without_displays(node)]
        return _without_idle_loops(tidied)


def _without_idle_loops(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Without loops that do nothing any more, unless they use something up or leave a variable that is read."""
    effects = Effects(statements)
    stores: dict[str, int] = {}
    for part in (part for top in statements for part in ast.walk(top)):
        if isinstance(part, ast.Name):
            stores[part.id] = stores.get(part.id, 0) + 1

    class Cutter(ast.NodeTransformer):
        def visit_For(self, node: ast.For) -> ast.AST | None:
            self.generic_visit(node)
            if node.orelse or not all(isinstance(part, ast.Pass) for part in node.body):
                return node
            left = sum(isinstance(part, ast.Name) for part in ast.walk(node.target))
            read = sum(stores.get(name, 0) for name in bound_names(node.target)) > left
            uses = effects.of(uses_of(ast.For(target=node.target, iter=node.iter, body=[], orelse=[])), len(statements))
            return node if read or uses.mutates or uses.may_mutate else None

    cut = [Cutter().visit(node) for node in statements]
    return [part for node in cut if isinstance(node, ast.stmt) for part in without_displays(node)]


_COMPOUND = (
    *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)


def _cut(node: ast.stmt, faint: set[str]) -> ast.stmt | None:
    """A simple statement without its parts for faint variables; None when nothing is left."""
    match node:
        case ast.Assign(targets=targets):
            rest = [target for target in targets if _root(target) not in faint]
            if not rest:
                return None
            if len(rest) < len(targets):
                node.targets = rest
                return node
            return _cut_pairs(node, faint)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return None if _root(target) in faint else node
        case ast.Delete(targets=targets):
            node.targets = [target for target in targets if _root(target) not in faint]
            return node if node.targets else None
        case ast.Expr(value=ast.Call() as call):
            return None if _changed_by(call) in faint else node
    return node


def _cut_pairs(node: ast.Assign, faint: set[str]) -> ast.stmt | None:
    """`a, b = x, y` without the pairs of faint variables."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=left)], value=ast.Tuple(elts=right)) if len(left) == len(right):
            pairs = [(one, other) for one, other in zip(left, right, strict=True) if _root(one) not in faint]
            if not pairs:
                return None
            if len(pairs) == 1:
                return ast.Assign(targets=[pairs[0][0]], value=pairs[0][1], lineno=node.lineno)
            node.targets = [ast.Tuple(elts=[one for one, _ in pairs], ctx=ast.Store())]
            node.value = ast.Tuple(elts=[other for _, other in pairs], ctx=ast.Load())
    return node


def _part(node: ast.stmt, name: str) -> ast.expr | None:
    """The value that one of several targets of an assignment gets: of `a, b = x, y`, or of `a = b = x`."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=left)], value=ast.Tuple(elts=right)) if len(left) == len(right):
            plain = all(isinstance(target, ast.Name) for target in left)
            found = [value for target, value in zip(left, right, strict=True) if _root(target) == name]
            others = [value for target, value in zip(left, right, strict=True) if _root(target) != name]
            alone = plain and len(found) == 1 and not any(_mentions(value, name) for value in others)
            return found[0] if alone else None
        case ast.Assign(targets=[_, _, *_], value=value):
            return value
    return None


def _values(node: ast.stmt) -> list[ast.expr]:
    """What a simple statement stores."""
    match node:
        case ast.Assign(value=value) | ast.AugAssign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return list(value.elts) if isinstance(value, ast.Tuple) else [value]
    return []


def _denoted(value: ast.expr) -> frozenset[Spot]:
    """The spots that a stored value may be; a copy is an object of its own."""
    copied = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
    return frozenset() if copied and value.func.attr in ("copy", "deepcopy") else roots(value)  # type: ignore[attr-defined]


def _binds_only(node: ast.stmt, name: str) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return all(_root(target) != name or bound_names(target) for target in targets)
        case ast.AugAssign(target=ast.Name(), value=ast.Constant(value=int() | float() | str())):
            return True
        case ast.AnnAssign(target=ast.Name()) | ast.Delete():
            return True
    return False


def _changed_by(call: ast.Call) -> str:
    """The variable that a call is made for: `seen.append(x)`, `next(it)`, `heapq.heappush(heap, x)`."""
    match call.func:
        case ast.Name(id=function) if function in MUTATING_FUNCTIONS and call.args:
            return _root(call.args[0])
        case ast.Attribute(attr=function) if function in MUTATING_FUNCTIONS and call.args:
            return _root(call.args[0])
        case ast.Attribute(value=owner):
            return _root(owner)
    return ""


def _root(node: ast.expr) -> str:
    """The variable that an expression goes into: rows for `rows[0]["n"]`, groups for `groups.setdefault(k, [])`."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Call(func=ast.Attribute(value=value)):
            return _root(value)
        case ast.Tuple(elts=[ast.Name(id=name)]):
            return name
    return ""


def _statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """A statement and those inside it, but of a block only what stands in it."""
    yield from (part for part in ast.walk(node) if isinstance(part, ast.stmt) and not isinstance(part, _COMPOUND))


def _is(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=found) | ast.ExceptHandler(name=found) | ast.MatchAs(name=found) | ast.MatchStar(name=found):
            return found == name
        case ast.MatchMapping(rest=found):
            return found == name
    return False


def _mentions(node: ast.AST, name: str) -> bool:
    declared = isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names
    return declared or any(_is(part, name) for part in ast.walk(node))


def _defined_name(node: ast.stmt) -> str:
    return node.name if isinstance(node, (*_Function, ast.ClassDef)) else ""


def _unused(statements: Sequence[ast.stmt], expression: ast.expr) -> set[str]:
    """Functions, classes and imports of the top level that nothing else mentions."""
    found: set[str] = set()
    for node in statements:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = uses_of(node).binds
        else:
            names = frozenset({_defined_name(node)} - {""})
        others = [other for other in (*statements, expression) if other is not node]
        found |= {name for name in names if not any(_mentions(other, name) for other in others)}
    return found


def _without_imports(node: ast.stmt, unused: set[str]) -> ast.stmt | None:
    if not isinstance(node, (ast.Import, ast.ImportFrom)):
        return node
    names = [alias for alias in node.names if (alias.asname or alias.name.split(".")[0]) not in unused]
    if not names:
        return None
    kept = copy.copy(node)
    kept.names = names
    return kept


def _without_methods(statements: Sequence[ast.stmt | None], expression: ast.expr) -> list[ast.stmt]:
    """Without methods whose name nothing mentions, of classes that inherit from nothing but each other."""
    kept = [node for node in statements if node is not None]
    own = {node.name for node in kept if isinstance(node, ast.ClassDef)}
    nodes = [part for top in (*kept, expression) for part in ast.walk(top)]
    mentioned = {part.attr for part in nodes if isinstance(part, ast.Attribute)}
    if any(isinstance(part, ast.Name) and part.id in ("getattr", "setattr", "vars", "dir") for part in nodes):
        return kept
    for place, node in enumerate(kept):
        bases = [base.id if isinstance(base, ast.Name) else "" for base in getattr(node, "bases", [])]
        if isinstance(node, ast.ClassDef) and set(bases) <= own and not node.decorator_list:
            body = [part for part in node.body if not _is_idle(part, mentioned)]
            if len(body) < len(node.body):
                kept[place] = copy.copy(node)
                kept[place].body = body or [ast.Pass()]  # type: ignore[attr-defined]
    return kept


def _is_idle(node: ast.stmt, mentioned: set[str]) -> bool:
    return (
        isinstance(node, _Function)
        and not (node.name.startswith("__") and node.name.endswith("__"))
        and node.name not in mentioned
    )

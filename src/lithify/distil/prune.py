"""Walking a program backward, keeping what a set of needed names depends on."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from lithify.distil.effects import Effects
from lithify.distil.knowledge import BUILTINS
from lithify.distil.names import Uses, bound_names, uses_of
from lithify.distil.sharing import Sharing, Spot
from lithify.records.quick import dataclass

_JUMPS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_CONTEXT = frozenset({"context"})

Names = frozenset[str]
Block = tuple[list[ast.stmt], Names]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a statement stands: its top-level step, and whether inside a loop or function (so that jumps count)."""

    step: int
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """careful: what is not known may change what it is given; whole: keep every statement that touches a needed name,
    as it is; changeable: the context is one that can be changed in place, as texts cannot."""

    careful: bool = False
    whole: bool = False
    changeable: bool = False


class Pruner:
    """Prunes one program."""

    def __init__(self, program: Sequence[ast.stmt], manner: Manner) -> None:
        self._program = program
        self._manner = manner
        self._fixed = frozenset[str]() if manner.changeable else _CONTEXT
        self._sharing = Sharing(program, self._fixed)
        self._effects = Effects(program)

    def keep(self, expression: ast.expr) -> list[ast.stmt]:
        """The statements that the expression's value depends on, in order."""
        last = len(self._program) - 1
        needed = self._effects.of(uses_of(expression), last).loads
        kept: list[ast.stmt] = []
        for step in range(last, -1, -1):
            part, needed = self._statement(self._program[step], needed, _Place(step))
            kept = part + kept
        return kept

    def _block(self, body: Sequence[ast.stmt], needed: Names, place: _Place) -> Block:
        kept: list[ast.stmt] = []
        for statement in reversed(body):
            part, needed = self._statement(statement, needed, place)
            kept = part + kept
        return kept, needed

    def _statement(self, node: ast.stmt, needed: Names, place: _Place) -> Block:
        effects = self._effects.of(uses_of(node), place.step)
        if place.inner and (_jumps_out(node) or isinstance(node, (ast.Global, ast.Nonlocal, ast.Assert))):
            return self._kept(node, needed, effects, place)
        if _is_guard(node) and effects.loads - BUILTINS <= needed:
            return [node], needed
        if isinstance(node, (ast.Pass, ast.Assert, ast.Global)) or _deletes_names(node):
            return [], needed
        hit = bool(effects.binds & needed) or self._changes(effects.mutates, needed)
        if not hit and (self._manner.careful or isinstance(node, ast.Expr)):  # parser.feed(line): a call for its effect
            hit = self._changes(effects.may_mutate, needed)
        if not hit and self._manner.whole:
            hit = bool((effects.loads & needed) - self._fixed - self._effects.imported)
        return self._kept(node, needed, effects, place) if hit else ([], needed)

    def _kept(self, node: ast.stmt, needed: Names, effects: Uses, place: _Place) -> Block:
        """A statement that stays, without those of its parts that nobody needs."""
        if self._manner.whole:
            return [node], needed | effects.loads
        match node:
            case ast.If():
                return self._if(node, needed, place)
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(node, needed, place)
            case ast.With() | ast.AsyncWith():
                return self._with(node, needed, place)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return [self._definition(node, place)], (needed - {node.name}) | effects.loads
            case ast.Assign() | ast.AnnAssign():
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                bound = frozenset[str]().union(*(bound_names(target) for target in targets))
                return [node], (needed - bound) | effects.loads
            case ast.Import() | ast.ImportFrom():
                return [node], needed - effects.binds
        return [node], needed | effects.loads

    def _if(self, node: ast.If, needed: Names, place: _Place) -> Block:
        body, before_body = self._block(node.body, needed, place)
        orelse, before_else = self._block(node.orelse, needed, place)
        test = self._effects.of(uses_of(node.test), place.step)
        kept = copy.copy(node)
        kept.body, kept.orelse = body or [ast.Pass()], orelse
        if orelse and not body:
            kept.test, kept.body, kept.orelse = ast.UnaryOp(op=ast.Not(), operand=node.test), orelse, []
        return [kept], ((before_body | before_else) - test.binds) | test.loads

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, needed: Names, place: _Place) -> Block:
        head = node.test if isinstance(node, ast.While) else node.iter
        targets = frozenset[str]() if isinstance(node, ast.While) else bound_names(node.target)
        effects = self._effects.of(uses_of(head), place.step)
        orelse, after = self._block(node.orelse, needed, _Place(place.step, inner=place.inner))
        inside = needed | after | (effects.loads if isinstance(node, ast.While) else frozenset())
        while True:  # what an iteration needs, the one before it must leave
            body, before = self._block(node.body, inside, _Place(place.step, inner=True))
            wider = inside | (before - targets)
            if wider == inside:
                break
            inside = wider
        kept = copy.copy(node)
        kept.body, kept.orelse = body or [ast.Pass()], orelse
        stored = self._effects.of(uses_of(*([] if isinstance(node, ast.While) else [node.target])), place.step)
        return [kept], inside | effects.loads | stored.loads

    def _with(self, node: ast.With | ast.AsyncWith, needed: Names, place: _Place) -> Block:
        """What is set on the managed object (`c.prec = 3`) may govern the whole body, so it stays."""
        bound = frozenset[str]().union(*(bound_names(item.optional_vars) for item in node.items if item.optional_vars))
        body, before = self._block(node.body, needed | bound, place)
        heads = self._effects.of(uses_of(*(item.context_expr for item in node.items)), place.step)
        kept = copy.copy(node)
        kept.body = body or [ast.Pass()]
        return [kept], ((needed | before) - bound) | heads.loads

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, place: _Place) -> ast.stmt:
        kept = copy.copy(node)
        if isinstance(node, ast.ClassDef):
            kept.body = [
                self._definition(part, place) if isinstance(part, _DEFINITIONS) else part for part in node.body
            ]
            return kept
        docstring = node.body[:1] if ast.get_docstring(node) is not None else []
        inside = uses_of(*node.body)
        arguments = node.args
        everything = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        parameters = frozenset(argument.arg for argument in everything if argument)
        loads = inside.loads.union(*(summary.uses.loads for _, summary in inside.defines))
        free = (loads - inside.binds) | _declared_outward(node)
        outer = self._effects.inside(dict(inside.defines))
        body, _ = self._block(node.body[len(docstring) :], parameters | free, _Place(place.step, inner=True))
        self._effects.outside(outer)
        kept.body = [*docstring, *body] or [ast.Pass()]
        return kept

    def _changes(self, spots: frozenset[Spot], needed: Names) -> bool:
        return any(name in needed for name, _ in spots) or self._sharing.touches(spots, needed)


def _deletes_names(node: ast.stmt) -> bool:
    return isinstance(node, ast.Delete) and all(isinstance(target, ast.Name) for target in node.targets)


def _declared_outward(node: ast.AST) -> Names:
    found = (part.names for part in ast.walk(node) if isinstance(part, (ast.Global, ast.Nonlocal)))
    return frozenset(name for names in found for name in names)


def _jumps_out(node: ast.stmt) -> bool:
    """Whether control may leave the block through a statement: return, raise, yield, break or continue."""
    return any(True for _ in _jumps(node, in_loop=False))


def _jumps(node: ast.AST, *, in_loop: bool) -> Iterator[ast.AST]:
    if isinstance(node, (*_DEFINITIONS, ast.Lambda)):
        return
    if isinstance(node, (ast.Yield, ast.YieldFrom)) or (
        isinstance(node, _JUMPS) and not (in_loop and isinstance(node, (ast.Break, ast.Continue)))
    ):
        yield node
    inside = in_loop or isinstance(node, _LOOPS)
    for child in ast.iter_child_nodes(node):
        yield from _jumps(child, in_loop=inside)


def _is_guard(node: ast.stmt) -> bool:
    """Whether a statement only refuses input that the code does not cover: `if not rows: raise ValueError(...)`.

    One that names a number or a text names this input's result, and would refuse every other input.
    """
    if not isinstance(node, ast.If) or node.orelse or not all(isinstance(part, ast.Raise) for part in node.body):
        return False
    constants = (part.value for part in ast.walk(node.test) if isinstance(part, ast.Constant))
    return all(value is None or value in (0, 1, "") for value in constants)

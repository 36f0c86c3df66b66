"""The backward slice: the statements of a program that an expression's value depends on.

After Weiser, Program slicing (ICSE 1981), over the syntax tree of the cells. What a statement changes unseen (through
another name, inside a function) is over-estimated; that a slice is right is shown by running it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from enum import IntEnum

from lithify.distil import prune
from lithify.distil.faint import without_faint
from lithify.distil.knowledge import BUILTINS
from lithify.distil.names import uses_of
from lithify.distil.tidy import without_displays
from lithify.records.quick import dataclass


class Reach(IntEnum):
    """How much a slice keeps, smallest first.

    MINIMAL:    what the value is computed from, down to the inside of loops and functions, without what serves only
                itself
    CAREFUL:    the first, where methods and functions that are not known may change whatever they are given
    TOUCHING:   every statement, whole, that touches a name which the value depends on
    EVERYTHING: all that ran, but what only shows something
    """

    MINIMAL = 1
    CAREFUL = 2
    TOUCHING = 3
    EVERYTHING = 4


@dataclass(frozen=True, slots=True)
class Slice:
    """Statements, and the expression whose value follows from them. missing: names that nothing in it defines."""

    statements: tuple[ast.stmt, ...]
    expression: ast.expr
    reach: Reach
    missing: frozenset[str]


def backward_slice(
    program: Sequence[ast.stmt], expression: ast.expr, reach: Reach, *, changeable: bool = False
) -> Slice:
    """The slice of a program for the value that expression has at its end.

    changeable: the context can be changed in place: a table, a list.
    """
    tidied = [part for statement in program for part in without_displays(statement)]
    if reach is Reach.EVERYTHING:
        kept = [statement for statement in tidied if not isinstance(statement, ast.Assert)]
    else:
        manner = prune.Manner(careful=reach > Reach.MINIMAL, whole=reach is Reach.TOUCHING, changeable=changeable)
        kept = prune.Pruner(tidied, manner).keep(expression)
    if reach is Reach.MINIMAL:
        kept = without_faint(kept, expression)
    return Slice(tuple(kept), expression, reach, _missing([*kept, ast.Expr(value=expression)]) - BUILTINS)


def _missing(statements: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that are read before anything binds them; in a function's body, those that nothing binds at all."""
    bound: set[str] = set()
    missing: set[str] = set()
    later: set[str] = set()
    for statement in statements:
        uses = uses_of(statement)
        simple = isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign))
        own = _inner(statement) if simple else uses.binds - {"context"}
        missing |= uses.loads - bound - own
        later |= frozenset[str]().union(*(summary.uses.loads for _, summary in uses.defines))
        bound |= uses.binds
    return frozenset(missing | (later - bound))


def _inner(statement: ast.stmt) -> frozenset[str]:
    """The names that an assignment binds on its way to its value: `(n := ...)`."""
    return frozenset(part.target.id for part in ast.walk(statement) if isinstance(part, ast.NamedExpr))

"""From a trajectory to verified code for its answer: the smallest slice that gives it again from nothing."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Sequence

from lithify.distil.bench import Bench
from lithify.distil.knowledge import LLM_FUNCTIONS
from lithify.distil.program import Step
from lithify.distil.reduction import without_unread_entries
from lithify.distil.slice import Reach, Slice, backward_slice
from lithify.distil.source import code_of
from lithify.distil.submission import Target, targets
from lithify.distil.suspicion import forbidden, names_answer, obstacle
from lithify.records.answers import equal_answer
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Trajectory

_MOST_TARGETS = 4
"""How many ways to read the submission are tried."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Code that gives the answer from nothing, the types of its value, and what a reviewer should know of it."""

    code: Slice
    kind: Plain
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Underived:
    """No slice was found; reason says what spoke against the likeliest one. typed: the answer was written down, not
    computed; ambiguous: there are several, and nothing tells which is meant."""

    reason: str
    typed: bool = False
    ambiguous: bool = False


async def derive(trajectory: Trajectory, steps: Sequence[Step], bench: Bench) -> Derivation | Underived:
    """The smallest slice for the submitted expression that gives the same answer in a fresh session."""
    first: Underived | None = None
    for target in itertools.islice(targets(steps, trajectory.form), _MOST_TARGETS):
        found = await try_target(target, trajectory, bench)
        if isinstance(found, Derivation):
            return found
        first = first or found
    return first or Underived("the submission was not found in the code that ran", typed=True)


async def try_target(target: Target, trajectory: Trajectory, bench: Bench) -> Derivation | Underived:
    """The smallest slice for one expression that gives the answer, or why none does."""
    tried: set[str] = set()
    reason = ""
    changeable = bench.form.written
    careful = backward_slice(target.program, target.expression, Reach.CAREFUL, changeable=changeable)
    known = not careful.missing - {"context"} - LLM_FUNCTIONS
    if "context" not in careful.missing and known and not forbidden(careful):
        return Underived("the answer does not depend on the context: it was typed, not computed", typed=True)
    for reach in Reach:
        found = backward_slice(target.program, target.expression, reach, changeable=changeable)
        code = code_of(found.statements)
        if code in tried:
            continue
        tried.add(code)
        against = obstacle(found, target.program) or names_answer(
            found, trajectory.answer, trajectory.question, bench.context
        )
        if against:
            reason = reason or against
            continue
        outcome = await bench.value_of(code, ast.unparse(found.expression))
        if not outcome.error and equal_answer(trajectory.answer, outcome.value):
            if reach is Reach.MINIMAL:
                found = await without_unread_entries(found, bench)
            notes = (f"not cut to the minimum: the slice keeps {_said(reach)}",) if reach > Reach.CAREFUL else ()
            return Derivation(found, outcome.kind, notes)
        gave = outcome.error or "another answer"
        reason = reason or f"run from nothing, the code gives {gave}"
    return Underived(reason)


def _said(reach: Reach) -> str:
    return "every statement that touches a needed name" if reach is Reach.TOUCHING else "all that ran"

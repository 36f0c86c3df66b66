"""Constants in the code that the model read off earlier output: the busiest service's name, a mean with its digits,
the list of all levels.

They are this input's, as a typed answer is. Where an earlier cell computed the value, the code takes it from there.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from lithify.distil.bench import Bench
from lithify.distil.derive import Derivation, Underived
from lithify.distil.hits import REPORT, Hit, instrumented, plausible, preparation, read_hits, reading, steps_needed
from lithify.distil.knowledge import ORDERING
from lithify.distil.program import Step
from lithify.distil.rename import identifiers
from lithify.distil.shown import VARIABLES, sites
from lithify.distil.slice import Reach, backward_slice
from lithify.distil.submission import Target
from lithify.distil.suspicion import in_data, is_everyday, lone_constants, said_values
from lithify.records.quick import dataclass

Constant = int | float | str | tuple[str, ...]
"""A constant that may have been read off; a tuple stands for a list, tuple or set of texts in the code."""

Derive = Callable[[Sequence[Step]], Awaitable[Derivation | Underived]]

_SUPERLATIVE = re.compile(
    r"\b(?:most|least|top|maximum|minimum|max|min|best|worst|first|last"
    r"|(?!request|test|guest|interest|rest|west|digest|manifest|suggest|invest|contest|protest)\w{2,}est)\b",
    re.IGNORECASE,
)
_CHOICES = ORDERING | {"max", "min", "idxmax", "idxmin", "argmax", "argmin"}
_MOST_REPLACED = 3


async def without_read_off(
    found: Derivation, question: str, steps: Sequence[Step], bench: Bench, again: Derive
) -> Derivation | Underived:
    """The derivation with values that earlier cells computed in place of constants that repeat them.

    A text counts as read off only if the question asks for an extreme and the earlier value was chosen as one; a
    number, only if its digits make a coincidence unlikely. When such a constant cannot be replaced, there is nothing
    to keep; a list that cannot be replaced stays.
    """
    for _ in range(_MOST_REPLACED):
        source = await _read_off(found, question, steps, bench)
        if source is None:
            return found
        changed = _replaced(source, steps)
        better = await again(changed)
        if isinstance(better, Underived) or source.constant in _suspects(better, question, bench.context):
            if isinstance(source.constant, tuple):
                return found
            return Underived(f"the code names {source.constant!r}, which was read off what an earlier cell computed")
        note = f"the code named {source.constant!r}, which an earlier cell had computed; it computes it now"
        found, steps = replace(better, notes=(*found.notes, *better.notes, note)), changed
    return found


async def _read_off(found: Derivation, question: str, steps: Sequence[Step], bench: Bench) -> _Source | None:
    """The first constant of a derivation that repeats what an earlier cell computed, and the code of that."""
    constants = list(dict.fromkeys(_suspects(found, question, bench.context)))
    if not constants:
        return None
    places = sites(steps)
    wanted = [list(constant) if isinstance(constant, tuple) else constant for constant in constants]
    report = await bench.each(instrumented(steps, places), preparation(wanted, []), REPORT)
    hits = [hit for hit in read_hits(report.value, places) if plausible(hit, question)]
    for number, constant in enumerate(constants):
        source = _source([hit for hit in hits if hit.target == number], constant, steps)
        if source is not None:
            return source
    return None


def _suspects(found: Derivation, question: str, context: str | Mapping[str, str]) -> Iterator[Constant]:
    """The constants of a slice that may have been read off: no values or words of the question, nothing everyday."""
    nodes = [*found.code.statements, found.code.expression]
    said = said_values(question)
    for constant, _ in lone_constants(nodes):
        if isinstance(constant, bool) or constant in said:
            continue
        if isinstance(constant, str) and len(constant) > 1 and _SUPERLATIVE.search(question):
            if in_data(constant, context) and not _shares_word(constant, question):
                yield constant
        elif isinstance(constant, (int, float)) and not is_everyday(constant):
            digits = repr(abs(constant)).replace(".", "").strip("0")
            if len(digits) >= 3:
                yield constant
    for part in (part for node in nodes for part in ast.walk(node)):
        texts = _texts(part)
        if len(texts) > 1 and not said.issuperset(texts) and all(len(t) > 1 and in_data(t, context) for t in texts):
            yield texts


def _texts(node: ast.AST) -> tuple[str, ...]:
    """The texts of a list, tuple or set of nothing but constant texts."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else []
    texts = tuple(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return texts if len(texts) == len(parts) else ()


def _shares_word(text: str, question: str) -> bool:
    asked = {word[:4] for word in re.findall(r"\w+", question.casefold())}
    return any(word[:4] in asked for word in re.findall(r"\w+", text.casefold()))


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a constant was read off: the code of the value, in place of the first steps, before the steps from used
    on, which hold the constant."""

    constant: Constant
    target: Target
    steps: int
    used: int


def _source(hits: Sequence[Hit], constant: Constant, steps: Sequence[Step]) -> _Source | None:
    """The code of the likeliest earlier value that a constant repeats."""
    used = next((place for place, step in enumerate(steps) if _holds(step.node, constant)), len(steps))
    for hit in hits:
        end = steps_needed(hit, steps)
        if hit.site.order == VARIABLES or used == len(steps) or end > used or hit.site.cell >= steps[used].cell:
            continue
        target = reading({"value": hit}, "value", steps)
        chosen = backward_slice(target.program, target.expression, Reach.MINIMAL)
        if "context" in chosen.missing and (
            not isinstance(constant, str) or _chooses(chosen.statements, chosen.expression)
        ):
            return _Source(constant, target, end, used)
    return None


def _chooses(statements: Sequence[ast.stmt], expression: ast.expr) -> bool:
    nodes = [part for top in (*statements, expression) for part in ast.walk(top)]
    names = {part.id for part in nodes if isinstance(part, ast.Name)}
    return bool((names | {part.attr for part in nodes if isinstance(part, ast.Attribute)}) & _CHOICES)


def _holds(node: ast.AST, constant: Constant) -> bool:
    return any(_is(part, constant) for part in ast.walk(node))


def _is(node: ast.AST, constant: Constant) -> bool:
    if isinstance(constant, tuple):
        return _texts(node) == constant
    return isinstance(node, ast.Constant) and type(node.value) is type(constant) and node.value == constant


def _replaced(source: _Source, steps: Sequence[Step]) -> list[Step]:
    """The steps with the value's code before the first use of the constant, and a variable in the constant's place."""
    taken = identifiers([step.node for step in steps])
    name = next(name for name in ("found_value", *(f"found_value_{n}" for n in range(2, 1_000))) if name not in taken)

    class Rewriter(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if isinstance(node, ast.JoinedStr):
                return node
            if _is(node, source.constant):
                return ast.Name(id=name, ctx=ast.Load())
            visited: ast.AST = super().visit(node)
            return visited

    def rewritten(step: Step) -> Step:
        node = Rewriter().visit(copy.deepcopy(step.node))
        return replace(step, node=node) if isinstance(node, ast.stmt) else step

    assigned = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=source.target.expression, lineno=0)
    before = [Step(node, 0) for node in source.target.program]
    after = [rewritten(step) for step in steps[source.used :]]
    return [*before, Step(assigned, 0), *steps[source.steps : source.used], *after]

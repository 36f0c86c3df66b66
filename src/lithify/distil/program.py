"""The statements of a trajectory that ran, in order, as one program."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from lithify.records.cell import CellError
from lithify.records.quick import dataclass
from lithify.records.run import CellRun

_MODULE_FRAME = re.compile(r"^\s*cell \d+, line (\d+)$", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Step:
    """One top-level statement that ran to its end. cell counts from 0; echo: the last expression of its cell."""

    node: ast.stmt
    cell: int
    echo: bool = False


def read_program(cells: Sequence[CellRun]) -> tuple[Step, ...]:
    """What ran in the session that gave the answer.

    Of a cell that raised: the statements before the one that failed. A cell in which the worker was lost took
    everything before it along.
    """
    steps: list[Step] = []
    for number, cell in enumerate(cells):
        if cell.lost:
            steps.clear()
            continue
        body = _without_main_guard(_parse(cell.code))
        ran = body[: _failed_at(body, cell.result.error)]
        complete = len(ran) == len(body)
        steps += [
            Step(node, number, echo=complete and place == len(ran) - 1 and isinstance(node, ast.Expr))
            for place, node in enumerate(ran)
        ]
    return tuple(steps)


def parse_expression(source: str) -> ast.expr:
    """An expression from its source. Raises SyntaxError."""
    return ast.parse(source, mode="eval").body


def parse_statement(source: str) -> ast.stmt:
    """One statement from its source. Raises SyntaxError."""
    return ast.parse(source).body[0]


def _parse(code: str) -> list[ast.stmt]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # "\d" in a model's string
            return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _without_main_guard(body: list[ast.stmt]) -> list[ast.stmt]:
    """A cell is always the main program; a tool never is."""
    flat: list[ast.stmt] = []
    for node in body:
        guard = isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
        flat += node.body if guard and isinstance(node, ast.If) else [node]
    return flat


def _failed_at(body: list[ast.stmt], error: CellError | None) -> int:
    """The place of the statement that raised; everything from it on did not run to its end.

    The error's own line may lie inside a function of the cell; the outermost frame of the traceback says which
    statement was running. Without it, the first statement from there on that is no definition.
    """
    if error is None:
        return len(body)
    outermost = _MODULE_FRAME.search(error.traceback)
    line = int(outermost.group(1)) if outermost else error.line
    if line <= 0:
        return 0
    for place, node in enumerate(body):
        running = outermost is not None or not isinstance(node, _DEFINITIONS)
        if line <= (node.end_lineno or node.lineno) and running:
            return place
    return len(body)

"""Which statements of a trajectory ran."""

from __future__ import annotations

import ast

from lithify.distil.program import read_program
from lithify.records.cell import CellError, CellResult
from lithify.records.run import CellRun


def cell(code: str, error: CellError | None = None, *, lost: bool = False) -> CellRun:
    return CellRun(code=code, result=CellResult(error=error), lost=lost)


def read(*cells: CellRun) -> list[str]:
    return [ast.unparse(step.node) for step in read_program(cells)]


def test_cells_follow_each_other_and_the_echo_is_known() -> None:
    steps = read_program([cell("a = 1\na"), cell("b = 2")])
    assert [(step.cell, step.echo) for step in steps] == [(0, False), (0, True), (1, False)]


def test_statements_before_the_failing_line_ran() -> None:
    assert read(cell("a = 1\nb = 1 / 0\nc = 3", CellError(kind="ZeroDivisionError", message="", line=2))) == ["a = 1"]


def test_the_outermost_frame_says_what_was_running() -> None:
    code = "def f():\n    return 1 / 0\na = 1\nb = f()\nc = 2"
    trace = "Traceback (most recent call last):\n  cell 1, line 4\n    b = f()\n  cell 1, line 2, in f\n"
    error = CellError(kind="ZeroDivisionError", message="", line=2, traceback=trace)
    assert read(cell(code, error)) == ["def f():\n    return 1 / 0", "a = 1"]


def test_without_a_traceback_a_definition_did_not_fail() -> None:
    code = "def f():\n    return 1 / 0\nb = f()\nc = 2"
    assert len(read(cell(code, CellError(kind="ZeroDivisionError", message="", line=2)))) == 1


def test_an_error_without_a_line_and_a_cell_that_does_not_parse_ran_nothing() -> None:
    assert read(cell("a = 1", CellError(kind="Timeout", message=""))) == []
    assert read(cell("%time x", CellError(kind="SyntaxError", message="", line=1)), cell("b = 1")) == ["b = 1"]


def test_a_lost_worker_takes_everything_before_along() -> None:
    assert read(cell("a = 1"), cell("b = 2", lost=True), cell("c = 3")) == ["c = 3"]


def test_the_main_guard_is_no_condition_of_a_cell() -> None:
    assert read(cell("if __name__ == '__main__':\n    a = 1\n    b = 2")) == ["a = 1", "b = 2"]

"""A submission is looked for wherever one can have been made, and nowhere else."""

from __future__ import annotations

import asyncio

import pytest

from lithify.context import context_of
from lithify.records.cell import CellResult
from lithify.records.run import CellRun, Limits, RunId
from lithify.rlm.step import RunCells, Submission
from lithify.rlm.submission import Desk
from lithify.rlm.task import Exploration, Extras


class Submitted:
    """A REPL in which 3 has been submitted; it counts how often it was asked."""

    def __init__(self) -> None:
        self.looked = 0

    async def cell(self, code: str, index: int) -> CellRun:
        return CellRun(code=code, result=CellResult())

    async def housekeep(self, code: str) -> CellResult:
        self.looked += 1
        return CellResult(value=["FINAL", 3], value_repr="('FINAL', 3)", value_type="tuple")


def looked(*codes: str, extras: str = "", fresh: bool = True) -> tuple[int, Submission | None]:
    """How often was looked after a turn that ran these cells, and what was found."""
    repl = Submitted()
    task = Exploration(
        run_id=RunId("r"), question="q", context=context_of("a"), limits=Limits(), extras=Extras(code=extras)
    )
    desk = Desk(repl, task, fresh=fresh)
    for code in codes:
        desk.hear(code)
    found = asyncio.run(desk.submitted(RunCells(reply="", cells=codes, written=None), []))
    return repl.looked, found


def test_nothing_is_looked_for_after_cells_that_cannot_submit() -> None:
    assert looked("x = 1\nprint(x)", "counts = Counter(context.split())") == (0, None)


@pytest.mark.parametrize(
    "code",
    [
        "FINAL(3)",
        "FINAL_VAR('x')",
        "SUBMIT(total=3)",
        "answer['ready'] = True",
        "def done(x):\n    FINAL(x)",
        "eval('FIN' + 'AL')(3)",
        "exec(llm_query('write code'))",
        "globals()['FIN' + 'AL'](3)",
        "vars()['FIN' + 'AL'](3)",
        "import builtins, sys\ngetattr(sys.modules['__main__'], 'FIN' + 'AL')(3)",
        "print.__self__",
    ],
)
def test_it_is_looked_for_after_a_cell_that_can(code: str) -> None:
    count, found = looked(code)

    assert count > 0
    assert found is not None
    assert found.value == 3


def test_a_function_of_an_earlier_cell_can_submit_later() -> None:
    assert looked("def done(x):\n    FINAL(x)", "x = 3", "done(x)")[0] > 0


def test_so_can_the_callers_code_and_a_session_that_goes_on() -> None:
    assert looked("done(3)", extras="done = FINAL")[0] > 0
    assert looked("done(3)", fresh=False)[0] > 0

"""A recorded run as the trajectory that it was: what distilling reads, from the ledger in place of memory."""

from __future__ import annotations

import re

from lithify.errors import BadInput
from lithify.records.ledger import RecordedCall, RecordedCell, RecordedTurn, RunDetail
from lithify.records.run import AnswerForm, CellRun, RunId, RunResult, SubCall, Trajectory, Turn

_FORMS: tuple[tuple[AnswerForm, re.Pattern[str]], ...] = (
    ("SUBMIT", re.compile(r"\bSUBMIT\(")),
    ("FINAL_VAR", re.compile(r"\bFINAL_VAR\(")),
    ("FINAL", re.compile(r"\bFINAL\(")),
    ("answer", re.compile(r"\banswer\b\s*(\[|=)")),
)


def recorded_run(run: RunDetail) -> tuple[RunResult, Trajectory]:
    """The result and the trajectory of an explored run. Raises BadInput when there is nothing whole to learn from."""
    summary = run.summary
    name = f"run {summary.run_id}"
    if summary.state != "finished" or not summary.complete:
        raise BadInput(f"{name} has no complete answer, so there is nothing to keep; `lithify show` tells how it ended")
    if summary.route != "explore":
        raise BadInput(f"{name} was answered by a kept tool, not explored; there is nothing new to keep")
    if not run.answer_kept:
        raise BadInput(f"the answer of {name} was too large for the ledger; ask again to keep what gives it")
    turns = tuple(_turn(turn) for turn in run.turns if turn.number)
    result = RunResult(
        run_id=RunId(summary.run_id),
        answer=run.answer,
        route="explore",
        complete=True,
        seconds=summary.seconds or 0.0,
        usage=summary.usage,
        citations=run.citations,
    )
    trajectory = Trajectory(question=summary.question, turns=turns, answer=run.answer, form=_form(turns), complete=True)
    return result, trajectory


def _turn(turn: RecordedTurn) -> Turn:
    words = next((call.reply.text for call in turn.calls if call.reply is not None), "")
    cells = tuple(_cell(cell, turn.subcalls if at == 0 else ()) for at, cell in enumerate(turn.cells))
    return Turn(number=turn.number, reply=words, cells=cells)


def _cell(cell: RecordedCell, subcalls: tuple[RecordedCall, ...]) -> CellRun:
    """The ledger knows the turn of a sub-call, not its cell: all of a turn are told with its first."""
    return CellRun(
        code=cell.code,
        result=cell.result,
        lost=cell.lost,
        subcalls=tuple(
            SubCall(prompt=call.prompt, answer=call.reply.text if call.reply else "", error=call.error)
            for call in subcalls
        ),
    )


def _form(turns: tuple[Turn, ...]) -> AnswerForm:
    """How the answer was submitted, as the last cell says it; else in words."""
    code = next((turn.cells[-1].code for turn in reversed(turns) if turn.cells), "")
    return next((form for form, pattern in _FORMS if pattern.search(code)), "text")

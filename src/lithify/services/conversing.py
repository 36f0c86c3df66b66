"""Conversing: several questions over one loaded context, each a run of its own, in one REPL."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from functools import partial

from lithify import questions, rlm
from lithify.records.plain import Plain
from lithify.records.run import CellRun, RunResult, Trajectory, Turn
from lithify.records.tool import Candidate
from lithify.rlm.task import Extras
from lithify.services import asking, learning
from lithify.services.workbench import Workbench

_SUBMITS = frozenset({"FINAL", "FINAL_VAR", "SUBMIT", "CITE"})
_SHOWS = "print"


@dataclass(slots=True)
class Talk:
    """A conversation: the thread of its REPL, and what was asked and answered."""

    thread: rlm.Thread = field(default_factory=rlm.Thread)
    extras: Extras = field(default_factory=Extras)
    answered: list[tuple[str, Plain]] = field(default_factory=list)

    async def ask(self, inquiry: asking.Inquiry, bench: Workbench) -> tuple[RunResult, object]:
        """Ask the next question, and learn from a solved exploration what holds outside this conversation as well.

        The result, and the answer in the type that was asked for.
        """

        async def explorer(task: rlm.Exploration, means: rlm.Means) -> rlm.Explored:
            return await rlm.explore(replace(task, extras=self.extras), means, self.thread)

        if self.answered:  # what it stands on is in no other process: it cannot be resumed there
            bench = replace(bench, setup=None)
        asked = await asking.ask(replace(inquiry, explorer=explorer), bench)
        result = asked.result
        if asked.trajectory is None:
            self.thread.tell(inquiry.question, result.answer)
        elif not inquiry.ephemeral and result.complete:
            learned = await self._learn(asked, asked.trajectory, inquiry, bench)
            result = replace(result, candidate=learned.candidate.id) if learned.candidate else result
        self.answered.append((inquiry.question, result.answer))
        return result, result.answer if asked.typed is None else asked.typed.value

    async def _learn(
        self, asked: asking.Asked, trajectory: Trajectory, inquiry: asking.Inquiry, bench: Workbench
    ) -> learning.Learned:
        objection = partial(_objection, question=inquiry.question, answered=tuple(self.answered))
        whole = self._whole(trajectory)
        return await learning.learn(asked.result, whole, inquiry.context, bench, objection, asked.failed)

    def _whole(self, trajectory: Trajectory) -> Trajectory:
        """The trajectory with the cells of earlier questions, which its own may build on. These submit nothing more."""
        earlier = self.thread.turns[: max(0, len(self.thread.turns) - len(trajectory.turns))]
        if trajectory.form == "answer":  # that name has been another answer before: without its cells nothing is kept
            earlier = tuple(turn for turn in earlier if not any("answer" in cell.code for cell in turn.cells))
        return replace(trajectory, turns=(*map(_without_submissions, earlier), *trajectory.turns))

    async def close(self) -> None:
        """End the REPL. May be called more than once."""
        await self.thread.close()


def _objection(candidate: Candidate, question: str, answered: tuple[tuple[str, Plain], ...]) -> str:
    """Why a candidate of a conversation would not mean the same outside it; "" when nothing speaks against it."""
    if not answered:
        return ""
    word = questions.pointing(question)
    if word:
        return f"the question points back at what was said before ({word!r}): alone it would mean something else"
    text = questions.carried(candidate.source, question, answered)
    if text:
        return f"the answer builds on an earlier question of the conversation ({text!r})"
    return ""


def _without_submissions(turn: Turn) -> Turn:
    return replace(turn, cells=tuple(_showing(cell) for cell in turn.cells))


def _showing(cell: CellRun) -> CellRun:
    """The cell with its submissions as prints, on the same lines."""
    try:
        tree = ast.parse(cell.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return cell
    lines = cell.code.split("\n")
    calls = [
        node.func
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SUBMITS
    ]
    for name in sorted(calls, key=lambda name: (name.lineno, name.col_offset), reverse=True):
        line = lines[name.lineno - 1].encode()
        before, after = line[: name.col_offset], line[name.col_offset + len(name.id) :]
        lines[name.lineno - 1] = (before + _SHOWS.encode() + after).decode()
    return replace(cell, code="\n".join(lines))

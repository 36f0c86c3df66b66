"""Reading a submission: from the session, or from a call that the model wrote outside its code."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from lithify.errors import BadAnswer
from lithify.records.cell import CellResult
from lithify.records.citation import Citation
from lithify.records.plain import Plain
from lithify.records.run import AnswerForm, CellRun
from lithify.rlm import protocol, step
from lithify.rlm.citations import CITED, UNCITE, claims, verify
from lithify.rlm.marking import in_a_line
from lithify.rlm.prelude import CLEAR, PROBE
from lithify.rlm.prompt import fill
from lithify.rlm.task import Exploration
from lithify.rlm.typed import AnswerType

_PLAIN = "Submit plain data: a number, string, bool, list or dict of these."
_REASON_CHARS = 600
_QUOTE_CHARS = 80
_SUBMITTING = re.compile(r"FINAL|SUBMIT|answer|exec|eval|globals|locals|vars|attr|__|import_module")
"""What code that submits an answer must contain: a name of the prelude's, or a way to reach one that is not written."""
_FENCED = re.compile(r"\A```\w*\n(.*)\n```\Z", re.DOTALL)


class Cells(Protocol):
    """What reading a submission needs of the REPL."""

    async def cell(self, code: str, index: int) -> CellRun:
        """Run a cell of the model."""
        ...

    async def housekeep(self, code: str) -> CellResult:
        """Run code of ours, which is not part of the trajectory."""
        ...


class Desk:
    """Where the submissions of one question are read and checked: against the type that was asked for, with quotes."""

    def __init__(self, repl: Cells, task: Exploration, *, fresh: bool) -> None:
        """fresh: no cell has run in the session yet."""
        self._repl = repl
        self._task = task
        self._answer = task.answer
        self._asked_for_quotes = False
        self._silent = fresh
        self.hear(task.extras.code)

    def hear(self, code: str) -> None:
        """Take note of code that is run in the session: where none can submit, there is nothing to look for."""
        self._silent = self._silent and not _SUBMITTING.search(code)

    async def submitted(self, command: step.RunCells, runs: list[CellRun]) -> step.Submission | None:
        """What the cells of a reply, or the text around them, submitted; a call outside code is run as a cell."""
        submission = await self._read(command, runs)
        if submission is None or submission.problem or not self._task.cite:
            return submission
        return await self._cited(submission)

    async def citations(self) -> tuple[Citation, ...]:
        """The quotes so far, looked up in the data."""
        if not self._task.cite:
            return ()
        found = claims((await self._repl.housekeep(CITED)).value)
        return await asyncio.to_thread(lambda: tuple(verify(claim, self._task.context) for claim in found))

    async def _cited(self, submission: step.Submission) -> step.Submission:
        """The submission with its quotes. The first time that there are none, or wrong ones, the model may mend it."""
        found = await self.citations()
        wrong = [one for one in found if not one.verified]
        if (found and not wrong) or self._asked_for_quotes:
            return replace(submission, citations=found)
        self._asked_for_quotes = True
        await self._repl.housekeep(UNCITE)
        await self._repl.housekeep(CLEAR)
        reason = "; ".join(f"{one.quote[:_QUOTE_CHARS]!r}: {one.note}" for one in wrong) or "no quote supports it"
        problem = fill("uncited", {"reason": in_a_line(f"{reason}.", "", _REASON_CHARS)})
        return step.Submission(None, submission.form, problem)

    async def _read(self, command: step.RunCells, runs: list[CellRun]) -> step.Submission | None:
        submission = None if self._silent else await self._probed()
        if submission is not None or command.written is None:
            return submission
        written = command.written
        value = protocol.literal(written.argument)
        if written.call == "FINAL" and value is not None:
            if command.cells:
                return step.Submission(None, "text", fill("early_answer", {}))
            return await checked(value.value, "text", self._answer)
        if written.call != "FINAL" or protocol.is_expression(written.argument):
            run = await self._repl.cell(f"{written.call}({_quoted(written)})", len(runs))
            runs.append(run)
            if run.result.ok:
                return await self._probed()
        if written.call == "FINAL" and not command.cells:
            return await checked(written.argument, "text", self._answer)
        return None

    async def _probed(self) -> step.Submission | None:
        probe = await self._repl.housekeep(PROBE)
        if probe.error is not None or not probe.value_repr:
            return None
        if not probe.value_plain:
            kind = await self._repl.housekeep(f"type({PROBE}[1]).__name__")
            await self._repl.housekeep(CLEAR)
            reason = (
                f"a {kind.value} is not plain data, or it holds something that is not, or it is too large. {_PLAIN}"
            )
            return _refused("answer", reason)
        match probe.value:
            case ["answer" | "FINAL" | "FINAL_VAR" | "SUBMIT" as form, value]:
                submission = await checked(value, form, self._answer)
                if submission.problem:
                    await self._repl.housekeep(CLEAR)
                return submission
        return None


async def checked(value: Plain, form: AnswerForm, answer: AnswerType | None) -> step.Submission:
    """The submission of a value, with the reason why it is not taken when it is none of what was asked for."""
    if answer is None:
        if value is None or value == "":
            return _refused(form, f"it is {value!r}. {_PLAIN}")
        return step.Submission(value, form)
    try:
        return step.Submission(value, form, typed=await answer.check(value))
    except BadAnswer as error:
        return _refused(form, str(error))


def _refused(form: AnswerForm, reason: str) -> step.Submission:
    """The reason may repeat something of the data: it is told in one line of harmless text."""
    return step.Submission(None, form, fill("bad_answer", {"reason": in_a_line(reason, "", _REASON_CHARS)}))


async def extracted(text: str, reason: str, answer: AnswerType | None) -> step.Finish:
    """The answer of the extraction call: the argument of its last FINAL(...), else its text; never complete.

    Of a typed answer the first reading that fits; when none does there is no answer, and the reason says why.
    """
    readings = list(_readings(text))
    if answer is None:
        return step.Finish(readings[0] if readings else None, "extract", False, reason)
    problems = []
    for value in readings:
        try:
            typed = await answer.check(value)
        except BadAnswer as error:
            problems.append(str(error))
        else:
            return step.Finish(value, "extract", False, reason, typed)
    problem = problems[0] if problems else "nothing was said"
    return step.Finish(None, "extract", False, f"{reason}; and the last answer is not of the type asked for: {problem}")


def _readings(text: str) -> Iterator[Plain]:
    """What the text of an extraction may mean, most plausible first."""
    written = protocol.written_anywhere(text)
    said = written.argument if written else text.strip()
    literal = protocol.literal(said)
    if literal is not None:
        yield literal.value
    try:
        value: Plain = json.loads(_FENCED.sub(r"\1", said))
        yield value
    except (ValueError, RecursionError):
        pass
    if said:
        yield said


def _quoted(written: protocol.WrittenAnswer) -> str:
    """FINAL_VAR(name) is written with and without quotes."""
    if written.call == "FINAL_VAR" and written.argument.isidentifier():
        return repr(written.argument)
    return written.argument

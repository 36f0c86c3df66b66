"""Calling a candidate as a kept tool is called, each time in a session of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lithify.errors import SandboxLost
from lithify.layout import CONTEXT_INPUT, Given, call_text, definition, handed_to, recorded_llm
from lithify.ports import HostFunction, Sandbox, Session
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Signature

FIRST_SEED = 1
"""A hash seed: what depends on the order of a set of strings gives other answers under others."""

_MAX_WORDS = 300
_LOST = "its worker was ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the calls gave, in order, and how many characters were printed meanwhile."""

    values: tuple[Plain, ...]
    printed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why there is no answer. raised: the tool raised an exception, which may be its way to decline an input;
    timed_out: it did not end; broken: it cannot even be defined."""

    why: str
    raised: bool = False
    timed_out: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A tool as text: the cells that define it in a session, and its signature."""

    cells: tuple[str, ...]
    signature: Signature


def definition_of(candidate: Candidate, source: str = "") -> Definition:
    """The candidate, or the same with another source in its place, with the tools that it imports.

    A hybrid tool finds the answers that are recorded with its uses in place of the model.
    """
    name = candidate.signature.function
    cells = definition(name, source or candidate.source, candidate.callees)
    if candidate.signature.needs_llm:
        uses = (*candidate.examples, *candidate.holdout)
        cells = (recorded_llm(reply for use in uses for reply in use.replies), *cells)
    return Definition(cells=cells, signature=candidate.signature)


async def call(
    candidate: Candidate,
    context: Given,
    arguments: Mapping[str, int | float | str],
    sandbox: Sandbox,
    *,
    seconds: float,
    before: Sequence[str] = ("",),
) -> Answered | Failed:
    """Define the tool and call it on a context in one session, once for every cell in before, which is run first.

    What it prints is not looked at; the value comes over the session's channel and is compared by the caller.
    """
    values: list[Plain] = []
    try:
        handed = handed_to(candidate.signature, context)
        session = await sandbox.open_session(handed.inputs)
        try:
            unread = await _give(session, handed.code, seconds)
            for number, cell in enumerate(before):
                if cell:
                    await session.run(cell, timeout=seconds)
                cells = definition_of(candidate).cells if number == 0 else ()
                broken = unread or await _define(session, cells, seconds)
                answer = broken or await _once(session, call_text(candidate.signature, arguments), seconds)
                if isinstance(answer, Failed):
                    return answer
                values += answer.values
        finally:
            await session.close()
    except SandboxLost as lost:
        return Failed(why=f"its worker was ended: {lost}")
    return Answered(values=tuple(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One call with the answer that is recorded for it."""

    name: str
    context: Given
    arguments: Mapping[str, int | float | str]
    expected: Plain


async def call_all(
    tool: Definition,
    trials: Sequence[Trial],
    sandbox: Sandbox,
    *,
    seconds: float,
    go_on: Callable[[Answered | Failed, Trial], bool],
    functions: Mapping[str, HostFunction] | None = None,
) -> list[Answered | Failed]:
    """Define a tool and call it once for every trial, in one session; up to the first answer that does not go on."""
    answers: list[Answered | Failed] = []
    handed = [handed_to(tool.signature, trial.context, f"{CONTEXT_INPUT}{n}") for n, trial in enumerate(trials)]
    inputs = {name: value for one in handed for name, value in one.inputs.items()}
    try:
        session = await sandbox.open_session(inputs, functions)
        try:
            broken = await _define(session, tool.cells, seconds)
            if broken is not None:
                return [broken]
            for number, trial in enumerate(trials):
                there = f"{handed[number].code}\n{CONTEXT_INPUT} = {CONTEXT_INPUT}{number}"
                unread = await _give(session, there, seconds)
                answers.append(unread or await _once(session, call_text(tool.signature, trial.arguments), seconds))
                if not go_on(answers[-1], trial):
                    break
        finally:
            await session.close()
    except SandboxLost as lost:
        answers.append(Failed(why=f"{_LOST}: {lost}", timed_out=lost.reason == "timeout"))
    return answers


async def answers_to(
    tool: Definition, trials: Sequence[Trial], sandbox: Sandbox, *, seconds: float
) -> list[Answered | Failed]:
    """One answer for each trial; a lost worker is replaced.

    When one did not end, or the tool cannot be defined, the rest fail with it: each would cost the whole time again.
    """
    answers: list[Answered | Failed] = []
    while len(answers) < len(trials):
        given = await call_all(tool, trials[len(answers) :], sandbox, seconds=seconds, go_on=_ended)
        answers += given
        hopeless = not given or (isinstance(given[-1], Failed) and (given[-1].timed_out or given[-1].broken))
        if hopeless:
            answers += [given[-1] if given else Failed(why="it gave no answer")] * (len(trials) - len(answers))
    return answers


def _ended(answer: Answered | Failed, trial: Trial) -> bool:
    return not (isinstance(answer, Failed) and answer.timed_out)


async def _give(session: Session, code: str, seconds: float) -> Failed | None:
    given = await session.run(code, timeout=seconds) if code else None
    if given is None or given.error is None:
        return None
    return Failed(why=f"its input could not be opened: {_words(given.error.kind, given.error.message)}")


async def _define(session: Session, cells: Sequence[str], seconds: float) -> Failed | None:
    for cell in cells:
        defined = await session.run(cell, timeout=seconds)
        if defined.error is not None:
            return Failed(why=f"its source raised {_words(defined.error.kind, defined.error.message)}", broken=True)
    return None


async def _once(session: Session, text: str, seconds: float) -> Answered | Failed:
    result = await session.run(text, timeout=seconds)
    if result.timed_out:
        return Failed(why=f"it did not end within {seconds:g} s", timed_out=True)
    if result.error is not None:
        return Failed(why=f"it raised {_words(result.error.kind, result.error.message)}", raised=True)
    if not result.value_plain:
        return Failed(why=f"it returned a {result.value_type}, which is not plain data")
    return Answered(values=(result.value,), printed=result.stdout_length)


def shown(value: Plain) -> str:
    """A value for a person to read, in bounds."""
    text = repr(value)
    return text if len(text) <= _MAX_WORDS else f"{text[:_MAX_WORDS]}…"


def _words(kind: str, message: str) -> str:
    return f"{kind}: {message}"[:_MAX_WORDS]

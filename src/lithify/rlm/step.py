"""The loop as a pure function: (state, observation) → (state, command). The driver performs the commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

from lithify.records.citation import Citation
from lithify.records.model import Message, ModelRequest
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import AnswerForm, CellRun, Turn
from lithify.rlm import observe, protocol
from lithify.rlm.history import Exchange, History, compacted
from lithify.rlm.marking import as_data, harmless, in_a_line, mark_of
from lithify.rlm.prompt import fill
from lithify.rlm.quotation import Quoted, without_quotations
from lithify.rlm.task import Exploration
from lithify.rlm.typed import Typed

USELESS_REPLIES = 3
"""After so many replies in a row without code or answer the run goes to extraction: more will not help."""
_FEW_TURNS = 2
"""With so few turns left the model is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a run stands. turns counts the model's replies; useless those in a row that held nothing.

    earlier: how many turns of a session came before this question.
    """

    task: Exploration
    history: History
    turns: tuple[Turn, ...] = ()
    earlier: int = 0
    useless: int = 0
    reason: str = ""

    @property
    def turn(self) -> int:
        """The number of the turn that comes next, from 1."""
        return len(self.turns) + 1

    @property
    def messages(self) -> tuple[Message, ...]:
        """The conversation as it is sent."""
        return self.history.messages


# What the driver is told to do.


@dataclass(frozen=True, slots=True)
class AskModel:
    """Send the conversation; `last` marks the extraction at the end of the budget."""

    request: ModelRequest
    last: bool = False


@dataclass(frozen=True, slots=True)
class RunCells:
    """Execute the cells of a reply, then (if there is one) the submission written outside them."""

    reply: str
    cells: tuple[str, ...]
    written: protocol.WrittenAnswer | None


@dataclass(frozen=True, slots=True)
class LookAround:
    """Say which variables the session holds: the conversation is about to be compacted."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The run has an answer, or (complete False) ends with the best there is. typed: it, in the type asked for."""

    answer: Plain
    form: AnswerForm
    complete: bool
    reason: str
    typed: Typed | None = None
    citations: tuple[Citation, ...] = ()


Command: TypeAlias = AskModel | RunCells | LookAround | Finish


# What the driver reports.


@dataclass(frozen=True, slots=True)
class Replied:
    """The model answered the conversation. cut: the reply was longer than this many tokens, and its end is missing."""

    text: str
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """What the cells submitted. problem: why it is not an answer yet, for the model; then value is void."""

    value: Plain
    form: AnswerForm
    problem: str = ""
    typed: Typed | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class CellsRan:
    """The cells of a reply were executed. lost: the worker died in them, and what the model is told about it."""

    reply: str
    cells: tuple[CellRun, ...]
    submission: Submission | None
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """The variables of the session: name → type and size."""

    variables: dict[str, str]


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A limit stops the run: only the extraction call is left."""

    reason: str


Observation: TypeAlias = Replied | CellsRan | Looked | LimitReached


def start(task: Exploration, before: str = "", abilities: str = "") -> tuple[State, Command]:
    """The first message: the contract, the question, and a preview of the data.

    before: what comes above it; abilities: what the contract says of this run.
    """
    mark = mark_of(task.question, task.context.digest)
    limits = task.limits
    # A child's question was put together by a cell, often from pieces of the data.
    question = harmless(task.question, mark) if task.parent is not None else task.question
    first = fill(
        "first",
        {
            "before": f"{before}\n\n" if before else "",
            "question": question,
            "wanted": _wanted(task, mark),
            "variables": observe.variables(task.context, mark),
            "preview": as_data(task.context.preview, mark),
            "turns": str(limits.turns),
            "calls": str(limits.calls),
            "output_chars": f"{limits.output_chars:,}",
        },
    )
    head = (
        Message(role="system", content=fill("system", {"abilities": abilities})),
        Message(role="user", content=first),
    )
    state = State(task=task, history=History(head=head, mark=mark))
    return state, AskModel(ModelRequest(messages=state.messages))


def follow(earlier: State, task: Exploration, before: str) -> tuple[State, Command]:
    """The next question of a session, after one that has ended. before: what the model should know came between."""
    asked = fill(
        "next",
        {
            "before": before,
            "question": task.question,
            "wanted": _wanted(task, earlier.history.mark),
            "turns": str(task.limits.turns),
            "calls": str(task.limits.calls),
        },
    ).strip()
    *others, last = earlier.history.exchanges
    history = earlier.history.but(*others, replace(last, asked=asked))
    state = State(task=task, history=history, earlier=earlier.earlier + len(earlier.turns))
    return _sized(state)


def _wanted(task: Exploration, mark: str) -> str:
    """What is asked for besides the question: the answer's type, citations; and what the caller adds to the REPL."""
    parts = []
    if task.answer is not None and task.answer.notation:
        parts.append(fill("wanted", {"notation": task.answer.notation}))
    if task.cite:
        parts.append(fill("cite", {}))
    if task.extras.told:
        parts.append(fill("extras", {"lines": "\n".join(f"- {line}" for line in task.extras.told)}))
    parts += [f"{observe.variables(one, mark)}\n{as_data(one.preview, mark)}" for one in task.extras.shown]
    return "".join(f"{part}\n" for part in parts)


def step(state: State, observation: Observation) -> tuple[State, Command]:
    """What to do next."""
    match observation:
        case LimitReached(reason):
            return _extract(state, reason)
        case Replied(text, cut) if cut:
            return _useless(state, text, fill("cut", {"tokens": f"{cut:,}"}), "that were cut off")
        case Replied(text):
            return _read(state, text)
        case CellsRan():
            return _judge(state, observation)
        case Looked(variables):
            limit = state.task.limits.history_chars
            state = replace(state, history=compacted(state.history, variables, limit))
            return state, AskModel(ModelRequest(messages=state.messages))


def _extract(state: State, reason: str) -> tuple[State, Command]:
    told = fill("extract", {"reason": in_a_line(reason, state.history.mark)})
    messages = (*state.messages, Message(role="user", content=told))
    return replace(state, reason=reason), AskModel(ModelRequest(messages=messages), last=True)


def _read(state: State, text: str) -> tuple[State, Command]:
    reply = protocol.parse(text)
    checked = without_quotations(reply, state.messages)
    if isinstance(checked, Quoted):
        return _again(state, text, (), fill("quoted", {"what": checked.what}))
    if reply.cells or reply.written:
        return replace(state, useless=0), RunCells(text, reply.cells, reply.written)
    return _useless(state, text, fill("no_code", {}), "without code or answer")


def _useless(state: State, text: str, told: str, what: str) -> tuple[State, Command]:
    """A reply that nothing can be done with. After a few in a row more would not help."""
    state = replace(state, useless=state.useless + 1)
    if state.useless >= USELESS_REPLIES:
        return _extract(_after(state, text, (), told), f"{state.useless} replies {what}")
    return _again(state, text, (), told)


def _judge(state: State, ran: CellsRan) -> tuple[State, Command]:
    submission = ran.submission
    limits = state.task.limits
    shown = observe.cells(ran.cells, limits.output_chars, state.history.mark)
    if submission is not None and not submission.problem:
        state = _after(state, ran.reply, ran.cells, shown)
        return state, Finish(submission.value, submission.form, True, "", submission.typed, submission.citations)
    hints = [ran.lost] if ran.lost else []
    if submission is not None:
        hints.append(submission.problem)
    left = limits.turns - state.turn
    if 0 < left <= _FEW_TURNS:
        hints.append(f"{left} turn{'s are' if left > 1 else ' is'} left.")
    return _again(state, ran.reply, ran.cells, fill("observation", {"cells": shown, "hint": "\n".join(hints)}).strip())


def _again(state: State, reply: str, cells: tuple[CellRun, ...], told: str) -> tuple[State, Command]:
    return _sized(_after(state, reply, cells, told))


def _sized(state: State) -> tuple[State, Command]:
    """Ask the model, after making room when the conversation has grown too long."""
    if state.history.size > state.task.limits.history_chars:
        return state, LookAround()
    return state, AskModel(ModelRequest(messages=state.messages))


def _after(state: State, reply: str, cells: tuple[CellRun, ...], told: str) -> State:
    turn = Turn(number=state.turn, reply=reply, cells=cells)
    exchange = Exchange(number=state.earlier + state.turn, reply=reply, told=told)
    return replace(state, history=state.history.plus(exchange), turns=(*state.turns, turn))

"""A run: one question over one Context, from routing to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, Literal, NewType, TypeAlias

from lithify.records.cell import CellResult
from lithify.records.citation import Citation
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

RunId = NewType("RunId", str)
Route: TypeAlias = Literal["replay", "adapt", "explore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may spend, its sub-calls included.

    turns:        replies of the model in one loop, that of the root or of a child run
    calls:        model calls of the whole tree of runs; 2 or more, as one is kept for the answer at the end
    subcalls:     of these, calls that cells make: `llm_query`, and all that child runs ask
    tokens:       input and output together, as the provider counts them
    cost:         US dollars; None: no limit. With a limit every model of the run must have a known price
    seconds:      wall time
    depth:        levels of child runs: 0 none, 1 (the default) child runs that have no children themselves
    reply_tokens: the longest reply that is asked for; what is set aside for a call under way
    cell_seconds: time of one cell, waiting for sub-calls not counted
    memory_mb:    private memory of the worker that runs the cells
    context_mb:   the data of a run, unpacked; more is refused before it is read, where its size is known
    output_chars: how much of a cell's output the model sees, in characters
    history_chars: the length of the root conversation, in characters, at which its older turns are shortened
    parallel:     sub-calls under way at once; fewer while the provider says that there are too many
    children:     child runs under way at once on each level; each has a worker of its own
    """

    turns: int = 20
    calls: int = 1_000
    subcalls: int = 900
    tokens: int = 2_000_000
    cost: Decimal | None = None
    seconds: float = 900.0
    depth: int = 1
    reply_tokens: int = 8_192
    cell_seconds: float = 120.0
    memory_mb: int = 2048
    context_mb: int = 4_000
    output_chars: int = 8_000
    history_chars: int = 60_000
    parallel: int = 256
    children: int = 8


LEAST: Mapping[str, int] = {"depth": 0, "calls": 2}
"""The least value of a limit; of all others anything above 0 will do. One call is kept for the answer at the end."""


SubCallKind: TypeAlias = Literal["llm", "rlm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCall:
    """One `llm_query` or `rlm_query` from inside a cell, with its answer or the reason why it has none.

    answer: text, or plain data where a schema was asked for or a child run gave it
    schema: the JSON schema that the answer had to fit, None for none
    model:  the model that was asked; of a child run the one that thinks in it
    memo:   the answer was there already (or on its way) from the same call before: nothing was asked
    run:    of an `rlm_query` the id of the child run
    cost:   US dollars; None when unknown, 0 for what came from the memo
    """

    prompt: str
    answer: Plain = ""
    error: str = ""
    kind: SubCallKind = "llm"
    model: str = ""
    schema: Plain = None
    memo: bool = False
    run: RunId | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """One cell with what it gave. lost: the worker died in it; what its session held is gone."""

    code: str
    result: CellResult
    subcalls: tuple[SubCall, ...] = ()
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One reply of the model and the cells in it."""

    number: int
    reply: str
    cells: tuple[CellRun, ...] = ()


AnswerForm: TypeAlias = Literal["answer", "FINAL", "FINAL_VAR", "SUBMIT", "text", "extract"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """What happened in an explored run, in order: what distilling reads.

    form says how the answer was submitted: the `answer` variable, one of the calls inside a cell, the same
    written outside code ("text"), or the extraction call at the end of the budget ("extract").
    """

    question: str
    turns: tuple[Turn, ...]
    answer: Plain
    form: AnswerForm
    complete: bool

    @property
    def cells(self) -> tuple[CellRun, ...]:
        """Every cell of the run, in the order of execution."""
        return tuple(cell for turn in self.turns for cell in turn.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRef:
    """The exact tool that answered: name, version, and the commit of the library it came from."""

    name: str
    version: int
    commit: str


if TYPE_CHECKING:
    from typing_extensions import TypeVar

    A_co = TypeVar("A_co", default=Plain, covariant=True)
    B = TypeVar("B", default=Plain)
else:
    from typing import TypeVar

    A_co = TypeVar("A_co", covariant=True)
    B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult(Generic[A_co]):
    """The answer and how it came about. The answer is plain data, or of the type that a caller asked for.

    reason is "" when complete, else what cut the run short. why explains the route, one line per decision.
    candidate names what the run proposes to keep. usage is zero for a replay. citations support the answer, when they
    were asked for.
    """

    run_id: RunId
    answer: A_co
    route: Route
    complete: bool
    seconds: float
    usage: Usage = field(default_factory=Usage)
    reason: str = ""
    why: tuple[str, ...] = ()
    tool: ToolRef | None = None
    candidate: str | None = None
    citations: tuple[Citation, ...] = ()

    def with_answer(self, answer: B) -> RunResult[B]:
        """The same with this answer."""
        given = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "answer"}
        return RunResult(answer=answer, **given)

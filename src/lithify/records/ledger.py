"""What the ledger answers: runs, trajectories and costs as they were recorded."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from lithify.records.cell import CellResult
from lithify.records.citation import Citation
from lithify.records.events import Purpose
from lithify.records.model import ModelReply, Usage
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Route, ToolRef
from lithify.records.setup import RunSetup
from lithify.records.tool import GateResult
from lithify.records.uses import ToolUse

RunState: TypeAlias = Literal["running", "finished", "failed", "interrupted", "died"]
CostGroup: TypeAlias = Literal["day", "family", "route"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One run, in one line. Times are UTC.

    state:        died: the run has no end and its process is gone
    route:        the route that answered, or the last one tried; None before any was chosen
    usage:        what its answered model calls and those of its child runs spent; failed_calls counts those that
                  ended without a reply
    seconds:      wall time of the run; None without an end
    complete:     whether the run finished with a complete answer; reason says what cut it short
    error:        for a failed or interrupted run, "Kind: message"
    parent:       of a child run the run that asked for it; depth: how deep it is, a root has 0
    origin:       of an imported run the program that made it; it is in no sum of costs
    children:     how many child runs are below it, on all levels
    resumed:      how often it, or the root above it, was resumed
    resumable:    whether `resume` can go on with it: a root without a good end, that no living process works on
    """

    run_id: str
    started_at: datetime
    question: str
    family: str
    sources: tuple[str, ...]
    model: str
    state: RunState
    route: Route | None = None
    tool: ToolRef | None = None
    usage: Usage = field(default_factory=Usage)
    failed_calls: int = 0
    seconds: float | None = None
    complete: bool = False
    reason: str = ""
    error: str = ""
    parent: str | None = None
    depth: int = 0
    origin: str = ""
    children: int = 0
    resumed: int = 0
    resumable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """A model call: the last message it was asked with (bounded), and its reply or its error.

    system: the conversation's system message, with the first call of a run that has one.
    """

    at: datetime
    turn: int
    purpose: Purpose
    model: str
    prompt: str
    reply: ModelReply | None
    seconds: float
    error: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCell:
    """A cell that ran. Its output is cut in the middle beyond the ledger's limit; result.stdout_length is the whole."""

    at: datetime
    index: int
    code: str
    result: CellResult
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTurn:
    """One turn: the calls that gave the model's words (root or extract), the cells, and the sub-calls cells made."""

    number: int
    calls: tuple[RecordedCall, ...] = ()
    cells: tuple[RecordedCell, ...] = ()
    subcalls: tuple[RecordedCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRoute:
    """A route that was chosen, and why, one line per decision."""

    at: datetime
    route: Route
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedGate:
    """What a gate said of a candidate, and when: a candidate may be judged again after an edit."""

    at: datetime
    result: GateResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """How a candidate entered the library."""

    at: datetime
    tool: str
    version: int
    commit: str
    approved_by: str
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A person's no to a candidate."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCandidate:
    """What distilling proposed (candidate None: nothing, and why), what the gates said, and what was decided."""

    candidate: str | None
    function: str = ""
    why: str = ""
    gates: tuple[RecordedGate, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetail:
    """A run with its whole trajectory. The context itself is never kept, only its digest and size in characters.

    answer_kept: False when the answer was too large for the ledger (answer is then None).
    citations:   the quotes that support the answer, when they were asked for
    seed:        of the random numbers in its cells
    setup:       what it was started with; None for a child run, and for runs of older versions
    descendants: the child runs below it, each before its own children, in the order of starting
    """

    summary: RunSummary
    context_digest: str
    context_size: int
    ephemeral: bool
    prompt_digest: str
    routes: tuple[RecordedRoute, ...] = ()
    turns: tuple[RecordedTurn, ...] = ()
    tool_uses: tuple[ToolUse, ...] = ()
    answer: Plain = None
    answer_kept: bool = True
    citations: tuple[Citation, ...] = ()
    seed: int = 0
    setup: RunSetup | None = None
    descendants: tuple[RunSummary, ...] = ()
    candidates: tuple[RecordedCandidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRow:
    """What the runs of one group spent on one route.

    key:          the day (UTC, "2026-11-22"), the question family, or the route ("" when none was chosen)
    usage:        of all answered model calls; usage.cost adds up the priced ones
    seconds:      wall time of the runs that ended, `ended` of them
    saved_cost, saved_tokens: for replays an ESTIMATE of what exploring would have spent: each replay counts as the
                  average finished exploration of its question family. None when no replay of the group has a family
                  with a finished (for saved_cost: fully priced) exploration to go by
    no_basis:     how many replays of the group saved_cost leaves out for that reason
    """

    key: str
    route: Route | None
    runs: int
    usage: Usage
    failed_calls: int
    ended: int
    seconds: float
    saved_cost: Decimal | None = None
    saved_tokens: int | None = None
    no_basis: int = 0

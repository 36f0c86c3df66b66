"""What a run tells whoever watches: the ledger keeps these, the screen shows them.

A closed union; the ledger stamps the time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from lithify.records.cell import CellResult
from lithify.records.model import ModelReply, Retry
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import Route, RunId, RunResult
from lithify.records.setup import RunSetup

if TYPE_CHECKING:
    from lithify.records.tool import GateResult

CheckedBy: TypeAlias = Literal["shadow", "person"]
Purpose: TypeAlias = Literal["root", "sub", "extract", "adapt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A question was asked. prompt_digest identifies the prompt files that an exploration would use.

    parent, depth: of a child run (`rlm_query`) the run whose cell asked for it, and how deep it is; a root has depth 0
    seed:          of the random numbers in its cells: the same seed gives the same numbers again
    setup:         what the run was started with, which `resume` needs; None for a child, which its parent starts
    origin:        of an imported run the program that made it; "" for our own
    """

    run_id: RunId
    question: str
    sources: tuple[str, ...]
    context_digest: str
    context_size: int
    model: str
    ephemeral: bool
    family: str
    """The question with its literals blanked: what costs are grouped by."""
    prompt_digest: str = ""
    parent: RunId | None = None
    depth: int = 0
    seed: int = 0
    setup: RunSetup | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed:
    """A root run that had no good end goes on, in this process. Its child runs go on with it.

    attempt: 1 for the first time; of two processes that resume a run at the same time, one is refused.
    """

    run_id: RunId
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChosen:
    """Which way the run goes, and why, one line per decision."""

    run_id: RunId
    route: Route
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCalled:
    """A model call ended: with a reply, or with error. prompt is the last message of the request, bounded.

    digest, nth: which call of the run it is (ModelRequest.digest; nth counts the same request from 0, in the order of
                 asking): by these a resumed run finds what was answered before
    kind:        for a failed call the class of its error
    recalled:    the run was resumed and this is what the call gave before: nothing was asked, nothing is recorded again
    system:      the conversation's system message, whole, with the first call of a run that has one
    """

    run_id: RunId
    turn: int
    purpose: Purpose
    model: str
    prompt: str
    reply: ModelReply | None
    seconds: float
    error: str = ""
    digest: str = ""
    nth: int = 0
    kind: str = ""
    recalled: bool = False
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelText:
    """A piece of a reply that is under way. For whoever watches; not kept. After a ModelRetried it begins anew."""

    run_id: RunId
    turn: int
    purpose: Purpose
    model: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRetried:
    """An attempt of a model call failed and is repeated after `retry.wait` seconds. Not kept."""

    run_id: RunId
    turn: int
    purpose: Purpose
    model: str
    retry: Retry


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStarted:
    """A cell begins to run. For whoever watches; not kept."""

    run_id: RunId
    turn: int
    index: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostAnswered:
    """The host answered a call of a cell with something that may differ the next time: `budget()`, a tool search.

    A resumed run answers the same call (nth of this name in the run, from 0) with the same value.
    """

    run_id: RunId
    name: str
    nth: int
    value: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinished:
    """A cell ran."""

    run_id: RunId
    turn: int
    index: int
    code: str
    result: CellResult
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubCallsProgressed:
    """How many sub-calls of the running cell are answered, of all it made so far. For the screen; not kept."""

    run_id: RunId
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUsed:
    """A kept tool was run for a question: it answered, or it did not and error says why."""

    run_id: RunId
    tool: str
    version: int
    arguments: Plain
    seconds: float
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolChecked:
    """An answer that a kept tool gave in a run was held against another: a fresh derivation, or a person's word.

    derived: the other answer; check_run: the run that derived it, "" for a person's word.
    """

    run_id: RunId
    tool: str
    version: int
    by: CheckedBy
    agreed: bool
    derived: Plain
    why: str = ""
    check_run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The run has its result."""

    result: RunResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed:
    """The run ended without a result: an error, or the person stopped it (kind "Interrupted")."""

    run_id: RunId
    kind: str
    message: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateProposed:
    """Distilling gave a candidate, or (candidate None) says why there is none."""

    run_id: RunId
    candidate: str | None
    function: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateJudged:
    """One gate judged a candidate."""

    run_id: RunId
    candidate: str
    result: GateResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolKept:
    """A tool entered the library. approved_by is a person, or "policy:<name>"."""

    run_id: RunId
    candidate: str
    tool: str
    version: int
    commit: str
    approved_by: str
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRejected:
    """A person said no, with a reason."""

    run_id: RunId
    candidate: str
    reason: str


Event: TypeAlias = (
    RunStarted
    | RunResumed
    | RouteChosen
    | ModelCalled
    | ModelText
    | ModelRetried
    | CellStarted
    | HostAnswered
    | CellFinished
    | SubCallsProgressed
    | ToolUsed
    | ToolChecked
    | RunFinished
    | RunFailed
    | CandidateProposed
    | GateJudged
    | ToolKept
    | CandidateRejected
)

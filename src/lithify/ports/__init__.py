"""The ports: what the deciding packages ask of the world. Adapters implement them; only parts.py knows which.

Everything that waits is async; the one synchronous wrapper is at the edge (lithify.Lab, the command line).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from lithify.ports.library import Library as Library
from lithify.ports.library import Revisions as Revisions
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from lithify.records.cell import CellResult
    from lithify.records.events import Event
    from lithify.records.ledger import CostGroup, CostRow, RunDetail, RunSummary
    from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText
    from lithify.records.run import RunId
    from lithify.records.table import ArrowTable
    from lithify.records.uses import ToolCheck, ToolUse


InputValue: TypeAlias = "str | bytes | Plain | Mapping[str, str] | ArrowTable"
"""What a session may be given as a variable. Tables need pyarrow and arrive as what they were."""


class Model(Protocol):
    """A language model behind one request."""

    @property
    def name(self) -> str:
        """How the model is called in settings, ledger and prices, for example "anthropic:claude-haiku-4-5"."""
        ...

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """Continue the conversation.

        on_text takes the reply's text as it comes (None: the reply is not streamed); on_retry hears of every attempt
        that is repeated. Raises ModelRefused (the person must act) or ModelFailed (retries are used up); cancellation
        passes through.
        """
        ...

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """What a call of that many tokens costs, in US dollars; None when the model is unpriced, which is never 0.

        For setting money aside before a call. Pure; the first call may load a price list.
        """
        ...

    async def close(self) -> None:
        """Release connections. May be called more than once."""
        ...


HostHandler: TypeAlias = Callable[[Sequence[Plain], Mapping[str, Plain]], Awaitable[Plain]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFunction:
    """A function of the host that cells may call by name: `name(*args, **kwargs)`.

    handler gets positional and keyword arguments as plain data and returns plain data; when it raises, the cell
    sees a HostCallError (a RuntimeError) with the exception's message. With batched set, cells also get
    `name_batched(list, **kwargs)`: one call per element, all at once, in one frame; a failed element gives a
    `CallFailure` object (falsy, with .error) in its slot.
    """

    handler: HostHandler
    batched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSpec:
    """What a sandbox is started with.

    preload:    modules imported before the fork (what is missing on this machine is skipped)
    memory_mb:  private memory that one session may use on top of the preloaded modules
    output_chars: how much of a cell's output is kept (middle cut)
    hash_seed:  PYTHONHASHSEED of the interpreter; None: random
    readable:   host folders that cells may read, for the gates; nothing else of the file system is visible
    pool_size:  workers that are kept ready, forked and confined
    lifetime:   sessions that one zygote makes before a new one takes its place
    max_calls:  calls of host functions that one session may make
    message_mb: the largest message from a worker: one call's arguments, or one result
    grace:      seconds between the soft limit of a cell and the kill
    floor:      layers that must hold, else SandboxUnavailable; "files" is any one of root, landlock, broker and no-open
    without:    layers to leave out: of namespaces, root, landlock, broker, rlimits (for tests of the others)
    adapter:    "kernel" (Linux), "monty" (a Python subset, anywhere), or "auto": the first that this platform has
    """

    preload: tuple[str, ...] = ("json", "re", "datetime", "collections", "itertools", "statistics", "csv", "math")
    memory_mb: int = 2048
    output_chars: int = 100_000
    threads: int = 64
    hash_seed: int | None = None
    readable: tuple[Path, ...] = ()
    pool_size: int = 1
    lifetime: int = 1_000
    max_calls: int = 100_000
    message_mb: int = 16
    grace: float = 0.25
    floor: tuple[str, ...] = ("seccomp", "rlimits", "files")
    without: tuple[str, ...] = ()
    adapter: Literal["auto", "kernel", "monty"] = "auto"


class Session(Protocol):
    """One REPL in its own confined worker. Never used for a second run."""

    async def run(self, code: str, *, timeout: float, aside: bool = False) -> CellResult:
        """Run one cell. timeout (seconds) does not count while the host owes an answer to a host function.

        Tracebacks number the cells from 1. aside: code of the caller's own, which is not counted among them.

        Raises SandboxLost when the worker died, broke the protocol or had to be killed; the session is then closed.
        """
        ...

    async def close(self) -> None:
        """End the worker and everything in it. May be called more than once."""
        ...


class Sandbox(Protocol):
    """Opens sessions."""

    @property
    def layers(self) -> Mapping[str, str]:
        """What confines the code: layer name → how it holds ("yes", "abi 7", or why not)."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What a model must know that writes cells for this sandbox: how its Python differs. Empty: it does not."""
        ...

    async def open_session(
        self,
        inputs: Mapping[str, InputValue] | None = None,
        functions: Mapping[str, HostFunction] | None = None,
        *,
        seed: int | None = None,
    ) -> Session:
        """A fresh session with inputs as variables (text without a copy where possible) and functions to call.

        seed (0 to 2**64 - 1): sessions with the same seed, of sandboxes with the same spec, draw the same numbers
        from random, and where there are, from numpy, secrets, uuid and os.urandom. None: no two draw the same.
        With SandboxSpec.hash_seed as well, cells that depend on neither clock, threads, addresses of objects nor
        native code with entropy of its own do the same again. Raises ProgrammerMustAct for another seed.
        """
        ...

    async def close(self) -> None:
        """End every session and the zygote. May be called more than once."""
        ...


class SandboxFactory(Protocol):
    """Starts sandboxes: what the gates use for fresh workers with another hash seed."""

    async def __call__(self, spec: SandboxSpec) -> Sandbox:
        """Start one. Raises SandboxUnavailable below the configured floor."""
        ...


class Observer(Protocol):
    """Whoever watches runs: the ledger, the screen, a test."""

    def notify(self, event: Event) -> None:
        """Take one event. Must not block for long and must not raise for a screen's sake."""
        ...


@dataclass(slots=True)
class Fanout:
    """An Observer that tells several, in order."""

    observers: list[Observer] = field(default_factory=list)

    def notify(self, event: Event) -> None:
        """Tell each observer."""
        for observer in self.observers:
            observer.notify(event)


class Recall(Protocol):
    """What a run that is resumed got before, child runs included. Asked before anything is done a second time."""

    def reply(self, run_id: RunId, digest: str, nth: int) -> ModelReply | None:
        """The reply that this call had; None: it has to be asked. Each call is told by ModelRequest.digest and nth.

        Raises the failure (ModelFailed, ModelRefused, BudgetSpent) that the call ended with, when the run went on
        after it: the cell that was told of it ran to its end.
        """
        ...

    def host_answer(self, run_id: RunId, name: str, nth: int) -> tuple[Plain] | None:
        """What the host answered to the nth call (from 0) of this name, as a tuple of one; None: not recorded."""
        ...


class Ledger(Observer, Protocol):
    """The append-only record of runs: the only source of the figures.

    Every method raises LedgerProblem when the record cannot be read or written, and ProgrammerMustAct after close.
    """

    def notify(self, event: Event) -> None:
        """Record one event for good before returning; the ledger stamps the time.

        The first end of a run stands, until its root is resumed: then a good end replaces a bad one. Raises
        ProgrammerMustAct for an event of a run that never started (gate results and decisions excepted: a candidate
        travels with the library) and for a second start of the same root; a child run starts again with its root.
        """
        ...

    def runs(self, limit: int = 20) -> list[RunSummary]:
        """The last runs, newest first; child runs are part of their root."""
        ...

    def run(self, run_id: str) -> RunDetail:
        """One run, a child run too, with its whole trajectory: by its id or a beginning of it that no other shares.

        Raises LedgerProblem for an unknown or ambiguous id; the message shows near ones.
        """
        ...

    def costs(self, by: CostGroup) -> list[CostRow]:
        """What runs spent with their child runs, per group and route: newest day first, costliest family first."""
        ...

    def recall(self, run_id: str) -> Recall:
        """What a root run and its child runs got so far, for going on with it. Raises as `run` does."""
        ...

    def tools_used(self, run_id: str) -> list[str]:
        """The kept tools that a run used, whether they answered or not, by name; none for an unknown run."""
        ...

    def tool_uses(self, tool: str, *, failed: bool = False) -> list[ToolUse]:
        """Every use of a kept tool, oldest first. failed: only those that gave no answer."""
        ...

    def tool_checks(self, tool: str) -> list[ToolCheck]:
        """Every check of a kept tool's answers, by a fresh derivation or by a person, oldest first."""
        ...

    def close(self) -> None:
        """Release the files. May be called more than once."""
        ...

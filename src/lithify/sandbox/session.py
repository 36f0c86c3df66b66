"""One REPL session in one confined worker, driven by the host's event loop without polling."""

from __future__ import annotations

import asyncio
import signal
from collections import deque
from collections.abc import Callable, Mapping

from lithify.errors import ProgrammerMustAct, SandboxLost
from lithify.ports import HostFunction
from lithify.records.cell import CellResult
from lithify.records.quick import dataclass
from lithify.sandbox import evidence
from lithify.sandbox.calls import CallDesk
from lithify.sandbox.frames import BadFrame, Bound, Calls, Finished, Message, Ready
from lithify.sandbox.guest import wire
from lithify.sandbox.inputs import Packed
from lithify.sandbox.intake import Intake
from lithify.sandbox.pipe import Pipe
from lithify.sandbox.process import WorkerProcess
from lithify.sandbox.watch import Watch

_START_SECONDS = 60.0
_BIND_SECONDS = 600.0
_INPUTS_PER_FRAME = 32
_STDOUT_NOTICE = 200
_MAX_OPEN_CALLS = 256 << 20
"""Bytes of memory that the open calls of a session may take before no more are heard."""
_MAX_UNSENT = 64 << 20
"""Bytes of answers that a worker may leave unread before no more calls are heard."""
_TIMED_OUT = "CellTimeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """What the host enforces on one session: characters, bytes, calls, seconds."""

    output_chars: int
    message_bytes: int
    max_calls: int
    grace: float


@dataclass(slots=True, kw_only=True)
class _Cell:
    """The cell that is running."""

    number: int
    started: float
    result: asyncio.Future[Finished]


class KernelSession:
    """Implements lithify.ports.Session for a worker of the zygote. One event loop, one cell at a time."""

    def __init__(self, pipe: Pipe, process: WorkerProcess, limits: SessionLimits) -> None:
        self._loop = asyncio.get_running_loop()
        self._pipe = pipe
        self._process = process
        self._limits = limits
        self._intake = Intake(
            pipe, limits.message_bytes, limits.output_chars + _STDOUT_NOTICE, self._dispatch, self._lose
        )
        self._watch = Watch(process, limits.grace, self._on_limit, self._give_up)
        self._desk = CallDesk(limits.max_calls, self._send, self._watch.owe)
        self._cell: _Cell | None = None
        self._cells = self._asides = 0
        self._early: deque[Calls] = deque()
        self._awaited: asyncio.Future[Message] | None = None
        self._lost: SandboxLost | None = None
        self._tell_end: Callable[[KernelSession], None] | None = None

    def on_end(self, tell: Callable[[KernelSession], None]) -> None:
        """Who hears that the session has ended."""
        self._tell_end = tell

    async def greet(self) -> None:
        """Wait until the worker is confined and ready. Raises SandboxLost when it does not get there."""
        if not isinstance(await self._next_message(_START_SECONDS), Ready):
            raise self._lose("protocol", "the worker did not begin with its greeting")

    @property
    def alive(self) -> bool:
        """Whether its worker is."""
        return self._lost is None and self._process.alive

    def evidence(self) -> dict[str, str]:
        """Layers as the kernel shows them on the worker; empty where it does not."""
        return evidence.seen(self._process.status())

    async def bind(self, inputs: Mapping[str, Packed], functions: Mapping[str, HostFunction], seed: int | None) -> None:
        """Put inputs and functions into the session's namespace, and seed what it draws by chance."""
        self._desk.offer(functions)
        names = {name: function.batched for name, function in functions.items()}
        items = list(inputs.items())
        for start in range(0, max(len(items), 1), _INPUTS_PER_FRAME):
            some = dict(items[start : start + _INPUTS_PER_FRAME])
            forms = {name: packed.form for name, packed in some.items()}
            descriptors = [packed.descriptor for packed in some.values() if packed.descriptor >= 0]
            rest = [{}, None] if start else [names, seed]
            self._send(wire.frame(["bind", forms, *rest]), descriptors)
            reply = await self._next_message(_BIND_SECONDS)
            if not isinstance(reply, Bound):
                raise self._lose("protocol", "the worker did not confirm its inputs")
            if reply.error is not None:
                raise self._lose("memory", f"the inputs do not fit into the session: {reply.error}")

    async def _next_message(self, seconds: float) -> Message:
        self._raise_if_lost()
        self._awaited = self._loop.create_future()
        self._intake.want(True)
        try:
            return await asyncio.wait_for(self._awaited, seconds)
        except TimeoutError:
            raise self._lose("timeout", f"the worker did not answer within {seconds:g} s") from None
        except asyncio.CancelledError:
            self._lose("closed", "the session was cancelled while it was opened")
            raise
        finally:
            self._awaited = None

    async def run(self, code: str, *, timeout: float, aside: bool = False) -> CellResult:
        """Run one cell (see lithify.ports.Session). Cancelling it ends the session: nothing goes on unseen."""
        self._raise_if_lost()
        if self._cell is not None:
            raise ProgrammerMustAct("this session is running a cell; sessions run one cell at a time")
        cell = self._begin(timeout)
        try:
            self._send(wire.frame(["run", cell.number, self._label(aside), code]))
            self._intake.want(True)
            self._take_early()
            finished = await cell.result
        except asyncio.CancelledError:
            self._lose("closed", "the cell was cancelled")
            raise
        finally:
            self._end(cell)
        return _result_of(finished, self._loop.time() - cell.started, interrupted=self._watch.interrupts > 0)

    def _label(self, aside: bool) -> str:
        """What tracebacks call the cell that has just begun: no two have the same name."""
        self._asides += aside
        return f"0.{self._asides}" if aside else str(self._cells - self._asides)

    def _begin(self, timeout: float) -> _Cell:
        self._cells += 1
        cell = _Cell(number=self._cells, started=self._loop.time(), result=self._loop.create_future())
        self._cell = cell
        self._desk.refuse("")
        self._intake.hurry(False)
        self._watch.begin(timeout)
        return cell

    def _end(self, cell: _Cell) -> None:
        self._cell = None
        self._intake.want(False)
        if self._lost is None:
            self._watch.end()
        if not cell.result.done():
            cell.result.cancel()
        elif not cell.result.cancelled():
            cell.result.exception()  # seen, even when the send failed before anyone awaited it
        self._desk.cancel()

    def _take_early(self) -> None:
        while self._early and self._lost is None:
            self._dispatch(self._early.popleft())

    def _on_limit(self) -> None:
        """The cell is out of time: it is interrupted, gets no more answers, and is heard at once."""
        self._desk.refuse("the cell ran out of time")
        self._intake.hurry(True)

    def _give_up(self, limit: float) -> None:
        self._lose("timeout", f"the cell ignored its time limit of {limit:g} s; its worker was killed")

    def _dispatch(self, message: Message) -> None:
        if self._lost is not None:
            return
        cell = self._cell
        if isinstance(message, Calls):
            if cell is not None:
                self._desk.accept(message)
                self._desk.flush()
                self._weigh()
            else:
                self._early.append(message)  # a thread that outlived its cell; it is served with the next one
        elif isinstance(message, Finished):
            if cell is None or message.cell != cell.number or cell.result.done():
                raise BadFrame("a result that nobody asked for")
            cell.result.set_result(message)
            self._intake.want(False)
        elif self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(message)
            self._intake.want(False)
        else:
            raise BadFrame("a greeting out of order")

    def _send(self, frame: bytes, descriptors: list[int] | None = None) -> None:
        try:
            self._pipe.send(frame, descriptors or [])
        except OSError as error:
            self._lose("died", f"the worker is gone: {error.strerror or error}")
        self._weigh()

    def _weigh(self) -> None:
        """Whether the host holds as much for this session as it may."""
        self._intake.hold(self._desk.pending_bytes > _MAX_OPEN_CALLS or self._pipe.unsent_bytes > _MAX_UNSENT)

    def _lose(self, reason: str, message: str) -> SandboxLost:
        """End the session for this reason, unless it has ended; gives the first reason."""
        if self._lost is None:
            self._lost = SandboxLost(reason, message)
            self._process.signal(signal.SIGKILL)
            self._pipe.close()
            self._desk.cancel()
            self._watch.stop()
            for waiting in (self._awaited, self._cell.result if self._cell is not None else None):
                if waiting is not None and not waiting.done():
                    waiting.set_exception(self._lost)
            if self._tell_end is not None:
                self._tell_end(self)
        return self._lost

    def _raise_if_lost(self) -> None:
        if self._lost is not None:
            raise SandboxLost(self._lost.reason, str(self._lost))

    async def close(self) -> None:
        """End the worker and everything in it; returns when it is gone. May be called more than once."""
        self._lose("closed", "the session was closed")
        await self._process.gone()


def _result_of(finished: Finished, seconds: float, *, interrupted: bool) -> CellResult:
    return CellResult(
        stdout=finished.stdout,
        stdout_length=finished.stdout_length,
        value=finished.value,
        value_repr=finished.value_repr,
        value_type=finished.value_type,
        value_plain=finished.value_plain,
        error=finished.error,
        timed_out=interrupted and finished.error is not None and finished.error.kind == _TIMED_OUT,
        seconds=seconds,
    )

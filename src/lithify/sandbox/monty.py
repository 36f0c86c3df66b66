"""Where the kernel cannot confine: pydantic-monty, an interpreter in Rust that binds no system calls.

It runs a subset of Python without numpy or pandas, in worker processes of its own; `LACKS` says what is missing, in
words for a model. Nothing here uses the kernel's layers: what protects is that the interpreter can do nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lithify.errors import BadInput, ProgrammerMustAct, SandboxLost, SandboxUnavailable
from lithify.ports import HostFunction, InputValue, SandboxSpec
from lithify.records.cell import CellError, CellResult
from lithify.sandbox.guest.capture import Capture
from lithify.sandbox.guest.reprs import short_repr
from lithify.sandbox.guest.values import NotPlain, Plainer
from lithify.sandbox.names import check_names, check_seed

if TYPE_CHECKING:
    import pydantic_monty

LACKS = (
    "This sandbox runs a subset of Python: no class inheritance (so no exceptions of your own, no Enum), no `yield "
    "from`; of the standard library only re, json, math, datetime, collections, itertools, functools, csv, random, "
    "typing, dataclasses, time, asyncio, bisect, decimal, hashlib, base64, unicodedata and copy; no numpy, no pandas. "
    "Host functions raise RuntimeError when they fail; in a batch, look for isinstance(x, CallFailure), which is not "
    "falsy here."
)
_PRELUDE = """
class CallFailure:
    def __init__(self, error):
        self.error = error
    def __repr__(self):
        return 'CallFailure(' + repr(self.error) + ')'
"""
_BATCHED = """
def {name}_batched(items, **kwargs):
    return [CallFailure(error) if error else value for value, error in {inner}(list(items), kwargs)]
"""
_INNER = "_{}_each"
_MAX_INPUT_BYTES = 250 << 20
_MAX_WORKERS = 1024
_NO_LIMIT = 1 << 62
_SETTLE_SECONDS = 0.1
"""pydantic-monty 1.4 on Python 3.11: a thread of its own that is still at work when the interpreter ends aborts it."""
_MAX_REPR = 20_000
_MAX_MESSAGE = 4_000
_CELL = re.compile(r'File "<python-input-(\d+)>"')


class MontySandbox:
    """Implements lithify.ports.Sandbox with pydantic-monty."""

    def __init__(self, spec: SandboxSpec, pool: pydantic_monty.AsyncMonty) -> None:
        self._spec = spec
        self._pool = pool
        self._open: set[MontySession] = set()
        self._closed = False

    @classmethod
    async def start(cls, spec: SandboxSpec) -> MontySandbox:
        """Start worker processes. Raises SandboxUnavailable when pydantic-monty is not installed."""
        try:
            import pydantic_monty
        except ImportError as error:
            raise SandboxUnavailable(
                f"pydantic-monty is not installed ({error}); pip install 'lithify[monty]', or use Linux, where the "
                "kernel confines"
            ) from error
        workers = max(spec.pool_size, 1)
        pool = pydantic_monty.AsyncMonty(min_processes=workers, max_processes=_MAX_WORKERS, max_checkouts_per_worker=1)
        await pool.__aenter__()
        return cls(spec, pool)

    @property
    def layers(self) -> Mapping[str, str]:
        """What confines the code: the interpreter, and what it lacks for it."""
        return {"interpreter": "yes", "language": f"no: {LACKS}", "seccomp": "no: not used by pydantic-monty"}

    @property
    def notes(self) -> tuple[str, ...]:
        """What of Python is missing, and what is other than expected."""
        return (LACKS,)

    async def open_session(
        self,
        inputs: Mapping[str, InputValue] | None = None,
        functions: Mapping[str, HostFunction] | None = None,
        *,
        seed: int | None = None,
    ) -> MontySession:
        """A fresh session (see lithify.ports.Sandbox). Raises BadInput for inputs beyond 250 MB, which are copied."""
        if self._closed:
            raise SandboxLost("closed", "the sandbox is closed")
        inputs, functions = inputs or {}, functions or {}
        check_names([*inputs, *functions])
        check_seed(seed)
        for name, value in inputs.items():
            if isinstance(value, (str, bytes)) and len(value) > _MAX_INPUT_BYTES:
                raise BadInput(
                    f"{name!r} has {len(value):,} characters; pydantic-monty takes up to {_MAX_INPUT_BYTES:,}"
                )
        checkout = self._pool.checkout(
            limits={"max_memory": self._spec.memory_mb << 20, "max_suspensions": _NO_LIMIT},
            os_policy={
                "sleep": "system",
                "sleep_system_max": float("inf"),
                "random_start": "system" if seed is None else {"seed": seed},
            },
        )
        await checkout.__aenter__()
        session = MontySession(checkout, functions, self._spec)
        self._open.add(session)
        await session.prepare(inputs)
        return session

    async def close(self) -> None:
        """End every session and the workers. May be called more than once."""
        if self._closed:
            return
        self._closed = True
        await asyncio.gather(*(session.close() for session in self._open))
        await self._pool.__aexit__(None, None, None)
        await asyncio.sleep(_SETTLE_SECONDS)


class MontySession:
    """Implements lithify.ports.Session. A cell that reaches its time limit ends the session."""

    def __init__(
        self, checkout: pydantic_monty.AsyncMontySession, functions: Mapping[str, HostFunction], spec: SandboxSpec
    ) -> None:
        self._checkout = checkout
        self._functions = functions
        self._spec = spec
        self._capture = Capture(spec.output_chars)
        self._calls = 0
        self._labels: list[str] = []
        self._running = False
        self._lost: SandboxLost | None = None
        self._released = False

    async def prepare(self, inputs: Mapping[str, InputValue]) -> None:
        """Bind the inputs and define what monty has no value for."""
        batched = [name for name, function in self._functions.items() if function.batched]
        code = _PRELUDE + "".join(_BATCHED.format(name=name, inner=_INNER.format(name)) for name in batched)
        await self._checkout.feed_run(code, inputs=dict(inputs), print_callback=self._print)

    async def run(self, code: str, *, timeout: float, aside: bool = False) -> CellResult:
        """Run one cell (see lithify.ports.Session)."""
        if self._lost is not None:
            raise SandboxLost(self._lost.reason, str(self._lost))
        if self._running:
            raise ProgrammerMustAct("this session is running a cell; sessions run one cell at a time")
        self._running = True
        self._labels.append("0" if aside else str(len(self._labels) - self._labels.count("0") + 1))
        started = asyncio.get_running_loop().time()
        try:
            value, error = await self._run(code, timeout)
        except asyncio.CancelledError:
            self._lose("closed", "the cell was cancelled")
            raise
        finally:
            self._running = False
        text, length = self._capture.take()
        seconds = asyncio.get_running_loop().time() - started
        if error is not None:
            return CellResult(stdout=text, stdout_length=length, error=error, seconds=seconds)
        return _result(value, text, length, seconds, self._spec.message_mb << 19)

    async def _run(self, code: str, timeout: float) -> tuple[Any, CellError | None]:
        import pydantic_monty

        try:
            async with asyncio.timeout(timeout) as clock:
                return await self._drive(code, clock), None
        except TimeoutError as error:
            raise self._lose(
                "timeout", f"the cell reached its time limit of {timeout:g} s; its worker was ended"
            ) from error
        except pydantic_monty.MontyCrashedError as error:
            raise self._lose("died", f"the worker ended: {error}") from error
        except (pydantic_monty.MontyRuntimeError, pydantic_monty.MontySyntaxError) as error:
            return None, _error_of(error, self._labels)

    async def _drive(self, code: str, clock: asyncio.Timeout) -> Any:
        """Feed the cell and answer what it asks of the host, until it is complete."""
        import pydantic_monty

        names = [*self._functions, *(_INNER.format(name) for name in self._functions)]
        lookup = dict.fromkeys(names, _unreachable)
        step = await self._checkout.feed_start(code, external_lookup=lookup, print_callback=self._print)
        while not isinstance(step, pydantic_monty.MontyComplete):
            if isinstance(step, pydantic_monty.AsyncFunctionSnapshot) and not step.is_os_function:
                with _stopped(clock):
                    answer = await self._answer(str(step.function_name), step.args, step.kwargs)
                step = await step.resume(answer)
            else:
                step = await step.resume_auto()
        return step.output

    async def _answer(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        function = self._functions.get(name)
        if function is not None:
            value, error = await self._call(function, args, kwargs)
            return {"exception": RuntimeError(error)} if error else {"return_value": value}
        inner = {_INNER.format(known): function for known, function in self._functions.items()}.get(name)
        if inner is None:  # what monty does not know by name it asks for, as if it were the host's
            return {"exception": NameError(f"name {name!r} is not defined")}
        items, named = args
        return {"return_value": await asyncio.gather(*(self._call(inner, [item], named) for item in items))}

    async def _call(self, function: HostFunction, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """(value, "") or (None, why not)."""
        self._calls += 1
        if self._calls > self._spec.max_calls:
            return None, f"the limit of {self._spec.max_calls:,} calls of host functions is reached"
        try:
            return await function.handler(list(args), dict(kwargs)), ""
        except Exception as error:  # noqa: BLE001 - whatever a host function raises is the cell's to handle
            return None, (str(error) or type(error).__name__)[:_MAX_MESSAGE]

    def _print(self, _stream: str, text: str) -> None:
        self._capture.write(text)

    def _lose(self, reason: str, message: str) -> SandboxLost:
        if self._lost is None:
            self._lost = SandboxLost(reason, message)
        return self._lost

    async def close(self) -> None:
        """End the worker. May be called more than once."""
        self._lose("closed", "the session was closed")
        if not self._released:
            self._released = True
            with contextlib.suppress(RuntimeError):  # a cancelled cell has already ended the checkout
                await self._checkout.__aexit__(None, None, None)


@contextlib.contextmanager
def _stopped(clock: asyncio.Timeout) -> Iterator[None]:
    """The clock stands still while the host owes an answer."""
    loop = asyncio.get_running_loop()
    when = clock.when()
    left = None if when is None else when - loop.time()
    clock.reschedule(None)
    try:
        yield
    finally:
        if left is not None:
            clock.reschedule(loop.time() + left)


def _unreachable(*_: object, **__: object) -> None:
    """Names a host function to monty; every call of it is answered before monty would make it."""
    raise AssertionError("a host function was called outside the driver")


def _result(value: Any, text: str, length: int, seconds: float, max_bytes: int) -> CellResult:
    if value is None:
        return CellResult(stdout=text, stdout_length=length, seconds=seconds)
    try:
        plain, whole = Plainer(max_bytes).convert(value), True
    except NotPlain:
        plain, whole = None, False
    return CellResult(
        stdout=text,
        stdout_length=length,
        value=plain,
        value_repr=short_repr(value, _MAX_REPR),
        value_type=getattr(value, "name", type(value).__name__) if not whole else type(value).__name__,
        value_plain=whole,
        seconds=seconds,
    )


def _error_of(
    error: pydantic_monty.MontyRuntimeError | pydantic_monty.MontySyntaxError, labels: Sequence[str]
) -> CellError:
    inner = error.exception()
    frames = error.traceback()
    shown = _CELL.sub(lambda found: f"cell {labels[int(found[1]) - 1]}", error.display())
    if isinstance(inner, (NotImplementedError, ImportError, SyntaxError)):
        shown += f"\n({LACKS})"
    return CellError(
        kind=type(inner).__name__,
        message=str(inner)[:_MAX_MESSAGE],
        line=frames[-1].line if frames else 0,
        traceback=shown,
    )

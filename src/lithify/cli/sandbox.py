"""`lithify sandbox run`: the sandbox alone, as a filter of JSON lines."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from lithify.errors import BadInput, SandboxLost
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from lithify.ports import Sandbox, SandboxSpec, Session
    from lithify.records.cell import CellResult


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One cell as it was sent: its id comes back with the result."""

    id: Any
    code: str


@click.group()
def sandbox() -> None:
    """Run code that a model wrote, confined by the kernel."""


@sandbox.command()
@click.argument("cells", type=click.File("r", encoding="utf-8"), default="-")
@click.option(
    "--context",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A text file that the cells find in the variable `context`.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Time limit of each cell.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=16),
    default=2048,
    show_default=True,
    metavar="MB",
    help="Memory that the cells may use.",
)
@click.option("--fresh", is_flag=True, help="Run every cell in a session of its own.")
@click.option("--preload", default="", metavar="NAMES", help="Modules to import beforehand, for example numpy,pandas.")
def run(cells: TextIO, context: Path | None, timeout: float, memory: int, fresh: bool, preload: str) -> None:
    """Execute JSON lines {"id", "code"} from CELLS (- or nothing: standard input) as cells of one session.

    Prints one JSON line per cell, as soon as it has run: {"id", "ok", "stdout", "value", "error", "seconds"}. value
    is the last expression as JSON, or its repr where JSON cannot hold it; error is null or a short traceback. When a
    worker had to be killed, its variables are lost and the next cell begins a new session.
    """
    from dataclasses import replace

    from lithify.ports import SandboxSpec

    spec = SandboxSpec(memory_mb=memory)
    names = tuple(name.strip() for name in preload.split(",") if name.strip())
    spec = replace(spec, preload=spec.preload + names)
    text = None if context is None else context.read_text(encoding="utf-8", errors="replace")
    with _Executor(spec, text, timeout=timeout, fresh=fresh) as executor:
        for line in _lines(cells):
            click.echo(json.dumps(executor.execute(line), ensure_ascii=True))


def _lines(cells: Iterable[str]) -> Iterator[_Line]:
    for number, text in enumerate(cells, 1):
        if not text.strip():
            continue
        try:
            given = json.loads(text)
        except ValueError as error:
            raise BadInput(f"line {number} is not JSON ({error}); send objects like {_EXAMPLE}") from error
        if not isinstance(given, dict) or not isinstance(given.get("code"), str):
            raise BadInput(f'line {number} has no text under "code"; send objects like {_EXAMPLE}')
        yield _Line(id=given.get("id"), code=given["code"])


_EXAMPLE = '{"id": 1, "code": "1 + 1"}'


class _Executor:
    """Sessions driven from synchronous code: one event loop, which runs only while a cell does."""

    def __init__(self, spec: SandboxSpec, context: str | None, *, timeout: float, fresh: bool) -> None:
        import asyncio

        self._spec = spec
        self._inputs = {} if context is None else {"context": context}
        self._timeout = timeout
        self._fresh = fresh
        self._runner = asyncio.Runner()
        self._sandbox: Sandbox | None = None
        self._session: Session | None = None

    def __enter__(self) -> _Executor:
        try:
            self._sandbox = self._runner.run(_start(self._spec))
        except BaseException:
            self._runner.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._sandbox is not None:
            self._runner.run(self._sandbox.close())
        self._runner.close()

    def execute(self, line: _Line) -> dict[str, Any]:
        """One cell's row."""
        return self._runner.run(self._execute(line))

    async def _execute(self, line: _Line) -> dict[str, Any]:
        import asyncio

        if self._sandbox is None:
            raise SandboxLost("closed", "the sandbox is closed")
        if self._session is None:
            self._session = await self._sandbox.open_session(self._inputs)
        session = self._session
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            row = _row(line, await session.run(line.code, timeout=self._timeout))
        except SandboxLost as lost:
            self._session = None
            row = _lost_row(line, lost, loop.time() - started)
        if self._fresh or self._session is None:
            self._session = None
            await session.close()
        return row


async def _start(spec: SandboxSpec) -> Sandbox:
    from lithify.sandbox import start_sandbox

    return await start_sandbox(spec)


def _row(line: _Line, result: CellResult) -> dict[str, Any]:
    error = result.error
    return {
        "id": line.id,
        "ok": result.ok,
        "stdout": result.stdout,
        "value": _as_json(result.value, result.value_repr) if result.value_plain else result.value_repr,
        "error": None if error is None else error.traceback or f"{error.kind}: {error.message}",
        "seconds": round(result.seconds, 6),
    }


def _lost_row(line: _Line, lost: SandboxLost, seconds: float) -> dict[str, Any]:
    return {
        "id": line.id,
        "ok": False,
        "stdout": "",
        "value": None,
        "error": f"SandboxLost ({lost.reason}): {lost}",
        "seconds": round(seconds, 6),
    }


def _as_json(value: Any, shown: str) -> Any:
    """The value when JSON holds it exactly but for the type of keys; else its repr."""
    return value if _fits_json(value) else shown


def _fits_json(value: Any) -> bool:
    checks: dict[type, Callable[[Any], bool]] = {
        list: lambda items: all(map(_fits_json, items)),
        dict: lambda items: all(map(_fits_json, items.values())),
        float: math.isfinite,
        bytes: lambda _: False,
    }
    check = checks.get(type(value))
    return check is None or check(value)

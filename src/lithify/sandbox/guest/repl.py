"""One persistent namespace and the cells that run in it."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import mmap
import sys
import types
from collections.abc import Mapping
from typing import Any

from .capture import Capture, printable
from .guard import CELL_PREFIX, CellTimeout, Guard
from .hostcalls import CallFailure, HostCallError
from .reprs import short_repr
from .tracebacks import describe
from .values import NotPlain, Plainer

_RESERVE_BYTES = 8 << 20
_MAX_NAME = 200
_MAX_REPR = 20_000


class PurityError(PermissionError):
    """The cell asked for something that a purely functional sandbox does not have."""


class Repl:
    """Executes cells. What an exception interrupts keeps what was assigned before it."""

    def __init__(self, guard: Guard, output_limit: int, max_value: int) -> None:
        self._guard = guard
        self._capture = Capture(output_limit)
        self._max_value = max_value
        self._max_repr = min(output_limit, _MAX_REPR)
        self._names: dict[str, str] = {}
        self._reserve: mmap.mmap | None = None
        self._set_aside()
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        self.namespace = module.__dict__
        self.namespace["__builtins__"] = self._builtins()
        sys.stdout = sys.__stdout__ = self._capture  # type: ignore[assignment, misc] # a text stream of our own
        sys.stderr = sys.__stderr__ = self._capture  # type: ignore[assignment, misc]

    def _builtins(self) -> dict[str, Any]:
        """The cell's own builtins; libraries keep theirs, they read time zones and fonts with `open`."""
        return {
            **vars(builtins),
            "open": self._refuse_open,
            "input": self._refuse_input,
            "CallFailure": CallFailure,
            "HostCallError": HostCallError,
            "exit": sys.exit,
            "quit": sys.exit,
        }

    def name_inputs(self, values: Mapping[str, Any]) -> None:
        """Put the session's inputs into the namespace."""
        self.namespace.update(values)
        self._names.update(dict.fromkeys(values, ""))

    def _refuse_open(self, file: object = "", *_: object, **__: object) -> None:
        given = ", ".join(sorted(self._names)[:20]) or "none were given"
        raise PurityError(
            f"no files in this sandbox: {str(file)[:80]!r} cannot be opened. "
            f"Use the variables you were given ({given})."
        )

    def _refuse_input(self, *_: object) -> None:
        raise PurityError("nobody answers input() in this sandbox; decide from the variables you were given")

    def run(self, label: str, source: str) -> list[Any]:
        """One cell; gives the fields of a result frame after its number. label is its name in tracebacks."""
        name = f"{CELL_PREFIX}{label}>"
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        error: tuple[str, str, int, str] | None = None
        shown: tuple[str, str, bool, Any] = ("", "", True, None)
        try:
            try:
                self._guard.armed = True
                shown = self._describe(self._execute(source, name))
            except CellTimeout as timeout:
                self._guard.disarm()
                error = self._explain(timeout, name)
            except BaseException as exception:  # noqa: BLE001 - everything a cell raises becomes its result
                error = self._explain(exception, name)  # asks the cell's own __str__, so the limit still holds
            finally:
                self._guard.disarm()
        except CellTimeout as timeout:
            error = self._explain(timeout, name)
        text, length = self._capture.take()
        return [text, length, None if error is None else list(error), *shown]

    def _execute(self, source: str, name: str) -> Any:
        """Run the cell; gives the value of its last expression."""
        code = _as_one_expression(source, name)
        if code is not None:
            return self._evaluate(code)
        tree = ast.parse(source, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        if tree.body:
            self._evaluate(compile(tree, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if not isinstance(last, ast.Expr):
            return None
        expression = ast.Expression(last.value)
        return self._evaluate(compile(expression, name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))

    def _evaluate(self, code: types.CodeType) -> Any:
        if not code.co_flags & inspect.CO_COROUTINE:
            return eval(code, self.namespace)  # noqa: S307 - running the cell is what the confined worker is for
        import asyncio

        return asyncio.run(types.FunctionType(code, self.namespace)())

    def _describe(self, value: Any) -> tuple[str, str, bool, Any]:
        """(type, repr, plain, value) of the last expression."""
        if value is None:
            return "", "", True, None
        kind = printable(type(value).__name__[:_MAX_NAME])
        shown = short_repr(value, self._max_repr)
        try:
            return kind, shown, True, Plainer(self._max_value).convert(value)
        except NotPlain:
            return kind, shown, False, None

    def _explain(self, exception: BaseException, name: str) -> tuple[str, str, int, str]:
        if self._reserve is not None:
            self._reserve.close()
        try:
            return describe(exception, name)
        except CellTimeout:
            raise
        except BaseException as failure:  # noqa: BLE001 - a hostile exception; its kind is said all the same
            return type(exception).__name__[:_MAX_NAME], f"(its description failed: {type(failure).__name__})", 0, ""
        finally:
            exception.__traceback__ = None  # its frames may hold what filled the memory
            self._set_aside()

    def _set_aside(self) -> None:
        """Keep memory for the report of an error: counted by the limit, but not touched, so it costs nothing."""
        try:
            self._reserve = mmap.mmap(-1, _RESERVE_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        except (OSError, MemoryError):
            self._reserve = None  # the cells' variables fill the memory; the next cell can delete some


def _as_one_expression(source: str, name: str) -> types.CodeType | None:
    """The code of a cell that is one line with one expression, which needs no tree; None for all others."""
    if "\n" in source:
        return None
    try:
        code: types.CodeType = compile(source, name, "eval", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        return None  # a statement, or wrong altogether: the tree will tell
    return code

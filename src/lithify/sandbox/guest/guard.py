"""The soft limit: a signal that raises CellTimeout in the cell, and never in the middle of a frame."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

CELL_PREFIX = "<cell "
"""How the file name of every cell's code begins."""

_MESSAGE = "the cell ran out of time"


class CellTimeout(BaseException):
    """The cell ran out of time. Not an Exception, so that a cell's own `except Exception` lets it pass."""


class Guard:
    """Decides where CellTimeout may be raised: in a running cell's main thread, outside `with guard`.

    A cell that catches it, by a bare `except` in a loop say, meets it again at the next line it executes.
    """

    def __init__(self) -> None:
        self.armed = False
        self._depth = 0
        self._pending = False
        self._raised = False
        self._main = threading.get_ident()
        signal.signal(signal.SIGUSR1, self._on_signal)

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        if not self.armed:
            return  # it comes too late: the cell has ended
        if self._depth:
            self._pending = True
            return
        self._raise(frame)

    def _raise(self, frame: FrameType | None) -> None:
        self._raised = True
        if sys.version_info >= (3, 12):
            _watch_lines(self._on_line)
        else:
            sys.settrace(self._trace)
            while frame is not None:
                if frame.f_code.co_filename.startswith(CELL_PREFIX):
                    frame.f_trace = self._trace
                frame = frame.f_back
        raise CellTimeout(_MESSAGE)

    def _on_line(self, code: CodeType, _line: int) -> Any:
        if self.armed and code.co_filename.startswith(CELL_PREFIX):
            raise CellTimeout(_MESSAGE)
        return None

    def _trace(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """For 3.11: raises once; the interpreter then drops it, and the host's next signal sets it again."""
        if event == "line":
            self._on_line(frame.f_code, 0)
        return self._trace

    def __enter__(self) -> None:
        if threading.get_ident() == self._main:
            self._depth += 1

    def __exit__(self, *_: object) -> None:
        if threading.get_ident() == self._main:
            self._depth -= 1
            if not self._depth and self._pending:
                self._pending = False
                if self.armed:
                    self._raise(sys._getframe())

    def disarm(self) -> None:
        """The cell has ended: later signals mean nothing."""
        self.armed = False
        self._pending = False
        if self._raised:
            self._raised = False
            if sys.version_info >= (3, 12):
                _stop_watching_lines()
            elif sys.gettrace() == self._trace:
                sys.settrace(None)


if sys.version_info >= (3, 12):
    _TOOL = 4  # none of the tools that PEP 669 names

    def _watch_lines(callback: Callable[[CodeType, int], Any]) -> None:
        """Have the callback called before every line; what it raises is raised there, every time."""
        if sys.monitoring.get_tool(_TOOL) is None:
            sys.monitoring.use_tool_id(_TOOL, "lithify")
        sys.monitoring.register_callback(_TOOL, sys.monitoring.events.LINE, callback)
        sys.monitoring.set_events(_TOOL, sys.monitoring.events.LINE)

    def _stop_watching_lines() -> None:
        if sys.monitoring.get_tool(_TOOL) is not None:
            sys.monitoring.set_events(_TOOL, 0)
            sys.monitoring.free_tool_id(_TOOL)

"""An Observer that tells OpenTelemetry of runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithify.records.events import (
    CellFinished,
    CellStarted,
    Event,
    ModelCalled,
    RunFailed,
    RunFinished,
    RunResumed,
    RunStarted,
    ToolUsed,
)
from lithify.records.run import RunId
from lithify.telemetry import attributes

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

_NANO = 1_000_000_000


@dataclass(slots=True)
class _Open:
    """The span of a run that goes on, and that of its cell that is running."""

    run: Span
    cell: Span | None = None


class Spans:
    """Every run is a span: a root below whatever span is current where it was asked, a child below the cell that
    asked for it. Model calls, cells and tool uses lie below their run, sub-calls below their cell.

    tracer:  from the host application's own provider, or from `open_telemetry`
    content: put questions, prompts, replies, code, outputs and answers into the spans, too
    now:     nanoseconds since 1970
    """

    def __init__(self, tracer: Tracer, *, content: bool = False, now: Callable[[], int] = time.time_ns) -> None:
        self._tracer = tracer
        self._content = content
        self._now = now
        self._open: dict[RunId, _Open] = {}

    def notify(self, event: Event) -> None:
        """Take one event."""
        content = self._content
        match event:
            case RunStarted(run_id=run_id):
                above = self._open.get(event.parent) if event.parent else None
                span = self._begin("invoke_agent lithify", attributes.run_started(event, content=content), above)
                self._open[run_id] = _Open(span)
            case RunResumed(run_id=run_id):
                span = self._begin("invoke_agent lithify", attributes.run_resumed(event), None)
                self._open[run_id] = _Open(span)
            case RunFinished(result=result):
                self._end(result.run_id, attributes.run_finished(result, content=content), "")
            case RunFailed(run_id=run_id, kind=kind):
                self._end(run_id, attributes.run_failed(event, content=content), kind)
            case _:
                self._inside(event)

    def close(self) -> None:
        """End the spans of runs that have no end."""
        for run_id in list(self._open):
            self._end(run_id, {"error.type": "unfinished"}, "unfinished")

    def _inside(self, event: Event) -> None:
        content = self._content
        match event:
            case ModelCalled(recalled=False, run_id=run_id, model=model, error=error):
                found = attributes.model_called(event, content=content)
                failed = (event.kind or "error") if error else ""
                self._whole(attributes.model_span(model), found, run_id, event.seconds, failed)
            case CellStarted(run_id=run_id) if run_id in self._open:
                self._open[run_id].cell = self._begin("cell", {}, self._open[run_id])
            case CellFinished(run_id=run_id, result=result):
                kind = result.error.kind if result.error else ""
                found = attributes.cell_finished(event, content=content)
                open_ = self._open.get(run_id)
                if open_ is not None and open_.cell is not None:
                    cell, open_.cell = open_.cell, None
                    self._finish(cell, found, kind)
                else:
                    self._whole("cell", found, run_id, result.seconds, kind)
            case ToolUsed(run_id=run_id, tool=tool, seconds=seconds, error=error):
                found = attributes.tool_used(event, content=content)
                self._whole(f"execute_tool {tool}", found, run_id, seconds, "NotCovered" if error else "")
            case _:
                pass

    def _begin(self, name: str, found: attributes.Attributes, above: _Open | None, start: int | None = None) -> Span:
        from opentelemetry.trace import SpanKind, set_span_in_context

        parent = None if above is None else set_span_in_context(above.cell or above.run)
        kind = SpanKind.CLIENT if name.startswith("chat ") else SpanKind.INTERNAL
        return self._tracer.start_span(
            name, context=parent, kind=kind, attributes=found, start_time=self._now() if start is None else start
        )

    def _whole(self, name: str, found: attributes.Attributes, run_id: RunId, seconds: float, error: str) -> None:
        """A span of something that is over, and took so long."""
        start = self._now() - int(seconds * _NANO)
        self._finish(self._begin(name, found, self._open.get(run_id), start), {}, error)

    def _end(self, run_id: RunId, found: attributes.Attributes, error: str) -> None:
        ended = self._open.pop(run_id, None)
        if ended is None:
            return
        if ended.cell is not None:
            self._finish(ended.cell, {}, "Interrupted")
        self._finish(ended.run, found, error)

    def _finish(self, span: Span, found: attributes.Attributes, error: str) -> None:
        from opentelemetry.trace import Status, StatusCode

        span.set_attributes(found)
        if error:
            span.set_status(Status(StatusCode.ERROR, error))
        span.end(self._now())

"""What a completion tells while it runs: usage by model, iterations, the caller's callbacks, lines for `verbose`."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lithify.dropin.options import Options
from lithify.dropin.results import ModelUsageSummary, UsageSummary, Wire
from lithify.records.events import CellFinished, Event, ModelCalled, RouteChosen, RunFailed, RunFinished, RunStarted
from lithify.records.run import RunId
from lithify.records.visible import visible

_PREVIEW_CHARS = 80
_LINE_CHARS = 160


def bare(model: str) -> str:
    """A model's name without its provider, as rlms has it."""
    return model.partition(":")[2] or model


@dataclass(slots=True)
class Story:
    """What one root run told: iterations as rlms' logger keeps them, and what its models were asked."""

    root: RunId
    model: str
    usage: dict[str, ModelUsageSummary] = field(default_factory=dict)
    costs: dict[str, Decimal | None] = field(default_factory=dict)
    iterations: list[Wire] = field(default_factory=list)
    under_way: float = 0.0
    """Seconds of the iteration under way."""

    def add(self, event: ModelCalled) -> None:
        """Count one call, of whatever purpose and depth."""
        reply = event.reply
        name = bare(event.model)
        counted = self.usage.setdefault(name, ModelUsageSummary())
        counted.total_calls += 1
        counted.total_input_tokens += reply.input_tokens if reply else 0
        counted.total_output_tokens += reply.output_tokens if reply else 0
        before, cost = self.costs.get(name, Decimal(0)), reply.cost if reply else None
        total = None if before is None or cost is None else before + cost
        self.costs[name] = total
        counted.total_cost = None if total is None else float(total)

    @property
    def summary(self) -> UsageSummary:
        """Usage by model."""
        return UsageSummary(dict(self.usage))


class Watch:
    """An Observer of all completions of one RLM. Each root run has a Story, to be taken when it has ended."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._stories: dict[RunId, Story] = {}
        self._roots: dict[RunId, RunId] = {}
        self._children: dict[RunId, tuple[int, str]] = {}

    def take(self, root: RunId) -> Story:
        """The story of a run that has ended; it is forgotten here."""
        self._roots = {run: top for run, top in self._roots.items() if top != root}
        return self._stories.pop(root, Story(root, ""))

    def notify(self, event: Event) -> None:
        """Take one event."""
        match event:
            case RunStarted():
                self._start(event)
            case ModelCalled(run_id=run):
                self._called(self._of(run), event)
            case CellFinished(run_id=run):
                self._ran(self._of(run), event)
            case RunFinished(result=result):
                self._end(result.run_id, result.seconds, result.reason or None)
            case RunFailed(run_id=run, message=message, seconds=seconds):
                self._end(run, seconds, message)
            case RouteChosen(route=route, why=why):
                self._say(f"{route}: {why[-1] if why else ''}")

    def _of(self, run: RunId) -> Story | None:
        return self._stories.get(self._roots.get(run, run))

    def _start(self, event: RunStarted) -> None:
        if event.parent is None:
            self._roots[event.run_id] = event.run_id
            self._stories[event.run_id] = Story(event.run_id, event.model)
            return
        self._roots[event.run_id] = self._roots.get(event.parent, event.parent)
        self._children[event.run_id] = (event.depth, event.model)
        self._call("on_subcall_start", event.depth, event.model, event.question[:_PREVIEW_CHARS])

    def _called(self, story: Story | None, event: ModelCalled) -> None:
        if story is None:
            return
        story.add(event)
        if event.run_id != story.root or event.purpose not in ("root", "extract") or event.reply is None:
            return
        self._iteration_ends(story)
        number = len(story.iterations) + 1
        story.iterations.append(
            {
                "type": "iteration",
                "iteration": number,
                "response": event.reply.text,
                "code_blocks": [],
                "final_answer": None,
                "iteration_time": None,
            }
        )
        story.under_way = event.seconds
        self._call("on_iteration_start", 0, number)
        self._say(f"turn {number}: {event.reply.text}")

    def _ran(self, story: Story | None, event: CellFinished) -> None:
        if story is None or event.run_id != story.root or not story.iterations:
            return
        result, error = event.result, event.result.error
        story.under_way += result.seconds
        said: Wire = {
            "stdout": result.stdout,
            "stderr": "" if error is None else error.traceback or f"{error.kind}: {error.message}",
            "locals": {},
            "execution_time": result.seconds,
            "rlm_calls": [],
            "final_answer": None,
        }
        story.iterations[-1]["code_blocks"].append({"code": event.code, "result": said})
        self._say(f"  {'ok' if result.ok else said['stderr']}: {result.stdout}")

    def _iteration_ends(self, story: Story) -> None:
        if story.iterations and story.iterations[-1]["iteration_time"] is None:
            story.iterations[-1]["iteration_time"] = story.under_way
            self._call("on_iteration_complete", 0, len(story.iterations), story.under_way)

    def _end(self, run: RunId, seconds: float, error: str | None) -> None:
        story = self._stories.get(run)
        if story is not None:
            self._iteration_ends(story)
        child = self._children.pop(run, None)
        if child is not None:
            depth, model = child
            self._call("on_subcall_complete", depth, model, seconds, error)

    def _call(self, name: str, *arguments: object) -> None:
        callback: Callable[..., Any] | None = self._options.get(name)  # type: ignore[assignment] # a callback or None
        if callback is None:
            return
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001 - the caller's own code; as in rlms, it does not end the run
            warnings.warn(f"{name} raised {type(error).__name__}: {error}", RuntimeWarning, stacklevel=2)

    def _say(self, text: str) -> None:
        if self._options.get("verbose"):
            line = visible(" ".join(text.split()))
            sys.stderr.write(f"rlm: {line if len(line) <= _LINE_CHARS else line[:_LINE_CHARS] + '…'}\n")

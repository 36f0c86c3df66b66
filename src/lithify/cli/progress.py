"""What is known of a run that goes on, in one line. Pure."""

from __future__ import annotations

from decimal import Decimal

from lithify.records.events import (
    CandidateProposed,
    CellFinished,
    CellStarted,
    Event,
    GateJudged,
    ModelCalled,
    ModelRetried,
    RouteChosen,
    RunFailed,
    RunFinished,
    RunStarted,
    SubCallsProgressed,
    ToolUsed,
)
from lithify.records.model import Usage
from lithify.records.run import Limits, RunId


class Progress:
    """Follows one root run by its events. What its child runs spend counts; what they do is part of a cell."""

    def __init__(self) -> None:
        self._limits: Limits | None = None
        self._children: dict[RunId, bool] = {}
        self._turn = 0
        self._subcalls = (0, 0)
        self._usage = Usage()
        self._doing = ""

    def is_of_child(self, event: Event) -> bool:
        """Whether the event is of a child run."""
        return (event.result.run_id if isinstance(event, RunFinished) else event.run_id) in self._children

    def take(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, ModelCalled) and event.reply is not None:
            self._usage = self._usage.plus(event.reply)
        match event:
            case RunStarted(run_id=run_id, parent=parent, setup=setup):
                if parent is not None:
                    self._children[run_id] = True
                elif setup is not None:
                    self._limits = setup.limits
            case RunFinished() | RunFailed() if self.is_of_child(event):
                self._children[event.result.run_id if isinstance(event, RunFinished) else event.run_id] = False
            case _ if not self.is_of_child(event):
                self._of_root(event)
            case _:
                pass

    def _of_root(self, event: Event) -> None:
        match event:
            case RouteChosen(route="explore"):
                self._doing = "asking the model"
            case ModelCalled(purpose="root" | "extract", turn=turn):
                self._turn = turn
                self._doing = "reading the reply"
            case ModelRetried(retry=retry):
                why = "too many requests" if retry.rate_limited else "the model failed"
                self._doing = f"{why}, attempt {retry.attempt + 1} in {retry.wait:.0f} s"
            case CellStarted(turn=turn):
                self._turn, self._subcalls = turn, (0, 0)
                self._doing = "running a cell"
            case CellFinished(turn=turn):
                self._turn, self._subcalls = turn, (0, 0)
                self._doing = "asking the model"
            case SubCallsProgressed(done=done, total=total):
                self._subcalls = (done, total)
            case ToolUsed(tool=tool):
                self._doing = f"{tool} was run"
            case CandidateProposed(candidate=str(), function=function):
                self._doing = f"candidate {function}: at the gates"
            case GateJudged(result=result):
                self._doing = f"gate {result.gate}: {result.outcome}"
            case _:
                pass

    def line(self) -> str:
        """Turn, sub-calls, child runs, tokens, money, and what is going on; "" before there is anything to say."""
        parts = []
        if self._turn:
            of = f" of {self._limits.turns}" if self._limits else ""
            parts.append(f"turn {self._turn}{of}")
        done, total = self._subcalls
        if total:
            parts.append(f"sub-calls {done:,} of {total:,}")
        if any(self._children.values()):
            ended = sum(not running for running in self._children.values())
            parts.append(f"child runs {ended:,} of {len(self._children):,}")
        if self._usage.model_calls:
            parts.append(f"{self._usage.input_tokens + self._usage.output_tokens:,} tokens")
            parts.append(self._money())
        if self._doing:
            parts.append(self._doing)
        return " · ".join(part for part in parts if part)

    def _money(self) -> str:
        limit: Decimal | None = None if self._limits is None else self._limits.cost
        if self._usage.unpriced_calls == self._usage.model_calls:
            return "unpriced"
        more = " and unpriced calls" if self._usage.unpriced_calls else ""
        return f"${self._usage.cost:.4f}{more}" + (f" of ${limit:.2f}" if limit is not None else "")

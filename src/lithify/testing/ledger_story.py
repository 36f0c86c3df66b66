"""What the tests of a ledger are told with: a clock and processes to be set, events with sensible values, checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from lithify.errors import LithifyError
from lithify.ledger.processes import ProcessMark
from lithify.ports import Ledger
from lithify.records.cell import CellError, CellResult
from lithify.records.events import CellFinished, ModelCalled, Purpose, RouteChosen, RunFinished, RunStarted
from lithify.records.model import ModelReply
from lithify.records.plain import Plain
from lithify.records.run import Route, RunId, RunResult, ToolRef

Value = TypeVar("Value")
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class SetClock:
    """A clock that goes on by a second with every look, and can be set."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time."""
        self.now += timedelta(seconds=1)
        return self.now


class SetProcesses:
    """Processes whose life is set by the test: this one has the mark `here`; alive is what is said of it."""

    def __init__(self) -> None:
        self.mark = ProcessMark(node="n", boot="b", namespace="pid:[1]", pid=4711, started=42)
        self.alive_answer: bool | None = True

    def here(self) -> ProcessMark:
        """The mark."""
        return self.mark

    def alive(self, mark: ProcessMark) -> bool | None:
        """What was set, for the mark that here gave."""
        same(mark, self.mark)
        return self.alive_answer


def same(actual: Value, expected: Value) -> None:
    """Fail unless both are equal, types of booleans and numbers included."""
    if actual != expected or repr(actual) != repr(expected):
        raise AssertionError(f"got\n  {actual!r}\nexpected\n  {expected!r}")


def refused(kind: type[LithifyError], act: Callable[[], object], *words: str) -> None:
    """Fail unless act raises an error of this kind whose message holds every word."""
    try:
        act()
    except kind as error:
        missing = [word for word in words if word not in str(error)]
        if missing:
            raise AssertionError(f"{missing} not in {str(error)!r}") from error
        return
    raise AssertionError(f"no {kind.__name__} was raised")


def started(run_id: str, family: str = "how many <n>", question: str = "How many errors?") -> RunStarted:
    """A run's start."""
    return RunStarted(
        run_id=RunId(run_id),
        question=question,
        sources=("a.log", "b/ü.log"),
        context_digest="d" * 64,
        context_size=1234,
        model="test:model",
        ephemeral=False,
        family=family,
        prompt_digest="p1",
    )


def reply(text: str = "words", *, tokens: tuple[int, int] = (100, 10), cost: str | None = "0.0015") -> ModelReply:
    """A model's reply."""
    return ModelReply(
        text=text,
        model="test:model-1",
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        cost=None if cost is None else Decimal(cost),
        seconds=0.5,
        attempts=2,
        finish="length",
    )


def called(run_id: str, answer: ModelReply | None, turn: int = 1, purpose: Purpose = "root") -> ModelCalled:
    """A model call."""
    return ModelCalled(
        run_id=RunId(run_id),
        turn=turn,
        purpose=purpose,
        model="test:model",
        prompt="the last message",
        reply=answer,
        seconds=0.75,
        error="" if answer else "503 from the server",
    )


def cell(run_id: str, result: CellResult, turn: int = 1, index: int = 0, code: str = "1 + 1") -> CellFinished:
    """A cell that ran."""
    return CellFinished(run_id=RunId(run_id), turn=turn, index=index, code=code, result=result)


def finished(run_id: str, route: Route = "explore", answer: Plain = 42, seconds: float = 2.0) -> RunFinished:
    """A run's good end."""
    tool = ToolRef(name="count_errors", version=3, commit="c" * 40) if route == "replay" else None
    result = RunResult(
        run_id=RunId(run_id), answer=answer, route=route, complete=True, seconds=seconds, tool=tool, why=("because",)
    )
    return RunFinished(result=result)


def explored(ledger: Ledger, run_id: str) -> None:
    """A run with two turns: a failed call, two cells, a sub-call, and an extraction at the end."""
    run = RunId(run_id)
    ledger.notify(started(run_id))
    ledger.notify(RouteChosen(run_id=run, route="explore", why=("no recipe", "is new")))
    ledger.notify(called(run_id, None))
    ledger.notify(called(run_id, reply("turn one")))
    ledger.notify(cell(run_id, CellResult(value=1), code="x = 1"))
    ledger.notify(called(run_id, reply("sub", tokens=(50, 2), cost=None), purpose="sub"))
    error = CellError(kind="NameError", message="boom", line=1, traceback="line 1")
    ledger.notify(cell(run_id, CellResult(error=error, seconds=0.25), index=1, code="boom"))
    ledger.notify(called(run_id, reply("turn two", tokens=(200, 10), cost=None), turn=2, purpose="extract"))
    ledger.notify(finished(run_id))


def spend(ledger: Ledger, run_id: str, family: str, route: Route, costs: list[str | None]) -> None:
    """A finished run of two seconds with one call of 110 tokens for each cost."""
    ledger.notify(started(run_id, family=family))
    for cost in costs:
        ledger.notify(called(run_id, reply(cost=cost)))
    ledger.notify(finished(run_id, route))

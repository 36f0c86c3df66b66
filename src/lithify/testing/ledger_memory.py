"""A ledger that forgets: the Ledger port in memory, for tests and for asking without a trace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias, TypeVar

from lithify.errors import ProgrammerMustAct
from lithify.ledger.bounds import TEXT_CHARS, fitting, kept
from lithify.ledger.clock import Clock, utc_now
from lithify.ledger.costing import Spend, cost_rows, total_usage
from lithify.ledger.finding import the_one
from lithify.ledger.processes import LocalProcesses, Processes, ProcessMark, state_without_end
from lithify.ledger.recall import PastCall, Recalled
from lithify.ledger.setups import setup_of, setup_plain
from lithify.ledger.trajectory import CandidateParts, turns
from lithify.ledger.tree import descendants, resumable, together
from lithify.ports import Recall
from lithify.records.events import (
    CandidateProposed,
    CandidateRejected,
    CellFinished,
    CellStarted,
    Event,
    GateJudged,
    HostAnswered,
    ModelCalled,
    ModelRetried,
    ModelText,
    RouteChosen,
    RunFailed,
    RunFinished,
    RunResumed,
    RunStarted,
    SubCallsProgressed,
    ToolChecked,
    ToolKept,
    ToolUsed,
)
from lithify.records.ledger import (
    Acceptance,
    CostGroup,
    CostRow,
    RecordedCall,
    RecordedCandidate,
    RecordedCell,
    RecordedGate,
    RecordedRoute,
    Rejection,
    RunDetail,
    RunState,
    RunSummary,
)
from lithify.records.model import Usage
from lithify.records.run import Route, RunResult
from lithify.records.uses import ToolCheck, ToolUse

_OfRun: TypeAlias = (
    RunResumed
    | RouteChosen
    | ModelCalled
    | HostAnswered
    | CellFinished
    | ToolUsed
    | ToolChecked
    | CandidateProposed
    | GateJudged
    | ToolKept
    | CandidateRejected
)
_Kind = TypeVar("_Kind", bound=_OfRun)


class _Events:
    """What was told, in order, and what may be told."""

    def __init__(self, *, clock: Clock = utc_now, processes: Processes | None = None) -> None:
        self._clock = clock
        self._processes = processes or LocalProcesses()
        self._starts: dict[str, tuple[datetime, ProcessMark, RunStarted]] = {}
        self._ends: dict[str, dict[int, RunFinished | RunFailed]] = defaultdict(dict)
        self._events: list[tuple[datetime, _OfRun]] = []
        self._resumed: dict[str, list[tuple[datetime, ProcessMark]]] = defaultdict(list)
        self._closed = False

    def notify(self, event: Event) -> None:
        """Record one event."""
        self._check_open()
        event, at = kept(event), self._clock().astimezone(UTC)
        match event:
            case SubCallsProgressed() | ModelText() | ModelRetried() | CellStarted():
                return
            case ModelCalled(recalled=True):
                return
            case RunStarted():
                self._start(at, event)
            case RunFinished(result=result):
                self._end(result.run_id, event)
            case RunFailed():
                self._end(event.run_id, event)
            case _:
                if not isinstance(event, GateJudged | ToolKept | CandidateRejected):
                    self._check_started(event.run_id)
                if isinstance(event, RunResumed):
                    if event.attempt != len(self._resumed[event.run_id]) + 1:
                        raise ProgrammerMustAct(f"run {event.run_id} was resumed before: resume it once at a time")
                    self._resumed[event.run_id].append((at, self._processes.here()))
                self._events.append((at, event))

    def _start(self, at: datetime, event: RunStarted) -> None:
        if event.parent is not None:
            self._check_started(event.parent)
        elif event.run_id in self._starts:
            raise ProgrammerMustAct(f"run {event.run_id} was started before: start a run once")
        self._starts.setdefault(event.run_id, (at, self._processes.here(), event))

    def _end(self, run_id: str, event: RunFinished | RunFailed) -> None:
        self._check_started(run_id)
        self._ends[run_id].setdefault(len(self._resumes(run_id)), event)

    def close(self) -> None:
        """Refuse whatever comes after."""
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise ProgrammerMustAct("the ledger is closed: open it again")

    def _check_started(self, run_id: str) -> None:
        if run_id not in self._starts:
            raise ProgrammerMustAct(f"run {run_id} was never started: start a run first")

    def _newest(self) -> list[str]:
        return list(reversed(self._starts))

    def _all(self, kind: type[_Kind], run_id: str | None = None) -> Iterator[tuple[datetime, _Kind]]:
        for at, event in self._events:
            if isinstance(event, kind) and run_id in (None, event.run_id):
                yield at, event

    def _root(self, run_id: str) -> str:
        parent = self._starts[run_id][2].parent
        return run_id if parent is None else self._root(parent)

    def _resumes(self, run_id: str) -> list[tuple[datetime, ProcessMark]]:
        return self._resumed[self._root(run_id)]

    def _the_end(self, run_id: str) -> RunFinished | RunFailed | None:
        ends = self._ends[run_id]
        good = [end for end in ends.values() if isinstance(end, RunFinished)]
        return good[-1] if good else ends.get(len(self._resumes(run_id)))


class MemoryLedger(_Events):
    """The Ledger port over lists. What it answers is what the SQLite ledger answers: one conformance suite says so."""

    def runs(self, limit: int = 20) -> list[RunSummary]:
        """The last roots, newest first."""
        self._check_open()
        return self._roots()[:limit]

    def run(self, run_id: str) -> RunDetail:
        """One run with its whole trajectory."""
        self._check_open()
        return self._detail(the_one(run_id, self._newest()))

    def costs(self, by: CostGroup) -> list[CostRow]:
        """What runs spent, one row per group and route."""
        self._check_open()
        return cost_rows([_spend(run) for run in self._roots() if not run.origin], by)

    def recall(self, run_id: str) -> Recall:
        """What a root run and its child runs got so far."""
        self._check_open()
        root = the_one(run_id, self._newest())
        return Recalled(
            [_past(at, called) for at, called in self._all(ModelCalled) if self._root(called.run_id) == root],
            {
                (answer.run_id, answer.name, answer.nth): fitting(answer.value, TEXT_CHARS)[0]
                for _, answer in self._all(HostAnswered)
                if fitting(answer.value, TEXT_CHARS)[1]
            },
            {cell.run_id: at for at, cell in self._all(CellFinished)},
            {one: start.parent for one, (_, _, start) in self._starts.items()},
        )

    def tools_used(self, run_id: str) -> list[str]:
        """The kept tools that a run used, by name."""
        self._check_open()
        return sorted({used.tool for _, used in self._all(ToolUsed, run_id)})

    def tool_uses(self, tool: str, *, failed: bool = False) -> list[ToolUse]:
        """Every use of a kept tool, oldest first."""
        self._check_open()
        mine = [(at, used) for at, used in self._all(ToolUsed) if used.tool == tool]
        return [self._tool_use(at, used) for at, used in mine if used.error or not failed]

    def tool_checks(self, tool: str) -> list[ToolCheck]:
        """Every check of a kept tool's answers, oldest first."""
        self._check_open()
        return [self._tool_check(at, check) for at, check in self._all(ToolChecked) if check.tool == tool]

    def _roots(self) -> list[RunSummary]:
        whole = together([self._summary(run_id) for run_id in self._starts])
        return [run for run in reversed(whole.values()) if run.parent is None]

    def _summary(self, run_id: str) -> RunSummary:
        """One run with what it spent itself."""
        started_at, mark, start = self._starts[run_id]
        end = self._the_end(run_id)
        result = end.result if isinstance(end, RunFinished) else None
        calls = [called for _, called in self._all(ModelCalled, run_id)]
        usage = Usage()
        for called in calls:
            usage = usage.plus(called.reply) if called.reply else usage
        resumes = self._resumes(run_id)
        since, by = resumes[-1] if resumes else (started_at, mark)
        state = self._state(end, by, since)
        return RunSummary(
            run_id=run_id,
            started_at=started_at,
            question=start.question,
            family=start.family,
            sources=start.sources,
            model=start.model,
            state=state,
            route=result.route if result else self._last_route(run_id),
            tool=result.tool if result else None,
            usage=usage,
            failed_calls=sum(called.reply is None for called in calls),
            seconds=_seconds(end),
            complete=result.complete if result else False,
            reason=result.reason if result else "",
            error=f"{end.kind}: {end.message}" if isinstance(end, RunFailed) else "",
            parent=start.parent,
            depth=start.depth,
            origin=start.origin,
            resumed=len(resumes),
            resumable=resumable(state, start.parent, start.setup is not None),
        )

    def _last_route(self, run_id: str) -> Route | None:
        routes = [chosen.route for _, chosen in self._all(RouteChosen, run_id)]
        return routes[-1] if routes else None

    def _state(self, end: RunFinished | RunFailed | None, mark: ProcessMark, started_at: datetime) -> RunState:
        if end is None:
            return state_without_end(self._processes.alive(mark), started_at, self._clock())
        if isinstance(end, RunFinished):
            return "finished"
        return "interrupted" if end.kind == "Interrupted" else "failed"

    def _detail(self, run_id: str) -> RunDetail:
        _, _, start = self._starts[run_id]
        end = self._the_end(run_id)
        tree = together([self._summary(one) for one in self._starts if self._root(one) == self._root(run_id)])
        result: RunResult | None = end.result if isinstance(end, RunFinished) else None
        answer, answer_kept = fitting(result.answer if result else None, TEXT_CHARS)
        calls = [_call(at, called) for at, called in self._all(ModelCalled, run_id)]
        cells = [(cell.turn, _cell(at, cell)) for at, cell in self._all(CellFinished, run_id)]
        routes = [(at, chosen) for at, chosen in self._all(RouteChosen, run_id)]
        return RunDetail(
            summary=tree[run_id],
            context_digest=start.context_digest,
            context_size=start.context_size,
            ephemeral=start.ephemeral,
            prompt_digest=start.prompt_digest,
            routes=tuple(RecordedRoute(at=at, route=chosen.route, why=chosen.why) for at, chosen in routes),
            turns=turns(calls, cells),
            tool_uses=tuple(self._tool_use(at, used) for at, used in self._all(ToolUsed, run_id)),
            answer=answer,
            answer_kept=answer_kept,
            citations=result.citations if result else (),
            seed=start.seed,
            setup=start.setup and setup_of(setup_plain(start.setup)),
            descendants=descendants(run_id, tuple(tree.values())),
            candidates=self._candidates(run_id).together(),
        )

    def _tool_check(self, at: datetime, check: ToolChecked) -> ToolCheck:
        _, _, start = self._starts[check.run_id]
        return ToolCheck(
            at=at,
            run_id=check.run_id,
            question=start.question,
            context_digest=start.context_digest,
            tool=check.tool,
            version=check.version,
            by=check.by,
            agreed=check.agreed,
            derived=fitting(check.derived, TEXT_CHARS)[0],
            why=check.why,
            check_run=check.check_run,
        )

    def _tool_use(self, at: datetime, used: ToolUsed) -> ToolUse:
        _, _, start = self._starts[used.run_id]
        return ToolUse(
            at=at,
            run_id=used.run_id,
            question=start.question,
            context_digest=start.context_digest,
            tool=used.tool,
            version=used.version,
            arguments=used.arguments,
            seconds=used.seconds,
            error=used.error,
        )

    def _candidates(self, run_id: str) -> CandidateParts:
        parts = CandidateParts()
        for _, proposed in self._all(CandidateProposed, run_id):
            parts.proposals.append(
                RecordedCandidate(candidate=proposed.candidate, function=proposed.function, why=proposed.why)
            )
        for at, judged in self._all(GateJudged, run_id):
            parts.gates.append((judged.candidate, RecordedGate(at=at, result=judged.result)))
        for at, accepted in self._all(ToolKept, run_id):
            parts.accepted.append((accepted.candidate, _acceptance(at, accepted)))
        for at, refused in self._all(CandidateRejected, run_id):
            parts.rejected.append((refused.candidate, Rejection(at=at, reason=refused.reason)))
        return parts


def _seconds(end: RunFinished | RunFailed | None) -> float | None:
    if end is None:
        return None
    return end.result.seconds if isinstance(end, RunFinished) else end.seconds


def _call(at: datetime, called: ModelCalled) -> RecordedCall:
    return RecordedCall(
        at=at,
        turn=called.turn,
        purpose=called.purpose,
        model=called.model,
        prompt=called.prompt,
        reply=called.reply,
        seconds=called.seconds,
        error=called.error,
        system=called.system,
    )


def _past(at: datetime, called: ModelCalled) -> PastCall:
    return PastCall(
        run_id=called.run_id,
        at=at,
        digest=called.digest,
        nth=called.nth,
        reply=called.reply,
        kind=called.kind,
        error=called.error,
    )


def _cell(at: datetime, cell: CellFinished) -> RecordedCell:
    return RecordedCell(at=at, index=cell.index, code=cell.code, result=cell.result, lost=cell.lost)


def _acceptance(at: datetime, accepted: ToolKept) -> Acceptance:
    return Acceptance(
        at=at,
        tool=accepted.tool,
        version=accepted.version,
        commit=accepted.commit,
        approved_by=accepted.approved_by,
        cost=accepted.cost,
    )


def _spend(summary: RunSummary) -> Spend:
    finished = summary.state == "finished"
    priced = finished and not summary.usage.unpriced_calls
    return Spend(
        day=summary.started_at.date().isoformat(),
        family=summary.family,
        route=summary.route,
        runs=1,
        usage=total_usage([summary.usage]),
        failed_calls=summary.failed_calls,
        ended=int(summary.seconds is not None),
        seconds=summary.seconds or 0.0,
        finished=int(finished),
        finished_tokens=summary.usage.input_tokens + summary.usage.output_tokens if finished else 0,
        priced=int(priced),
        priced_cost=summary.usage.cost if priced else Decimal(0),
    )

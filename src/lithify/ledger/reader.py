"""Reading the ledger file: the queries, and their rows put together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from lithify.ledger import queries, tables, uses
from lithify.ledger.citations import citations_of
from lithify.ledger.clock import Clock
from lithify.ledger.costing import cost_rows
from lithify.ledger.engine import open_engine, problems
from lithify.ledger.finding import the_one
from lithify.ledger.processes import Processes, ProcessMark, state_without_end
from lithify.ledger.recall import Recalled
from lithify.ledger.setups import setup_of
from lithify.ledger.trajectory import CandidateParts, turns
from lithify.ledger.tree import descendants, together
from lithify.ports import Recall
from lithify.records.ledger import (
    Acceptance,
    CostGroup,
    CostRow,
    RecordedCandidate,
    RecordedGate,
    RecordedRoute,
    Rejection,
    RunDetail,
    RunState,
    RunSummary,
)
from lithify.records.tool import GateResult


class Reader:
    """The queries of the Ledger port over a file whose schema is prepared. Each sees one moment of the file."""

    def __init__(self, path: Path, clock: Clock, processes: Processes, busy_seconds: float) -> None:
        self._path = path
        self._clock = clock
        self._processes = processes
        self._engine = open_engine(path, busy_seconds)

    def runs(self, limit: int) -> list[RunSummary]:
        """The last runs, newest first."""
        with self._reading() as connection:
            rows = connection.execute(queries.roots(limit)).all()
        return [queries.summary_of(row, self._state_without_end) for row in rows]

    def run(self, run_id: str) -> RunDetail:
        """One run with its whole trajectory."""
        with self._reading() as connection:
            return self._detail(connection, _the_one(connection, run_id))

    def recall(self, run_id: str) -> Recall:
        """What a root run and its child runs got so far."""
        with self._reading() as connection:
            return _recalled(connection, _the_one(connection, run_id))

    def costs(self, by: CostGroup) -> list[CostRow]:
        """What runs spent, one row per group and route."""
        with self._reading() as connection:
            rows = connection.execute(queries.spends()).all()
        return cost_rows(map(queries.spend_of, rows), by)

    def close(self) -> None:
        """Release the connections."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with problems(self._path), self._engine.connect() as connection:
            yield connection

    def _state_without_end(self, mark: ProcessMark, started_at: datetime) -> RunState:
        return state_without_end(self._processes.alive(mark), started_at, self._clock())

    def _detail(self, connection: Connection, run_id: str) -> RunDetail:
        root = select(tables.RUN.c.root).where(tables.RUN.c.id == run_id)
        rows = connection.execute(queries.tree(connection.execute(root).scalar_one())).all()
        runs = together([queries.summary_of(one, self._state_without_end) for one in rows])
        row = next(one for one in rows if one.id == run_id)
        calls = connection.execute(_of_run(tables.MODEL_CALL, run_id)).all()
        cells = connection.execute(_of_run(tables.CELL, run_id)).all()
        routes = connection.execute(_of_run(tables.ROUTE, run_id)).all()
        used = connection.exec_driver_sql(uses.OF_RUN, (run_id,)).all()
        return RunDetail(
            summary=runs[run_id],
            context_digest=row.context_digest,
            context_size=row.context_size,
            ephemeral=row.ephemeral,
            prompt_digest=row.prompt_digest,
            routes=tuple(RecordedRoute(at=one.at, route=one.route, why=tuple(one.why)) for one in routes),
            turns=turns(map(queries.call_of, calls), [(one.turn, queries.cell_of(one)) for one in cells]),
            tool_uses=tuple(map(uses.use_of, used)),
            answer=row.answer,
            answer_kept=row.answer_kept is not False,
            citations=citations_of(row.citations),
            seed=row.seed,
            setup=setup_of(row.setup),
            descendants=descendants(run_id, tuple(runs.values())),
            candidates=_candidates(connection, run_id).together(),
        )


def _the_one(connection: Connection, run_id: str) -> str:
    if connection.scalar(select(tables.RUN.c.id).where(tables.RUN.c.id == run_id)) is not None:
        return run_id
    ids = connection.scalars(select(tables.RUN.c.id).order_by(tables.RUN.c.seq.desc())).all()
    return the_one(run_id, ids)


def _recalled(connection: Connection, root: str) -> Recalled:
    runs = connection.execute(select(tables.RUN.c.id, tables.RUN.c.parent).where(tables.RUN.c.root == root)).all()
    members = select(tables.RUN.c.id).where(tables.RUN.c.root == root)

    def of_tree(table: Table) -> Select[Any]:
        return table.select().where(table.c.run_id.in_(members)).order_by(table.c.seq)

    answers = connection.execute(of_tree(tables.HOST_ANSWER).where(tables.HOST_ANSWER.c.kept)).all()
    cells = connection.execute(of_tree(tables.CELL)).all()
    return Recalled(
        [queries.past_call_of(row) for row in connection.execute(of_tree(tables.MODEL_CALL))],
        {(row.run_id, row.name, row.nth): row.value for row in answers},
        {row.run_id: row.at for row in cells},
        {row.id: row.parent for row in runs},
    )


def _of_run(table: Table, run_id: str) -> Select[Any]:
    return table.select().where(table.c.run_id == run_id).order_by(table.c.seq)


def _candidates(connection: Connection, run_id: str) -> CandidateParts:
    parts = CandidateParts()
    for row in connection.execute(_of_run(tables.CANDIDATE, run_id)):
        parts.proposals.append(RecordedCandidate(candidate=row.candidate, function=row.function, why=row.why))
    for row in connection.execute(_of_run(tables.GATE, run_id)):
        result = GateResult(
            gate=row.gate, outcome=row.outcome, evidence=row.evidence, remedy=row.remedy, seconds=row.seconds
        )
        parts.gates.append((row.candidate, RecordedGate(at=row.at, result=result)))
    for row in connection.execute(_of_run(tables.TOOL_KEPT, run_id)):
        acceptance = Acceptance(
            at=row.at,
            tool=row.tool,
            version=row.version,
            commit=row.tool_commit,
            approved_by=row.approved_by,
            cost=row.cost,
        )
        parts.accepted.append((row.candidate, acceptance))
    for row in connection.execute(_of_run(tables.CANDIDATE_REJECTED, run_id)):
        parts.rejected.append((row.candidate, Rejection(at=row.at, reason=row.reason)))
    return parts

"""What is asked of the tables, and the rows as records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select

from lithify.ledger.costing import Spend
from lithify.ledger.processes import ProcessMark
from lithify.ledger.recall import PastCall
from lithify.ledger.tables import MODEL_CALL, ROUTE, RUN, RUN_END, RUN_RESUME
from lithify.ledger.tree import resumable
from lithify.records.cell import CellError, CellResult
from lithify.records.ledger import RecordedCall, RecordedCell, RunState, RunSummary
from lithify.records.model import ModelReply, Usage
from lithify.records.run import ToolRef

AnyRow: TypeAlias = "Row[Any]"
StateWithoutEnd: TypeAlias = Callable[[ProcessMark, datetime], RunState]

_ANSWERED = MODEL_CALL.c.input_tokens.is_not(None)
_UNPRICED = and_(_ANSWERED, MODEL_CALL.c.cost.is_(None))
_LAST_RESUME = (
    select(RUN_RESUME.c.run_id, func.count().label("resumed"), func.max(RUN_RESUME.c.seq).label("seq"))
    .group_by(RUN_RESUME.c.run_id)
    .subquery("last_resume")
)
"""Of each root that was resumed how often, and its last one."""


def _the_end() -> Any:
    """The end that counts, of each run: a good one if there is any, else that of the last attempt."""
    ranked = select(
        RUN_END,
        func.row_number()
        .over(partition_by=RUN_END.c.run_id, order_by=(RUN_END.c.error_kind.is_not(None), RUN_END.c.attempt.desc()))
        .label("rank"),
    ).subquery("ranked")
    return select(ranked).where(ranked.c.rank == 1).subquery("the_end")


_END = _the_end()
_ENDED = and_(
    _END.c.run_id == RUN.c.id,
    or_(_END.c.error_kind.is_(None), _END.c.attempt == func.coalesce(_LAST_RESUME.c.resumed, 0)),
)
_ROUTE: ColumnElement[str | None] = func.coalesce(
    _END.c.route,
    select(ROUTE.c.route).where(ROUTE.c.run_id == RUN.c.id).order_by(ROUTE.c.seq.desc()).limit(1).scalar_subquery(),
)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _usage(per: ColumnElement[str], chosen: Select[tuple[str]] | None = None) -> Any:
    """One row per run (per = RUN.c.id) or per tree (RUN.c.root) with calls: what they spent."""
    usage = (
        select(
            per.label("of"),
            _count(_ANSWERED).label("calls"),
            _count(MODEL_CALL.c.input_tokens.is_(None)).label("failed_calls"),
            func.coalesce(func.sum(MODEL_CALL.c.input_tokens), 0).label("input_tokens"),
            func.coalesce(func.sum(MODEL_CALL.c.output_tokens), 0).label("output_tokens"),
            func.sum(MODEL_CALL.c.cost).label("cost"),
            _count(_UNPRICED).label("unpriced"),
        )
        .join_from(MODEL_CALL, RUN, RUN.c.id == MODEL_CALL.c.run_id)
        .group_by(per)
    )
    return (usage if chosen is None else usage.where(per.in_(chosen))).subquery("usage")


def roots(limit: int) -> Select[Any]:
    """The last roots, newest first, each with its end, its child runs counted, and what the whole tree spent."""
    latest = select(RUN.c.id).where(RUN.c.parent.is_(None)).order_by(RUN.c.seq.desc()).limit(limit)
    below = RUN.alias("below")
    children = select(func.count() - 1).where(below.c.root == RUN.c.id).scalar_subquery()
    usage = _usage(RUN.c.root, latest)
    return (
        _summaries(usage).add_columns(children.label("children")).where(RUN.c.id.in_(latest)).order_by(RUN.c.seq.desc())
    )


def tree(root: str) -> Select[Any]:
    """The runs of one tree in the order of starting, each with its end and what it spent itself."""
    members = select(RUN.c.id).where(RUN.c.root == root)
    usage = _usage(RUN.c.id, members)
    return _summaries(usage).add_columns(literal(0).label("children")).where(RUN.c.root == root).order_by(RUN.c.seq)


def _summaries(usage: Any) -> Select[Any]:
    return (
        select(
            RUN,
            _END.c.run_id.label("ended"),
            _END.c.seconds,
            _END.c.error_kind,
            _END.c.error_message,
            _END.c.complete,
            _END.c.reason,
            _END.c.answer,
            _END.c.answer_kept,
            _END.c.tool,
            _END.c.tool_version,
            _END.c.tool_commit,
            _END.c.citations,
            _ROUTE.label("route"),
            func.coalesce(_LAST_RESUME.c.resumed, 0).label("resumed"),
            RUN_RESUME.c.process.label("resumed_by"),
            RUN_RESUME.c.at.label("resumed_at"),
            *(column for column in usage.c if column.name != "of"),
        )
        .outerjoin_from(RUN, _LAST_RESUME, _LAST_RESUME.c.run_id == RUN.c.root)
        .outerjoin(RUN_RESUME, RUN_RESUME.c.seq == _LAST_RESUME.c.seq)
        .outerjoin(_END, _ENDED)
        .outerjoin(usage, usage.c.of == RUN.c.id)
    )


def spends() -> Select[Any]:
    """One row per day, question family and route. Child runs are part of their root; imported runs cost us nothing."""
    usage = _usage(RUN.c.root)
    unpriced = func.coalesce(usage.c.unpriced, 0)
    runs = (
        select(
            func.substr(RUN.c.started_at, 1, 10, type_=RUN.c.id.type).label("day"),
            RUN.c.family,
            _ROUTE.label("route"),
            _END.c.seconds,
            and_(_END.c.run_id.is_not(None), _END.c.error_kind.is_(None)).label("finished"),
            func.coalesce(usage.c.calls, 0).label("calls"),
            func.coalesce(usage.c.failed_calls, 0).label("failed_calls"),
            func.coalesce(usage.c.input_tokens, 0).label("input_tokens"),
            func.coalesce(usage.c.output_tokens, 0).label("output_tokens"),
            func.coalesce(usage.c.cost, 0).label("cost"),
            unpriced.label("unpriced"),
        )
        .outerjoin_from(RUN, _LAST_RESUME, _LAST_RESUME.c.run_id == RUN.c.id)
        .outerjoin(_END, _ENDED)
        .outerjoin(usage, usage.c.of == RUN.c.id)
        .where(RUN.c.parent.is_(None), RUN.c.origin == "")
        .subquery("runs")
    )
    return _grouped(runs)


def _grouped(runs: Any) -> Select[Any]:
    priced = and_(runs.c.finished, runs.c.unpriced == 0)
    tokens = runs.c.input_tokens + runs.c.output_tokens
    return select(
        runs.c.day,
        runs.c.family,
        runs.c.route,
        func.count().label("runs"),
        func.count(runs.c.seconds).label("ended"),
        func.coalesce(func.sum(runs.c.seconds), 0.0).label("seconds"),
        func.sum(runs.c.calls).label("calls"),
        func.sum(runs.c.failed_calls).label("failed_calls"),
        func.sum(runs.c.input_tokens).label("input_tokens"),
        func.sum(runs.c.output_tokens).label("output_tokens"),
        func.sum(runs.c.cost).label("cost"),
        func.sum(runs.c.unpriced).label("unpriced"),
        _count(runs.c.finished).label("finished"),
        func.sum(case((runs.c.finished, tokens), else_=0)).label("finished_tokens"),
        _count(priced).label("priced"),
        func.sum(case((priced, runs.c.cost), else_=0)).label("priced_cost"),
    ).group_by(runs.c.day, runs.c.family, runs.c.route)


def usage_of(row: AnyRow) -> Usage:
    """What a row of summaries or spends says was spent."""
    return Usage(
        model_calls=row.calls or 0,
        input_tokens=row.input_tokens or 0,
        output_tokens=row.output_tokens or 0,
        cost=row.cost or Decimal(0),
        unpriced_calls=row.unpriced or 0,
    )


def summary_of(row: AnyRow, state_without_end: StateWithoutEnd) -> RunSummary:
    """A row of summaries as a record."""
    error = "" if row.error_kind is None else f"{row.error_kind}: {row.error_message}"
    state = _state(row, state_without_end)
    return RunSummary(
        run_id=row.id,
        started_at=row.started_at,
        question=row.question,
        family=row.family,
        sources=tuple(row.sources),
        model=row.model,
        state=state,
        route=row.route,
        tool=ToolRef(name=row.tool, version=row.tool_version, commit=row.tool_commit) if row.tool else None,
        usage=usage_of(row),
        failed_calls=row.failed_calls or 0,
        seconds=row.seconds,
        complete=bool(row.complete),
        reason=row.reason or "",
        error=error,
        parent=row.parent,
        depth=row.depth,
        origin=row.origin,
        children=row.children,
        resumed=row.resumed,
        resumable=resumable(state, row.parent, row.setup is not None),
    )


def _state(row: AnyRow, state_without_end: StateWithoutEnd) -> RunState:
    if row.ended is None:
        mark = cast("dict[str, Any]", row.resumed_by or row.process)
        return state_without_end(ProcessMark(**mark), row.resumed_at or row.started_at)
    if row.error_kind is None:
        return "finished"
    return "interrupted" if row.error_kind == "Interrupted" else "failed"


def spend_of(row: AnyRow) -> Spend:
    """A row of spends as a record."""
    return Spend(
        day=row.day,
        family=row.family,
        route=row.route,
        runs=row.runs,
        usage=usage_of(row),
        failed_calls=row.failed_calls,
        ended=row.ended,
        seconds=row.seconds,
        finished=row.finished,
        finished_tokens=row.finished_tokens,
        priced=row.priced,
        priced_cost=row.priced_cost,
    )


def _reply_of(row: AnyRow) -> ModelReply | None:
    if row.reply is None:
        return None
    return ModelReply(
        text=row.reply,
        model=row.reply_model,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        cost=row.cost,
        seconds=row.reply_seconds,
        attempts=row.attempts,
        finish=row.finish,
    )


def past_call_of(row: AnyRow) -> PastCall:
    """A row of MODEL_CALL as what a resumed run is answered from."""
    return PastCall(
        run_id=row.run_id,
        at=row.at,
        digest=row.digest,
        nth=row.nth,
        reply=_reply_of(row),
        kind=row.error_kind,
        error=row.error,
    )


def call_of(row: AnyRow) -> RecordedCall:
    """A row of MODEL_CALL as a record."""
    return RecordedCall(
        at=row.at,
        turn=row.turn,
        purpose=row.purpose,
        model=row.model,
        prompt=row.prompt,
        reply=_reply_of(row),
        seconds=row.seconds,
        error=row.error,
        system=row.system,
    )


def cell_of(row: AnyRow) -> RecordedCell:
    """A row of CELL as a record."""
    error = None
    if row.error_kind is not None:
        error = CellError(
            kind=row.error_kind, message=row.error_message, line=row.error_line, traceback=row.error_traceback
        )
    result = CellResult(
        stdout=row.stdout,
        stdout_length=row.stdout_length,
        value=row.value,
        value_repr=row.value_repr,
        value_type=row.value_type,
        value_plain=row.value_plain,
        error=error,
        timed_out=row.timed_out,
        seconds=row.seconds,
    )
    return RecordedCell(at=row.at, index=row.position, code=row.code, result=result, lost=row.lost)

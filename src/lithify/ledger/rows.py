"""Events as rows: the table's name, and values that the database driver takes as they are. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias, assert_never

from lithify.ledger.bounds import TEXT_CHARS, fitting
from lithify.ledger.citations import citation_plain
from lithify.ledger.processes import ProcessMark
from lithify.ledger.setups import setup_plain
from lithify.records.cell import CellResult
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
from lithify.records.plain_json import dumps
from lithify.records.run import RunResult

Row: TypeAlias = "dict[str, str | int | float | None]"

PICO = 12
"""Money is stored in whole 10^-12 dollars: exact for any price per million tokens with six decimals, summed exactly
by the database, and good to nine million dollars."""


def pico_dollars(cost: Decimal | None) -> int | None:
    """US dollars as they are stored; unpriced stays None, and becomes NULL."""
    return None if cost is None else int(cost.scaleb(PICO).to_integral_value())


def dollars(pico: int) -> Decimal:
    """US dollars from what is stored."""
    return Decimal(pico).scaleb(-PICO).normalize()


def utc_text(at: datetime) -> str:
    """A time as it is stored: ISO in UTC, of fixed width."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def row_of(event: Event, at: datetime, process: ProcessMark) -> tuple[str, Row] | None:
    """The table and the row that record a bounded event at a time; None for what is not kept."""
    match event:
        case SubCallsProgressed() | ModelText() | ModelRetried() | CellStarted():
            return None
        case ModelCalled(recalled=True):
            return None
        case RunResumed():
            row: Row = {"process": dumps(asdict(process)), "attempt": event.attempt}
            return "run_resume", {"run_id": event.run_id, "at": utc_text(at), **row}
        case RunStarted():
            return "run", _started(event, at, process)
        case RunFinished(result=result):
            return "run_end", {"run_id": result.run_id, "at": utc_text(at), **_result(result)}
        case _:
            table, row = _of_a_run(event)
            return table, {"run_id": event.run_id, "at": utc_text(at), **row}


def _of_a_run(
    event: RouteChosen
    | ModelCalled
    | HostAnswered
    | CellFinished
    | ToolUsed
    | ToolChecked
    | RunFailed
    | CandidateProposed
    | GateJudged
    | ToolKept
    | CandidateRejected,
) -> tuple[str, Row]:
    match event:
        case ModelCalled():
            return "model_call", _call(event)
        case CellFinished():
            return "cell", _cell(event)
        case HostAnswered():
            value, whole = fitting(event.value, TEXT_CHARS)
            return "host_answer", {"name": event.name, "nth": event.nth, "value": dumps(value), "kept": whole}
        case RouteChosen():
            return "route", {"route": event.route, "why": dumps(event.why)}
        case ToolUsed():
            return "tool_use", _tool_use(event)
        case ToolChecked():
            return "tool_check", _tool_check(event)
        case RunFailed():
            return "run_end", _failure(event)
        case CandidateProposed():
            return "candidate", {"candidate": event.candidate, "function": event.function, "why": event.why}
        case GateJudged():
            return "gate", _gate(event)
        case ToolKept():
            return "tool_kept", _tool_kept(event)
        case CandidateRejected():
            return "candidate_rejected", {"candidate": event.candidate, "reason": event.reason}
        case _:
            assert_never(event)


def _started(event: RunStarted, at: datetime, process: ProcessMark) -> Row:
    return {
        "id": event.run_id,
        "started_at": utc_text(at),
        "question": event.question,
        "family": event.family,
        "sources": dumps(event.sources),
        "context_digest": event.context_digest,
        "context_size": event.context_size,
        "model": event.model,
        "ephemeral": event.ephemeral,
        "prompt_digest": event.prompt_digest,
        "process": dumps(asdict(process)),
        "parent": event.parent,
        "depth": event.depth,
        "seed": event.seed,
        "setup": None if event.setup is None else dumps(setup_plain(event.setup)),
        "origin": event.origin,
    }


def _result(result: RunResult) -> Row:
    answer, answer_kept = fitting(result.answer, TEXT_CHARS)
    tool = result.tool
    return {
        "seconds": result.seconds,
        "route": result.route,
        "complete": result.complete,
        "reason": result.reason,
        "why": dumps(result.why),
        "answer": dumps(answer),
        "answer_kept": answer_kept,
        "tool": tool.name if tool else None,
        "tool_version": tool.version if tool else None,
        "tool_commit": tool.commit if tool else None,
        "candidate": result.candidate,
        "citations": dumps([citation_plain(one) for one in result.citations]),
    }


def _failure(event: RunFailed) -> Row:
    return {
        "seconds": event.seconds,
        "error_kind": event.kind,
        "error_message": event.message,
        "complete": False,
        "reason": "",
        "why": dumps(()),
        "answer": dumps(None),
        "answer_kept": True,
        "citations": dumps(()),
    }


def _call(event: ModelCalled) -> Row:
    row: Row = {
        "turn": event.turn,
        "purpose": event.purpose,
        "model": event.model,
        "prompt": event.prompt,
        "seconds": event.seconds,
        "error": event.error,
        "digest": event.digest,
        "nth": event.nth,
        "error_kind": event.kind,
        "system": event.system,
    }
    reply = event.reply
    if reply is not None:
        row |= {
            "reply": reply.text,
            "reply_model": reply.model,
            "input_tokens": reply.input_tokens,
            "output_tokens": reply.output_tokens,
            "cost": pico_dollars(reply.cost),
            "reply_seconds": reply.seconds,
            "attempts": reply.attempts,
            "finish": reply.finish,
        }
    return row


def _cell(event: CellFinished) -> Row:
    result: CellResult = event.result
    row: Row = {
        "turn": event.turn,
        "position": event.index,
        "code": event.code,
        "lost": event.lost,
        "stdout": result.stdout,
        "stdout_length": result.stdout_length,
        "value": dumps(result.value),
        "value_repr": result.value_repr,
        "value_type": result.value_type,
        "value_plain": result.value_plain,
        "timed_out": result.timed_out,
        "seconds": result.seconds,
    }
    if result.error is not None:
        row |= {
            "error_kind": result.error.kind,
            "error_message": result.error.message,
            "error_line": result.error.line,
            "error_traceback": result.error.traceback,
        }
    return row


def _tool_use(event: ToolUsed) -> Row:
    return {
        "tool": event.tool,
        "version": event.version,
        "arguments": dumps(event.arguments),
        "seconds": event.seconds,
        "error": event.error,
    }


def _tool_check(event: ToolChecked) -> Row:
    return {
        "tool": event.tool,
        "version": event.version,
        "by": event.by,
        "agreed": event.agreed,
        "derived": dumps(event.derived),
        "why": event.why,
        "check_run": event.check_run,
    }


def _gate(event: GateJudged) -> Row:
    return {
        "candidate": event.candidate,
        "gate": event.result.gate,
        "outcome": event.result.outcome,
        "evidence": event.result.evidence,
        "remedy": event.result.remedy,
        "seconds": event.result.seconds,
    }


def _tool_kept(event: ToolKept) -> Row:
    return {
        "candidate": event.candidate,
        "tool": event.tool,
        "version": event.version,
        "tool_commit": event.commit,
        "approved_by": event.approved_by,
        "cost": pico_dollars(event.cost),
    }

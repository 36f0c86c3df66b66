"""A recorded run as one JSON object: the conversation, the code, and what it was worth. Pure.

The form is documented in docs/observing.md; a change that a reader would notice raises VERSION.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lithify.records import plain_json
from lithify.records.ledger import RecordedCall, RecordedCell, RecordedTurn, RunDetail
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.uses import ToolCheck, ToolUse

FORMAT = "lithify-trajectory"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTool:
    """What became of the tool that a run led to.

    source: the code of that version; None when the library holds another version, or none, by now
    uses, checks: of that version, in later runs
    """

    name: str
    version: int
    commit: str
    approved_by: str
    source: str | None
    uses: Sequence[ToolUse] = ()
    checks: Sequence[ToolCheck] = ()


def trajectory_object(run: RunDetail, kept: KeptTool | None) -> dict[str, object]:
    """One run. Child runs are objects of their own, which name their parent."""
    summary = run.summary
    return {
        "format": FORMAT,
        "version": VERSION,
        "run_id": summary.run_id,
        "parent": summary.parent,
        "depth": summary.depth,
        "origin": summary.origin,
        "started_at": summary.started_at.isoformat(),
        "question": summary.question,
        "family": summary.family,
        "model": summary.model,
        "route": summary.route,
        "context": {"digest": run.context_digest, "size": run.context_size},
        "prompt_digest": run.prompt_digest,
        "seed": run.seed,
        "messages": list(_messages(run)),
        "steps": [_step(turn) for turn in run.turns if turn.cells or turn.subcalls],
        "answer": plain_json.to_json(run.answer),
        "answer_kept": run.answer_kept,
        "citations": {
            "given": len(run.citations),
            "verified": sum(citation.verified for citation in run.citations),
        },
        "tool": None if kept is None else _tool(kept),
        "reward": _reward(run, kept),
        "usage": {
            "model_calls": summary.usage.model_calls,
            "input_tokens": summary.usage.input_tokens,
            "output_tokens": summary.usage.output_tokens,
            "cost": None if summary.usage.price is None else str(summary.usage.price),
            "failed_calls": summary.failed_calls,
            "seconds": summary.seconds,
        },
    }


def _messages(run: RunDetail) -> Iterator[dict[str, str]]:
    """The conversation of the root loop: what the model was shown last, and what it said. Failed calls are left out."""
    for call in _words(run):
        if call.reply is None:
            continue
        if call.system:
            yield {"role": "system", "content": call.system}
        yield {"role": "user", "content": call.prompt}
        yield {"role": "assistant", "content": call.reply.text}


def _words(run: RunDetail) -> Iterator[RecordedCall]:
    for turn in run.turns:
        yield from turn.calls


def _step(turn: RecordedTurn) -> dict[str, object]:
    return {
        "turn": turn.number,
        "cells": [_cell(cell) for cell in turn.cells],
        "subcalls": [
            {"prompt": call.prompt, "reply": call.reply.text if call.reply else None, "error": call.error}
            for call in turn.subcalls
        ],
    }


def _cell(cell: RecordedCell) -> dict[str, object]:
    result = cell.result
    return {
        "code": cell.code,
        "stdout": result.stdout,
        "value": result.value_repr,
        "error": None if result.error is None else f"{result.error.kind}: {result.error.message}",
        "lost": cell.lost,
    }


def _tool(kept: KeptTool) -> dict[str, object]:
    return {"name": kept.name, "version": kept.version, "commit": kept.commit, "source": kept.source}


def _reward(run: RunDetail, kept: KeptTool | None) -> dict[str, Plain]:
    """What the run was worth, as far as it is known. None means that nobody and nothing has said so."""
    summary = run.summary
    rejected = [refusal for candidate in run.candidates for refusal in candidate.rejected]
    gates = {gate.result.gate: gate.result.outcome for one in run.candidates for gate in one.gates}
    by_person = kept is not None and not kept.approved_by.startswith("policy:")
    return {
        "finished": summary.state == "finished",
        "complete": summary.complete,
        "accepted": True if kept is not None else False if rejected else None,
        "verdict": "approved" if by_person else "rejected" if rejected else None,
        "verdict_reason": rejected[-1].reason if rejected else "",
        "gates": dict(sorted(gates.items())),
        "replayed_later": 0 if kept is None else sum(not use.error for use in kept.uses),
        "not_covered_later": 0 if kept is None else sum(bool(use.error) for use in kept.uses),
        "confirmed_later": 0 if kept is None else sum(check.agreed for check in kept.checks),
        "contradicted_later": 0 if kept is None else sum(not check.agreed for check in kept.checks),
    }

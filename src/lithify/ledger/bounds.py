"""What of an event is kept: texts bounded, values as JSON can carry them. Pure, shared by every ledger."""

from __future__ import annotations

from dataclasses import replace

from lithify.records import plain_json
from lithify.records.cell import CellError, CellResult
from lithify.records.events import CellFinished, Event, GateJudged, ModelCalled, RunFailed, ToolChecked, ToolUsed
from lithify.records.plain import Plain

OUTPUT_CHARS = 20_000
"""Printed output, prompts, messages and evidence: they may hold parts of the context, which is never stored."""
VALUE_CHARS = 20_000
"""The value of a cell, as JSON."""
TEXT_CHARS = 1_000_000
"""Code, replies, answers and arguments: kept whole, short of the absurd."""


def cut(text: str, limit: int) -> str:
    """The text when it has at most limit characters, else its two ends with the length of what is missing."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n… {len(text) - 2 * half:,} of {len(text):,} characters not kept …\n{text[-half:]}"


def fitting(value: Plain, limit: int) -> tuple[Plain, bool]:
    """The value as JSON gives it back and True; (None, False) when its JSON is longer than limit or impossible."""
    try:
        text = plain_json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        return None, False
    if len(text) > limit:
        return None, False
    return plain_json.loads(text), True


def kept(event: Event) -> Event:
    """The event as the ledger keeps it."""
    match event:
        case ModelCalled():
            return _call(event)
        case CellFinished():
            return replace(event, code=cut(event.code, TEXT_CHARS), result=_cell(event.result))
        case ToolUsed():
            arguments, _ = fitting(event.arguments, TEXT_CHARS)
            return replace(event, arguments=arguments, error=cut(event.error, OUTPUT_CHARS))
        case ToolChecked():
            derived, _ = fitting(event.derived, TEXT_CHARS)
            return replace(event, derived=derived, why=cut(event.why, OUTPUT_CHARS))
        case RunFailed():
            return replace(event, message=cut(event.message, OUTPUT_CHARS))
        case GateJudged(result=result):
            bounded = replace(
                result, evidence=cut(result.evidence, OUTPUT_CHARS), remedy=cut(result.remedy, OUTPUT_CHARS)
            )
            return replace(event, result=bounded)
        case _:
            return event


def _call(event: ModelCalled) -> ModelCalled:
    """Of thousands of calls nearly all are short, and stay as they are."""
    longest = max(len(event.prompt), len(event.system), len(event.error))
    if longest > OUTPUT_CHARS:
        prompt, system, error = (cut(text, OUTPUT_CHARS) for text in (event.prompt, event.system, event.error))
        event = replace(event, prompt=prompt, system=system, error=error)
    reply = event.reply
    if reply is not None and len(reply.text) > TEXT_CHARS:
        event = replace(event, reply=replace(reply, text=cut(reply.text, TEXT_CHARS)))
    return event


def _cell(result: CellResult) -> CellResult:
    value, whole = fitting(result.value, VALUE_CHARS)
    return replace(
        result,
        stdout=cut(result.stdout, OUTPUT_CHARS),
        stdout_length=max(result.stdout_length, len(result.stdout)),
        value=value,
        value_plain=result.value_plain and whole,
        value_repr=cut(result.value_repr, OUTPUT_CHARS),
        error=result.error and _error(result.error),
    )


def _error(error: CellError) -> CellError:
    return replace(error, message=cut(error.message, OUTPUT_CHARS), traceback=cut(error.traceback, OUTPUT_CHARS))

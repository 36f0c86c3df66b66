"""Reading the trajectory logs of rlms, the reference implementation. Pure.

A log is JSON lines: one of type "metadata", then one of type "iteration" for each turn. Every completion of the same
RLM is in one file; its turns count from 1 again. Source: rlm/logger/rlm_logger.py and rlm/core/types.py of rlms 0.1.3.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, TypeAlias

from lithify.errors import BadInput
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

_QUESTION = re.compile(r"\AAnswer the following: (.*?)\n\nYour context is a \S+ of ", re.DOTALL)
_CONTEXT_LENGTH = re.compile(r"Your context is a \S+ of (\d+) total characters")
_CONTEXT = "context_0"

_Object: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RlmsCall:
    """A sub-call from inside a cell. run: the child run behind it, when the log has it."""

    prompt: str
    response: str
    model: str
    input_tokens: int
    output_tokens: int
    seconds: float
    error: str = ""
    run: RlmsRun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RlmsBlock:
    """A cell that ran."""

    code: str
    stdout: str
    stderr: str
    seconds: float
    calls: tuple[RlmsCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RlmsTurn:
    """A reply of the model, what it was shown before it, and its cells."""

    number: int
    system: str
    prompt: str
    response: str
    seconds: float
    blocks: tuple[RlmsBlock, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RlmsRun:
    """One completion.

    question: the root prompt; "" when there was none, and the whole task lay in the context
    context:  the data, when it is a text and the log holds it
    answer:   the final answer, as the value that the cell submitted where the log shows it; None without one
    """

    question: str
    model: str
    recorded: str
    context_size: int
    context: str | None
    answer: Plain
    complete: bool
    turns: tuple[RlmsTurn, ...] = field(default=())


def read_rlms(lines: Iterable[str], name: str) -> tuple[RlmsRun, ...]:
    """The runs of a log, in order. name is what the log is called in errors.

    Raises BadInput naming the line, and reads nothing by halves, when it is no such log.
    """
    metadata: _Object | None = None
    runs: list[tuple[_Object, list[_Object]]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _entry(line, f"{name}, line {number}")
        if entry["type"] == "metadata":
            metadata = entry
        elif metadata is None:
            raise BadInput(f"{name}, line {number}: an iteration before any metadata; the log's beginning is missing")
        elif entry.get("iteration") == 1 or not runs:
            runs.append((metadata, [entry]))
        else:
            runs[-1][1].append(entry)
    if metadata is None or not runs:
        raise BadInput(
            f"{name} holds no run: it has no line of type {'metadata' if metadata is None else 'iteration'}. "
            "`import rlms` reads the JSONL logs that RLMLogger(log_dir=...) writes"
        )
    return tuple(_checked(about, entries, f"{name}, run {at}") for at, (about, entries) in enumerate(runs, start=1))


def _entry(line: str, where: str) -> _Object:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{where}: it is not JSON ({error}); `import rlms` reads the JSONL logs of rlms") from None
    if not isinstance(entry, dict) or entry.get("type") not in ("metadata", "iteration"):
        kind = entry.get("type") if isinstance(entry, dict) else type(entry).__name__
        raise BadInput(f"{where}: it is {kind!r}, and a log of rlms has lines of type metadata and iteration")
    return entry


def _checked(metadata: _Object, entries: Sequence[_Object], where: str) -> RlmsRun:
    try:
        return _run(metadata, entries)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise BadInput(f"{where}: it is not as rlms writes it ({type(error).__name__}: {error})") from error


def _run(metadata: _Object, entries: Sequence[_Object]) -> RlmsRun:
    first = _contents(entries[0]["prompt"])
    shown = "\n".join(content for _, content in first)
    question = next((found[1] for _, content in first if (found := _QUESTION.search(content))), "")
    length = _CONTEXT_LENGTH.search(shown)
    final = entries[-1].get("final_answer")
    model = str(metadata["root_model"])
    return RlmsRun(
        question=question,
        model=f"{metadata['backend']}:{model}",
        recorded=str(entries[0].get("timestamp", "")),
        context_size=int(length[1]) if length else 0,
        context=_context(entries, int(length[1]) if length else None),
        answer=None if final is None else _submitted(entries[-1], str(final)),
        complete=final is not None,
        turns=tuple(_turn(entry, number) for number, entry in enumerate(entries, start=1)),
    )


def _turn(entry: _Object, number: int) -> RlmsTurn:
    messages = _contents(entry["prompt"])
    return RlmsTurn(
        number=number,
        system=next((content for role, content in messages if role == "system"), ""),
        prompt=_since_last_reply(messages),
        response=str(entry["response"]),
        seconds=float(entry.get("iteration_time") or 0.0),
        blocks=tuple(_block(block) for block in entry["code_blocks"]),
    )


def _contents(prompt: object) -> list[tuple[str, str]]:
    """Roles and texts of a prompt: a text, or messages."""
    if isinstance(prompt, str):
        return [("user", prompt)]
    if not isinstance(prompt, list):
        raise TypeError(f"a prompt that is a {type(prompt).__name__}")
    return [(str(message["role"]), str(message["content"])) for message in prompt]


def _since_last_reply(messages: Sequence[tuple[str, str]]) -> str:
    """What the model was shown since it last spoke: rlms appends several user messages in a row."""
    new: list[str] = []
    for role, content in reversed(messages):
        if role != "user":
            break
        new.append(content)
    return "\n\n".join(reversed(new))


def _block(block: _Object) -> RlmsBlock:
    result = block["result"]
    return RlmsBlock(
        code=str(block["code"]),
        stdout=str(result["stdout"]),
        stderr=str(result["stderr"]),
        seconds=float(result.get("execution_time") or 0.0),
        calls=tuple(_call(call) for call in result.get("rlm_calls") or ()),
    )


def _call(call: _Object) -> RlmsCall:
    usages = call["usage_summary"]["model_usage_summaries"].values()
    prompt = call["prompt"]
    nested = call.get("metadata")
    return RlmsCall(
        prompt=prompt if isinstance(prompt, str) else json.dumps(prompt, ensure_ascii=False),
        response=str(call["response"]),
        model=str(call["root_model"]),
        input_tokens=sum(int(usage["total_input_tokens"]) for usage in usages),
        output_tokens=sum(int(usage["total_output_tokens"]) for usage in usages),
        seconds=float(call.get("execution_time") or 0.0),
        error=str(call.get("error") or ""),
        run=_child(nested, prompt) if nested and nested.get("iterations") else None,
    )


def _child(nested: _Object, prompt: object) -> RlmsRun:
    """The run behind an rlm_query. Its prompt was its context, and its question too when it had no other."""
    run = _run(nested["run_metadata"], nested["iterations"])
    return run if run.question or not isinstance(prompt, str) else replace(run, question=prompt)


def _context(entries: Sequence[_Object], length: int | None) -> str | None:
    """The context as the log's copies of the variables hold it, when it is a text of the length that was said."""
    for entry in entries:
        for block in entry["code_blocks"]:
            value = block["result"]["locals"].get(_CONTEXT)
            if isinstance(value, str) and len(value) == length:
                return value
    return None


def _submitted(entry: _Object, final: str) -> Plain:
    """The final answer as the value that was submitted: the log has it as text, and the variable's repr beside it."""
    for block in reversed(entry["code_blocks"]):
        shown = block["result"]["locals"].get("answer")
        try:
            answer = ast.literal_eval(shown) if isinstance(shown, str) else shown
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(answer, dict) and answer.get("ready") and str(answer.get("content")) == final:
            value: Plain = answer["content"]
            return value
    return final

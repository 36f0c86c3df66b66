"""Asking a stream of questions in order, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from lithify.errors import BadInput, LibraryProblem, LithifyError, PersonMustAct
from lithify.records.context import Context
from lithify.records.plain import Plain
from lithify.records.run import RunResult
from lithify.records.stream import Arm, StreamPoint, StreamTask
from lithify.routing.agreement import disagreement
from lithify.services import reviewing
from lithify.services.workbench import Workbench

Ask = Callable[[StreamTask], Awaitable[RunResult[Plain]]]


async def run_stream(
    tasks: Sequence[StreamTask], arm: Arm, ask: Ask, done: Collection[int], tell: Callable[[StreamPoint], None]
) -> None:
    """Ask the questions whose positions are not done, in order, and tell each point as it comes.

    A question that ends in an error counts as wrong. What a person must see to (no model, no data, a recording in use)
    says nothing of the answers and ends the stream: PersonMustAct.
    """
    for position, task in enumerate(tasks, 1):
        if position not in done:
            tell(await _point(position, task, arm, ask))


async def _point(position: int, task: StreamTask, arm: Arm, ask: Ask) -> StreamPoint:
    try:
        result = await ask(task)
    except PersonMustAct:
        raise
    except LithifyError as error:
        return StreamPoint(
            arm=arm,
            position=position,
            question=task.question,
            family=task.family,
            route=None,
            right=False,
            model_calls=0,
            input_tokens=0,
            output_tokens=0,
            cost=Decimal(0),
            seconds=0.0,
            error=f"{type(error).__name__}: {error}",
        )
    usage = result.usage
    right = agrees(task, result)
    return StreamPoint(
        arm=arm,
        position=position,
        question=task.question,
        family=task.family,
        route=result.route,
        right=right,
        model_calls=usage.model_calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cost=usage.price,
        seconds=result.seconds,
        tool=f"{result.tool.name} v{result.tool.version}" if result.tool else "",
        error=result.reason or ("" if right else f"expected {task.expected!r:.120}, answered {result.answer!r:.120}"),
    )


def agrees(task: StreamTask, result: RunResult[Plain]) -> bool:
    """Whether a result is the expected answer."""
    return result.complete and not disagreement(task.expected, _json_keys(result.answer))


def without_preview(context: Context) -> Context:
    """The same data, of which a model is told the kind and the size alone."""
    return replace(context, preview=f"(no preview; {context.kind}, {context.size:,} characters or bytes)")


def _json_keys(answer: Plain) -> Plain:
    """An answer with its keys as JSON has them: an expected answer, which was JSON, has no others."""
    if isinstance(answer, Mapping):
        return {_json_key(key): _json_keys(value) for key, value in answer.items()}
    return [_json_keys(one) for one in answer] if isinstance(answer, list | tuple) else answer


def _json_key(key: object) -> str:
    return key if isinstance(key, str) else json.dumps(key, default=str)


async def admit(bench: Workbench) -> None:
    """Say yes to every candidate that passed all gates and waits for nothing but a person.

    A policy alone lets no new module in (the first tool that uses pandas), and a stream has nobody to ask.
    """
    for item in reviewing.pending(bench):
        if item.verdict.outcome == "pass":
            with suppress(
                LibraryProblem
            ):  # judged once more and not let in: it goes on waiting, and that is told there
                await reviewing.approve(item, bench)


def read_tasks(path: Path, data: Path | None = None) -> tuple[StreamTask, ...]:
    """A stream file: JSON lines with question, data (a path or a list), expected, and family.

    data: the folder that the paths are relative to; None: the one that holds the file.

    Raises BadInput naming the line and the key.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the stream {path} cannot be read: {error}") from error
    tasks = tuple(
        _task(path, number, line, data or path.parent) for number, line in enumerate(lines, 1) if line.strip()
    )
    if not tasks:
        raise BadInput(f"the stream {path} holds no question")
    return tasks


def _task(path: Path, number: int, line: str, folder: Path) -> StreamTask:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{path}, line {number}: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("question"), str) or "expected" not in found:
        raise BadInput(f'{path}, line {number}: each line is an object with "question", "data" and "expected"')
    data = found.get("data")
    paths = [data] if isinstance(data, str) else data
    if not isinstance(paths, list) or not paths or not all(isinstance(one, str) for one in paths):
        raise BadInput(f'{path}, line {number}: "data" is a path or a list of paths; it is {data!r:.80}')
    return StreamTask(
        question=found["question"],
        data=tuple(str(folder / one) for one in paths),
        expected=found["expected"],
        family=str(found.get("family", "")),
    )


def as_line(point: StreamPoint) -> str:
    """A point as one JSON line."""
    return json.dumps({name: getattr(point, name) for name in _FIELDS} | {"cost": _cost(point)}, ensure_ascii=False)


def read_points(lines: Iterable[str], where: str) -> tuple[StreamPoint, ...]:
    """Points that `as_line` wrote. Raises BadInput naming the line."""
    points: list[StreamPoint] = []
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
            cost = found.pop("cost")
            points.append(StreamPoint(**found, cost=None if cost is None else Decimal(str(cost))))
        except (ValueError, ArithmeticError, TypeError, KeyError, AttributeError) as error:
            raise BadInput(f"{where}, line {number} is no result of a stream: {error}") from error
    return tuple(points)


_FIELDS = tuple(name for name in StreamPoint.__slots__ if name != "cost")


def _cost(point: StreamPoint) -> str | None:
    return None if point.cost is None else str(point.cost)

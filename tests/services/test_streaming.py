"""Stream files, results that are kept, and what counts as right."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path

import pytest

from lithify.context import context_from_value
from lithify.errors import BadInput, CassetteProblem, ModelFailed, NoModel
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.run import RunId, RunResult
from lithify.records.stream import StreamPoint, StreamTask
from lithify.services.streaming import as_line, read_points, read_tasks, run_stream, without_preview


def result(answer: Plain) -> RunResult[Plain]:
    usage = Usage(model_calls=1, input_tokens=10, output_tokens=2, cost=Decimal("0.01"))
    return RunResult(run_id=RunId("r"), answer=answer, route="explore", complete=True, seconds=0.5, usage=usage)


TASKS = (
    StreamTask(question="one", data=("a.log",), expected=1),
    StreamTask(question="two", data=("a.log",), expected=2),
    StreamTask(question="three", data=("a.log",), expected=3),
)


def run(ask: dict[str, Plain | Exception], done: tuple[int, ...] = ()) -> list[StreamPoint]:
    points: list[StreamPoint] = []

    async def answer(task: StreamTask) -> RunResult[Plain]:
        found = ask[task.question]
        if isinstance(found, Exception):
            raise found
        return result(found)

    asyncio.run(run_stream(TASKS, "library", answer, done, points.append))
    return points


def test_right_wrong_and_failed() -> None:
    points = run({"one": 1.0, "two": 7, "three": ModelFailed("gone")})
    assert [(point.position, point.right, point.route) for point in points] == [
        (1, True, "explore"),
        (2, False, "explore"),
        (3, False, None),
    ]
    assert points[2].error == "ModelFailed: gone"
    assert (points[0].tokens, points[0].cost) == (12, Decimal("0.01"))


def test_keys_are_compared_as_json_has_them() -> None:
    """A model that groups by a column of numbers gives them as keys; what is expected was JSON."""
    task = StreamTask(question="one", data=("a.csv",), expected={"1": [{"2.5": 3}], "null": 1})
    points: list[StreamPoint] = []

    async def answer(_: StreamTask) -> RunResult[Plain]:
        return result({1: [{2.5: 3}], None: 1})

    asyncio.run(run_stream([task], "library", answer, (), points.append))
    assert points[0].right
    assert points[0].error == ""


def test_a_wrong_answer_is_told() -> None:
    assert run({"one": 1, "two": 7, "three": 3})[1].error == "expected 2, answered 7"


def test_what_is_done_is_not_asked_again() -> None:
    assert [point.position for point in run({"two": 2}, done=(1, 3))] == [2]


def test_without_a_model_the_stream_ends() -> None:
    with pytest.raises(NoModel):
        run({"one": NoModel("none")})


def test_what_a_person_must_see_to_ends_the_stream_and_is_no_wrong_answer() -> None:
    with pytest.raises(CassetteProblem):
        run({"one": CassetteProblem("is being written by another process"), "two": 2, "three": 3})


def test_points_survive_a_file() -> None:
    points = run({"one": 1, "two": ModelFailed("gone"), "three": 3})
    assert read_points([as_line(point) for point in points], "out") == tuple(points)


@pytest.mark.parametrize("line", ["no json", "[]", '{"cost": null}', '{"cost": "x"}'])
def test_a_line_that_is_no_result_is_named(line: str) -> None:
    with pytest.raises(BadInput, match="out, line 1"):
        read_points([line], "out")


def test_a_stream_file(tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    lines = [
        {"question": "q", "data": "a.log", "expected": 3},
        {"question": "p", "data": ["b.csv", "c.csv"], "expected": {"x": 1}, "family": "f"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    first, second = read_tasks(file)
    assert first == StreamTask(question="q", data=(str(tmp_path / "a.log"),), expected=3)
    assert (second.data, second.family) == ((str(tmp_path / "b.csv"), str(tmp_path / "c.csv")), "f")
    elsewhere = read_tasks(file, tmp_path / "data")
    assert elsewhere[0].data == (str(tmp_path / "data" / "a.log"),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no question"),
        ("nonsense", "line 1"),
        ('{"question": "q", "data": "a"}', "expected"),
        ('{"question": "q", "data": 3, "expected": 1}', "data"),
        ('{"question": "q", "data": [], "expected": 1}', "data"),
    ],
)
def test_a_bad_stream_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text(text)
    with pytest.raises(BadInput, match=message):
        read_tasks(file)
    with pytest.raises(BadInput, match="cannot be read"):
        read_tasks(tmp_path / "none.jsonl")


def test_without_a_preview_a_model_is_told_kind_and_size_of_the_same_data() -> None:
    context = context_from_value("first line\nsecond line\n")
    bare = without_preview(context)
    assert "first line" in context.preview
    assert bare.preview == "(no preview; text, 23 characters or bytes)"
    assert (bare.value, bare.digest) == (context.value, context.digest)

"""`lithify bench stream FILE`: the learning curve over a stream of questions, with the library and without."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option
from lithify.errors import BadInput
from lithify.records.stream import ARMS

if TYPE_CHECKING:
    from lithify.records.plain import Plain
    from lithify.records.run import RunResult
    from lithify.records.stream import Arm, StreamPoint, StreamTask
    from lithify.services.wanted import Wanted

BOTH = ("library", "ephemeral")
_WITHOUT = frozenset({"ephemeral", "bare"})


@click.group()
def bench() -> None:
    """Measure: what questions cost and how right their answers are."""


@bench.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--arm",
    type=click.Choice(["both", "all", *ARMS]),
    default="both",
    show_default=True,
    help="With the library, without it (ephemeral), or both; replay: with the library, but no model picks a kept tool; "
    "bare: without it, and without a preview of the data.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder that the paths in FILE are relative to. [default: the one that holds FILE]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Add each result to this file as a JSON line; what it holds already is not asked again.",
)
@click.option("--svg", type=click.Path(path_type=Path), help="Draw the curve into this file.")
@click.option("--model", metavar="M", help="The model of both arms.")
@click.option("--base-url", metavar="URL", help="An OpenAI-compatible server.")
@library_option
@json_option
@click.pass_obj
def stream(  # noqa: PLR0913 - one parameter an option is how click hands them over
    given: Given,
    file: Path,
    arm: str,
    data: Path | None,
    out: Path | None,
    svg: Path | None,
    model: str | None,
    base_url: str | None,
    library: str | None,
    json_: bool,
) -> None:
    """Ask the questions of FILE in order and compare what they cost with a library that learns and without.

    FILE holds JSON lines: {"question": ..., "data": PATH or [PATH, ...], "expected": ..., "family": ...}. Without
    --library the library begins empty and is thrown away. Tools that pass all gates enter: by the policy, or as if a
    person had said yes; of what a model picked, right answers are said to be right, so that the wording is learned. All
    arms have the same limits. --arm replay shows what of the curve comes from repeats that need no model, --arm bare
    what a preview of the data saves.
    """
    from lithify.services.streaming import read_tasks

    tasks = read_tasks(file, data)
    if arm == "all" and library is not None:
        raise BadInput(
            "two of the arms learn, and each needs a library of its own: leave --library out, or give one arm"
        )
    given = replace(given.with_library(library), model=model, base_url=base_url, keep="provisional")
    points = list(_read(out))
    for one in [one for one in ARMS if arm in (one, "all") or (arm == "both" and one in BOTH)]:
        points += _run(given, tasks, one, out, points)
    found = _of_stream(points, tasks)
    if svg is not None:
        from lithify.curves import draw

        svg.write_text(draw(found, f"Tokens per question: {file.name}"), encoding="utf-8")
    if json_:
        click.echo(as_json(_object(found)))
        return
    from lithify.cli.curve_lines import stream_lines
    from lithify.cli.run_lines import stdout_console

    console = stdout_console()
    for line in stream_lines(found):
        console.print(line, soft_wrap=True)


def _run(
    given: Given, tasks: Sequence[StreamTask], arm: Arm, out: Path | None, before: Sequence[StreamPoint]
) -> list[StreamPoint]:
    from lithify.services.streaming import admit, agrees, as_line, run_stream, without_preview

    done = {point.position for point in before if point.arm == arm}
    if len(done) >= len(tasks):
        return []
    points: list[StreamPoint] = []

    def tell(point: StreamPoint) -> None:
        points.append(point)
        if out is not None:
            with out.open("a", encoding="utf-8") as file:
                file.write(f"{as_line(point)}\n")
        click.echo(
            f"{arm} {point.position}/{len(tasks)}: {'right' if point.right else 'WRONG'}, {point.route or 'error'}, "
            f"{point.model_calls} calls, {point.tokens:,} tokens",
            err=True,
        )

    with ExitStack() as stack:
        if given.library is None:
            given = replace(given, library=f"{stack.enter_context(tempfile.TemporaryDirectory())}/library")
        lab = stack.enter_context(given.lab(makes=True))

        async def ask(task: StreamTask) -> RunResult[Plain]:
            wanted: Wanted = {"ephemeral": arm in _WITHOUT, "reuse": "replay" if arm == "replay" else "auto"}
            context = lab.load([Path(one) for one in task.data])
            shown = without_preview(context) if arm == "bare" else context
            result = await lab.ask_async(task.question, shown, **wanted)
            if result.route == "adapt" and agrees(task, result):
                lab.right(result.run_id)
            if result.candidate is not None:
                await admit(lab.bench())
            return result

        lab.wait(run_stream(tasks, arm, ask, done, tell))
    return points


def _read(out: Path | None) -> Sequence[StreamPoint]:
    from lithify.services.streaming import read_points

    if out is None or not out.exists():
        return ()
    return read_points(out.read_text(encoding="utf-8").splitlines(), str(out))


def _of_stream(points: Sequence[StreamPoint], tasks: Sequence[StreamTask]) -> list[StreamPoint]:
    """The points, which must be of these questions."""
    for point in points:
        if point.position > len(tasks) or tasks[point.position - 1].question != point.question:
            raise BadInput(
                f"the results at hand are of another stream: question {point.position} is {point.question!r} there; "
                "give another --out file"
            )
    return list(points)


def _object(points: Sequence[StreamPoint]) -> dict[str, object]:
    from dataclasses import asdict

    from lithify.curves import compare, summarise

    arms = {arm: [point for point in points if point.arm == arm] for arm in ARMS}
    summaries = {arm: summarise(of_arm) for arm, of_arm in arms.items()}
    return {
        "points": [asdict(point) for point in points],
        "arms": {arm: asdict(summary) for arm, summary in summaries.items() if summary is not None},
        "comparison": asdict(compare(arms["library"], arms["ephemeral"])),
        "comparison_replay": asdict(compare(arms["replay"], arms["ephemeral"])),
    }

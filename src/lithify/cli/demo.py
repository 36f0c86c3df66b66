"""`lithify demo`: the whole way on real data, with a recorded model session and no key."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, for_people
from lithify.demo import QUESTION, SECOND_QUESTION, data
from lithify.errors import LibraryProblem

if TYPE_CHECKING:
    from lithify.app import Lab
    from lithify.records.run import RunResult
    from lithify.records.tool import Tool

Row = tuple[str, str, str, str, str]


@click.command()
@click.option("--library", metavar="DIR", help="Where the demo's library is made (a new temporary folder).")
@click.pass_obj
def demo(given: Given, library: str | None) -> None:
    """Show the main job: explore once, keep the code, answer the next file without a model."""
    folder = Path(library) if library else Path(tempfile.mkdtemp(prefix="lithify-demo-")) / "library"
    click.echo(
        "The model's replies in this demo are RECORDED (no key, no network). Everything else happens now, for real:"
    )
    click.echo("the sandboxed cells, distilling, the gates, the git commit, and the replay on the next file.\n")
    chosen = Given(library=str(folder), model=f"cassette:{data('session.cassette')}")
    with chosen.lab(makes=True) as lab:
        rows = [_ask(lab, 1, "a new question: the recorded model explores", QUESTION, "dpkg-may.log")]
        rows.append(_keep(lab))
        rows.append(_ask(lab, 3, "the same question, the next file", QUESTION, "dpkg-september.log"))
        rows.append(_ask(lab, 4, "with another number in it", SECOND_QUESTION, "dpkg-september.log"))
    _table(rows)
    program = _program()
    click.echo(f"\nWhat was kept is a git repository: {folder}. Try next:")
    click.echo(f"  git -C {folder} log --stat")
    click.echo(f"  {program} --library {folder} tools      (also: runs, show RUN, costs)")
    click.echo(f'  {program} ask "YOUR QUESTION" YOUR.log --model anthropic:claude-haiku-4-5      (with a key)')


def _program() -> str:
    """How this program is called from here: by name when it is on PATH."""
    if shutil.which("lithify"):
        return "lithify"
    called = Path(sys.argv[0])
    return os.path.relpath(called) if called.name == "lithify" else f"{sys.executable} -m lithify"


def _ask(lab: Lab, number: int, what: str, question: str, file: str) -> Row:
    click.secho(f"{number}. {what}", bold=True)
    click.echo(f'   lithify ask "{question}" {file}')
    began = time.perf_counter()
    result = lab.inquire_and_learn(question, lab.load([data(file)]))
    seconds = time.perf_counter() - began
    for line in for_people(result.answer).splitlines():
        click.echo(f"   {line}")
    tool = result.tool
    by = f"{tool.name} v{tool.version}, commit {tool.commit[:7]}" if tool else "recorded model session"
    click.echo(f"   {result.route}, by {by}\n")
    return (file, result.route, *_spent(result), f"{seconds:.2f}")


def _spent(result: RunResult) -> tuple[str, str]:
    usage = result.usage
    return str(usage.model_calls), f"{usage.input_tokens + usage.output_tokens:,}"


def _keep(lab: Lab) -> Row:
    click.secho("2. what worked was distilled and gated; approve it", bold=True)
    click.echo("   lithify review --yes")
    began = time.perf_counter()
    tool = _approve(lab)
    seconds = time.perf_counter() - began
    click.echo(f"   kept {tool.name} v{tool.version}, commit {tool.commit[:7]}\n")
    return ("", "review, commit", "0", "0", f"{seconds:.2f}")


def _approve(lab: Lab) -> Tool:
    for item in lab.review():
        for gate in item.verdict.results:
            click.echo(f"   {gate.outcome:5} {gate.gate}: {gate.evidence.splitlines()[0][:90]}")
        if item.verdict.outcome == "pass":
            return lab.approve(item)
    raise LibraryProblem(
        "the demo's candidate did not pass its gates on this machine; `lithify doctor` shows what is missing"
    )


def _table(rows: list[Row]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What it cost", title_justify="left")
    for column in ("file", "route", "model calls", "tokens", "seconds"):
        table.add_column(column, justify="left" if column in ("file", "route") else "right")
    for row in rows:
        table.add_row(*row)
    Console().print(table)

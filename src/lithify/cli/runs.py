"""`lithify runs`, `lithify show RUN`, `lithify costs`: the ledger on the screen."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol, cast

import click

from lithify.cli.options import as_json, json_option, library_option

if TYPE_CHECKING:
    from lithify.ports import Ledger
    from lithify.records.ledger import CostGroup


_CURVE_RUNS = 1_000
_CURVE_PARTS = 10


class LedgerSource(Protocol):
    """What the commands find in click's context object."""

    def with_library(self, library: str | None) -> LedgerSource:
        """The source for the library given to the command; None: as it was."""
        ...

    def open_ledger(self) -> Ledger:
        """The ledger of the chosen library; whoever opens it closes it."""
        ...


@click.command()
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many, newest first.")
@library_option
@json_option
@click.pass_obj
def runs(source: LedgerSource, limit: int, library: str | None, json_: bool) -> None:
    """List the last runs: question, route, calls, cost, state."""
    from lithify.cli.run_json import summary_object

    with closing(source.with_library(library).open_ledger()) as ledger:
        found = ledger.runs(limit)
    if json_:
        click.echo(as_json({"runs": [summary_object(run) for run in found]}))
        return
    if not found:
        _no_runs()
        return
    from lithify.cli.run_lines import resume_notes, runs_lines, stdout_console

    console = stdout_console()
    for line in (*runs_lines(found, console.width), *resume_notes(found)):
        console.print(line, soft_wrap=True)


@click.command()
@click.argument("run")
@click.option("--full", is_flag=True, help="Show long texts and every sub-call whole.")
@library_option
@json_option
@click.pass_obj
def show(source: LedgerSource, run: str, full: bool, library: str | None, json_: bool) -> None:
    """Show what happened in RUN (its id, or a beginning of it): route, turns, cells, answer, costs, candidates."""
    from lithify.cli.run_json import detail_object

    with closing(source.with_library(library).open_ledger()) as ledger:
        found = ledger.run(run)
    if json_:
        click.echo(as_json(detail_object(found)))
        return
    from lithify.cli.run_lines import stdout_console
    from lithify.cli.run_view import RunView

    RunView(stdout_console(), full=full).show(found)


@click.command()
@click.option("--by", type=click.Choice(["day", "family"]), default="day", show_default=True, help="What to add up by.")
@click.option("--curve", is_flag=True, help="The last 1,000 runs in order, in ten parts: does it get cheaper?")
@library_option
@json_option
@click.pass_obj
def costs(source: LedgerSource, by: str, curve: bool, library: str | None, json_: bool) -> None:
    """Show what runs cost, explore against replay, and what replay saved by estimate."""
    from lithify.cli.run_json import cost_object

    if curve:
        _curve(source.with_library(library), json_=json_)
        return

    group = cast("CostGroup", by)  # click lets nothing else through
    with closing(source.with_library(library).open_ledger()) as ledger:
        rows, totals = ledger.costs(group), ledger.costs("route")
    if json_:
        shown = {"by": by, "rows": [cost_object(row) for row in rows], "totals": [cost_object(row) for row in totals]}
        click.echo(as_json(shown))
        return
    if not rows:
        _no_runs()
        return
    from lithify.cli.run_lines import cost_notes, costs_lines, stdout_console

    console = stdout_console()
    for line in (*costs_lines(rows, totals), "", *cost_notes(by, totals)):
        console.print(line, soft_wrap=True)


def _curve(source: LedgerSource, *, json_: bool) -> None:
    from dataclasses import asdict

    from lithify.cli.curve_lines import curve_lines, points_of
    from lithify.cli.run_lines import stdout_console
    from lithify.curves import summarise

    with closing(source.open_ledger()) as ledger:
        points = points_of(ledger.runs(_CURVE_RUNS))
    if json_:
        summary = summarise(points, _CURVE_PARTS)
        click.echo(as_json({"curve": asdict(summary) if summary else None}))
        return
    if not points:
        _no_runs()
        return
    console = stdout_console()
    for line in curve_lines(points, _CURVE_PARTS):
        console.print(line, soft_wrap=True)


def _no_runs() -> None:
    click.echo("no runs yet: `lithify ask` makes the first", err=True)

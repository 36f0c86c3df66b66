"""`lithify resume RUN`: go on with a run that was interrupted."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import click

from lithify.cli.ask import INCOMPLETE, as_object, print_answer
from lithify.cli.event_json import STDERR, event_lines, events_option
from lithify.cli.options import Given, as_json, json_option, library_option


@click.command()
@click.argument("run")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@events_option
@library_option
@json_option
@click.pass_obj
def resume(given: Given, run: str, paths: tuple[str, ...], events: str | None, library: str | None, json_: bool) -> int:
    """Go on with RUN (its id, or a beginning of it), which was interrupted, failed or killed.

    Its cells run again; what models answered is taken from the record and not paid a second time. PATH is needed when
    the data came through a pipe, or lies elsewhere now; it must be the same data.
    """
    from lithify.app import Lab
    from lithify.cli.screen import Screen
    from lithify.services.resuming import interrupted, paths_to_read, settings_for, wants_quotes
    from lithify.settings import Overrides, load_settings

    given = given.with_library(library)
    with closing(given.open_ledger()) as ledger:
        found = interrupted(ledger.run(run))
    settings = load_settings(Overrides(library=Path(given.library) if given.library else None))
    screen = Screen(live=sys.stderr.isatty(), quiet=events == STDERR)
    with event_lines(events) as lines, Lab(settings_for(found, settings), [screen, *lines]) as lab:
        context = lab.load([Path(path) for path in paths] if paths else list(paths_to_read(found)))
        for note in context.notes:
            click.echo(f"note: {note}", err=True)
        if not json_:
            screen.on_result = partial(print_answer, sources=context.sources, cite=wants_quotes(found))
        result = lab.resume(found.run.summary.run_id, context)
    screen.end()
    if json_:
        click.echo(as_json(as_object(result)))
    return 0 if result.complete else INCOMPLETE

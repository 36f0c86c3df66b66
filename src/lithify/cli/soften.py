"""`lithify soften NAME`."""

from __future__ import annotations

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable

UNSOFTENED = 11


@click.command()
@click.argument("name")
@click.option("--with-model", is_flag=True, help="Ask a model for each open case now, to see how it does; this spends.")
@library_option
@json_option
@click.pass_obj
def soften(given: Given, name: str, with_model: bool, library: str | None, json_: bool) -> int:
    """Propose a version of the kept tool NAME that asks a model for the inputs that its code does not cover.

    Its open cases (`lithify tool NAME`) become its recorded uses. The proposal goes through the gates and waits for
    `lithify review`; nothing is kept without you. Exit code 11 when nothing can be proposed.
    """
    from lithify.services.softening import Unsoftened

    with given.with_library(library).lab() as lab:
        found = lab.soften(name, with_model=with_model)
    if isinstance(found, Unsoftened):
        click.echo(as_json({"candidate": None, "why": found.reason}) if json_ else "nothing proposed", err=not json_)
        click.echo(printable(found.reason), err=True)
        return UNSOFTENED
    candidate, outcome = found.candidate, found.verdict.outcome
    if json_:
        click.echo(as_json({"candidate": candidate.id, "outcome": outcome, "notes": list(candidate.notes)}))
    for note in candidate.notes:
        click.echo(printable(note), err=True)
    click.echo(f"its gates say {outcome}; `lithify review {candidate.id}` shows it and takes your decision", err=True)
    return 0

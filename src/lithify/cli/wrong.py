"""`lithify wrong RUN`, `lithify right RUN` and `lithify shadow`: hold what kept tools answered to account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, for_people, json_option, library_option, printable
from lithify.errors import BadInput

if TYPE_CHECKING:
    from lithify.records.plain import Plain
    from lithify.services.checking import Checked


@click.command()
@click.argument("run")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--answer", metavar="JSON", help="The right answer: what is derived anew is kept only when it agrees.")
@click.option("--why", default="", metavar="TEXT", help="What is wrong with it, for whoever reviews.")
@library_option
@json_option
@click.pass_obj
def wrong(
    given: Given, run: str, paths: tuple[str, ...], answer: str | None, why: str, library: str | None, json_: bool
) -> None:
    """Say that the answer of RUN, which a kept tool gave, is wrong.

    The tool loses trust (after two such cases it goes back to candidate and answers no more), and with a model at hand
    the answer is derived anew over the same data; what is learned waits for review as the tool's next version. Name
    PATH when the data is no longer where it was.
    """
    right = _answer(answer)
    with given.with_library(library).lab() as lab:
        found = lab.wrong(run, [Path(path) for path in paths] or None, answer=right, why=why)
    if json_:
        click.echo(as_json(_object(found)))
        return
    if found.fresh is not None:
        click.echo(for_people(found.fresh.answer) if found.fresh.complete else "(no answer)")
    for line in _lines(found):
        click.echo(printable(line), err=True)


@click.command()
@click.argument("run")
@library_option
@json_option
@click.pass_obj
def right(given: Given, run: str, library: str | None, json_: bool) -> None:
    """Say that the answer of RUN, which a kept tool gave, is right.

    Where a model picked the tool for a question worded anew, the wording becomes one more question of the tool: the
    next time it costs no model call, with other values neither.
    """
    with given.with_library(library).lab() as lab:
        found = lab.right(run)
    if json_:
        click.echo(as_json(_object(found)))
        return
    said = f"{found.tool.name} v{found.tool.version} is on record as right in run {found.run_id}"
    for line in (said, *_after(found)):
        click.echo(printable(line), err=True)


@click.command()
@click.option(
    "--share", type=click.FloatRange(0, 1), default=0.03, show_default=True, help="Of the replays that are not checked."
)
@click.option("--first", type=click.IntRange(min=0), default=3, show_default=True, help="Uses of each version.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="Checks made at most.")
@click.option("--background", is_flag=True, help="By [shadow] in the settings and its budget, unless it is under way.")
@library_option
@json_option
@click.pass_obj
def shadow(
    given: Given, share: float, first: int, limit: int, background: bool, library: str | None, json_: bool
) -> None:
    """Derive some answers of kept tools anew with a model and compare.

    The first uses of each version are checked and a share of the others, under the limits of the settings; data that
    has changed or gone is passed over. Where the answers differ, both derivations wait for review.
    """
    from lithify.services.sampling import Sample

    with given.with_library(library).lab() as lab:
        sample = Sample(share=share, first=first, limit=limit)
        found = lab.shadow_behind() if background else lab.shadow(sample)
    if json_:
        click.echo(as_json({"checked": [_object(one) for one in found]}))
        return
    if not found:
        click.echo("nothing to check: no replay is due, or its data is no longer where it was", err=True)
    for one in found:
        verdict = "agrees" if not one.difference else "DIFFERS"
        click.echo(
            printable(f"{one.run_id}  {one.tool.name} v{one.tool.version}  {verdict}  {one.difference}".rstrip())
        )
        for line in _after(one):
            click.echo(printable(f"  {line}"))


def _lines(found: Checked) -> list[str]:
    first = f"{found.tool.name} v{found.tool.version} is on record as wrong in run {found.run_id}"
    if found.fresh is None:
        return [f"{first}; no model is configured, so nothing was derived anew: an open case now", *_after(found)]
    return [first, *_after(found)]


def _after(found: Checked) -> list[str]:
    lines = []
    if found.candidate:
        lines.append(f"learned: candidate {found.candidate} waits for `lithify review`")
    elif found.unlearned:
        lines.append(f"nothing learned: {found.unlearned}")
    if found.wording:
        lines.append(found.wording)
    if found.change is not None:
        lines.append(f"{found.tool.name} is {found.change.status} now: {found.change.reason}")
    return lines


def _answer(text: str | None) -> Plain | None:
    if text is None:
        return None
    try:
        found: Plain = json.loads(text)
    except ValueError:
        if text[:1] in '[{"' or not text.strip():
            raise BadInput(
                f"--answer {text!r:.80} is no JSON; quote it for the shell, for example '[\"a\", 3]'"
            ) from None
        return text
    return found


def _object(found: Checked) -> dict[str, object]:
    return {
        "run_id": found.run_id,
        "tool": {"name": found.tool.name, "version": found.tool.version},
        "kept": found.kept,
        "agreed": not found.difference,
        "difference": found.difference,
        "derived": found.fresh.answer if found.fresh else None,
        "check_run": found.fresh.run_id if found.fresh else None,
        "candidate": found.candidate,
        "unlearned": found.unlearned,
        "wording": found.wording,
        "status": found.change.status if found.change else None,
    }

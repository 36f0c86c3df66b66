"""`lithify review`: candidates with their evidence; approve, try, edit, rename, drop a property, reject, or later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.case_lines import case_lines, case_object
from lithify.cli.options import Given, as_json, for_people, json_option, library_option, printable
from lithify.cli.review_screen import as_object, becomes, show
from lithify.cli.tools import parse_arguments
from lithify.errors import BadInput, LibraryProblem, LithifyError, NotCovered

if TYPE_CHECKING:
    from lithify.app import Lab
    from lithify.records.cases import Case
    from lithify.services.reviewing import Pending

_SECONDS_WORDS = "at the gates, this takes some seconds"


class _Quit(Exception):
    """No more questions."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--yes", is_flag=True, help="Approve all whose gates passed, without asking.")
@click.option("--approve", is_flag=True, help="Approve the named ones, also where a gate needs a person.")
@click.option("--reject", "reason", metavar="REASON", help="Reject the named candidates with this reason.")
@click.option("--rename", "name", metavar="NAME", help="Give the named candidate another name; its gates run again.")
@click.option("--drop", "properties", multiple=True, metavar="PROPERTY", help="Drop a property; may be repeated.")
@click.option("--try", "paths", multiple=True, metavar="PATH", help="Run the named candidate over this data.")
@click.option("--arg", "arguments", multiple=True, metavar="NAME=VALUE", help="With --try: an argument.")
@library_option
@json_option
@click.pass_obj
def review(  # noqa: PLR0913 - one parameter for each option
    given: Given,
    names: tuple[str, ...],
    yes: bool,
    approve: bool,
    reason: str | None,
    name: str | None,
    properties: tuple[str, ...],
    paths: tuple[str, ...],
    arguments: tuple[str, ...],
    library: str | None,
    json_: bool,
) -> None:
    """Show what waits for review (all, or NAME by id or function) and take your word on it.

    Approving puts the candidate through its gates once more and commits it to the library. Nothing said is no.
    """
    asked = [option for option, on in _exclusive(yes, approve, reason, name, properties, paths).items() if on]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} are two wishes at once: give one")
    if asked and asked[0] != "--yes" and not names:
        raise click.UsageError(f"{asked[0]} needs the NAME of what it is about")
    with given.with_library(library).lab() as lab:
        cases = [one for one in lab.cases() if not names or {one.id, one.tool} & set(names)]
        rest = tuple(one for one in names if one not in {case.id for case in cases})
        items = _chosen(lab, rest, frozenset(case.tool for case in cases)) if rest or not names else []
        if reason is not None:
            _reject_all(lab, items, reason, json_)
            _let_be(lab, [one for one in cases if one.id in names], reason)
        elif yes or approve:
            _approve_all(lab, items, json_, also_asking=approve)
        elif name is not None or properties:
            _changed(lab, _only(items), name, properties, json_)
        elif paths:
            _try_once(lab, _only(items), paths, arguments, json_)
        elif json_:
            told = {"pending": [as_object(item) for item in items], "cases": [case_object(one) for one in cases]}
            click.echo(as_json(told))
        else:
            _ask_about_all(lab, items)
            for line in case_lines(cases):
                click.echo(printable(line))
            if not items and not cases:
                click.echo("nothing waits for review", err=True)


def _exclusive(
    yes: bool, approve: bool, reason: str | None, name: str | None, properties: tuple[str, ...], paths: tuple[str, ...]
) -> dict[str, bool]:
    return {
        "--yes": yes,
        "--approve": approve,
        "--reject": reason is not None,
        "--rename": name is not None,
        "--drop": bool(properties),
        "--try": bool(paths),
    }


def _chosen(lab: Lab, names: tuple[str, ...], failing: frozenset[str]) -> list[Pending]:
    """What waits for review, or of that what is named. What cannot be reviewed is said, with what to do about it.

    failing: tools with open cases, which may be named though nothing else of them waits
    """
    from lithify.services import reviewing

    bench, wanted = lab.bench(), set(names)
    waiting = [item for item in reviewing.pending(bench) if not wanted or item.names & wanted]
    items = [lab.wait(reviewing.refreshed(item, bench)) for item in waiting]
    left = wanted.difference(*(item.names for item in items))
    if left or not wanted:
        items += lab.wait(reviewing.edited(bench, left))
    known = set().union(*(item.names for item in items))
    view = lab.library.view()
    unknown = wanted - known - view.refused.keys() - failing
    if unknown:
        raise click.UsageError(f"nothing that waits for review is called {', '.join(sorted(unknown))}")
    for name, why in view.refused.items():
        if name not in known and (name in wanted or (not wanted and name not in view.statuses)):
            click.echo(f"{name} cannot be reviewed: {printable(why)}", err=True)
    return items


def _only(items: list[Pending]) -> Pending:
    if len(items) != 1:
        raise click.UsageError(f"name one candidate by its id; {len(items)} are called so")
    return items[0]


def _approve_all(lab: Lab, items: list[Pending], json_: bool, *, also_asking: bool) -> None:
    kept, left = [], []
    for item in items:
        name = item.candidate.signature.function
        if item.verdict.outcome == "fail" or (item.verdict.outcome != "pass" and not also_asking):
            left.append({"id": item.name, "why": f"its gates say {item.verdict.outcome}"})
            click.echo(f"left alone: {name}: its gates say {item.verdict.outcome}", err=True)
            continue
        try:
            tool = lab.approve(item)
        except LibraryProblem as problem:  # the others can still enter
            if len(items) == 1:
                raise
            left.append({"id": item.name, "why": str(problem)})
            click.echo(f"left alone: {name}: {printable(str(problem))}", err=True)
            continue
        kept.append(
            {
                "name": tool.name,
                "version": tool.version,
                "semver": tool.semver,
                "commit": tool.commit,
                "status": tool.status,
            }
        )
        click.echo(f"kept {tool.name} {tool.semver} (v{tool.version}, {tool.commit[:7]})", err=True)
    if json_:
        click.echo(as_json({"kept": kept, "left": left}))


def _reject_all(lab: Lab, items: list[Pending], reason: str, json_: bool) -> None:
    for item in items:
        lab.reject(item, reason)
        click.echo(f"rejected {item.candidate.signature.function}", err=True)
    if json_:
        click.echo(as_json({"rejected": [item.name for item in items]}))


def _let_be(lab: Lab, cases: list[Case], reason: str) -> None:
    for case in cases:
        lab.library.cases.close(case.id, reason)
        click.echo(f"let be: case {case.id} of {case.tool}", err=True)


def _changed(lab: Lab, item: Pending, name: str | None, properties: tuple[str, ...], json_: bool) -> None:
    from lithify.services import reviewing

    click.echo(_SECONDS_WORDS, err=True)
    bench = lab.bench()
    work = reviewing.rename(item, name, bench) if name is not None else reviewing.drop(item, properties, bench)
    changed = lab.wait(work)
    if json_:
        click.echo(as_json(as_object(changed)))
    else:
        show(changed, whole=True)


def _try_once(lab: Lab, item: Pending, paths: tuple[str, ...], arguments: tuple[str, ...], json_: bool) -> None:
    from lithify.services import reviewing

    context = lab.load([Path(path) for path in paths] if len(paths) > 1 else Path(paths[0]))
    values = parse_arguments(item.candidate.signature, arguments)
    answer = lab.wait(reviewing.attempt(item, context, values, lab.bench()))
    click.echo(as_json({"answer": answer, "id": item.name}) if json_ else for_people(answer))


# At the keyboard.


def _ask_about_all(lab: Lab, items: list[Pending]) -> None:
    """One after the other. Ctrl-C and the end of the input leave the rest for later."""
    for number, item in enumerate(items):
        try:
            _ask_about(lab, item)
        except _Quit:
            left = len(items) - number
            click.echo(f"left for later: {left}", err=True)
            return


def _ask_about(lab: Lab, item: Pending) -> None:
    show(item)
    steps: Mapping[str, Callable[[Lab, Pending], Pending | None]] = {
        "a": _approve,
        "t": _try,
        "e": _edit,
        "n": _rename,
        "d": _drop,
        "r": _reject,
        "s": _source,
    }
    current: Pending | None = item
    while current is not None:
        said = _prompt(_words(current), default="l").strip().lower()[:1]
        if said == "q":
            raise _Quit
        if said == "l":
            return
        step = steps.get(said)
        if step is None or (said == "a" and current.verdict.outcome == "fail"):
            click.echo(f"{said!r} is no answer here")
            continue
        try:
            current = step(lab, current)
        except (LithifyError, click.UsageError) as problem:  # said, and the person goes on
            click.echo(f"that did not work: {printable(str(problem))}")


def _words(item: Pending) -> str:
    approve = "" if item.verdict.outcome == "fail" else "[a]pprove "
    if item.kind == "edited":
        return f"{approve}[t]ry [s]ource [l]ater [q]uit"
    drop = "[d]rop a property " if any(not one.dropped for one in item.candidate.properties) else ""
    return f"{approve}[t]ry [e]dit re[n]ame {drop}[r]eject [s]ource [l]ater [q]uit"


def _prompt(words: str, default: str | None = None) -> str:
    """What the person types. Raises _Quit at the end of the input and on Ctrl-C."""
    try:
        said: str = click.prompt(words, default=default, show_default=default not in (None, ""))
    except click.Abort:
        click.echo()
        raise _Quit from None
    return said


def _approve(lab: Lab, item: Pending) -> None:
    click.echo(_SECONDS_WORDS, err=True)
    tool = lab.approve(item)
    click.echo(f"kept {tool.name} {tool.semver} (v{tool.version}, {tool.commit[:7]})")


def _reject(lab: Lab, item: Pending) -> None:
    lab.reject(item, _prompt("reason"))
    click.echo("rejected; the same proposal will not come back")


def _source(lab: Lab, item: Pending) -> Pending:
    show(item, whole=True)
    return item


def _try(lab: Lab, item: Pending) -> Pending:
    from lithify.services import reviewing

    context = lab.load(Path(_prompt("a file or folder to try it on").strip()))
    values = {}
    if item.candidate.signature.parameters:
        known = ", ".join(f"{one.name}={one.default!r}" for one in item.candidate.signature.parameters)
        given = _prompt(f"arguments as NAME=VALUE, with spaces between ({known})", default="")
        values = parse_arguments(item.candidate.signature, tuple(given.split()))
    try:
        answer = lab.wait(reviewing.attempt(item, context, values, lab.bench()))
    except NotCovered as error:
        click.echo(f"it does not cover this input: {printable(str(error))}")
    else:
        click.echo(for_people(answer))
    return item


def _edit(lab: Lab, item: Pending) -> Pending:
    from lithify.services import reviewing

    if item.kind == "edited":
        raise BadInput(f"edit {lab.library.path}/tools/{item.name}/tool.py itself, then review it again")
    text = click.edit(item.candidate.source, extension=".py")
    if text is None or text == item.candidate.source:
        click.echo("nothing was changed")
        return item
    click.echo(_SECONDS_WORDS, err=True)
    return _shown(lab.wait(reviewing.edit(item, text, lab.bench())))


def _rename(lab: Lab, item: Pending) -> Pending:
    from lithify.services import reviewing

    name = _prompt("name", default=item.candidate.signature.function).strip()
    if name == item.candidate.signature.function:
        return item
    click.echo(_SECONDS_WORDS, err=True)
    changed = lab.wait(reviewing.rename(item, name, lab.bench()))
    click.echo(f"called {name}; {becomes(changed)}; its gates say {changed.verdict.outcome}")
    return changed


def _drop(lab: Lab, item: Pending) -> Pending:
    from lithify.services import reviewing

    there = [one.name for one in item.candidate.properties if not one.dropped]
    said = _prompt("which property (number or name)").strip()
    chosen = there[int(said) - 1] if said.isdigit() and 0 < int(said) <= len(there) else said
    click.echo(_SECONDS_WORDS, err=True)
    return _shown(lab.wait(reviewing.drop(item, [chosen], lab.bench())))


def _shown(item: Pending) -> Pending:
    show(item)
    return item

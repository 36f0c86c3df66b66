"""`lithify lock check`, `lithify lock merge`, `lithify package`, `lithify policy`: a library as people share it."""

from __future__ import annotations

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable


@click.group()
def lock() -> None:
    """What vouches for the tools: check it, and merge it where two people changed one tool."""


@lock.command()
@library_option
@json_option
@click.pass_obj
def check(given: Given, library: str | None, json_: bool) -> int:
    """Say what is not in order in the library, with the way out. Exit code 1 for a problem: what CI asks."""
    with given.with_library(library).lab() as lab:
        found = lab.library.lock.check()
        tools = len(lab.library.names())
    problems = [one for one in found if one.severity == "problem"]
    if json_:
        said = [{"where": one.where, "severity": one.severity, "text": one.text} for one in found]
        click.echo(as_json({"findings": said, "tools": tools}))
    else:
        for one in found:
            click.echo(f"{one.severity:8} {printable(one.where)}: {printable(one.text)}")
        if not problems:
            click.echo(f"{tools} tool{'s' if tools != 1 else ''} in order", err=True)
    return 1 if problems else 0


@lock.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--ours", "side", flag_value="ours", help="Take what this branch made of them.")
@click.option("--theirs", "side", flag_value="theirs", help="Take what the merged branch made of them.")
@click.option("--status", "side", flag_value="status", help="Where only statuses differ, take the more careful one.")
@library_option
@json_option
@click.pass_obj
def merge(given: Given, names: tuple[str, ...], side: str | None, library: str | None, json_: bool) -> int:
    """Say which tools both sides of a merge changed, or take one side of them (all, or NAME). You commit the merge.

    A mixture of two versions was judged by nobody, so a tool is taken whole. The other version stays in the history:
    `lithify history` shows it. Exit code 1 while tools are in conflict.
    """
    with given.with_library(library).lab() as lab:
        taken: tuple[str, ...] = ()
        if side == "status":
            taken = lab.library.lock.settle_status(names)
        elif side is not None:
            taken = lab.library.lock.resolve("ours" if side == "ours" else "theirs", names)
        left = lab.library.lock.conflicts()
    if json_:
        said = [{"name": one.name, "ours": one.ours, "theirs": one.theirs} for one in left]
        click.echo(as_json({"taken": list(taken), "conflicts": said}))
        return 1 if left else 0
    for name in taken:
        click.echo(f"{name}: {'the more careful status' if side == 'status' else f'taken from {side}'}", err=True)
    for one in left:
        click.echo(f"{one.name}\n    ours:   {one.ours or 'removed'}\n    theirs: {one.theirs or 'removed'}")
    if left:
        click.echo(
            "take one side with --ours or --theirs, for all or by NAME; --status where only that differs", err=True
        )
    else:
        click.echo("no tool is in conflict" + ("; `git commit` ends the merge" if taken else ""), err=True)
    return 1 if left else 0


@click.command()
@click.argument("name", default="")
@library_option
@json_option
@click.pass_obj
def package(given: Given, name: str, library: str | None, json_: bool) -> None:
    """Make the library installable under NAME (its present name, if none is given), with what its tools need.

    `pip install LIBRARY` then gives `from NAME import TOOL`, and lithify is not needed to use it.
    """
    with given.with_library(library).lab() as lab:
        called = lab.library.lock.package(name)
        path = lab.library.path
    if json_:
        click.echo(as_json({"package": called, "library": str(path)}))
    else:
        click.echo(f"`pip install {path}` gives `from {called} import …`")


@click.command()
@library_option
@json_option
@click.pass_obj
def policy(given: Given, library: str | None, json_: bool) -> None:
    """Show what may enter the library by itself, and what makes or breaks trust: policy.toml, to be edited there."""
    with given.with_library(library).lab() as lab:
        found = lab.library.policy()
        file = lab.library.path / "policy.toml"
        keep = lab.settings.keep
    said: dict[str, object] = {
        "enter": found.enter,
        "imports": list(found.imports),
        "strength": found.strength,
        "holdout": found.holdout,
        "lines": found.lines,
        "trust_after": found.trust_after,
        "withdraw_after": found.withdraw_after,
        "soften_after": found.soften_after,
    }
    if json_:
        click.echo(as_json({"policy": said, "file": str(file) if file.exists() else None, "keep": keep}))
        return
    click.echo(f"from {file}" if file.exists() else f"the defaults; {file} does not exist", err=True)
    for key, value in said.items():
        click.echo(f"{key:15} {', '.join(map(str, value)) if isinstance(value, list) else value}")
    if keep != "provisional":
        click.echo('the setting keep is "ask": a person reviews everything, whatever stands here', err=True)

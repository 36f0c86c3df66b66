"""`lithify tools`, `lithify tool NAME`, `lithify call NAME PATH...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.case_lines import case_lines, case_object
from lithify.cli.options import Given, as_json, for_people, json_option, library_option, printable
from lithify.errors import BadInput

if TYPE_CHECKING:
    from lithify.records.tool import Signature, Tool


@click.command()
@library_option
@json_option
@click.pass_obj
def tools(given: Given, library: str | None, json_: bool) -> None:
    """List the kept tools, and those that may not run with the reason."""
    with given.with_library(library).lab() as lab:
        view = lab.library.view()
    if json_:
        click.echo(as_json({"tools": [_object(tool) for tool in view.tools], "refused": dict(view.refused)}))
        return
    if not view.tools and not view.refused:
        click.echo("no tools yet: `lithify ask` proposes them, `lithify review` lets you approve them", err=True)
    for tool in view.tools:
        click.echo(
            f"{tool.name} {tool.semver} (v{tool.version})  {tool.status}  {tool.commit[:7]}  "
            f"{printable(tool.description)}"
        )
    for name, why in view.refused.items():
        click.echo(f"{name}  REFUSED  {printable(why)}")


@click.command()
@click.argument("name")
@library_option
@json_option
@click.pass_obj
def tool(given: Given, name: str, library: str | None, json_: bool) -> None:
    """Show one kept tool: where it came from, what it answers, its source."""
    with given.with_library(library).lab() as lab:
        found, cases = lab.tool(name), lab.cases(name)
    if json_:
        click.echo(as_json({**_object(found), "source": found.source, "cases": [case_object(one) for one in cases]}))
        return
    origin = found.provenance
    click.echo(
        f"{found.name} {found.semver} (v{found.version})  {found.status}  approved by {printable(found.approved_by)}  "
        f"commit {found.commit[:7]}"
    )
    click.echo(f"from run {origin.run_id} with {origin.model}: {printable(origin.question)}")
    for recipe in found.recipes:
        click.echo(f"answers: {printable(recipe.template)}")
    for line in found.not_for:
        click.echo(f"not for {printable(line)}")
    for callee in found.callees:
        click.echo(f"calls the kept tool {callee}")
    for line in case_lines(cases):
        click.echo(printable(line))
    click.echo(f"\n{printable(found.source)}")


@click.command()
@click.argument("name")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--arg", "arguments", multiple=True, metavar="NAME=VALUE", help="An argument of the tool; may be repeated."
)
@library_option
@json_option
@click.pass_obj
def call(
    given: Given, name: str, paths: tuple[str, ...], arguments: tuple[str, ...], library: str | None, json_: bool
) -> None:
    """Run the kept tool NAME over the data in PATH, without a question.

    No model is asked, but by a tool that asks one itself: that is a run, and what it spent is said.
    """
    from lithify.cli.screen import Screen

    with given.with_library(library).lab([Screen(live=False)]) as lab:
        found = lab.tool(name)
        answer = lab.call(name, [Path(path) for path in paths], **parse_arguments(found.signature, arguments))
    click.echo(
        as_json({"answer": answer, "tool": found.name, "version": found.version}) if json_ else for_people(answer)
    )


def parse_arguments(signature: Signature, given: tuple[str, ...]) -> dict[str, int | float | str]:
    """NAME=VALUE texts as values of the parameters' types. Raises BadInput naming what is wrong and what there is."""
    known = {parameter.name: parameter for parameter in signature.parameters}
    values: dict[str, int | float | str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            there_are = ", ".join(f"{one.name}: {one.annotation}" for one in known.values()) or "none"
            raise BadInput(f"--arg {text!r}: {signature.function} has the parameters {there_are}; give NAME=VALUE")
        kind = {"int": int, "float": float}.get(known[name].annotation, str)
        try:
            values[name] = kind(value)
        except ValueError:
            raise BadInput(f"--arg {text!r}: {name} takes {known[name].annotation}") from None
    return values


def _object(tool: Tool) -> dict[str, object]:
    return {
        "name": tool.name,
        "version": tool.version,
        "semver": tool.semver,
        "status": tool.status,
        "commit": tool.commit,
        "description": tool.description,
        "approved_by": tool.approved_by,
        "answers": [recipe.template for recipe in tool.recipes],
        "not_for": list(tool.not_for),
        "calls": list(tool.callees),
        "parameters": {one.name: one.annotation for one in tool.signature.parameters},
        "run_id": tool.provenance.run_id,
    }

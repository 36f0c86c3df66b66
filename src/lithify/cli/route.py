"""`lithify route QUESTION PATH...`: which way a question would go, without going it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable
from lithify.errors import BadInput

if TYPE_CHECKING:
    from lithify.services.planning import Plan


@click.command()
@click.argument("question")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--explain", is_flag=True, help="Say of every tool that matches or comes near why it is taken or not.")
@library_option
@json_option
@click.pass_obj
def route(given: Given, question: str, paths: tuple[str, ...], explain: bool, library: str | None, json_: bool) -> None:
    """Say whether a kept tool would answer QUESTION over PATH, and which. Nothing is run and no model is asked."""
    if not question.strip():
        raise BadInput('the question is empty; give one, for example: lithify route "How many errors?" app.log')
    with given.with_library(library).lab() as lab:
        found = lab.plan(question, lab.load([Path(path) for path in paths]))
    if json_:
        click.echo(as_json(_object(found)))
        return
    click.echo(_headline(found))
    for line in found.why if explain else ():
        click.echo(f"  {printable(line)}")


def _headline(found: Plan) -> str:
    if found.match is not None:
        tool = found.match.tool
        arguments = ", ".join(f"{name}={value!r}" for name, value in found.match.arguments.items())
        how = f"{tool.name} v{tool.version} ({tool.commit[:7]}) with {arguments or 'no arguments'}"
        return printable(f"replay: {how}{', which may ask a language model' if tool.signature.needs_llm else ''}")
    if found.offered:
        names = ", ".join(tool.name for tool in found.offered)
        return printable(f"adapt: one model call is asked to pick among {names}, or none")
    return "explore: no kept tool is near"


def _object(found: Plan) -> dict[str, object]:
    match = found.match
    return {
        "route": found.route,
        "tool": {"name": match.tool.name, "version": match.tool.version} if match else None,
        "arguments": dict(match.arguments) if match else {},
        "offered": [tool.name for tool in found.offered],
        "why": list(found.why),
    }

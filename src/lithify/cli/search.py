"""`lithify search WORDS`: find kept tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable

if TYPE_CHECKING:
    from lithify.records.tool import Tool


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1), default=5, show_default=True, help="How many, nearest first.")
@click.option("--semantic", is_flag=True, help="By meaning too, not only by words (pip install 'lithify[semantic]').")
@library_option
@json_option
@click.pass_obj
def search(given: Given, words: tuple[str, ...], limit: int, semantic: bool, library: str | None, json_: bool) -> None:
    """Find the kept tools that WORDS speak of: in their names, descriptions, questions and parameters."""
    with given.with_library(library).lab() as lab:
        found = lab.search(" ".join(words), limit=limit, semantic=semantic)
    if json_:
        click.echo(as_json({"tools": [_object(tool) for tool in found]}))
        return
    if not found:
        click.echo("no kept tool speaks of that; `lithify tools` lists them all", err=True)
    for tool in found:
        click.echo(printable(f"{tool.name} v{tool.version}  {tool.status}  {tool.description}"))


def _object(tool: Tool) -> dict[str, object]:
    return {
        "name": tool.name,
        "version": tool.version,
        "status": tool.status,
        "description": tool.description,
        "answers": [recipe.question for recipe in tool.recipes],
    }

"""`lithify ask`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import click

from lithify.cli.data import read_data
from lithify.cli.event_json import STDERR, event_lines, events_option
from lithify.cli.limits import limit_options
from lithify.cli.options import Given, as_json, for_people, json_option, library_option
from lithify.cli.wanted import citation_lines, citation_object, cite_option, read_schema, schema_option
from lithify.errors import BadInput

if TYPE_CHECKING:
    from lithify.records.run import RunResult
    from lithify.services.asking import Reuse
    from lithify.services.wanted import Wanted

INCOMPLETE = 4


@click.command()
@click.argument("question")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--model", metavar="M", help='The model, for example "anthropic:claude-haiku-4-5" or "ollama:qwen3".')
@click.option("--base-url", metavar="URL", help="An OpenAI-compatible server.")
@click.option("--record", metavar="FILE", help="Record the conversation with the model to this cassette.")
@click.option("--ephemeral", is_flag=True, help="The pure RLM: reuse nothing, keep nothing.")
@click.option("--no-reuse", "no_reuse", is_flag=True, help="Explore even when a kept tool fits; keep what worked.")
@click.option("--only-reuse", "only_reuse", is_flag=True, help="By a kept tool or not at all (exit code 11).")
@click.option(
    "--keep", type=click.Choice(["ask", "provisional"]), help="Whether tools that pass all gates enter by themselves."
)
@schema_option
@cite_option
@limit_options
@events_option
@library_option
@json_option
@click.pass_obj
def ask(  # noqa: PLR0913 - one parameter an option is how click hands them over
    given: Given,
    question: str,
    paths: tuple[str, ...],
    model: str | None,
    base_url: str | None,
    record: str | None,
    ephemeral: bool,
    no_reuse: bool,
    only_reuse: bool,
    keep: str | None,
    schema: str | None,
    cite: bool,
    limits: Mapping[str, object],
    events: str | None,
    library: str | None,
    json_: bool,
) -> int:
    """Answer QUESTION over the data in PATH: files, folders, quoted patterns, NAME=PATH, "-" for stdin.

    Each file of another kind, and each NAME=PATH, is a variable of its own in the cells.

    A kept tool that fits answers without a model; else a model explores the data, and what worked is proposed as a
    tool. The answer goes to stdout, everything else to stderr.
    """
    given = replace(
        given.with_library(library), model=model, base_url=base_url, record=record, keep=keep, limits=limits
    )
    if ephemeral + no_reuse + only_reuse > 1:
        raise BadInput("--ephemeral, --no-reuse and --only-reuse exclude one another; give one of them")
    reuse: Reuse = "never" if no_reuse else "only" if only_reuse else "auto"
    wanted: Wanted = {"ephemeral": ephemeral, "reuse": reuse, "cite": cite}
    return _ask(given, question, paths, read_schema(schema), json_=json_, events=events, wanted=wanted)


def _ask(
    given: Given,
    question: str,
    paths: tuple[str, ...],
    schema: Mapping[str, object] | None,
    *,
    json_: bool,
    events: str | None,
    wanted: Wanted,
) -> int:
    from lithify.cli.screen import Screen

    if not question.strip():
        raise BadInput('the question is empty; give one, for example: lithify ask "How many errors are there?" app.log')
    if not paths:
        raise BadInput("no data is given; name files or folders after the question, or - for stdin")
    screen = Screen(live=sys.stderr.isatty(), quiet=events == STDERR)
    with event_lines(events) as lines, given.lab([screen, *lines], makes=True) as lab:
        lab.warm()
        context = read_data(lab, paths)
        if not json_:
            screen.on_result = partial(print_answer, sources=context.sources, cite=wanted.get("cite", False))
        try:
            result = lab.inquire_and_learn(question, context, answer_type=schema, **wanted)
        except KeyboardInterrupt:
            # Stopped while the answer was being distilled: the answer itself is there.
            if json_ and screen.result is not None:
                click.echo(as_json(as_object(screen.result)))
            raise
    screen.end()
    if json_:
        click.echo(as_json(as_object(result)))
    return 0 if result.complete else INCOMPLETE


def print_answer(result: RunResult, sources: Sequence[str], cite: bool = False) -> None:
    """The answer on stdout, and the quotes that support it. cite: they were asked for, so their lack is said."""
    click.echo(for_people(result.answer) if result.answer is not None else "(no answer)")
    for line in citation_lines(result.citations, sources):
        click.echo(line)
    if cite and result.answer is not None and not result.citations:
        click.echo("(no quote supports this answer)")


def as_object(result: RunResult) -> dict[str, object]:
    """The result as `--json` prints it. cost is null when a call had no price: unknown is not zero."""
    tool = result.tool
    price = result.usage.price
    return {
        "answer": result.answer,
        "route": result.route,
        "complete": result.complete,
        "reason": result.reason,
        "model_calls": result.usage.model_calls,
        "input_tokens": result.usage.input_tokens,
        "output_tokens": result.usage.output_tokens,
        "cost": None if price is None else float(price),
        "seconds": round(result.seconds, 3),
        "run_id": result.run_id,
        "tool": {"name": tool.name, "version": tool.version, "commit": tool.commit} if tool else None,
        "candidate": result.candidate,
        "why": list(result.why),
        "citations": [citation_object(one) for one in result.citations],
    }

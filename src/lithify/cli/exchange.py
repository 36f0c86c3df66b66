"""`lithify export`, `lithify import`, `lithify distil`: runs out, other programs' runs in, and learning from either."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable
from lithify.errors import BadInput

if TYPE_CHECKING:
    from lithify.services.importing import Imported
    from lithify.services.learning import Learned

_QUESTION_CHARS = 100


@click.group()
def export() -> None:
    """Write what the ledger holds for other programs."""


@export.command()
@click.argument("runs", nargs=-1, metavar="[RUN...]")
@click.option("--out", metavar="FILE", help="Where to write; standard output without it.")
@library_option
@click.pass_obj
def trajectories(given: Given, runs: tuple[str, ...], out: str | None, library: str | None) -> None:
    """Write runs as JSON lines for training: messages, code, outputs, and what each run was worth.

    All runs, oldest first, or those given as RUN (ids, or beginnings of ids); child runs follow the run that asked.
    The lines hold what the model saw of the data: treat them as the data.
    """
    from lithify.services.exporting import trajectories as exported

    count = 0
    with given.with_library(library).lab() as lab, _writing(out) as stream:
        for line in exported(lab.ledger, lab.library, runs):
            stream.write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
            count += 1
    click.echo(f"{count:,} trajectories{'' if out is None else f' written to {out}'}", err=True)


@contextmanager
def _writing(out: str | None) -> Iterator[IO[str]]:
    if out is None:
        yield sys.stdout
        return
    try:
        stream = Path(out).open("w", encoding="utf-8")  # noqa: SIM115 - closed below, and its failure told apart
    except OSError as error:
        raise BadInput(f"--out {out}: it cannot be written: {error.strerror}") from None
    with stream:
        yield stream


@click.group("import")
def import_() -> None:
    """Take other programs' runs into the ledger."""


@import_.command()
@click.argument("log", metavar="LOG.jsonl")
@click.option(
    "--context", metavar="PATH", help="The data that the runs were asked over, where the log does not hold it."
)
@library_option
@json_option
@click.pass_obj
def rlms(given: Given, log: str, context: str | None, library: str | None, json_: bool) -> None:
    """Import the runs of a log that rlms wrote (RLMLogger), and learn from them where their data is at hand.

    Each run is imported once. What it led to passes the gates, and is proposed or kept as for a run of our own.
    """
    from lithify.export import read_rlms
    from lithify.services.importing import Source, import_rlms

    path = Path(log)
    try:
        with path.open(encoding="utf-8") as lines:
            runs = read_rlms(lines, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{log} cannot be read: {error}; `import rlms` reads the JSONL logs of rlms") from None
    with given.with_library(library).lab(makes=True) as lab:
        source = Source(log=str(path), context=lab.load([Path(context)]) if context else None)
        found = lab.wait(import_rlms(runs, source, lab.ledger, lab.bench()))
    if json_:
        click.echo(as_json({"imported": [_imported_object(one) for one in found]}))
        return
    for one in found:
        click.echo(_imported_line(one))


@click.command()
@click.argument("run")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@library_option
@json_option
@click.pass_obj
def distil(given: Given, run: str, paths: tuple[str, ...], library: str | None, json_: bool) -> None:
    """Learn from RUN (its id, or a beginning of it) as if it were over just now: PATH is the data it was asked over.

    For runs that nothing was proposed from: imported ones, ephemeral ones, those of an older lithify.
    """
    from lithify.services.importing import distil_run

    with given.with_library(library).lab() as lab:
        context = lab.load([Path(path) for path in paths])
        learned = lab.wait(distil_run(run, context, lab.ledger, lab.bench(context.modules)))
    if json_:
        click.echo(as_json(_learned_object(learned)))
    else:
        click.echo(printable(_learned_words(learned)))


def _imported_line(one: Imported) -> str:
    run = one.run
    question = " ".join(run.question.split())[:_QUESTION_CHARS] or "(no root prompt)"
    became = _learned_words(one.learned) if one.learned else one.why
    return printable(f"{one.run_id}  {len(run.turns)} turns  {question}\n  {became}")


def _learned_words(learned: Learned) -> str:
    if learned.candidate is None:
        return f"nothing kept: {learned.why}"
    function = learned.candidate.signature.function
    if learned.kept is not None:
        return f"kept as {learned.kept.name} v{learned.kept.version}"
    outcome = learned.verdict.outcome if learned.verdict else "fail"
    return f"proposed as a tool: {function} (gates: {outcome}); `lithify review {function}` shows it"


def _imported_object(one: Imported) -> dict[str, object]:
    return {
        "run_id": one.run_id,
        "question": one.run.question,
        "turns": len(one.run.turns),
        "complete": one.run.complete,
        "new": one.new,
        **(_learned_object(one.learned) if one.learned else {"candidate": None, "why": one.why}),
    }


def _learned_object(learned: Learned) -> dict[str, object]:
    kept = learned.kept
    return {
        "candidate": learned.candidate.id if learned.candidate else None,
        "function": learned.candidate.signature.function if learned.candidate else None,
        "gates": learned.verdict.outcome if learned.verdict else None,
        "kept": None if kept is None else {"name": kept.name, "version": kept.version, "commit": kept.commit},
        "why": learned.why,
    }

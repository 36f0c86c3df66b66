"""`lithify gate FOLDER`: a folder, or a kept tool, through all gates; nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable

if TYPE_CHECKING:
    from lithify.records.tool import GateResult, Outcome
    from lithify.services.gating import Judged

EXIT_CODES: dict[Outcome, int] = {"pass": 0, "fail": 1, "needs-person": 12, "not-run": 1}
_MARKS: dict[Outcome, str] = {"pass": "✓", "fail": "✗", "needs-person": "?", "not-run": "-"}
_SAID: dict[Outcome, str] = {
    "pass": "passes its gates",
    "fail": "does not pass its gates",
    "needs-person": "passes its gates where nobody has to decide; the rest needs a person",
    "not-run": "was not judged",
}


@click.command()
@click.argument("target", metavar="FOLDER")
@library_option
@json_option
@click.pass_obj
def gate(given: Given, target: str, library: str | None, json_: bool) -> int:
    """Put FOLDER through all gates and show the evidence. FOLDER is the folder of a tool, or the name of a kept one.

    A folder needs a tool.py with one typed public function, and tests in tests/test_*.py or recorded examples;
    tool.toml is not needed. Nothing is kept and nothing is changed. Exit code 0: it passes; 1: it does not; 12: a
    person must decide.
    """
    with given.with_library(library).lab(makes=True) as lab:  # a folder is judged without a library, too
        judged = lab.gate(target)
    if json_:
        click.echo(as_json(_object(judged)))
    else:
        _show(judged)
    return EXIT_CODES[judged.verdict.outcome]


def _show(judged: Judged) -> None:
    skipped = [result for result in judged.verdict.results if result.outcome == "not-run"]
    for result in judged.verdict.results:
        for line in _lines(result) if result not in skipped else ():
            click.echo(printable(line))
    if skipped:
        click.echo(f"- {skipped[0].evidence}: {', '.join(result.gate for result in skipped)}")
    if judged.harvested:
        click.echo(f"its {len(judged.candidate.examples)} uses were taken from the calls that its tests make")
    outcome = judged.verdict.outcome
    click.echo(f"{judged.candidate.signature.function} {_SAID[outcome]} ({_seconds(judged):.1f} s)")


def _lines(result: GateResult) -> list[str]:
    first, *rest = result.evidence.splitlines() or [""]
    lines = [f"{_MARKS[result.outcome]} {result.gate:12} {first}", *(f"{'':15}{line}" for line in rest)]
    if result.outcome != "pass" and result.remedy:
        lines.append(f"{'':15}what would change it: {result.remedy}")
    return lines


def _seconds(judged: Judged) -> float:
    """About how long it took: the gates that run, run side by side."""
    return max((result.seconds for result in judged.verdict.results), default=0.0)


def _object(judged: Judged) -> dict[str, object]:
    verdict = judged.verdict
    nearest = verdict.nearest
    return {
        "tool": judged.candidate.signature.function,
        "outcome": verdict.outcome,
        "contents": verdict.contents,
        "harvested": judged.harvested,
        "nearest": None
        if nearest is None
        else {
            "relation": nearest.relation,
            "tool": nearest.tool,
            "version": nearest.version,
            "evidence": nearest.evidence,
            "advice": nearest.advice,
        },
        "gates": [
            {
                "gate": one.gate,
                "outcome": one.outcome,
                "evidence": one.evidence,
                "what_would_change": one.remedy,
                "score": one.score,
                "seconds": round(one.seconds, 3),
            }
            for one in verdict.results
        ],
    }

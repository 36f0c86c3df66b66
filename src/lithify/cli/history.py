"""`lithify history`, `diff`, `rollback`, `retire`, `rename`, `test`: what kept tools were, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option, printable

if TYPE_CHECKING:
    from lithify.records.revision import Revision
    from lithify.records.tool import Tool, Verdict

_STYLE = {"+": "green", "-": "red", "@": "cyan"}


@click.command()
@click.argument("name")
@library_option
@json_option
@click.pass_obj
def history(given: Given, name: str, library: str | None, json_: bool) -> None:
    """Every accepted version of the tool NAME, newest first: when, why, on whose word, what the gates said."""
    with given.with_library(library).lab() as lab:
        found = lab.library.revisions.history(name)
    if json_:
        click.echo(as_json({"history": [_revision(one) for one in found]}))
        return
    for one in found:
        called = f" (as {one.name})" if one.name != name else ""
        click.echo(
            f"{one.semver} (v{one.version}){called}  {one.at:%Y-%m-%d %H:%M}  {one.commit[:7]}  {one.status}  "
            f"by {printable(one.approved_by)}"
        )
        for line in (one.what, one.verdict and f"gates: {one.verdict}", one.reason and f"because: {one.reason}"):
            if line:
                click.echo(f"    {printable(line)}")


@click.command()
@click.argument("name")
@click.argument("versions", metavar="A[..B]")
@library_option
@json_option
@click.pass_obj
def diff(given: Given, name: str, versions: str, library: str | None, json_: bool) -> None:
    """What differs between two versions of the tool NAME, or between A and the folder as it is now.

    A version is its three numbers (1.2.0), its count (3 or v3), or the beginning of its commit.
    """
    before, _, after = versions.partition("..")
    with given.with_library(library).lab() as lab:
        found = lab.library.revisions.diff(name, before, after.lstrip("."))
    if json_:
        click.echo(as_json({"diff": found}))
        return
    if not found:
        click.echo("nothing differs", err=True)
    for line in printable(found).splitlines():
        click.secho(line, fg=_STYLE.get(line[:1]), bold=line.startswith(("+++", "---")))


@click.command()
@click.argument("name")
@click.argument("version")
@click.option("--gate", is_flag=True, help="Judge it again, even where its verdict of then still holds.")
@library_option
@json_option
@click.pass_obj
def rollback(given: Given, name: str, version: str, gate: bool, library: str | None, json_: bool) -> None:
    """Bring an earlier VERSION of the tool NAME back, as its next one. Nothing is taken from the history.

    It passes the gates again where its verdict of then no longer holds: what it imports has changed since.
    """
    from lithify.services import versions

    with given.with_library(library).lab() as lab:
        tool, verdict = lab.wait(versions.roll_back(name, version, lab.bench(), gate=gate))
    how = "its verdict of then holds" if verdict is None else "it passed the gates again"
    _say(
        json_,
        tool,
        f"{tool.name} {tool.semver} is what {version} was ({tool.commit[:7]}); {how}",
        {"gated": bool(verdict)},
    )


@click.command()
@click.argument("name")
@click.option("--reason", required=True, help="Why; it is shown wherever the tool would have been used.")
@library_option
@json_option
@click.pass_obj
def retire(given: Given, name: str, reason: str, library: str | None, json_: bool) -> None:
    """Never use the tool NAME again. Its files and its history stay; `lithify review NAME` takes it back in."""
    from lithify.services import versions

    with given.with_library(library).lab() as lab:
        versions.retire(name, reason, lab.bench())
    if json_:
        click.echo(as_json({"retired": name, "reason": reason}))
    else:
        click.echo(f"retired {name}", err=True)


@click.command()
@click.argument("old")
@click.argument("new")
@library_option
@json_option
@click.pass_obj
def rename(given: Given, old: str, new: str, library: str | None, json_: bool) -> None:
    """Call the tool OLD by the name NEW. Tools that import it are led to it; all pass the gates, or none changes."""
    from lithify.services import versions

    with given.with_library(library).lab() as lab:
        tool, callers = lab.wait(versions.rename(old, new, lab.bench()))
    also = f"; changed with it: {', '.join(callers)}" if callers else ""
    _say(json_, tool, f"{old} is {tool.name} {tool.semver} now ({tool.commit[:7]}){also}", {"callers": list(callers)})


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@library_option
@json_option
@click.pass_obj
def test(given: Given, names: tuple[str, ...], library: str | None, json_: bool) -> int:
    """Put kept tools through the gates as they stand now (all in use, or NAME). Exit code 1 when one does not pass."""
    from lithify.services import versions

    with given.with_library(library).lab() as lab:
        found = lab.wait(versions.test(names, lab.bench()))
    if json_:
        click.echo(as_json({"tools": {name: _verdict(one) for name, one in found.items()}}))
    else:
        for name, one in found.items():
            _told(name, one)
        if not found:
            click.echo("no tools to test", err=True)
    return 1 if any(isinstance(one, str) or one.outcome == "fail" for one in found.values()) else 0


def _told(name: str, verdict: Verdict | str) -> None:
    if isinstance(verdict, str):
        click.echo(f"✗ {name}: {printable(verdict)}")
        return
    mark = {"pass": "✓", "needs-person": "?"}.get(verdict.outcome, "✗")
    seconds = sum(result.seconds for result in verdict.results)
    passed = sum(result.outcome == "pass" for result in verdict.results)
    click.echo(f"{mark} {name}: {passed} of {len(verdict.results)} gates passed ({seconds:.1f} s of work)")
    for result in verdict.results:
        if result.outcome != "pass":
            lines = printable(result.evidence).splitlines() or [""]
            click.echo(f"    {result.gate}: {result.outcome}: {lines[0]}")


def _verdict(verdict: Verdict | str) -> Mapping[str, object]:
    if isinstance(verdict, str):
        return {"outcome": "fail", "why": verdict, "gates": []}
    gates = [{"gate": one.gate, "outcome": one.outcome, "evidence": one.evidence} for one in verdict.results]
    return {"outcome": verdict.outcome, "gates": gates}


def _say(json_: bool, tool: Tool, words: str, more: Mapping[str, object]) -> None:
    if json_:
        said = {"name": tool.name, "version": tool.version, "semver": tool.semver, "commit": tool.commit}
        click.echo(as_json({**said, "status": tool.status, **more}))
    else:
        click.echo(words)


def _revision(one: Revision) -> dict[str, object]:
    return {
        "name": one.name,
        "version": one.version,
        "semver": one.semver,
        "status": one.status,
        "commit": one.commit,
        "at": one.at.isoformat(),
        "author": one.author,
        "approved_by": one.approved_by,
        "what": one.what,
        "verdict": one.verdict,
        "reason": one.reason,
        "run_id": one.run_id,
        "question": one.question,
        "model": one.model,
        "cost": one.cost,
    }

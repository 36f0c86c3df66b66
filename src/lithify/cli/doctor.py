"""`lithify doctor`: what holds on this machine, and what to do about what does not."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from lithify.cli.options import Given, as_json, json_option, library_option
from lithify.errors import LithifyError
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithify.app import Lab


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. state: ok, note (works, with less) or problem (something will not work)."""

    name: str
    state: str
    text: str


@click.command()
@library_option
@json_option
@click.pass_obj
def doctor(given: Given, library: str | None, json_: bool) -> int:
    """Look at settings, sandbox, library, git and model, and say what to do. Exit code 1 when something is broken."""
    with given.with_library(library).lab(makes=True) as lab:
        findings = examine(lab)
    if json_:
        click.echo(as_json({"findings": [{"name": f.name, "state": f.state, "text": f.text} for f in findings]}))
    else:
        for finding in findings:
            click.echo(f"{finding.state:8} {finding.name:10} {finding.text}")
    return 1 if any(finding.state == "problem" for finding in findings) else 0


def examine(lab: Lab) -> list[Finding]:
    """Every finding, in the order of the layers."""
    settings = lab.settings
    version = ".".join(str(part) for part in sys.version_info[:3])
    source = str(settings.source) if settings.source else "none (defaults and environment)"
    return [
        Finding(name="python", state="ok", text=version),
        Finding(name="settings", state="ok", text=f"lithify.toml: {source}"),
        _git(),
        _model(settings.model),
        *_sandbox(lab),
        _library(lab),
        _ledger(lab),
    ]


def _git() -> Finding:
    path = shutil.which("git")
    if path:
        return Finding(name="git", state="ok", text=path)
    return Finding(name="git", state="problem", text="not on PATH: install git, the library is a git repository")


def _model(name: str) -> Finding:
    if name:
        return Finding(name="model", state="ok", text=name)
    text = "none configured: kept tools answer, new questions cannot be explored; set LITHIFY_MODEL or --model"
    return Finding(name="model", state="note", text=text)


def _sandbox(lab: Lab) -> list[Finding]:
    try:
        layers = lab.wait(lab.sandbox()).layers
    except LithifyError as error:
        return [Finding(name="sandbox", state="problem", text=str(error))]
    return layer_findings(layers)


def layer_findings(layers: Mapping[str, str]) -> list[Finding]:
    """One finding per layer. What is missing is a note, not a problem: below its floor, the sandbox does not start."""
    from lithify.sandbox import explain

    missing = {state.layer.name: state.layer for state in explain(layers) if state.needed and not state.holds}
    found = []
    for name, how in layers.items():
        layer = missing.get(name)
        text = f"{name}: {how}" + (f". It would mean: {layer.does}. Remedy: {layer.remedy}" if layer else "")
        found.append(Finding(name="sandbox", state="note" if layer else "ok", text=text))
    return found


def _library(lab: Lab) -> Finding:
    where = lab.settings.library
    if not where.exists():
        return Finding(name="library", state="note", text=f"{where}: not there yet; `lithify ask` makes it")
    try:
        view = lab.library.view()
    except LithifyError as error:
        return Finding(name="library", state="problem", text=f"{where}: {error}")
    if view.refused:
        text = f"{where}: {len(view.tools)} tools; refused: " + "; ".join(view.refused.values())
        return Finding(name="library", state="note", text=text)
    return Finding(name="library", state="ok", text=f"{where}: {len(view.tools)} tools")


def _ledger(lab: Lab) -> Finding:
    if not lab.settings.library.exists():
        return Finding(name="ledger", state="ok", text="none yet")
    try:
        count = len(lab.ledger.runs(limit=1))
    except LithifyError as error:
        return Finding(name="ledger", state="problem", text=str(error))
    return Finding(name="ledger", state="ok", text="has runs" if count else "empty")

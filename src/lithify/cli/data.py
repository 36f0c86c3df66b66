"""Reading the data that a command names: how much it is, before; what should be known of it, after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithify.cli.options import printable

if TYPE_CHECKING:
    from lithify.app import Lab
    from lithify.records.context import Context

_WORTH_SAYING = 200_000_000
"""Bytes from which reading takes a second or more."""


def read_data(lab: Lab, paths: Sequence[str]) -> Context:
    """The Context of the paths, as they were given. How much is read, and the notes, go to stderr."""
    given = [Path(path) for path in paths]
    found = lab.survey(given)
    if found.bytes >= _WORTH_SAYING:
        files = "1 file" if found.files == 1 else f"{found.files:,} files"
        click.echo(f"reading {found.bytes / 1e9:.1f} GB in {files}", err=True)
    context = lab.load(given)
    for note in context.notes:
        click.echo(f"note: {printable(note)}", err=True)
    return context

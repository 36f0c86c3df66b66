"""Events as JSON lines: for whoever follows a run from outside."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from lithify.cli.options import as_json
from lithify.cli.run_json import plain
from lithify.errors import BadInput
from lithify.records.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lithify.ports import Observer

VERSION = 1
STDERR = "-"

events_option = click.option(
    "--events", metavar="FILE", help='Write every event as a JSON line to FILE ("-": to stderr, in place of progress).'
)


def event_object(event: Event, at: datetime) -> dict[str, object]:
    """One event: its name, the version of this form, when it was told, and its fields as they are."""
    fields = plain(event)
    return {"event": type(event).__name__, "version": VERSION, "at": at.astimezone(UTC).isoformat(), "fields": fields}


class EventLines:
    """An Observer that writes lines to a stream, each at once."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def notify(self, event: Event) -> None:
        """Write one event. A reader that went away does not end the run."""
        try:
            self._stream.write(as_json(event_object(event, datetime.now(UTC))) + "\n")
            self._stream.flush()
        except OSError:
            pass


@contextmanager
def event_lines(file: str | None) -> Iterator[Sequence[Observer]]:
    """The observers for --events: none, or one that writes to file. Raises BadInput when it cannot be written."""
    if file is None:
        yield ()
    elif file == STDERR:
        yield (EventLines(sys.stderr),)
    else:
        try:
            stream = Path(file).open("a", encoding="utf-8")  # noqa: SIM115 - closed below, and its failure told apart
        except OSError as error:
            raise BadInput(f"--events {file}: it cannot be written: {error.strerror}") from None
        with stream:
            yield (EventLines(stream),)

"""What a person sees of a run on stderr: progress while it goes, one line at the end."""

from __future__ import annotations

from collections.abc import Callable
from shutil import get_terminal_size

import click

from lithify.cli.options import printable
from lithify.cli.progress import Progress
from lithify.records.events import (
    CandidateProposed,
    Event,
    GateJudged,
    RouteChosen,
    RunFailed,
    RunFinished,
    RunResumed,
    RunStarted,
    ToolKept,
    ToolUsed,
)
from lithify.records.model import Usage
from lithify.records.run import RunResult


class Screen:
    """An Observer. live: a terminal is watching, so progress is worth showing; the end is always told.

    quiet: nothing at all is told, for whoever reads events in place of words.
    """

    def __init__(self, *, live: bool, quiet: bool = False) -> None:
        self.live = live and not quiet
        self.quiet = quiet
        self.result: RunResult | None = None
        self.on_result: Callable[[RunResult], None] | None = None
        self._progress = Progress()
        self._function = ""
        self._refusing: list[str] = []
        self._kept = False
        self._resumable = False
        self._why: tuple[str, ...] = ()

    def notify(self, event: Event) -> None:
        """Show one event. What happens in child runs is part of a cell of their root, and not shown by itself."""
        self._progress.take(event)
        if not self._progress.is_of_child(event):
            self._tell(event)
        if self.live:
            self._status(self._progress.line())

    def _tell(self, event: Event) -> None:
        match event:
            case RunStarted(setup=setup):
                self._resumable = setup is not None
            case RunResumed():
                self._resumable = True
            case RunFinished(result=result):
                self.result = result
                self._clear()
                if self.on_result is not None:
                    self.on_result(result)
                self._say(summary(result))
            case RunFailed():
                self._failed(event)
            case RouteChosen(route="explore", why=why):
                self._why = why
                if self.live:
                    for line in why:
                        self._say(_line(line))
            case ToolUsed(tool=tool, error=error) if error and self.live:
                self._say(f"{tool}: {_line(error)}")
            case _:
                self._learned(event)

    def _learned(self, event: Event) -> None:
        match event:
            case CandidateProposed(candidate=None, why=why):
                self._say(f"nothing kept: {why}")
            case CandidateProposed(function=function):
                self._function = function
            case GateJudged(result=result) if result.outcome in ("fail", "needs-person"):
                self._refusing.append(result.gate)
                self._say(f"gate {result.gate}: {result.outcome}: {_line(result.evidence)}")
            case ToolKept(tool=tool, version=version, commit=commit):
                self._kept = True
                self._say(f"kept as {tool} v{version} ({commit[:7]})")
            case _:
                pass

    def end(self) -> None:
        """Say what became of the candidate, and what is the person's to do."""
        self._clear()
        if not self._function or self._kept:
            return
        if self._refusing:
            gates = ", ".join(self._refusing)
            self._say(f"not kept: {self._function} ({gates}); `lithify review {self._function}` shows why")
        else:
            self._say(
                f"proposed as a tool: {self._function}; it passed its gates, `lithify review` takes your decision"
            )

    def _failed(self, event: RunFailed) -> None:
        if event.kind == "NoModel":
            for line in () if self.live else self._why:
                self._say(line)
        elif self._resumable and event.kind not in _AGAIN:
            self._say(f"`lithify resume {event.run_id}` goes on from here; what the model answered is not paid again")

    def _status(self, text: str) -> None:
        if text:
            self._clear()
            click.echo(text[: get_terminal_size().columns - 1], err=True, nl=False)

    def _clear(self) -> None:
        if self.live:
            click.echo("\r\x1b[2K", err=True, nl=False)

    def _say(self, text: str) -> None:
        if not self.quiet:
            self._clear()
            click.echo(printable(text), err=True)


_AGAIN = frozenset({"BadInput", "BadSettings", "BudgetSpent"})
"""Errors that a run would end with again: it goes on with the settings that it began with."""


def summary(result: RunResult) -> str:
    """The one line after an answer: how it came about and what it cost."""
    if result.route == "replay" and result.tool is not None:
        tool = result.tool
        how = f"replayed by {tool.name} v{tool.version} ({tool.commit[:7]})"
    else:
        how = {"explore": "explored", "adapt": "adapted", "replay": "replayed"}[result.route]
    parts = [how, spent(result.usage), f"{result.seconds:.2f} s", f"run {result.run_id}"]
    if not result.complete:
        parts.insert(0, f"INCOMPLETE: {result.reason}")
    return " · ".join(parts)


def spent(usage: Usage) -> str:
    """Calls, tokens and price in a few words. No call has no price; an unknown price is said."""
    calls = f"{usage.model_calls} model call{'' if usage.model_calls == 1 else 's'}"
    if not usage.model_calls:
        return calls
    tokens = f"{usage.input_tokens + usage.output_tokens:,} tokens"
    price = usage.price
    return f"{calls} · {tokens} · {'unpriced' if price is None else f'${price:.4f}'}"


def _line(text: str) -> str:
    first = printable(text).strip().splitlines()
    return first[0][:200] if first else ""

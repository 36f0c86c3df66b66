"""`lithify show`: a run's trajectory, readable."""

from __future__ import annotations

import re
from collections import Counter

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lithify.cli.options import for_people, printable
from lithify.cli.run_lines import STATE_STYLES, children_lines, money, one_line, price, state_of, tokens
from lithify.cli.screen import spent
from lithify.cli.wanted import citation_lines
from lithify.records.ledger import (
    RecordedCall,
    RecordedCandidate,
    RecordedCell,
    RecordedTurn,
    RunDetail,
    RunSummary,
)
from lithify.records.model import Usage

LINES, CHARS = 40, 4_000
"""How much of a text is shown without --full."""
LINE_CHARS = 200
OUTCOME_STYLES = {"pass": "green", "fail": "red", "needs-person": "yellow"}
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```[ \t]*$\n?", re.MULTILINE | re.DOTALL)


class RunView:
    """Prints runs. full: long texts whole, every sub-call by itself."""

    def __init__(self, console: Console, *, full: bool) -> None:
        self._console = console
        self._full = full
        self._nth = 0

    def show(self, run: RunDetail) -> None:
        """Print one run."""
        self._head(run)
        for use in run.tool_uses:
            self._heading(f"Tool {use.tool} v{use.version}")
            self._fact("called with", one_line(for_people(use.arguments), LINE_CHARS))
            self._fact("gave", f"{one_line(use.error, LINE_CHARS) or 'an answer'} in {use.seconds:.3f} s")
        self._nth = 0
        for turn in run.turns:
            self._turn(turn)
        self._children(run)
        self._end(run)
        for candidate in run.candidates:
            self._candidate(candidate)

    def _head(self, run: RunDetail) -> None:
        summary = run.summary
        state = state_of(summary)
        self._line((f"Run {summary.run_id}", "bold"), ("  ", ""), (state, STATE_STYLES[state]))
        self._fact("question", one_line(summary.question, CHARS))
        self._fact("data", f"{', '.join(summary.sources)} ({run.context_size:,} characters, {run.context_digest[:12]})")
        self._fact("asked", f"{summary.started_at.astimezone():%Y-%m-%d %H:%M:%S %Z}")
        self._fact("model", (summary.model or "none") + (" (ephemeral)" if run.ephemeral else ""))
        if summary.parent is not None:
            self._fact("child of", f"{summary.parent} (depth {summary.depth})")
        if summary.resumed:
            self._fact("resumed", "once" if summary.resumed == 1 else f"{summary.resumed} times")
        for route in run.routes:
            self._fact("route", route.route)
            for why in route.why:
                self._fact("", f"- {one_line(why, LINE_CHARS)}")

    def _turn(self, turn: RecordedTurn) -> None:
        used = _usage(turn.calls)
        seconds = sum(call.seconds for call in turn.calls)
        title = "Before the first turn" if turn.number == 0 else f"Turn {turn.number}"
        spent_here = f"{title}  ({tokens(used):,} tokens, {price(used)}, {seconds:.1f} s)"
        self._heading(spent_here if turn.calls else "What the tool asked a model")
        for call in turn.calls:
            if call.reply is None:
                self._block(f"the model did not answer: {call.error}", "red")
                continue
            if call.reply.attempts > 1:
                self._block(f"(answered at attempt {call.reply.attempts})", "dim")
            self._block(_words(call.reply.text, turn.cells))
        for cell in turn.cells:
            self._cell(cell)
        if turn.subcalls:
            self._subcalls(turn.subcalls)

    def _cell(self, cell: RecordedCell) -> None:
        self._nth += 1  # as tracebacks number them: over all turns, anew in a new worker
        self._block(f"cell {self._nth}, {cell.result.seconds:.2f} s", "dim")
        self._code(cell.code)
        result = cell.result
        if result.stdout:
            self._block(result.stdout.rstrip("\n"), "dim", indent=6)
        if result.value_repr:
            self._block(f"= {result.value_repr}", "dim", indent=6)
        if result.error is not None:
            said = result.error.traceback or f"{result.error.kind}: {result.error.message}"
            self._block(said.rstrip("\n"), "red", indent=6)
        if cell.lost:
            self._block("the worker died in this cell; its variables are gone", "red", indent=6)
            self._nth = 0

    def _subcalls(self, calls: tuple[RecordedCall, ...]) -> None:
        failed = [call for call in calls if call.reply is None]
        used = _usage(calls)
        parts = [f"{len(calls) - len(failed):,} answered", f"{len(failed):,} failed"] if failed else [f"{len(calls):,}"]
        self._block(f"sub-calls: {', '.join(parts)}  ({tokens(used):,} tokens, {price(used)})", "cyan")
        for error, count in Counter(call.error for call in failed).most_common(3):
            self._block(f"{count:,} x {one_line(error, LINE_CHARS)}", "red", indent=6)
        for call in calls if self._full else ():
            answer = call.reply.text if call.reply else call.error
            self._block(f"{one_line(call.prompt, LINE_CHARS)}\n-> {one_line(answer, LINE_CHARS)}", indent=6)

    def _children(self, run: RunDetail) -> None:
        if run.descendants:
            self._heading(f"Child runs  ({len(run.descendants):,}; `lithify show ID` shows one)")
            for line in children_lines(run.descendants):
                self._console.print("  ", line, sep="", soft_wrap=True)

    def _end(self, run: RunDetail) -> None:
        summary = run.summary
        self._heading("Answer" if summary.complete else "Answer (incomplete)" if _has_answer(run) else "No answer")
        if not run.answer_kept:
            self._block("too large for the ledger; it was given to whoever asked", "dim")
        elif _has_answer(run):
            self._block(for_people(run.answer))
        for line in citation_lines(run.citations, summary.sources):
            self._block(line)
        for line in _how_it_ended(summary):
            self._block(line, "yellow")
        if summary.resumable:
            self._block(f"`lithify resume {summary.run_id}` goes on with it", "yellow")
        if summary.tool is not None:
            tool = summary.tool
            self._fact("tool", f"{tool.name} v{tool.version} ({tool.commit[:7]})")
        seconds = "" if summary.seconds is None else f" · {summary.seconds:.2f} s"
        failed = f" · {summary.failed_calls:,} failed" if summary.failed_calls else ""
        self._fact("spent", f"{spent(summary.usage)}{failed}{seconds}")

    def _candidate(self, candidate: RecordedCandidate) -> None:
        if candidate.candidate is None:
            self._heading("Nothing proposed to keep")
            self._block(candidate.why)
            return
        self._heading(f"Candidate {candidate.candidate}  {candidate.function}")
        for gate in candidate.gates:
            result = gate.result
            evidence = result.evidence if self._full else one_line(result.evidence, LINE_CHARS)
            style = OUTCOME_STYLES.get(result.outcome, "")
            self._line((f"  {result.gate:<12} ", ""), (f"{result.outcome:<12} ", style), (evidence, ""))
            if result.remedy and result.outcome != "pass":
                self._fact("", f"remedy: {one_line(result.remedy, LINE_CHARS)}")
        for kept in candidate.accepted:
            cost = "" if kept.cost is None else f", cost {money(kept.cost)}"
            self._fact(
                "kept", f"as {kept.tool} v{kept.version} ({kept.commit[:7]}), approved by {kept.approved_by}{cost}"
            )
        for refused in candidate.rejected:
            self._fact("rejected", refused.reason)
        if not candidate.accepted and not candidate.rejected:
            self._fact("open", "`lithify review` shows it and takes your decision")

    def _heading(self, text: str) -> None:
        self._console.print()
        self._line((text, "bold"))

    def _fact(self, name: str, value: str) -> None:
        self._line((f"  {name:<12} ", "dim"), (value, ""))

    def _block(self, text: str, style: str = "", *, indent: int = 2) -> None:
        """A text of several lines, indented, cut unless the person wants it whole."""
        shown = self._cut(printable(text.replace("\r\n", "\n")))
        if shown.strip():
            margin = " " * indent
            self._line(("\n".join(margin + line for line in shown.split("\n")), style))

    def _code(self, code: str) -> None:
        shown = self._cut(printable(code.replace("\r\n", "\n")).strip("\n"))
        if not self._console.is_terminal:
            self._block(shown, indent=4)
            return
        from rich.syntax import Syntax

        coloured = Syntax(shown, "python", theme="ansi_dark", background_color="default", word_wrap=True)
        self._console.print(Padding(coloured, (0, 0, 0, 4)))

    def _line(self, *parts: tuple[str, str]) -> None:
        """The way out for every text but coloured code: (text, style) pairs, made harmless here."""
        self._console.print(Text.assemble(*((printable(text), style) for text, style in parts)), soft_wrap=True)

    def _cut(self, text: str) -> str:
        """The beginning and the end of a long text, with what is between counted."""
        lines = text.split("\n")
        if self._full or (len(lines) <= LINES and len(text) <= CHARS):
            return text
        if len(lines) > LINES:
            half = LINES // 2
            text = "\n".join([*lines[:half], f"... {len(lines) - 2 * half:,} lines, see --full ...", *lines[-half:]])
        if len(text) > CHARS:
            half = CHARS // 2
            text = f"{text[:half]}\n... {len(text) - 2 * half:,} characters, see --full ...\n{text[-half:]}"
        return text


def _has_answer(run: RunDetail) -> bool:
    return run.answer is not None or not run.answer_kept


def _how_it_ended(summary: RunSummary) -> list[str]:
    match summary.state:
        case "running":
            return ["still running"]
        case "died":
            return ["the process ended without recording an end: killed, or the machine went down"]
        case _:
            return [line for line in (summary.reason, summary.error) if line]


def _usage(calls: tuple[RecordedCall, ...]) -> Usage:
    used = Usage()
    for call in calls:
        used = used.plus(call.reply) if call.reply else used
    return used


def _words(reply: str, cells: tuple[RecordedCell, ...]) -> str:
    """The reply without the code blocks that are shown as cells."""
    run = {cell.code.strip() for cell in cells}
    return _FENCED.sub(lambda block: "" if block.group(1).strip() in run else block.group(), reply).strip()

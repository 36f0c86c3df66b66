"""The lines of `lithify runs` and `lithify costs`, and how figures are written."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

from rich.console import Console
from rich.text import Text

from lithify.cli.options import printable
from lithify.records.ledger import CostRow, RunSummary
from lithify.records.model import Usage

PIPED_WIDTH = 1000
"""Columns of a line that nobody's window bounds."""
QUESTION_CHARS = 200
QUESTION_ROOM = 30
"""How many columns a question needs at least to share a line with the figures."""
GAP = "  "
UNPRICED_MARK = "*"
STATE_STYLES = {
    "finished": "green",
    "incomplete": "yellow",
    "running": "cyan",
    "interrupted": "yellow",
    "failed": "red",
    "died": "red",
}


def stdout_console() -> Console:
    """The terminal as it is; whole lines and no colours for whoever reads a pipe."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(width=width, highlight=False, markup=False, emoji=False)


def runs_lines(runs: Sequence[RunSummary], width: int) -> Iterator[Text]:
    """One line a run, under a header; where a line has no room for the question, it gets one of its own."""
    years = {run.started_at.astimezone().year for run in runs}
    short = len(years) == 1
    heads = ("run", f"when ({min(years)})" if short else "when", "state", "route", "calls", "tokens", "cost", "seconds")
    rows = [_cells(run, "%m-%d %H:%M" if short else "%Y-%m-%d %H:%M") for run in runs]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    room = width - sum(widths) - len(GAP) * len(widths)
    inline = room >= QUESTION_ROOM
    yield Text(_aligned(heads, widths, words=4) + (f"{GAP}question [tool]" if inline else ""), "bold")
    for run, cells in zip(runs, rows, strict=True):
        line = Text(_aligned(cells, widths, words=4))
        state_at = widths[0] + widths[1] + 2 * len(GAP)
        line.stylize(STATE_STYLES[cells[2]], state_at, state_at + len(cells[2]))
        yield Text.assemble(line, GAP if inline else "\n    ", _question(run, room if inline else width - 4))


def resume_notes(runs: Sequence[RunSummary]) -> Iterator[str]:
    """How the runs that were interrupted go on, newest first."""
    waiting = [run.run_id for run in runs if run.resumable]
    if waiting:
        more = f" ({len(waiting) - 1:,} more like it)" if len(waiting) > 1 else ""
        yield f"interrupted: `lithify resume {printable(waiting[0])}` goes on with it{more}"


def children_lines(children: Sequence[RunSummary]) -> Iterator[Text]:
    """Child runs as a tree, one line each: indented below the run that asked, with what each spent with its own."""
    above = min((child.depth for child in children), default=1)
    names = [GAP * (child.depth - above) + printable(child.run_id) for child in children]
    width = max(map(len, names), default=0)
    for child, name in zip(children, names, strict=True):
        state = state_of(child)
        figures = f"{child.usage.model_calls:,} calls{GAP}{tokens(child.usage):,} tokens{GAP}{price(child.usage)}"
        yield Text.assemble(
            f"{name.ljust(width)}{GAP}",
            (state, STATE_STYLES[state]),
            f"{GAP}{figures}{GAP}",
            one_line(child.question, QUESTION_CHARS),
        )


def costs_lines(rows: Sequence[CostRow], totals: Sequence[CostRow]) -> Iterator[Text]:
    """A group and under it what each route cost, so that explore stands against replay; all of them at the end."""
    heads = ("", "runs", "calls", "tokens", "cost", "s/run", "saved (estimate)")
    groups: dict[str, list[CostRow]] = defaultdict(list)
    for row in rows:
        groups[row.key].append(row)
    sections = [*groups.items(), ("all", [*totals])]
    cells = [(key, [_cost_cells(row) for row in members]) for key, members in sections]
    widths = [max(map(len, column)) for column in zip(heads, *chain(*(lines for _, lines in cells)), strict=True)]
    yield Text(_aligned(heads, widths, words=1), "bold")
    for key, lines in cells:
        yield Text(one_line(key, QUESTION_CHARS), "bold")
        yield from (Text(_aligned(line, widths, words=1)) for line in lines)


def cost_notes(by: str, totals: Sequence[CostRow]) -> Iterator[str]:
    """What must be known to read the costs."""
    if by == "day":
        yield "days are days in UTC"
    total = {row.route: row for row in totals}
    replays = total.get("replay")
    if replays is not None:
        yield (
            "saved is an estimate: each replay counts as the average cost of the finished explorations of its "
            "question family"
        )
        if replays.no_basis:
            yield f"{replays.no_basis:,} replays are left out: their family has no exploration with a known price"
    unpriced = sum(row.usage.unpriced_calls for row in totals)
    if unpriced:
        yield f"{UNPRICED_MARK} {unpriced:,} model calls had no known price and are in no sum of money"
    unrouted = total.get(None)
    if unrouted is not None:
        yield f"{unrouted.runs:,} runs have no route: they ended before one was chosen, or are about to choose"


def state_of(run: RunSummary) -> str:
    """The state in a word; a finished run without a complete answer is "incomplete"."""
    return "incomplete" if run.state == "finished" and not run.complete else run.state


def one_line(text: str, limit: int) -> str:
    """A text as one line of at most limit characters that no terminal obeys."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def tokens(usage: Usage) -> int:
    """Input and output together."""
    return usage.input_tokens + usage.output_tokens


def price(usage: Usage) -> str:
    """What it cost; marked when it leaves out calls without a known price. No call has no price."""
    if not usage.model_calls:
        return "-"
    if usage.unpriced_calls == usage.model_calls:
        return "unpriced"
    return f"{money(usage.cost)}{UNPRICED_MARK}" if usage.unpriced_calls else money(usage.cost)


def money(amount: Decimal) -> str:
    """US dollars: cents from ten dollars on, else a hundredth of a cent."""
    if 0 < amount < Decimal("0.00005"):
        return "<$0.0001"
    return f"${amount:,.2f}" if amount >= 10 else f"${amount:.4f}"


def _cells(run: RunSummary, stamp: str) -> tuple[str, ...]:
    return (
        printable(run.run_id),
        format(run.started_at.astimezone(), stamp),
        state_of(run),
        run.route or "-",
        f"{run.usage.model_calls:,}",
        f"{tokens(run.usage):,}",
        price(run.usage),
        "-" if run.seconds is None else f"{run.seconds:,.2f}",
    )


def _cost_cells(row: CostRow) -> tuple[str, ...]:
    if row.route != "replay":
        saved = ""
    elif row.saved_cost is not None:
        saved = f"~{money(row.saved_cost)}"
    else:
        saved = "unknown" if row.saved_tokens is None else f"~{row.saved_tokens:,} tokens"
    return (
        f"  {row.route or 'no route'}",
        f"{row.runs:,}",
        f"{row.usage.model_calls:,}",
        f"{tokens(row.usage):,}",
        price(row.usage),
        f"{row.seconds / row.ended:,.2f}" if row.ended else "-",
        saved,
    )


def _aligned(cells: Sequence[str], widths: Sequence[int], *, words: int) -> str:
    """So many columns of words to the left, the others, figures, to the right."""
    left = [cell.ljust(size) for cell, size in zip(cells[:words], widths[:words], strict=True)]
    right = [cell.rjust(size) for cell, size in zip(cells[words:], widths[words:], strict=True)]
    return GAP.join([*left, *right]).rstrip()


def _question(run: RunSummary, room: int) -> Text:
    """The question, cut to the room there is, and the tool that answered."""
    tool = f" [{printable(run.tool.name)} v{run.tool.version}]" if run.tool else ""
    question = Text(one_line(run.question, QUESTION_CHARS))
    question.truncate(max(room - len(tool), 10), overflow="ellipsis")
    return question.append(tool, "dim")

"""The ledger on the screen: figures, trajectories, and nothing that steers a terminal."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import click
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from lithify.cli.run_lines import money, runs_lines
from lithify.cli.run_view import CHARS, LINES, RunView
from lithify.cli.runs import costs, runs, show
from lithify.errors import LedgerProblem, ProgrammerMustAct
from lithify.ports import Ledger
from lithify.records.cell import CellError, CellResult
from lithify.records.events import (
    CandidateProposed,
    CandidateRejected,
    GateJudged,
    RouteChosen,
    RunFailed,
    RunFinished,
    ToolKept,
    ToolUsed,
)
from lithify.records.run import RunId, RunResult
from lithify.records.tool import GateResult
from lithify.testing.ledger_memory import MemoryLedger
from lithify.testing.ledger_story import (
    SetClock,
    SetProcesses,
    called,
    cell,
    explored,
    finished,
    reply,
    spend,
    started,
)

EVIL = "\x1b]0;title\x07\x1b[2J\x9b31m\r\u202egpj\u2066 [bold]not markup[/bold] \x7f"
Story = Callable[[Ledger], None]


class Source:
    """What click's context object is in these tests: one ledger with a story in it."""

    def __init__(self, story: Story) -> None:
        self.ledger = MemoryLedger(clock=SetClock(), processes=SetProcesses())
        self.library: str | None = None
        story(self.ledger)

    def with_library(self, library: str | None) -> Source:
        self.library = library
        return self

    def open_ledger(self) -> Ledger:
        return self.ledger


def run_command(command: click.Command, story: Story, *arguments: str) -> Result:
    result = CliRunner().invoke(command, arguments, obj=Source(story))
    if result.exception is not None:
        raise result.exception
    assert result.exit_code == 0
    return result


def nothing(ledger: Ledger) -> None:
    """No runs."""


def several(ledger: Ledger) -> None:
    """An exploration, a replay of it, one without a price, one that failed, one that still runs."""
    explored(ledger, "a1")
    spend(ledger, "b2", "how many <n>", "explore", ["0.03"])
    spend(ledger, "c3", "how many <n>", "replay", [])
    spend(ledger, "d4", "new family", "explore", [None])
    ledger.notify(started("e5"))
    ledger.notify(RunFailed(run_id=RunId("e5"), kind="ModelFailed", message="503", seconds=1.5))
    ledger.notify(started("f6", question="Still\nasking?"))


def hostile(ledger: Ledger) -> None:
    """A run in which everything that others wrote tries to steer the terminal."""
    run = RunId("evil")
    start = replace(started("evil", question=EVIL, family=EVIL), sources=(EVIL,), model=EVIL)
    ledger.notify(start)
    ledger.notify(RouteChosen(run_id=run, route="explore", why=(EVIL,)))
    ledger.notify(called("evil", reply(EVIL)))
    ledger.notify(replace(called("evil", None), error=EVIL))
    ledger.notify(replace(called("evil", None, purpose="sub"), prompt=EVIL, error=EVIL))
    ledger.notify(called("evil", reply(EVIL), purpose="sub"))
    result = CellResult(stdout=EVIL, value_repr=EVIL, error=CellError(kind=EVIL, message=EVIL, traceback=EVIL))
    ledger.notify(cell("evil", result, code=EVIL))
    ledger.notify(ToolUsed(run_id=run, tool=EVIL, version=1, arguments={EVIL: EVIL}, seconds=0.1, error=EVIL))
    ledger.notify(CandidateProposed(run_id=run, candidate=EVIL, function=EVIL))
    ledger.notify(CandidateProposed(run_id=run, candidate=None, function="", why=EVIL))
    judged = GateResult(gate=EVIL, outcome="fail", evidence=EVIL, remedy=EVIL)
    ledger.notify(GateJudged(run_id=run, candidate=EVIL, result=judged))
    ledger.notify(ToolKept(run_id=run, candidate=EVIL, tool=EVIL, version=1, commit=EVIL, approved_by=EVIL))
    ledger.notify(CandidateRejected(run_id=run, candidate=EVIL, reason=EVIL))
    end = RunResult(run_id=run, answer=[EVIL], route="explore", complete=False, seconds=1.0, reason=EVIL)
    ledger.notify(RunFinished(result=end))


def harmless(text: str) -> bool:
    """Whether a terminal only shows the text."""
    return all(char == "\n" or char.isprintable() for char in text)


def test_no_runs_says_how_to_get_one() -> None:
    for command in (runs, costs):
        result = run_command(command, nothing)
        assert result.output == "no runs yet: `lithify ask` makes the first\n"


def test_runs_shows_one_line_a_run_newest_first() -> None:
    header, *lines = run_command(runs, several).stdout.splitlines()
    assert header.split(maxsplit=8) == [
        "run", "when", "(2026)", "state", "route", "calls", "tokens", "cost", "seconds  question [tool]"
    ]  # fmt: skip
    assert [line.split()[0] for line in lines] == ["f6", "e5", "d4", "c3", "b2", "a1"]
    rows = {line.split()[0]: line.split(maxsplit=9)[3:] for line in lines}
    assert rows["a1"] == ["finished", "explore", "3", "372", "$0.0015*", "2.00", "How many errors?"]
    assert rows["c3"] == ["finished", "replay", "0", "0", "-", "2.00", "How many errors? [count_errors v3]"]
    assert rows["d4"][4] == "unpriced"
    assert rows["e5"] == ["failed", "-", "0", "0", "-", "1.50", "How many errors?"]
    assert rows["f6"] == ["running", "-", "0", "0", "-", "-", "Still asking?"]


def test_runs_can_be_limited() -> None:
    assert len(run_command(runs, several, "--limit", "2").stdout.splitlines()) == 3


@pytest.mark.parametrize("width", [70, 80, 100, 200])
def test_a_narrow_window_gives_the_question_a_line_of_its_own(width: int) -> None:
    source = Source(several)
    source.ledger.notify(started("g7", question="Which " + "very " * 50 + "long question is this?"))
    lines = [line for text in runs_lines(source.ledger.runs(), width) for line in text.plain.splitlines()]
    assert max(map(len, lines)) <= width
    assert len(lines) == (15 if width <= 100 else 8)


def test_an_incomplete_run_is_called_so() -> None:
    assert "incomplete" in run_command(runs, hostile).stdout


def test_runs_as_json() -> None:
    found = json.loads(run_command(runs, several, "--json").stdout)["runs"]
    by_id = {run["run_id"]: run for run in found}
    assert list(by_id) == ["f6", "e5", "d4", "c3", "b2", "a1"]
    assert (by_id["b2"]["cost"], by_id["b2"]["priced_cost"], by_id["b2"]["unpriced_calls"]) == (0.03, 0.03, 0)
    assert (by_id["a1"]["cost"], by_id["a1"]["priced_cost"], by_id["a1"]["unpriced_calls"]) == (None, 0.0015, 2)
    assert by_id["c3"]["tool"] == {"name": "count_errors", "version": 3, "commit": "c" * 40}
    assert (by_id["e5"]["state"], by_id["e5"]["error"]) == ("failed", "ModelFailed: 503")
    assert by_id["a1"]["started_at"] == "2026-03-01T12:00:01+00:00"
    assert json.loads(run_command(runs, nothing, "--json").stdout) == {"runs": []}


def test_the_ledger_is_closed_and_the_library_handed_on() -> None:
    source = Source(several)
    CliRunner().invoke(runs, ["--library", "there"], obj=source, catch_exceptions=False)
    assert source.library == "there"
    with pytest.raises(ProgrammerMustAct, match="closed"):
        source.ledger.runs()


def told(ledger: Ledger) -> None:
    """A run with everything that show has words for."""
    run = RunId("r1")
    code = "counts = tally(context)\nprint(counts)"
    ledger.notify(started("r1"))
    ledger.notify(RouteChosen(run_id=run, route="replay", why=("a recipe matches",)))
    arguments = {"top": 3}
    ledger.notify(
        ToolUsed(run_id=run, tool="count", version=2, arguments=arguments, seconds=0.1, error="NotCovered: x")
    )
    ledger.notify(RouteChosen(run_id=run, route="explore", why=("count v2 does not cover this",)))
    words = f"I count first.\n```repl\n{code}\n```\nThis stays:\n```text\nnot a cell\n```"
    ledger.notify(called("r1", reply(words)))
    for number in range(4):
        ledger.notify(called("r1", reply(f"answer {number}", cost="0.001"), purpose="sub"))
    ledger.notify(replace(called("r1", None, purpose="sub"), error="429 too many"))
    ledger.notify(cell("r1", CellResult(stdout="web 3\n", stdout_length=6, seconds=0.25), code=code))
    error = CellError(kind="KeyError", message="'x'", line=2, traceback="line 2: counts['x']\nKeyError: 'x'")
    ledger.notify(replace(cell("r1", CellResult(error=error), index=1, code="counts['x']"), lost=True))
    ledger.notify(finished("r1", answer={"web": 3}))
    ledger.notify(CandidateProposed(run_id=run, candidate="c1", function="count_restarts"))
    ledger.notify(
        GateJudged(run_id=run, candidate="c1", result=GateResult(gate="static", outcome="pass", evidence="ok"))
    )
    late = GateResult(gate="effects", outcome="needs-person", evidence="imports pandas", remedy="approve the import")
    ledger.notify(GateJudged(run_id=run, candidate="c1", result=late))


def test_show_tells_the_run_in_order() -> None:
    text = run_command(show, told, "r").stdout
    expected = [
        "Run r1  finished",
        "How many errors?",
        "a.log, b/ü.log (1,234 characters",
        "test:model",
        "replay",
        "a recipe matches",
        "explore",
        "count v2 does not cover this",
        "Tool count v2",
        "top: 3",
        "NotCovered: x",
        "Turn 1  (110 tokens, $0.0015, 0.8 s)",
        "I count first.",
        "This stays:",
        "not a cell",
        "cell 1, 0.25 s",
        "    counts = tally(context)",
        "      web 3",
        "cell 2",
        "KeyError: 'x'",
        "the worker died in this cell",
        "sub-calls: 4 answered, 1 failed  (440 tokens, $0.0040)",
        "1 x 429 too many",
        "Answer",
        "web: 3",
        "5 model calls · 550 tokens · $0.0055 · 1 failed · 2.00 s",
        "Candidate c1  count_restarts",
        "static       pass         ok",
        "effects      needs-person imports pandas",
        "remedy: approve the import",
        "`lithify review`",
    ]
    at = 0
    for part in expected:
        assert part in text[at:], f"{part!r} is missing, or too early, in\n{text}"
        at = text.index(part, at) + len(part)
    assert text.count("counts = tally(context)") == 1
    assert harmless(text)


def test_show_as_json_holds_the_whole_trajectory() -> None:
    found = json.loads(run_command(show, told, "r1", "--json").stdout)
    assert (found["run_id"], found["state"], found["answer"]) == ("r1", "finished", {"web": 3})
    (turn,) = found["turns"]
    assert [one["code"].split()[0] for one in turn["cells"]] == ["counts", "counts['x']"]
    assert turn["cells"][1]["result"]["error"]["kind"] == "KeyError"
    assert [call["reply"] and call["reply"]["cost"] for call in turn["subcalls"]] == [0.001] * 4 + [None]
    assert [gate["result"]["outcome"] for gate in found["candidates"][0]["gates"]] == ["pass", "needs-person"]
    assert [route["route"] for route in found["routes"]] == ["replay", "explore"]


def test_show_cuts_long_texts_unless_asked_for_all() -> None:
    def long(ledger: Ledger) -> None:
        ledger.notify(started("r1"))
        ledger.notify(called("r1", reply("word " * CHARS)))
        ledger.notify(called("r1", reply("sub answer"), purpose="sub"))
        output = "".join(f"line {number}\n" for number in range(LINES + 9))
        ledger.notify(cell("r1", CellResult(stdout=output)))

    short, whole = run_command(show, long, "r1").stdout, run_command(show, long, "r1", "--full").stdout
    assert "... 9 lines, see --full ..." in short
    assert "line 0\n" in short
    assert f"line {LINES + 8}\n" in short
    assert f"line {LINES // 2 + 1}\n" not in short
    assert f"... {4 * CHARS - 1:,} characters, see --full ..." in short
    assert "--full" not in whole
    assert f"line {LINES // 2 + 1}\n" in whole
    assert "sub answer" in whole
    assert "sub answer" not in short


def test_show_says_what_became_of_a_run_without_an_answer() -> None:
    processes = SetProcesses()
    processes.alive_answer = False
    ledger = MemoryLedger(clock=SetClock(), processes=processes)
    several(ledger)
    assert "died" in shown(ledger, "f6").splitlines()[0]
    assert "the process ended without recording an end" in shown(ledger, "f6")
    assert "No answer" in shown(ledger, "e5")
    assert "ModelFailed: 503" in shown(ledger, "e5")
    assert "count_errors v3 (ccccccc)" in shown(ledger, "c3")


def shown(ledger: Ledger, run_id: str, *, terminal: bool = False, full: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=terminal, highlight=False, markup=False, emoji=False)
    RunView(console, full=full).show(ledger.run(run_id))
    return out.getvalue()


def test_show_of_an_unknown_run_is_the_ledgers_error() -> None:
    with pytest.raises(LedgerProblem, match="no run 'zz'"):
        run_command(show, several, "zz")


@pytest.mark.parametrize("full", [False, True])
def test_a_terminal_gets_colours_and_no_other_control_sequences(full: bool) -> None:
    source = Source(hostile)
    told(source.ledger)
    coloured = shown(source.ledger, "r1", terminal=True, full=full)
    assert "\x1b[" in coloured
    assert "print(counts)" not in coloured  # the parts of the code have colours of their own
    for run_id in ("r1", "evil"):
        plain = re.sub(r"\x1b\[[0-9;]*m", "", shown(source.ledger, run_id, terminal=True, full=full))
        assert harmless(plain)
    assert "[bold]not markup[/bold]" in plain


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(runs, []), (show, ["evil"]), (show, ["evil", "--full"]), (costs, []), (costs, ["--by", "family"])],
)
def test_what_others_wrote_never_steers_whoever_reads(command: click.Command, arguments: list[str]) -> None:
    text = run_command(command, hostile, *arguments).stdout
    assert text
    assert harmless(text)
    as_json = run_command(command, hostile, *arguments, "--json").stdout
    assert harmless(as_json)


def test_json_says_exactly_what_was_written() -> None:
    found = json.loads(run_command(show, hostile, "evil", "--json").stdout)
    assert (found["question"], found["answer"]) == (EVIL, [EVIL])


def test_costs_stand_side_by_side_with_the_estimate_called_so() -> None:
    text = run_command(costs, several, "--by", "family").stdout
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[0].split(maxsplit=5) == ["runs", "calls", "tokens", "cost", "s/run", "saved (estimate)"]
    table = {lines[at]: lines[at + 1 : at + 4] for at in range(len(lines)) if lines[at] in ("how many <n>", "all")}
    explore, replay_, none = (line.split() for line in table["how many <n>"])
    # one of the two explorations has a price: 0.03
    assert explore == ["explore", "2", "4", "482", "$0.0315*", "2.00"]
    assert replay_ == ["replay", "1", "0", "0", "-", "2.00", "~$0.0300"]
    assert none == ["no", "route", "2", "0", "0", "-", "1.50"]
    assert table["all"][0].split() == ["explore", "3", "5", "592", "$0.0315*", "2.00"]
    assert "saved is an estimate" in text
    assert "* 3 model calls had no known price" in text
    assert "2 runs have no route" in text
    assert "UTC" not in text


def test_costs_by_day_are_the_default_and_days_are_utc() -> None:
    text = run_command(costs, several).stdout
    assert "\n2026-03-01\n" in text
    assert "UTC" in text


def test_a_saving_without_a_price_is_told_in_tokens_or_unknown() -> None:
    def unpriced(ledger: Ledger) -> None:
        spend(ledger, "a1", "known", "explore", [None])
        spend(ledger, "b2", "known", "replay", [])
        spend(ledger, "c3", "new", "replay", [])

    text = run_command(costs, unpriced, "--by", "family").stdout
    assert "~110 tokens" in text
    assert "unknown" in text
    assert "2 replays are left out" in text


def test_costs_as_json() -> None:
    found = json.loads(run_command(costs, several, "--by", "family", "--json").stdout)
    assert found["by"] == "family"
    rows = {(row["key"], row["route"]): row for row in found["rows"]}
    assert rows["how many <n>", "replay"]["estimated_saved_cost"] == 0.03
    assert (rows["how many <n>", "explore"]["cost"], rows["how many <n>", "explore"]["priced_cost"]) == (None, 0.0315)
    assert [row["route"] for row in found["totals"]] == ["explore", "replay", None]


def test_money_is_written_so_that_small_sums_are_seen() -> None:
    written = {"0": "$0.0000", "0.00001": "<$0.0001", "0.01234": "$0.0123", "12.345": "$12.34", "1234.5": "$1,234.50"}
    assert {amount: money(Decimal(amount)) for amount in written} == written

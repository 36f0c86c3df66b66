"""A tool that meets another format becomes a version for both; one that fails is mended, or the reason is told."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from lithify.cli import cli
from lithify.records.events import CandidateProposed, Event
from tests.scenarios.test_the_whole_way import kept, lab, names
from tests.scenarios.world import QUESTION, SOLUTION, log, restarts

TABLE = """The same as a table.
```repl
import csv
from collections import Counter

rows = list(csv.DictReader(context.splitlines()))
counts = Counter(row["service"] for row in rows if row["what"] == "restarted")
ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
print(ranked)
FINAL([name for name, count in ranked[:2]])
```"""


def table(seed: int, lines: int = 120) -> str:
    """The log of this seed as a table."""
    rows = []
    for line in log(seed, lines).splitlines():
        day, time, host, rest = line.split(" ", 3)
        service, _, what = rest.partition(": ")
        rows.append(f"{day} {time},{host},{service.split('[')[0]},{what}")
    return "time,host,service,what\n" + "\n".join(rows) + "\n"


def test_one_tool_for_two_formats(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path, TABLE)[0] as explorer:
        (tool,) = explorer.tools()
        result = explorer.ask(QUESTION, table(2))
        assert (result.route, result.answer) == ("explore", names(log(2), 2)), "the person has an answer now"
        (item,) = explorer.review()
        assert item.verdict.outcome != "fail", item.verdict
        assert item.placement is not None
        assert (item.placement.kind, item.placement.tool, item.placement.version) == ("version", tool.name, 2)
        healed = item.candidate.healed
        assert healed is not None
        assert (healed.tool, healed.version, healed.by, healed.run_id) == (tool.name, 1, "shape", result.run_id)
        before = {one.name: one for one in explorer.library.edited(tool.name).examples}
        after = {one.name: one for one in item.candidate.examples}
        assert before.items() <= after.items()
        assert after[healed.case].expected == explorer.wait(_answer(explorer, item, after[healed.case].context))
        screen = CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), "review"], input="l\n").output
        assert f"heals {tool.name} v1, which did not know this shape of input in run {result.run_id}" in screen
        assert f"the failing case is the example '{healed.case}'" in screen
        better = explorer.library.keep(item.candidate, item.verdict, "provisional", "Ada <ada@example.org>")
    assert (better.name, better.version, len(better.applicability)) == (tool.name, 2, 2)
    with lab(tmp_path)[0] as reuser:
        assert len(reuser.tools()) == 1, "no second tool"
        for seed in (3, 4):
            for text in (log(seed), table(seed)):
                again = reuser.ask(QUESTION, text)
                assert (again.route, again.answer) == ("replay", names(log(seed), 2)), again.why
            other = reuser.ask("Which 4 services restarted most often?", table(seed))
            assert (other.route, other.answer) == ("replay", names(log(seed), 4))
        none = reuser.plan(QUESTION, reuser.load(table(3).replace("service", "unit")))
        assert none.route == "explore"


async def _answer(one: object, item: object, context: object) -> object:
    from lithify.services import reviewing

    return await reviewing.attempt(item, one.load(context), {}, one.bench())  # type: ignore[attr-defined, arg-type]


def test_what_makes_no_version_for_both_is_told_and_not_proposed(tmp_path: Path) -> None:
    kept(tmp_path)
    told: list[Event] = []
    with lab(tmp_path, TABLE.replace("[name for name, count in ranked[:2]]", "ranked[:2]"))[0] as explorer:
        explorer.subscribe(told.append)
        assert explorer.ask(QUESTION, table(2)).candidate is None
        assert explorer.review() == ()
        (why,) = [event.why for event in told if isinstance(event, CandidateProposed)]
        assert why.startswith("not healed: ")
        assert "answers list[str]" in why
        run = explorer.ledger.runs()[0].run_id
        assert explorer.ledger.run(run).candidates[0].why == why
        (case,) = explorer.cases()
        assert (case.by, case.run_id, case.context) == ("shape", run, table(2))
        assert why == f"{case.unhealed}; put aside as an open case of {case.tool}: `lithify review {case.tool}`"
        assert case.answer == [list(one) for one in restarts(log(2))[:2]]
        library = ["--library", str(tmp_path / "library")]
        for arguments in (["review"], ["tool", case.tool]):
            said = CliRunner().invoke(cli, [*library, *arguments]).output
            assert f'open case {case.id} of {case.tool} v1: "{QUESTION}" in run {run}: ' in said
            assert f"`lithify review {case.id} --reject REASON` lets it be" in said
        done = CliRunner().invoke(cli, [*library, "review", case.id, "--reject", "a format of last year"])
        assert (done.exit_code, explorer.cases()) == (0, ())


def test_a_tool_that_raises_is_not_replaced_by_what_contradicts_it(tmp_path: Path) -> None:
    kept(tmp_path)
    handled = SOLUTION.replace(": restarted$", ": (?:stopped|handled)")
    with lab(tmp_path, handled)[0] as explorer:
        result = explorer.ask(QUESTION, log(2).replace("restarted", "stopped"))
        assert (result.route, result.candidate) == ("explore", None)
        assert any("it raised ValueError: no restarts in this input" in line for line in result.why)
        (nothing,) = explorer.ledger.run(result.run_id).candidates
        assert nothing.why.startswith("not healed: the new derivation makes no next version of ")
        assert "alone, it answers " in nothing.why
        assert [tool.version for tool in explorer.tools()] == [1]


def test_a_tool_that_a_person_corrects_is_never_overruled_without_a_person(tmp_path: Path) -> None:
    kept(tmp_path)
    path = tmp_path / "3.log"
    path.write_text(log(3), encoding="utf-8")
    least = SOLUTION.replace("(-item[1], item[0])", "(item[1], item[0])")
    with lab(tmp_path, least, keep="provisional")[0] as teller:
        (tool,) = teller.tools()
        run = teller.ask(QUESTION, path)
        assert run.route == "replay"
        found = teller.wrong(run.run_id)
        assert found.candidate is not None
        (item,) = teller.review()
        assert item.candidate.healed is not None
        assert item.candidate.healed.overrules
        assert item.verdict.outcome == "needs-person"
        assert item.placement is not None
        assert (item.placement.kind, item.placement.tool) == ("version", tool.name)
        assert [one.version for one in teller.tools()] == [1]

"""A tool that meets another format becomes a version for both; one that fails is mended, or the reason is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from lithify.cli import cli
from lithify.errors import LibraryProblem
from lithify.layout import candidate_contents
from lithify.records.events import CandidateProposed, Event
from lithify.records.tool import GateResult, Verdict
from lithify.testing.candidates import SIGNATURE, make_candidate
from tests.scenarios.test_the_whole_way import kept, lab, names
from tests.scenarios.test_tools_of_other_kinds import TABLE_CELL, TABLE_QUESTION, _keep_table, mean, people
from tests.scenarios.world import QUESTION, SOLUTION, log, once, restarts

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


def test_a_second_tool_for_another_format_is_refused_and_its_run_becomes_the_next_version(tmp_path: Path) -> None:
    kept(tmp_path)
    path = tmp_path / "table.csv"
    path.write_text(table(2), encoding="utf-8")
    with lab(tmp_path, TABLE)[0] as explorer:
        (tool,) = explorer.tools()
        run = explorer.ask(QUESTION, path, ephemeral=True).run_id
        asked = replace(tool.recipes[0], tool=SIGNATURE.function)
        early = make_candidate(applicability=explorer.load(path).fingerprint)
        early = replace(early, recipe=asked, provenance=replace(early.provenance, run_id=run))
        contents = candidate_contents(early).sha256
        passed = Verdict(results=(GateResult(gate="static", outcome="pass", evidence=""),), contents=contents)
        explorer.library.propose(early, passed)
        (item,) = explorer.review()
        assert item.placement is not None
        (reason,) = item.placement.reasons
        assert item.placement.kind == "refused"
        assert reason.startswith(
            f"{tool.name} answers this question over inputs of another shape: `lithify distil {run} "
        )
        with pytest.raises(LibraryProblem, match="lithify distil"):
            explorer.approve(item)
        explorer.reject(item, "its run is distilled")
    done = CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), "distil", str(run), str(path)])
    assert done.exit_code == 0, done.output
    with lab(tmp_path)[0] as keeper:
        (item,) = keeper.review()
        assert item.placement is not None
        assert (item.placement.kind, item.placement.tool, item.placement.version) == ("version", tool.name, 2)
        keeper.library.keep(item.candidate, item.verdict, "provisional", "Ada <ada@example.org>")
        assert [one.name for one in keeper.tools()] == [tool.name]
        for text in (log(3), table(3)):
            assert keeper.ask(QUESTION, text).answer == names(log(3), 2)


def test_one_tool_for_tables_with_other_columns(tmp_path: Path) -> None:
    once("kept-table", _keep_table, tmp_path)
    cell = TABLE_CELL.replace('["charge"]', '["fee"]').replace('["region"]', '["area"]')
    renamed = {"charge": "fee", "region": "area"}
    with lab(tmp_path, cell)[0] as explorer:
        result = explorer.ask(TABLE_QUESTION, people(2).rename(columns=renamed))
        assert (result.route, result.answer) == ("explore", mean(people(2), "north"))
        (item,) = explorer.review()
        assert item.verdict.outcome == "pass", item.verdict
        assert item.placement is not None
        assert (item.placement.kind, item.placement.version) == ("version", 2)
        explorer.library.keep(item.candidate, item.verdict, "provisional", "Ada <ada@example.org>")
    with lab(tmp_path)[0] as reuser:
        question = TABLE_QUESTION.replace("north", "east")
        for frame in (people(3), people(3).rename(columns=renamed)):
            again = reuser.ask(question, frame)
            assert (again.route, again.answer) == ("replay", mean(people(3), "east")), again.why
        (tool,) = reuser.tools()
        assert len(tool.applicability) == 2

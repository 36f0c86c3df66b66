"""What every ledger must do. Inherit LedgerConformance, say how a ledger is opened, and let pytest collect it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from lithify.errors import LedgerProblem, ProgrammerMustAct
from lithify.ledger.bounds import OUTPUT_CHARS, TEXT_CHARS, VALUE_CHARS
from lithify.records.cell import CellError, CellResult
from lithify.records.events import (
    CandidateProposed,
    CandidateRejected,
    GateJudged,
    RouteChosen,
    RunFailed,
    RunFinished,
    SubCallsProgressed,
    ToolChecked,
    ToolKept,
    ToolUsed,
)
from lithify.records.ledger import RecordedCandidate
from lithify.records.model import Usage
from lithify.records.plain import Plain
from lithify.records.run import RunId, RunResult, ToolRef
from lithify.records.tool import GateResult
from lithify.testing.ledger_story import (
    NOON,
    SetClock,
    SetProcesses,
    called,
    cell,
    explored,
    finished,
    refused,
    reply,
    same,
    spend,
    started,
)
from lithify.testing.ledger_suite import Suite
from lithify.testing.ledger_tree import Resuming, Trees


class _Keeping(Suite):
    """What is kept, and what is refused."""

    def test_events_are_stamped_in_utc_whatever_the_clocks_zone(self, tmp_path: Path) -> None:
        abroad = SetClock(datetime(2026, 3, 2, 1, 0, tzinfo=timezone(timedelta(hours=2))))
        ledger = self.fresh(tmp_path, abroad, SetProcesses())
        ledger.notify(started("r1"))
        same(ledger.runs()[0].started_at == datetime(2026, 3, 1, 23, 0, 1, tzinfo=UTC), True)
        same([row.key for row in ledger.costs("day")], ["2026-03-01"])

    def test_the_first_end_stands(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        ledger.notify(finished("r1"))
        ledger.notify(RunFailed(run_id=RunId("r1"), kind="Interrupted", message="late", seconds=9.0))
        same((ledger.runs()[0].state, ledger.runs()[0].seconds), ("finished", 2.0))

    def test_a_run_starts_once_and_before_its_events(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        refused(ProgrammerMustAct, lambda: ledger.notify(started("r1")), "once")
        refused(ProgrammerMustAct, lambda: ledger.notify(called("r2", reply())), "first")
        refused(ProgrammerMustAct, lambda: ledger.notify(finished("r2")), "first")
        same(len(ledger.runs()), 1)
        ledger.notify(called("r1", reply()))
        same(ledger.runs()[0].usage.model_calls, 1)

    def test_progress_is_not_kept(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(SubCallsProgressed(run_id=RunId("never started"), done=1, total=2))
        same(ledger.runs(), [])

    def test_unpriced_is_not_zero(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        ledger.notify(called("r1", reply(cost=None)))
        ledger.notify(called("r1", reply(cost="0")))
        ledger.notify(called("r1", reply(cost="0.000000000375")))
        same(
            [call.reply and call.reply.cost for call in ledger.run("r1").turns[0].calls],
            [None, Decimal(0), Decimal("3.75E-10")],
        )
        usage = ledger.runs()[0].usage
        same((usage.cost, usage.unpriced_calls, usage.price), (Decimal("3.75E-10"), 1, None))

    def test_long_texts_are_cut_in_the_middle(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        stdout = "head " + "x" * OUTPUT_CHARS + " tail"
        ledger.notify(cell("r1", CellResult(stdout=stdout, stdout_length=999_999)))
        ledger.notify(cell("r1", CellResult(stdout="y" * OUTPUT_CHARS, stdout_length=OUTPUT_CHARS), index=1))
        long, whole = ledger.run("r1").turns[0].cells
        same((long.result.stdout[:5], long.result.stdout[-5:], long.result.stdout_length), ("head ", " tail", 999_999))
        same(len(long.result.stdout) < OUTPUT_CHARS + 100, True)
        same("10 of 20,010 characters not kept" in long.result.stdout, True)
        same(whole.result.stdout, "y" * OUTPUT_CHARS)

    def test_values_come_back_as_plain_data(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        value: Plain = {"a": [1, 2.5, True, None, "ü"], "raw": b"\x00\xff"}
        odd: Plain = {1: "one", "$bytes": "text", "deep": {None: (1, 2)}}
        ledger.notify(cell("r1", CellResult(value=value, value_repr="{...}", value_type="dict")))
        ledger.notify(finished("r1", answer=odd))
        run = ledger.run("r1")
        same(run.turns[0].cells[0].result, CellResult(value=value, value_repr="{...}", value_type="dict"))
        same(run.answer, {1: "one", "$bytes": "text", "deep": {None: [1, 2]}})

    def test_what_is_too_large_for_the_ledger_is_left_out_and_said(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        ledger.notify(cell("r1", CellResult(value="v" * VALUE_CHARS, value_plain=True)))
        ledger.notify(finished("r1", answer="a" * TEXT_CHARS))
        run = ledger.run("r1")
        result = run.turns[0].cells[0].result
        same((result.value, result.value_plain), (None, False))
        same((run.answer, run.answer_kept), (None, False))

    def test_texts_of_every_kind_are_taken(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        question = "nul \x00 lone \udcff emoji 🪨 quote ' \" \x1b[31m"
        ledger.notify(started("r1", question=question))
        read = ledger.run("r1").summary.question
        same(read.encode("utf-8", "backslashreplace"), question.encode("utf-8", "backslashreplace"))

    def test_a_candidate_of_another_ledgers_run_can_be_judged_and_decided(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        elsewhere = RunId("elsewhere")
        result = GateResult(gate="static", outcome="fail", evidence="no function", remedy="write one")
        ledger.notify(GateJudged(run_id=elsewhere, candidate="c1", result=result))
        ledger.notify(CandidateRejected(run_id=elsewhere, candidate="c1", reason="no"))
        same(ledger.runs(), [])

    def test_closed_is_closed(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        ledger.close()
        ledger.close()
        refused(ProgrammerMustAct, lambda: ledger.notify(finished("r1")), "closed")
        refused(ProgrammerMustAct, ledger.runs, "closed")


class _Telling(Suite):
    """What the queries answer."""

    def test_a_new_ledger_is_empty(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        same(ledger.runs(), [])
        same(ledger.costs("day"), [])
        same(ledger.tool_uses("count_errors"), [])
        refused(LedgerProblem, lambda: ledger.run("r1"), "'r1'", "no runs yet", "lithify ask")

    def test_a_whole_run_comes_back(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        explored(ledger, "r1")
        run = ledger.run("r1")
        summary = run.summary
        same((summary.run_id, summary.started_at), ("r1", NOON + timedelta(seconds=1)))
        same((summary.question, summary.family), ("How many errors?", "how many <n>"))
        same((summary.sources, summary.model), (("a.log", "b/ü.log"), "test:model"))
        same((summary.state, summary.route, summary.tool), ("finished", "explore", None))
        same((summary.seconds, summary.complete, summary.error), (2.0, True, ""))
        same(summary.failed_calls, 1)
        spent = Usage(model_calls=3, input_tokens=350, output_tokens=22, cost=Decimal("0.0015"), unpriced_calls=2)
        same(summary.usage, spent)
        same((run.context_digest, run.context_size, run.ephemeral), ("d" * 64, 1234, False))
        same((run.prompt_digest, run.answer, run.answer_kept), ("p1", 42, True))
        same([(route.route, route.why) for route in run.routes], [("explore", ("no recipe", "is new"))])
        same(ledger.runs(), [summary])

    def test_turns_hold_calls_cells_and_subcalls_in_order(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        explored(ledger, "r1")
        first, second = ledger.run("r1").turns
        same((first.number, second.number), (1, 2))
        same([call.reply for call in first.calls], [None, reply("turn one")])
        same([(call.error, call.seconds) for call in first.calls], [("503 from the server", 0.75), ("", 0.75)])
        same([one.code for one in first.cells], ["x = 1", "boom"])
        same([call.reply for call in first.subcalls], [reply("sub", tokens=(50, 2), cost=None)])
        error = CellError(kind="NameError", message="boom", line=1, traceback="line 1")
        same(first.cells[1].result, CellResult(error=error, seconds=0.25))
        same([call.purpose for call in second.calls], ["extract"])
        same(second.cells, ())

    def test_runs_are_newest_first_and_limited(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        for number in range(5):
            ledger.notify(started(f"r{number}"))
        same([run.run_id for run in ledger.runs(limit=3)], ["r4", "r3", "r2"])

    def test_a_run_is_found_by_a_beginning_that_no_other_shares(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        for run_id in ("abc1", "abc2", "abc", "x%_1"):
            ledger.notify(started(run_id))
        same(ledger.run("abc2").summary.run_id, "abc2")
        same(ledger.run("abc").summary.run_id, "abc")
        same(ledger.run("x").summary.run_id, "x%_1")
        refused(LedgerProblem, lambda: ledger.run("ab"), "3 runs", "'ab'", "abc1", "abc2", "abc")
        refused(LedgerProblem, lambda: ledger.run("abd1"), "'abd1'", "near", "abc1", "lithify runs")
        refused(LedgerProblem, lambda: ledger.run("%"), "'%'", "latest", "x%_1")
        refused(LedgerProblem, lambda: ledger.run(""), "''")

    def test_states_without_an_end_follow_the_process(self, tmp_path: Path) -> None:
        clock, processes = SetClock(), SetProcesses()
        ledger = self.fresh(tmp_path, clock, processes)
        ledger.notify(started("r1"))
        same(ledger.runs()[0].state, "running")
        same(ledger.runs()[0].seconds, None)
        processes.alive_answer = False
        same(ledger.runs()[0].state, "died")
        processes.alive_answer = None
        same(ledger.runs()[0].state, "running")
        clock.now += timedelta(days=1)
        same(ledger.runs()[0].state, "died")
        ledger.notify(finished("r1"))
        same(ledger.runs()[0].state, "finished")

    def test_failed_and_interrupted(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        for run_id, kind in (("r1", "ModelFailed"), ("r2", "Interrupted")):
            ledger.notify(started(run_id))
            ledger.notify(RouteChosen(run_id=RunId(run_id), route="adapt", why=()))
            ledger.notify(RunFailed(run_id=RunId(run_id), kind=kind, message="gone", seconds=3.0))
        interrupted, failed = ledger.runs()
        same((failed.state, failed.error, failed.seconds), ("failed", "ModelFailed: gone", 3.0))
        same((interrupted.state, interrupted.error), ("interrupted", "Interrupted: gone"))
        same((failed.route, failed.complete), ("adapt", False))
        same(ledger.run("r1").answer, None)

    def test_an_incomplete_answer_says_why(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        cut_short = RunResult(
            run_id=RunId("r1"), answer=None, route="explore", complete=False, seconds=1.0, reason="turns: 20 of 20"
        )
        ledger.notify(RunFinished(result=cut_short))
        summary = ledger.runs()[0]
        same((summary.state, summary.complete, summary.reason), ("finished", False, "turns: 20 of 20"))


class _Accounting(Suite):
    """What tools did, and what runs cost."""

    def test_tool_uses(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        for run_id, error in (("r1", ""), ("r2", "NotCovered: no such column")):
            ledger.notify(started(run_id))
            used = ToolUsed(
                run_id=RunId(run_id), tool="count", version=2, arguments={"top": 3}, seconds=0.1, error=error
            )
            ledger.notify(used)
        ledger.notify(ToolUsed(run_id=RunId("r1"), tool="other", version=1, arguments={}, seconds=0.1))
        first, second = ledger.tool_uses("count")
        same((first.run_id, first.version, first.arguments, first.error), ("r1", 2, {"top": 3}, ""))
        same((second.run_id, second.error), ("r2", "NotCovered: no such column"))
        same((first.question, first.context_digest), ("How many errors?", "d" * 64))
        same([use.tool for use in ledger.run("r1").tool_uses], ["count", "other"])
        same([use.run_id for use in ledger.tool_uses("count", failed=True)], ["r2"])
        same(
            (ledger.tools_used("r1"), ledger.tools_used("r2"), ledger.tools_used("r3")),
            (["count", "other"], ["count"], []),
        )

    def test_tool_checks(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        same(ledger.tool_checks("count"), [])
        ledger.notify(started("r1"))
        shadow = ToolChecked(
            run_id=RunId("r1"), tool="count", version=2, by="shadow", agreed=True, derived=[1, None], check_run="r9"
        )
        person = ToolChecked(
            run_id=RunId("r1"), tool="count", version=3, by="person", agreed=False, derived=4, why="3 is too low"
        )
        ledger.notify(shadow)
        ledger.notify(person)
        ledger.notify(ToolChecked(run_id=RunId("r1"), tool="other", version=1, by="shadow", agreed=True, derived=0))
        first, second = ledger.tool_checks("count")
        same(
            (first.version, first.by, first.agreed, first.derived, first.check_run),
            (2, "shadow", True, [1, None], "r9"),
        )
        same((second.by, second.agreed, second.derived, second.why), ("person", False, 4, "3 is too low"))
        same((first.run_id, first.question, first.context_digest), ("r1", "How many errors?", "d" * 64))

    def test_a_replay_names_its_tool(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(started("r1"))
        ledger.notify(finished("r1", "replay"))
        summary = ledger.runs()[0]
        same(summary.tool, ToolRef(name="count_errors", version=3, commit="c" * 40))
        same((summary.route, summary.usage), ("replay", Usage()))

    def test_candidates_with_gates_and_decisions(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        run = RunId("r1")
        ledger.notify(started("r1"))
        ledger.notify(CandidateProposed(run_id=run, candidate="c1", function="count_errors"))
        judged = GateResult(gate="replay", outcome="pass", evidence="same twice", seconds=0.2)
        ledger.notify(GateJudged(run_id=run, candidate="c1", result=judged))
        ledger.notify(CandidateProposed(run_id=run, candidate=None, function="", why="no code led to the answer"))
        kept = ToolKept(
            run_id=run, candidate="c1", tool="count_errors", version=1, commit="c", approved_by="ann", cost=Decimal(1)
        )
        ledger.notify(kept)
        ledger.notify(CandidateRejected(run_id=run, candidate="c2", reason="too special"))
        first, nothing, other = ledger.run("r1").candidates
        same((first.candidate, first.function, [gate.result for gate in first.gates]), ("c1", "count_errors", [judged]))
        (accepted,) = first.accepted
        same((accepted.tool, accepted.version, accepted.approved_by), ("count_errors", 1, "ann"))
        same((accepted.commit, accepted.cost, first.rejected), ("c", Decimal(1), ()))
        same(nothing, RecordedCandidate(candidate=None, why="no code led to the answer"))
        same((other.candidate, [one.reason for one in other.rejected]), ("c2", ["too special"]))

    def test_costs_by_day_family_and_route(self, tmp_path: Path) -> None:
        clock = SetClock()
        ledger = self.fresh(tmp_path, clock, SetProcesses())
        spend(ledger, "e1", "fam a", "explore", ["0.01", "0.02"])
        spend(ledger, "e2", "fam b", "explore", [None])
        clock.now += timedelta(days=1)
        spend(ledger, "e3", "fam a", "explore", ["0.01"])
        spend(ledger, "p1", "fam a", "replay", [])
        spend(ledger, "p2", "fam a", "replay", [])
        spend(ledger, "p3", "fam b", "replay", [])
        ledger.notify(started("n1", family="fam c"))

        days = ledger.costs("day")
        keys = [("2026-03-02", "explore"), ("2026-03-02", "replay"), ("2026-03-02", None), ("2026-03-01", "explore")]
        same([(row.key, row.route) for row in days], keys)
        first = days[3]
        spent = Usage(model_calls=3, input_tokens=300, output_tokens=30, cost=Decimal("0.03"), unpriced_calls=1)
        same((first.runs, first.usage, first.saved_cost), (2, spent, None))
        same([(row.ended, row.seconds) for row in days], [(1, 2.0), (3, 6.0), (0, 0.0), (2, 4.0)])

        families = ledger.costs("family")
        keys = [("fam a", "explore"), ("fam a", "replay"), ("fam b", "explore"), ("fam b", "replay"), ("fam c", None)]
        same([(row.key, row.route) for row in families], keys)
        same([row.runs for row in families], [2, 2, 1, 1, 1])

        routes = ledger.costs("route")
        same([(row.key, row.runs) for row in routes], [("explore", 3), ("replay", 3), ("", 1)])

    def test_what_replay_saved_is_estimated_from_the_same_family(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        spend(ledger, "e1", "fam a", "explore", ["0.01", "0.02"])
        spend(ledger, "e2", "fam a", "explore", ["0.01"])
        spend(ledger, "e3", "fam b", "explore", [None])
        for number, family in enumerate(["fam a", "fam a", "fam b", "fam new"]):
            spend(ledger, f"p{number}", family, "replay", [])
        # neither an exploration nor a replay without an answer counts
        ledger.notify(started("e4", family="fam a"))
        ledger.notify(called("e4", reply(cost="9")))
        ledger.notify(RouteChosen(run_id=RunId("e4"), route="explore", why=()))
        ledger.notify(started("p9", family="fam a"))
        ledger.notify(RouteChosen(run_id=RunId("p9"), route="replay", why=()))

        saved = {row.key: row for row in ledger.costs("family") if row.route == "replay"}
        same(
            (saved["fam a"].saved_cost, saved["fam a"].saved_tokens, saved["fam a"].no_basis), (Decimal("0.04"), 330, 0)
        )
        same((saved["fam b"].saved_cost, saved["fam b"].saved_tokens, saved["fam b"].no_basis), (None, 110, 1))
        same((saved["fam new"].saved_cost, saved["fam new"].saved_tokens), (None, None))
        (total,) = [row for row in ledger.costs("route") if row.route == "replay"]
        same((total.runs, total.saved_cost, total.saved_tokens, total.no_basis), (5, Decimal("0.04"), 440, 2))


class LedgerConformance(_Keeping, _Telling, _Accounting, Trees, Resuming):
    """The whole suite."""

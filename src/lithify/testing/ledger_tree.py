"""What every ledger must do about trees of runs and about going on with one: part of ledger_conformance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from lithify.errors import LedgerProblem, ModelFailed, ProgrammerMustAct
from lithify.ledger.bounds import TEXT_CHARS
from lithify.ports import Ledger
from lithify.records.cell import CellResult
from lithify.records.citation import Citation
from lithify.records.events import HostAnswered, ModelCalled, RunFailed, RunResumed, RunStarted
from lithify.records.model import ModelReply
from lithify.records.run import Limits, RunId
from lithify.records.setup import NamedModel, RunSetup
from lithify.testing.ledger_story import (
    SetClock,
    SetProcesses,
    called,
    cell,
    finished,
    refused,
    reply,
    same,
    started,
)
from lithify.testing.ledger_suite import Suite

SETUP = RunSetup(
    limits=Limits(turns=7, cost=Decimal("1.25")),
    paths=("a.log", "name=b.csv"),
    folder="/home/ann",
    models=(NamedModel(role="root", model="test:model"), NamedModel(role="sub", model="test:small")),
    base_url="http://127.0.0.1:8000/v1",
    schema={"type": "object"},
    library="/home/ann/library",
    options=(("cite", True),),
)


def root(run_id: str) -> RunStarted:
    """The start of a root that can be resumed."""
    return replace(started(run_id), seed=2**40, setup=SETUP)


def child(run_id: str, parent: str, depth: int = 1) -> RunStarted:
    """The start of a child run."""
    return replace(started(run_id, question=f"question of {run_id}"), parent=RunId(parent), depth=depth, seed=5)


def asked(run_id: str, digest: str, nth: int = 0, answer: ModelReply | None = None, kind: str = "") -> ModelCalled:
    """A model call that can be told from others."""
    return replace(called(run_id, answer, purpose="sub"), digest=digest, nth=nth, kind=kind)


def failed(run_id: str, kind: str = "ModelFailed") -> RunFailed:
    """A run's bad end."""
    return RunFailed(run_id=RunId(run_id), kind=kind, message="gone", seconds=3.0)


class Trees(Suite):
    """Runs with child runs."""

    def family(self, folder: Path) -> Ledger:
        """A root r with the children a, which has the child a1, and b: one call each; and another run."""
        ledger = self.fresh(folder)
        ledger.notify(root("r"))
        for one in (child("a", "r"), child("b", "r"), child("a1", "a", 2)):
            ledger.notify(one)
        for run_id in ("r", "a", "b", "a1"):
            ledger.notify(called(run_id, reply(cost="0.01")))
        ledger.notify(called("a1", None))
        for run_id in ("a1", "a", "b", "r"):
            ledger.notify(finished(run_id))
        ledger.notify(started("other"))
        return ledger

    def test_roots_are_listed_with_what_their_trees_spent(self, tmp_path: Path) -> None:
        ledger = self.family(tmp_path)
        other, run = ledger.runs()
        same((other.run_id, other.children, other.usage.model_calls), ("other", 0, 0))
        same((run.run_id, run.children, run.parent, run.depth), ("r", 3, None, 0))
        same((run.usage.model_calls, run.usage.cost, run.failed_calls), (4, Decimal("0.04"), 1))
        same([one.run_id for one in ledger.runs(limit=1)], ["other"])

    def test_a_run_tells_what_is_below_it(self, tmp_path: Path) -> None:
        ledger = self.family(tmp_path)
        run = ledger.run("r")
        same(run.summary, ledger.runs()[1])
        below = [(one.run_id, one.parent, one.depth, one.usage.model_calls, one.children) for one in run.descendants]
        same(below, [("a", "r", 1, 2, 1), ("a1", "a", 2, 1, 0), ("b", "r", 1, 1, 0)])
        same(len(run.turns[0].calls), 1)
        middle = ledger.run("a")
        same((middle.summary.parent, middle.summary.usage.model_calls, middle.seed), ("r", 2, 5))
        same([one.run_id for one in middle.descendants], ["a1"])
        same(middle.setup, None)

    def test_costs_count_a_tree_once(self, tmp_path: Path) -> None:
        ledger = self.family(tmp_path)
        (row,) = [row for row in ledger.costs("route") if row.route == "explore"]
        same((row.runs, row.usage.model_calls, row.usage.cost, row.failed_calls), (1, 4, Decimal("0.04"), 1))
        same((row.ended, row.seconds), (1, 2.0))

    def test_imported_runs_are_listed_and_cost_nothing(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(replace(started("i"), origin="rlms"))
        ledger.notify(replace(called("i", reply(cost="0.01")), system="be brief"))
        ledger.notify(finished("i"))
        (run,) = ledger.runs()
        same((run.origin, run.usage.model_calls, ledger.costs("day")), ("rlms", 1, []))
        same(ledger.run("i").turns[0].calls[0].system, "be brief")

    def test_a_child_needs_its_parent(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        refused(ProgrammerMustAct, lambda: ledger.notify(child("a", "r")), "first")


class Resuming(Suite):
    """Going on with a run."""

    def test_what_a_run_was_started_with_comes_back(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        run = ledger.run("r")
        same((run.setup, run.seed), (SETUP, 2**40))

    def test_only_a_root_without_a_good_end_and_a_living_process_can_be_resumed(self, tmp_path: Path) -> None:
        processes = SetProcesses()
        ledger = self.fresh(tmp_path, processes=processes)
        for run_id in ("good", "failed", "open"):
            ledger.notify(root(run_id))
        ledger.notify(child("child", "open"))
        ledger.notify(started("unknown"))
        ledger.notify(finished("good"))
        ledger.notify(failed("failed"))
        ledger.notify(failed("child"))
        ledger.notify(failed("unknown"))
        same([run.run_id for run in ledger.runs() if run.resumable], ["failed"])
        processes.alive_answer = False
        same([run.run_id for run in ledger.runs() if run.resumable], ["open", "failed"])
        same(ledger.run("child").summary.resumable, False)

    def test_a_resumed_run_runs_and_ends_again(self, tmp_path: Path) -> None:
        clock, processes = SetClock(), SetProcesses()
        ledger = self.fresh(tmp_path, clock, processes)
        ledger.notify(root("r"))
        ledger.notify(child("a", "r"))
        ledger.notify(failed("a"))
        ledger.notify(failed("r", "Interrupted"))
        same(ledger.runs()[0].state, "interrupted")
        clock.now += timedelta(days=3)
        ledger.notify(RunResumed(run_id=RunId("r")))
        run = ledger.runs()[0]
        same((run.state, run.resumed, run.error, run.resumable), ("running", 1, "", False))
        same(ledger.run("a").summary.state, "running")
        processes.alive_answer = None
        same(ledger.runs()[0].state, "running")
        ledger.notify(child("a", "r"))
        ledger.notify(finished("a"))
        ledger.notify(failed("r"))
        same([ledger.run(run_id).summary.state for run_id in ("a", "r")], ["finished", "failed"])
        refused(ProgrammerMustAct, lambda: ledger.notify(RunResumed(run_id=RunId("r"))), "once")
        ledger.notify(RunResumed(run_id=RunId("r"), attempt=2))
        ledger.notify(finished("r", answer=7))
        ledger.notify(failed("r"))
        same((ledger.runs()[0].state, ledger.runs()[0].resumed, ledger.run("r").answer), ("finished", 2, 7))
        same([row.ended for row in ledger.costs("day")], [1])

    def test_answered_calls_are_recalled_by_run_content_and_number(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        ledger.notify(child("a", "r"))
        ledger.notify(asked("r", "d1", 0, reply("zero")))
        ledger.notify(asked("r", "d1", 1, reply("one", cost=None)))
        ledger.notify(asked("a", "d1", 0, reply("of the child")))
        ledger.notify(asked("r", "", 0, reply("of an older version")))
        past = ledger.recall("r")
        same(past.reply(RunId("r"), "d1", 0), reply("zero"))
        same(past.reply(RunId("r"), "d1", 1), reply("one", cost=None))
        same(past.reply(RunId("a"), "d1", 0), reply("of the child"))
        same([past.reply(RunId("r"), *key) for key in (("d1", 2), ("d2", 0), ("", 0))], [None, None, None])
        refused(LedgerProblem, lambda: ledger.recall("nothing"), "no run")

    def test_a_recalled_call_is_not_recorded_again(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        ledger.notify(asked("r", "d1", 0, reply()))
        ledger.notify(replace(asked("r", "d1", 0, reply()), recalled=True))
        same(ledger.runs()[0].usage.model_calls, 1)

    def test_a_failure_is_recalled_when_a_finished_cell_was_told_of_it(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        ledger.notify(child("a", "r"))
        ledger.notify(asked("a", "deep", kind="ModelFailed"))
        ledger.notify(asked("r", "told", kind="ModelFailed"))
        ledger.notify(asked("r", "stopped", kind="CancelledError"))
        same(ledger.recall("r").reply(RunId("r"), "told", 0), None)
        ledger.notify(cell("r", CellResult()))
        ledger.notify(asked("r", "open", kind="ModelFailed"))
        past = ledger.recall("r")
        refused(ModelFailed, lambda: past.reply(RunId("r"), "told", 0), "503 from the server")
        refused(ModelFailed, lambda: past.reply(RunId("a"), "deep", 0), "503")
        same([past.reply(RunId("r"), digest, 0) for digest in ("open", "stopped")], [None, None])
        ledger.notify(asked("r", "told", 0, reply("at last")))
        same(ledger.recall("r").reply(RunId("r"), "told", 0), reply("at last"))

    def test_a_reply_that_was_cut_is_asked_again(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        ledger.notify(asked("r", "whole", 0, reply("x" * TEXT_CHARS)))
        ledger.notify(asked("r", "cut", 0, reply("x" * (TEXT_CHARS + 1))))
        past = ledger.recall("r")
        same(past.reply(RunId("r"), "whole", 0), reply("x" * TEXT_CHARS))
        same(past.reply(RunId("r"), "cut", 0), None)

    def test_answers_of_the_host_are_recalled(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        ledger.notify(HostAnswered(run_id=RunId("r"), name="budget", nth=0, value={"seconds": 1.5}))
        ledger.notify(HostAnswered(run_id=RunId("r"), name="budget", nth=1, value=None))
        ledger.notify(HostAnswered(run_id=RunId("r"), name="huge", nth=0, value="x" * TEXT_CHARS))
        past = ledger.recall("r")
        same(past.host_answer(RunId("r"), "budget", 0), ({"seconds": 1.5},))
        same(past.host_answer(RunId("r"), "budget", 1), (None,))
        same([past.host_answer(RunId("r"), *key) for key in (("budget", 2), ("huge", 0))], [None, None])

    def test_quotes_are_kept_with_the_answer(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        quote = Citation(quote="kernel: panic \udcff", source="a.log", unit="line", number=7, verified=True, note="n")
        end = finished("r")
        ledger.notify(replace(end, result=replace(end.result, citations=(quote,))))
        (read,) = ledger.run("r").citations
        same(read.quote.encode("utf-8", "backslashreplace"), b"kernel: panic \\udcff")
        same(replace(read, quote=""), replace(quote, quote=""))

    def test_a_cell_that_ran_again_is_shown_as_it_ran_last(self, tmp_path: Path) -> None:
        ledger = self.fresh(tmp_path)
        ledger.notify(root("r"))
        ledger.notify(cell("r", CellResult(stdout="first")))
        ledger.notify(cell("r", CellResult(stdout="other"), index=1))
        ledger.notify(cell("r", CellResult(stdout="again")))
        same([one.result.stdout for one in ledger.run("r").turns[0].cells], ["again", "other"])

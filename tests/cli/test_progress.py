"""The one line that says how a run goes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from lithify.cli.progress import Progress
from lithify.records.cell import CellResult
from lithify.records.events import (
    CellFinished,
    CellStarted,
    Event,
    ModelRetried,
    RouteChosen,
    SubCallsProgressed,
)
from lithify.records.model import Retry
from lithify.records.run import Limits, RunId
from lithify.testing.ledger_story import called, finished, reply
from lithify.testing.ledger_tree import SETUP, child, root

RUN = RunId("r")
START = replace(root("r"), setup=replace(SETUP, limits=Limits(turns=7, cost=Decimal("0.5"))))
CELL = CellStarted(run_id=RUN, turn=1, index=0, code="")


def line_after(*events: Event) -> str:
    progress = Progress()
    for event in events:
        progress.take(event)
    return progress.line()


def test_nothing_is_said_before_there_is_anything() -> None:
    assert line_after(START) == ""


def test_turn_tokens_money_and_what_goes_on() -> None:
    assert line_after(START, RouteChosen(run_id=RUN, route="explore", why=())) == "asking the model"
    assert line_after(START, called("r", reply(cost="0.02")), CELL) == (
        "turn 1 of 7 · 110 tokens · $0.0200 of $0.50 · running a cell"
    )


def test_what_has_no_price_is_not_free() -> None:
    assert "· unpriced ·" in line_after(START, called("r", reply(cost=None)), CELL)
    some = line_after(START, called("r", reply(cost=None)), called("r", reply(cost="0.02")), CELL)
    assert "$0.0200 and unpriced calls of $0.50" in some


def test_sub_calls_are_those_of_the_running_cell() -> None:
    progressed = SubCallsProgressed(run_id=RUN, done=37, total=2_000)
    assert "sub-calls 37 of 2,000" in line_after(START, CELL, progressed)
    ended = CellFinished(run_id=RUN, turn=1, index=0, code="", result=CellResult())
    assert "sub-calls" not in line_after(START, CELL, progressed, ended)


def test_child_runs_count_and_what_they_spend_but_not_what_they_do() -> None:
    children = [child("a", "r"), child("b", "r")]
    running = [START, CELL, *children, called("a", reply(cost="0.02"), turn=9), finished("a")]
    noise = CellStarted(run_id=RunId("b"), turn=5, index=0, code="")
    shown = line_after(*running, noise, SubCallsProgressed(run_id=RunId("b"), done=1, total=2))
    assert shown == "turn 1 of 7 · child runs 1 of 2 · 110 tokens · $0.0200 of $0.50 · running a cell"
    assert "child runs" not in line_after(*running, finished("b"))


def test_a_retry_is_told_while_it_goes_on() -> None:
    retry = Retry(attempt=1, wait=2.2, reason="429", rate_limited=True)
    told = ModelRetried(run_id=RUN, turn=1, purpose="root", model="m", retry=retry)
    assert line_after(START, told) == "too many requests, attempt 2 in 2 s"
    assert "the model failed" in line_after(START, replace(told, retry=replace(retry, rate_limited=False)))

"""A recorded run as one object for training."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from lithify.export import FORMAT, VERSION, KeptTool, trajectory_object
from lithify.records.events import CandidateProposed, CandidateRejected, GateJudged, ToolKept
from lithify.records.ledger import RunDetail
from lithify.records.run import RunId
from lithify.records.tool import GateResult
from lithify.records.uses import ToolCheck, ToolUse
from lithify.testing.ledger_memory import MemoryLedger
from lithify.testing.ledger_story import NOON, SetClock, SetProcesses, called, explored, finished, reply, started

RUN = RunId("r")


def ledger() -> MemoryLedger:
    return MemoryLedger(clock=SetClock(), processes=SetProcesses())


def told() -> RunDetail:
    """A run with a system message, a failed call, two cells, a sub-call and a candidate that passed a gate."""
    found = ledger()
    explored(found, "r")
    found.notify(CandidateProposed(run_id=RUN, candidate="c", function="count"))
    passed = GateResult(gate="replay", outcome="pass", evidence="same", seconds=0.1)
    found.notify(GateJudged(run_id=RUN, candidate="c", result=passed))
    return found.run("r")


def use(error: str = "") -> ToolUse:
    return ToolUse(
        at=NOON + timedelta(days=1),
        run_id="later",
        question="q",
        context_digest="d",
        tool="count",
        version=1,
        arguments={},
        seconds=0.1,
        error=error,
    )


def check(agreed: bool) -> ToolCheck:
    return ToolCheck(
        at=NOON,
        run_id="l",
        question="q",
        context_digest="d",
        tool="count",
        version=1,
        by="shadow",
        agreed=agreed,
        derived=1,
    )


KEPT = KeptTool(name="count", version=1, commit="c" * 40, approved_by="ann", source="def count(): ...")


def test_what_it_is_and_what_it_was_about() -> None:
    line = trajectory_object(told(), None)
    assert (line["format"], line["version"]) == (FORMAT, VERSION)
    assert (line["run_id"], line["question"], line["route"], line["model"]) == (
        "r",
        "How many errors?",
        "explore",
        "test:model",
    )
    assert line["context"] == {"digest": "d" * 64, "size": 1234}
    assert json.loads(json.dumps(line)) == line


def test_the_conversation_without_calls_that_failed() -> None:
    assert trajectory_object(told(), None)["messages"] == [
        {"role": "user", "content": "the last message"},
        {"role": "assistant", "content": "turn one"},
        {"role": "user", "content": "the last message"},
        {"role": "assistant", "content": "turn two"},
    ]
    found = ledger()
    found.notify(started("r"))
    found.notify(replace(called("r", reply("words")), system="be brief"))
    messages = trajectory_object(found.run("r"), None)["messages"]
    assert isinstance(messages, list)
    assert [message["role"] for message in messages] == ["system", "user", "assistant"]


def test_code_with_what_it_gave() -> None:
    (step,) = trajectory_object(told(), None)["steps"]  # type: ignore[misc] # one turn has cells
    assert step["turn"] == 1
    assert [(cell["code"], cell["error"]) for cell in step["cells"]] == [("x = 1", None), ("boom", "NameError: boom")]
    assert step["subcalls"] == [{"prompt": "the last message", "reply": "sub", "error": ""}]


def test_nobody_has_said_what_it_was_worth() -> None:
    assert trajectory_object(told(), None)["reward"] == {
        "finished": True,
        "complete": True,
        "accepted": None,
        "verdict": None,
        "verdict_reason": "",
        "gates": {"replay": "pass"},
        "replayed_later": 0,
        "not_covered_later": 0,
        "confirmed_later": 0,
        "contradicted_later": 0,
    }


def test_a_tool_that_was_kept_and_used() -> None:
    kept = replace(KEPT, uses=[use(), use(), use("NotCovered")], checks=[check(True), check(False)])
    line = trajectory_object(told(), kept)
    reward = line["reward"]
    assert isinstance(reward, dict)
    assert (reward["accepted"], reward["verdict"]) == (True, "approved")
    assert (reward["replayed_later"], reward["not_covered_later"]) == (2, 1)
    assert (reward["confirmed_later"], reward["contradicted_later"]) == (1, 1)
    assert line["tool"] == {"name": "count", "version": 1, "commit": "c" * 40, "source": "def count(): ..."}
    by_policy = trajectory_object(told(), replace(KEPT, approved_by="policy:provisional"))["reward"]
    assert isinstance(by_policy, dict)
    assert (by_policy["accepted"], by_policy["verdict"]) == (True, None)


def test_a_persons_no() -> None:
    found = ledger()
    found.notify(started("r"))
    found.notify(finished("r"))
    found.notify(CandidateProposed(run_id=RUN, candidate="c", function="count"))
    found.notify(CandidateRejected(run_id=RUN, candidate="c", reason="too special"))
    reward = trajectory_object(found.run("r"), None)["reward"]
    assert isinstance(reward, dict)
    assert (reward["accepted"], reward["verdict"], reward["verdict_reason"]) == (False, "rejected", "too special")


def test_answers_of_every_kind_are_json() -> None:
    found = ledger()
    found.notify(started("r"))
    found.notify(finished("r", answer={1: b"\xff", "x": float("nan")}))
    found.notify(ToolKept(run_id=RUN, candidate="c", tool="t", version=1, commit="c", approved_by="ann"))
    line = trajectory_object(found.run("r"), None)
    assert json.loads(json.dumps(line, allow_nan=False)) == line

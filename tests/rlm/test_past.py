"""Each call of a run has an identity, and a resumed run is answered from what was recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from lithify.errors import ModelFailed
from lithify.ports import Observer, Recall
from lithify.records.events import Event, HostAnswered
from lithify.records.model import Message, ModelReply, ModelRequest
from lithify.records.plain import Plain
from lithify.records.run import RunId
from lithify.rlm.past import CallId, Past

RUN = RunId("r")


class Seen:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def notify(self, event: Event) -> None:
        self.events.append(event)


class Recorded:
    """A Recall with one reply, one failure and one answer of the host."""

    def reply(self, run_id: RunId, digest: str, nth: int) -> ModelReply | None:
        if (run_id, nth) == (RUN, 1):
            raise ModelFailed("503")
        return ModelReply(text=digest, model="m", input_tokens=1, output_tokens=1) if nth == 0 else None

    def host_answer(self, run_id: RunId, name: str, nth: int) -> tuple[Plain] | None:
        return (None,) if (run_id, name, nth) == (RUN, "budget", 0) else None


def request(*texts: str, max_tokens: int | None = None) -> ModelRequest:
    return ModelRequest(messages=tuple(Message(role="user", content=text) for text in texts), max_tokens=max_tokens)


def past(recall: Recall | None = None, observer: Observer | None = None) -> Past:
    return Past(RUN, observer or Seen(), recall)


def test_the_same_request_is_numbered_and_others_are_not_the_same() -> None:
    run = past()
    ids = [run.call("m", request("a")), run.call("m", request("a"))]
    assert [one.nth for one in ids] == [0, 1]
    assert ids[0].digest == ids[1].digest
    others = [
        run.call("n", request("a")),
        run.call("m", request("a", "b")),
        run.call("m", request("ab")),
        run.call("m", request("a", max_tokens=5)),
        run.call("m", ModelRequest(messages=(Message(role="system", content="a"),))),
        run.call("m", ModelRequest(messages=request("a").messages, temperature=0.0)),
    ]
    assert {one.nth for one in others} == {0}
    assert len({one.digest for one in [*others, ids[0]]}) == 7


def test_a_conversation_that_grows_has_the_identity_that_it_has_alone() -> None:
    run = past()
    for length in (2, 3, 5):
        texts = [f"message {number} \udcff" for number in range(length)]
        assert run.call("m", request(*texts)) == past().call("m", request(*texts))
    assert run.call("m", request("other", "message 1")).digest == request("other", "message 1").digest("m")


def test_child_runs_have_the_same_ids_again_and_each_its_own() -> None:
    def ids(run: Past) -> list[RunId]:
        return [run.child("q", "c"), run.child("q", "c"), run.child("q", "d"), run.child("q\udcff", "c")]

    assert ids(past()) == ids(past())
    assert len(set(ids(past()))) == 4
    assert Past(RunId("other"), Seen()).child("q", "c") not in ids(past())


def test_nothing_is_found_in_a_run_that_is_not_resumed() -> None:
    assert past().reply(CallId("d", 0)) is None


def test_a_recorded_reply_is_given_and_a_recorded_failure_raised() -> None:
    run = past(Recorded())
    reply = run.reply(CallId("d", 0))
    assert reply is not None
    assert reply.text == "d"
    with pytest.raises(ModelFailed, match="503"):
        run.reply(CallId("d", 1))
    assert run.reply(CallId("d", 2)) is None


def test_answers_of_the_host_are_recorded_and_given_again() -> None:
    asked = []

    async def handler(args: Sequence[Plain], kwargs: Mapping[str, Plain]) -> Plain:
        asked.append(args)
        return {"left": len(asked)}

    async def twice(run: Past) -> list[Plain]:
        budget = run.remembered("budget", handler)
        return [await budget((), {}), await budget((), {})]

    first = Seen()
    assert asyncio.run(twice(past(None, first))) == [{"left": 1}, {"left": 2}]
    assert first.events == [
        HostAnswered(run_id=RUN, name="budget", nth=0, value={"left": 1}),
        HostAnswered(run_id=RUN, name="budget", nth=1, value={"left": 2}),
    ]
    second = Seen()
    assert asyncio.run(twice(past(Recorded(), second))) == [None, {"left": 3}]
    assert second.events == [HostAnswered(run_id=RUN, name="budget", nth=1, value={"left": 3})]

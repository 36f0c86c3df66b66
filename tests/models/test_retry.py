"""When and how long to wait, without waiting."""

from __future__ import annotations

import asyncio

import pytest

from lithify.errors import BadSettings, ModelFailed, ModelRefused
from lithify.models import AttemptFailed, RetryingModel, RetryPolicy, ScriptedModel, ScriptedReply
from lithify.records.model import ModelReply, Retry
from lithify.testing.model_conformance import question

POLICY = RetryPolicy(attempts=4, first_wait=1.0, longest_wait=3.0)


def run(script: list[ScriptedReply], jitter: float = 0.0) -> tuple[list[float], ModelReply | Exception, ScriptedModel]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    inner = ScriptedModel(script)
    model = RetryingModel(inner, POLICY, sleep=sleep, jitter=lambda: jitter)
    try:
        return waits, asyncio.run(model.ask(question("hello"))), inner
    except Exception as error:  # noqa: BLE001 - the tests look at what was raised
        return waits, error, inner


def test_a_first_reply_waits_for_nothing() -> None:
    waits, reply, _ = run(["hi"])
    assert isinstance(reply, ModelReply)
    assert (waits, reply.text, reply.attempts) == ([], "hi", 1)


def test_waits_double_up_to_the_longest() -> None:
    waits, reply, _ = run([AttemptFailed("a"), AttemptFailed("b"), AttemptFailed("c"), "hi"], jitter=1.0)
    assert isinstance(reply, ModelReply)
    assert (waits, reply.attempts) == ([1.0, 2.0, 3.0], 4)


def test_half_of_a_wait_is_random() -> None:
    assert [run([AttemptFailed("a"), "hi"], jitter)[0] for jitter in (0.0, 0.5, 1.0)] == [[0.5], [0.75], [1.0]]


def test_retry_after_is_a_floor_under_the_wait() -> None:
    assert run([AttemptFailed("a", retry_after=2.0), "hi"], 0.0)[0] == [2.0]
    assert run([AttemptFailed("a", retry_after=2.0), "hi"], 0.5)[0] == [2.5]


def test_every_attempt_that_is_repeated_is_told_before_the_wait() -> None:
    told: list[object] = []

    async def sleep(seconds: float) -> None:
        told.append(seconds)

    failures = [AttemptFailed("busy", rate_limited=True, retry_after=2.0), AttemptFailed("broken"), "hi"]
    model = RetryingModel(ScriptedModel(failures), POLICY, sleep=sleep, jitter=lambda: 0.0)
    asyncio.run(model.ask(question("hello"), None, told.append))
    first = Retry(attempt=1, wait=2.0, reason="busy", rate_limited=True)
    assert told == [first, 2.0, Retry(attempt=2, wait=1.0, reason="broken"), 1.0]


def test_a_provider_that_asks_for_too_long_is_not_waited_for() -> None:
    waits, error, inner = run([AttemptFailed("busy", retry_after=3600.0), "hi"])
    assert waits == []
    assert len(inner.requests) == 1
    assert isinstance(error, ModelFailed)
    assert "asks to wait 3600 s, and the limit is 3 s" in str(error)


def test_the_last_failure_is_told_with_the_count_and_the_advice() -> None:
    waits, error, _ = run([AttemptFailed(f"failure {n}", advice="Do this.") for n in range(1, 5)])
    assert len(waits) == 3
    assert type(error) is ModelFailed
    assert str(error).startswith("failure 4. Gave up after 4 attempts in ")
    assert str(error).endswith(" Do this.")


@pytest.mark.parametrize("error", [ModelRefused("no"), ModelFailed("over"), ZeroDivisionError("bug")])
def test_nothing_else_is_repeated(error: Exception) -> None:
    waits, raised, inner = run([error, "hi"])
    assert (waits, raised, len(inner.requests)) == ([], error, 1)


def test_waits_stay_finite_after_very_many_failures() -> None:
    assert RetryPolicy().wait(10_000, None, 0.999) <= RetryPolicy().longest_wait


@pytest.mark.parametrize("bad", [{"attempts": 0}, {"first_wait": -1.0}, {"longest_wait": -1.0}])
def test_a_policy_that_cannot_be_followed_is_a_bad_setting(bad: dict[str, float]) -> None:
    with pytest.raises(BadSettings, match=str(next(iter(bad.values())))):
        RetryPolicy(**bad)


def test_name_and_closing_are_the_inner_models() -> None:
    class Inner(ScriptedModel):
        closed = 0

        async def close(self) -> None:
            self.closed += 1

    inner = Inner([], name="inner")
    model = RetryingModel(inner)
    asyncio.run(model.close())
    assert (model.name, inner.closed) == ("inner", 1)

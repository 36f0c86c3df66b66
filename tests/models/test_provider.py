"""The provider adapter against a real HTTP server on loopback."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest

from lithify.errors import CassetteProblem, ModelFailed, ModelRefused, NoModel
from lithify.models import AttemptFailed, ModelOptions, RetryingModel, RetryPolicy, open_model, open_once
from lithify.records.model import Message, ModelReply, ModelRequest, Retry
from lithify.records.price import TokenPrice
from lithify.testing.model_conformance import question
from lithify.testing.model_server import ModelServer, ReceivedRequest, Script
from lithify.testing.wire_replies import Answer

QUICK = RetryPolicy(attempts=3, first_wait=0.001)


def options(server: ModelServer, **more: object) -> ModelOptions:
    return ModelOptions(**{"base_url": server.base_url, "timeout": 30.0, "retry": QUICK, **more})


def with_model(
    script: Script,
    use: Callable[[RetryingModel, ModelServer], Awaitable[None]],
    name: str = "openai:test-model",
    **more: object,
) -> None:
    """Run use(model, server) with a fresh server and model, both closed at the end."""

    async def main(server: ModelServer) -> None:
        model = open_model(name, options(server, **more))
        try:
            await use(model, server)
        finally:
            await model.close()

    with ModelServer(script) as server:
        asyncio.run(main(server))


def ask(script: Script, request: ModelRequest | None = None, **more: object) -> tuple[ModelReply, ModelServer]:
    got: list[tuple[ModelReply, ModelServer]] = []

    async def use(model: RetryingModel, server: ModelServer) -> None:
        got.append((await model.ask(request or question("hello")), server))

    with_model(script, use, **more)
    return got[0]


def test_a_reply_with_its_usage() -> None:
    reply, server = ask([Answer(text="42", input_tokens=11, output_tokens=3, finish="length")])
    assert (reply.text, reply.model, reply.finish) == ("42", "openai:test-model", "length")
    assert (reply.input_tokens, reply.output_tokens, reply.attempts) == (11, 3, 1)
    assert server.requests[0].path == "/v1/chat/completions"


def test_usage_that_is_absent_counts_nothing_and_has_no_price() -> None:
    reply, _ = ask([Answer(text="42", usage=False)])
    assert (reply.input_tokens, reply.output_tokens, reply.cost) == (0, 0, None)


def test_the_conversation_and_its_settings_reach_the_server() -> None:
    request = ModelRequest(
        messages=(
            Message(role="system", content="be brief"),
            Message(role="user", content="one\ntwo"),
            Message(role="assistant", content="yes"),
            Message(role="user", content="and broken \ud800 bytes"),
        ),
        max_tokens=50,
        temperature=0.25,
    )
    _, server = ask(["ok"], request)
    body = server.requests[0].body
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("system", "be brief"),
        ("user", "one\ntwo"),
        ("assistant", "yes"),
        ("user", "and broken ? bytes"),
    ]
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("test-model", 50, 0.25)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_what_may_pass_is_tried_again(status: int) -> None:
    reply, server = ask([Answer(status=status, text="busy"), "done"])
    assert (reply.text, reply.attempts, len(server.requests)) == ("done", 2, 2)


def test_the_sdk_does_not_retry_by_itself() -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        with pytest.raises(ModelFailed, match="3 attempts"):
            await model.ask(question("hello"))
        assert len(server.requests) == 3

    with_model([Answer(status=500, text="boom")] * 9, use)


def test_used_up_retries_name_status_attempts_and_host_and_never_the_key() -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        with pytest.raises(ModelFailed) as caught:
            await model.ask(question("hello"))
        message = str(caught.value)
        assert "status 500" in message
        assert "boom" in message
        assert "3 attempts" in message
        assert server.base_url.split("/")[2] in message
        assert "sk-secret" not in message

    with_model([Answer(status=500, text="boom for sk-secret")] * 3, use, api_key="sk-secret")


def test_retry_after_is_what_is_waited() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def main(server: ModelServer) -> ModelReply:
        model = RetryingModel(open_once("openai:m", options(server)), QUICK, sleep=sleep, jitter=lambda: 0.0)
        try:
            return await model.ask(question("hello"))
        finally:
            await model.close()

    with ModelServer([Answer(status=429, headers={"Retry-After": "7"}), "done"]) as server:
        reply = asyncio.run(main(server))
    assert (reply.text, waits) == ("done", [7.0])


@pytest.mark.parametrize(
    ("status", "says"),
    [(400, "settings"), (401, "API key"), (402, "credit"), (403, "API key"), (404, "model's name"), (422, "settings")],
)
def test_what_cannot_pass_is_refused_at_once(status: int, says: str) -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        with pytest.raises(ModelRefused, match=says) as caught:
            await model.ask(question("hello"))
        assert f"status {status}" in str(caught.value)
        assert "because of *** it says" in str(caught.value)
        assert len(server.requests) == 1

    with_model([Answer(status=status, text="because of sk-secret it says")] * 3, use, api_key="sk-secret")


NONSENSE = {
    "html": Answer(body="<html>welcome</html>", content_type="text/html"),
    "not json": Answer(body="{oops"),
    "nothing": Answer(body=""),
    "another object": Answer(body='{"hello": "world"}'),
    "a list": Answer(body="[]"),
    "no choices": Answer(
        body='{"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}',
    ),
    "null choices": Answer(body='{"id": "x", "object": "chat.completion", "created": 1, "model": "m"}'),
    "dropped": Answer(drop=True),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_tried_again_and_then_fails(answer: Answer) -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        with pytest.raises(ModelFailed, match="3 attempts"):
            await model.ask(question("hello"))
        assert (await model.ask(question("hello"))).text == "sense"

    with_model([answer, answer, answer, "sense"], use)


def test_what_the_server_says_that_a_call_cost_is_believed_and_the_persons_prices_more() -> None:
    body = {"model": "m", "choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "cost": 0.25}
    answer = Answer(body=json.dumps({**body, "usage": usage}))
    assert ask([answer])[0].cost == Decimal("0.25")
    mine = TokenPrice(input_per_million=Decimal(3), output_per_million=Decimal(0))
    assert ask([answer], prices={"openai:test-model": mine})[0].cost == Decimal(3)


def test_a_stream_that_breaks_off_is_tried_again_and_the_listener_is_told() -> None:
    told: list[object] = []

    async def use(model: RetryingModel, server: ModelServer) -> None:
        reply = await model.ask(question("hello"), told.append, told.append)
        assert (reply.text, reply.attempts, reply.input_tokens) == ("sense", 2, 7)

    half = 'data: {"choices": [{"delta": {"content": "half"}}]}\n\n'
    with_model([Answer(body=half, content_type="text/event-stream"), "sense"], use)
    first, retry, second = told
    assert (first, second) == ("half", "sense")
    assert isinstance(retry, Retry)
    assert "the stream ended before" in retry.reason


def test_a_server_that_does_not_stream_is_understood_when_asked_to() -> None:
    told: list[str] = []

    async def use(model: RetryingModel, server: ModelServer) -> None:
        assert (await model.ask(question("hello"), told.append)).text == "all at once"

    whole = {"model": "m", "choices": [{"message": {"content": "all at once"}, "finish_reason": "stop"}]}
    with_model([Answer(body=json.dumps(whole))], use)
    assert told == ["all at once"]


def test_an_attempt_that_takes_too_long_is_ended_and_tried_again() -> None:
    reply, server = ask([Answer(hang=True), "in time"], timeout=0.3)
    assert (reply.text, reply.attempts, len(server.requests)) == ("in time", 2, 2)


def test_a_server_that_never_answers_fails_and_says_after_how_long() -> None:
    async def use(model: RetryingModel, _server: ModelServer) -> None:
        with pytest.raises(ModelFailed, match=r"no answer within 0\.2 s.*3 attempts"):
            await model.ask(question("hello"))

    with_model([Answer(hang=True)] * 3, use, timeout=0.2)


def test_nobody_listening_fails_with_the_host() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        async def main() -> None:
            model = open_model("any", ModelOptions(base_url=f"http://127.0.0.1:{port}/v1", retry=QUICK))
            try:
                await model.ask(question("hello"))
            finally:
                await model.close()

        with pytest.raises(ModelFailed, match=f"connection to any at 127.0.0.1:{port} failed.*3 attempts"):
            asyncio.run(main())


def test_cancelling_in_the_middle_passes_through_and_the_model_goes_on() -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        await model.ask(question("warm up"))
        task = asyncio.create_task(model.ask(question("hang")))
        while len(server.requests) < 2:
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await model.ask(question("again"))).text == "back"

    with_model(["warm", Answer(hang=True), "back"], use)


def test_cancelling_while_it_loads_leaves_the_others_waiting_for_it() -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        impatient = asyncio.create_task(model.ask(question("one")))
        patient = asyncio.create_task(model.ask(question("two")))
        await asyncio.sleep(0)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        assert (await patient).text == "here"
        assert len(server.requests) == 1

    with_model(["here"], use, name="openai-responses:m", api_key="k")


def test_two_hundred_at_once_each_get_their_own_answer() -> None:
    def script(request: ReceivedRequest) -> Answer:
        return Answer(text=request.prompt.upper(), delay=0.3)

    async def use(model: RetryingModel, server: ModelServer) -> None:
        replies = await asyncio.gather(*(model.ask(question(f"q{n}")) for n in range(200)))
        assert [reply.text for reply in replies] == [f"Q{n}" for n in range(200)]
        assert server.peak > 20

    with_model(script, use)


def test_no_more_than_allowed_are_in_flight_at_once() -> None:
    async def use(model: RetryingModel, server: ModelServer) -> None:
        await asyncio.gather(*(model.ask(question(f"q{n}")) for n in range(12)))
        assert (len(server.requests), server.peak) == (12, 3)

    with_model([Answer(text="ok", delay=0.1)] * 12, use, at_once=3)


def test_it_answers_in_a_second_event_loop_and_after_closing() -> None:
    async def once(model: RetryingModel) -> str:
        try:
            return (await model.ask(question("hello"))).text
        finally:
            await model.close()

    with ModelServer(["one", "two"]) as server:
        model = open_model("openai:m", options(server))
        assert [asyncio.run(once(model)), asyncio.run(once(model))] == ["one", "two"]


def test_closing_while_it_loads_waits_for_it() -> None:
    async def main(server: ModelServer) -> None:
        model = open_once("openai-responses:m", options(server, api_key="k"))
        asking = asyncio.create_task(model.ask(question("hello")))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await model.close()
        assert len(asyncio.all_tasks()) == 1
        assert server.requests == ()

    with ModelServer([]) as server:
        asyncio.run(main(server))


def test_one_attempt_by_itself_says_that_it_may_be_repeated() -> None:
    async def main(server: ModelServer) -> None:
        model = open_once("openai:m", options(server))
        try:
            with pytest.raises(AttemptFailed) as caught:
                await model.ask(question("hello"))
            assert caught.value.retry_after == 12.0
        finally:
            await model.close()

    with ModelServer([Answer(status=503, headers={"Retry-After": "12"})]) as server:
        asyncio.run(main(server))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("openai:m", "/v1/chat/completions"),
        ("openai-chat:m", "/v1/chat/completions"),
        ("openai-responses:m", "/v1/responses"),
        ("ollama:m", "/v1/chat/completions"),
        ("qwen3:8b", "/v1/chat/completions"),
        ("org/model", "/v1/chat/completions"),
    ],
)
def test_names_choose_the_api_at_a_base_url(name: str, path: str) -> None:
    async def main(server: ModelServer) -> ModelReply:
        model = open_model(name, options(server, api_key="k"))
        try:
            return await model.ask(question("hello"))
        finally:
            await model.close()

    with ModelServer(["ok"]) as server:
        reply = asyncio.run(main(server))
        asked = server.requests[0]
    assert (reply.model, asked.path) == (name, path)
    assert asked.body["model"] == (name if name in {"qwen3:8b", "org/model"} else "m")
    assert asked.headers["authorization"] == "Bearer k"


@pytest.mark.parametrize("name", ["", "gpt-4o", "test", "openai:", ":gpt-4o"])
def test_a_name_without_a_provider_is_no_model(name: str) -> None:
    with pytest.raises(NoModel, match="provider:name"):
        open_model(name)


def test_a_cassette_is_opened_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CassetteProblem, match=r"no recording .*gone\.cassette"):
        open_model(f"cassette:{tmp_path}/gone.cassette")

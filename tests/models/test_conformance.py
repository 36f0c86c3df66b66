"""Every adapter against the one suite: the provider over real HTTP, the cassette from a recording, the script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lithify.errors import ModelFailed, ModelRefused
from lithify.models import (
    CassetteModel,
    ModelOptions,
    RecordingModel,
    RetryPolicy,
    ScriptedModel,
    ScriptedReply,
    open_model,
)
from lithify.ports import Model
from lithify.records.model import ModelRequest
from lithify.testing.model_conformance import CHECKS, ECHO, Check, Factory, Failure, Outcome, Outcomes, echo
from lithify.testing.model_server import ModelServer, ReceivedRequest
from lithify.testing.wire_replies import Answer

OPTIONS = {"timeout": 30.0, "retry": RetryPolicy(attempts=1)}


def as_answer(outcome: Outcome) -> str | Answer:
    if isinstance(outcome, Failure):
        return Answer(status=401 if outcome.kind == "refused" else 503)
    return outcome


def over_http(name: str, *, strip: str = "") -> Factory:
    @asynccontextmanager
    async def factory(outcomes: Outcomes) -> AsyncIterator[Model]:
        def echoing(request: ReceivedRequest) -> str:
            return echo(request.prompt)

        script = echoing if outcomes == ECHO else [as_answer(outcome) for outcome in outcomes]
        with ModelServer(script) as server:
            url = server.base_url.removesuffix(strip)
            model = open_model(name, ModelOptions(base_url=url, api_key="key", **OPTIONS))
            try:
                yield model
            finally:
                await model.close()

    return factory


def as_reply(outcome: Outcome) -> ScriptedReply:
    if isinstance(outcome, Failure):
        return ModelRefused("no") if outcome.kind == "refused" else ModelFailed("not now")
    return outcome


def scripted_for(outcomes: Outcomes) -> ScriptedModel:
    def echoing(request: ModelRequest) -> str:
        return echo(request.messages[-1].content)

    return ScriptedModel(echoing if outcomes == ECHO else [as_reply(outcome) for outcome in outcomes])


@asynccontextmanager
async def scripted(outcomes: Outcomes) -> AsyncIterator[Model]:
    yield scripted_for(outcomes)


def recording(path: Path) -> Factory:
    @asynccontextmanager
    async def factory(outcomes: Outcomes) -> AsyncIterator[Model]:
        model = RecordingModel(scripted_for(outcomes), path)
        yield model
        await model.close()

    return factory


def replaying(path: Path) -> Factory:
    @asynccontextmanager
    async def factory(_outcomes: Outcomes) -> AsyncIterator[Model]:
        yield CassetteModel(path)

    return factory


HTTP: dict[str, Factory] = {
    "chat completions": over_http("openai:gpt-4o"),
    "responses": over_http("openai-responses:gpt-4o"),
    "anthropic": over_http("anthropic:claude-haiku-4-5", strip="/v1"),
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
@pytest.mark.parametrize("factory", HTTP.values(), ids=HTTP)
def test_providers_conform(factory: Factory, check: Check) -> None:
    asyncio.run(check(factory))


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_the_scripted_model_conforms(check: Check) -> None:
    asyncio.run(check(scripted))


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_recording_and_replaying_conform(check: Check, tmp_path: Path) -> None:
    path = tmp_path / "conversation.cassette"
    asyncio.run(check(recording(path)))
    asyncio.run(check(replaying(path)))

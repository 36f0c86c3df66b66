"""The conformance suite finds models that do wrong: each check fails for at least one of these."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from lithify.errors import BadReply, ModelRefused
from lithify.models import ScriptedModel
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText
from lithify.testing.model_conformance import CHECKS, ECHO, Factory, Failure, Outcomes, echo


def script_of(outcomes: Outcomes) -> ScriptedModel:
    def echoing(request: ModelRequest) -> str:
        return echo(request.messages[-1].content)

    if outcomes == ECHO:
        return ScriptedModel(echoing)
    return ScriptedModel([ModelRefused("no") if isinstance(o, Failure) else o for o in outcomes])


class Base:
    """A model made to go wrong by its subclasses."""

    name = "wrong"

    def __init__(self, outcomes: Outcomes) -> None:
        self.inner = script_of(outcomes)
        self.closed = False

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        return await self.inner.ask(request, on_text)

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        return None

    async def close(self) -> None:
        return


class Nameless(Base):
    name = ""


class Stripping(Base):
    async def ask(self, request: ModelRequest, *_: object) -> ModelReply:
        reply = await super().ask(request)
        return replace(reply, text=reply.text.strip())


class RaisingOnEmpty(Base):
    async def ask(self, request: ModelRequest, *_: object) -> ModelReply:
        reply = await super().ask(request)
        if not reply.text:
            raise BadReply("empty")
        return reply


class Mixing(Base):
    last = ""

    async def ask(self, request: ModelRequest, *_: object) -> ModelReply:
        self.last = request.messages[-1].content
        await asyncio.sleep(0)
        return replace(await super().ask(request), text=echo(self.last))


class NegativeTokens(Base):
    async def ask(self, request: ModelRequest, *_: object) -> ModelReply:
        return replace(await super().ask(request), input_tokens=-1)


class FailingAsText(Base):
    async def ask(self, request: ModelRequest, *_: object) -> ModelReply:
        try:
            return await super().ask(request)
        except ModelRefused as error:
            return ModelReply(text=str(error), model="wrong", input_tokens=0, output_tokens=0)


class NotStreaming(Base):
    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        return await super().ask(request)


class TellingOfFailures(Base):
    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        if on_text:
            on_text("thinking")
        return await super().ask(request)


class PricedOnce(Base):
    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        return None if input_tokens > 1_000 else Decimal(1)


class Cheapening(Base):
    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        return Decimal(-input_tokens)


class ClosingOnce(Base):
    async def close(self) -> None:
        if self.closed:
            raise RuntimeError("closed already")
        self.closed = True


def factory_of(kind: type[Base]) -> Factory:
    @asynccontextmanager
    async def factory(outcomes: Outcomes) -> AsyncIterator[Base]:
        yield kind(outcomes)

    return factory


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("has_a_name", Nameless),
        ("gives_the_text_as_it_is", Stripping),
        ("gives_the_text_as_it_is", NegativeTokens),
        ("gives_an_empty_reply_as_empty_text", RaisingOnEmpty),
        ("continues_a_conversation", RaisingOnEmpty),
        ("answers_many_at_once", Mixing),
        ("fails_by_type", FailingAsText),
        ("fails_by_type", Base),
        ("streams_the_text_in_order", NotStreaming),
        ("fails_by_type_when_streaming", TellingOfFailures),
        ("fails_by_type_when_streaming", Base),
        ("estimates_prices_in_proportion", PricedOnce),
        ("estimates_prices_in_proportion", Cheapening),
        ("closes_twice", ClosingOnce),
    ],
)
def test_a_wrong_model_is_found(check: str, kind: type[Base]) -> None:
    with pytest.raises((AssertionError, BadReply, RuntimeError)):
        asyncio.run(CHECKS[check](factory_of(kind)))


def test_every_check_is_shown_to_fail_above() -> None:
    shown = {check for check, _ in test_a_wrong_model_is_found.pytestmark[0].args[1]}
    assert shown == set(CHECKS)

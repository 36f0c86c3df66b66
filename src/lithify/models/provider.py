"""Any provider that pydantic-ai knows, behind the Model port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from typing import TYPE_CHECKING

from lithify.models.connecting import Connection, connect
from lithify.models.failures import failure_of
from lithify.models.naming import url_of
from lithify.models.options import ModelOptions
from lithify.models.prices import Place, estimate, price_of
from lithify.models.texts import sendable
from lithify.records.model import Message, ModelReply, ModelRequest, OnRetry, OnText
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.settings import ModelSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A connection inside the event loop that its sockets belong to."""

    connection: Connection
    resources: AsyncExitStack
    slots: asyncio.Semaphore


class ProviderModel:
    """One attempt per `ask`: see RetryingModel for repeating. Raises AttemptFailed for what may pass.

    The first `ask` imports the provider's SDK, 1 to 2 s of CPU in a thread: what else there is to start may start
    meanwhile. Connections belong to the event loop of the first `ask`; in another loop it connects anew.
    """

    def __init__(self, name: str, options: ModelOptions) -> None:
        self._name = name
        self._options = options
        self._opening: asyncio.Task[_Open] | None = None

    @property
    def name(self) -> str:
        """The name it was opened with."""
        return self._name

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """Send the conversation once; streamed only for on_text.

        Raises ModelRefused, AttemptFailed (a ModelFailed), or NoModel when a key or a package is missing.
        """
        opened = await self._opened()
        connection = opened.connection
        history, settings = _history(request.messages), _with(connection.settings, request)
        started = time.perf_counter()
        try:
            async with opened.slots:
                response = await _response(connection, history, settings, on_text)
        except Exception as error:  # thirty SDKs raise what they like; it becomes a typed failure
            raise failure_of(error, connection.endpoint, self._options.timeout) from error
        return ModelReply(
            text=response.text or "",
            model=self._name,
            input_tokens=response.usage.input_tokens,
            output_tokens=response.usage.output_tokens,
            cost=self._cost(response, connection),
            seconds=time.perf_counter() - started,
            finish=_finish(response),
        )

    def _cost(self, response: ModelResponse, connection: Connection) -> Decimal | None:
        mine = self._options.prices.get(self._name)
        if mine is not None and not response.usage.unmeasured_requests:
            return mine.of(response.usage.input_tokens, response.usage.output_tokens)
        return price_of(response, own_url=connection.own_url)

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """By the person's own prices, else by the price list; None for a model that neither knows."""
        mine = self._options.prices.get(self._name)
        if mine is not None:
            return mine.of(input_tokens, output_tokens)
        provider, _, model = self._name.partition(":")
        where = Place(provider=provider.removesuffix("-responses"), base_url=url_of(self._name, self._options))
        return estimate(model, where, input_tokens, output_tokens)

    async def close(self) -> None:
        """Close the connections. The model can be asked again: it connects anew."""
        opening, self._opening = self._opening, None
        if opening is None or opening.get_loop() is not asyncio.get_running_loop():
            return  # sockets of a loop that has ended are closed with it
        opened = (await asyncio.gather(opening, return_exceptions=True))[0]
        if isinstance(opened, _Open):
            await opened.resources.aclose()

    async def _opened(self) -> _Open:
        """The connection of this event loop, made once however many ask for it at the same time."""
        loop = asyncio.get_running_loop()
        opening = self._opening
        if opening is None or opening.get_loop() is not loop or _gave_nothing(opening):
            opening = self._opening = loop.create_task(self._open())
        return await asyncio.shield(opening)  # who asks may be cancelled; the others still wait for it

    async def _open(self) -> _Open:
        connection = await asyncio.to_thread(connect, self._name, self._options)
        resources = AsyncExitStack()
        await resources.enter_async_context(connection.model)
        return _Open(connection=connection, resources=resources, slots=asyncio.Semaphore(self._options.at_once))


async def _response(
    connection: Connection, history: list[ModelMessage], settings: ModelSettings, on_text: OnText | None
) -> ModelResponse:
    from pydantic_ai import direct
    from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

    if on_text is None:
        return await direct.model_request(connection.model, history, model_settings=settings)
    async with direct.model_request_stream(connection.model, history, model_settings=settings) as stream:
        async for event in stream:
            match event:
                case PartStartEvent(part=TextPart(content=text)) if text:
                    on_text(text)
                case PartDeltaEvent(delta=TextPartDelta(content_delta=text)) if text:
                    on_text(text)
                case _:
                    pass  # thoughts, and the ends of parts
        return stream.get()


def _gave_nothing(opening: asyncio.Task[_Open]) -> bool:
    return opening.done() and (opening.cancelled() or opening.exception() is not None)


def _with(settings: ModelSettings, request: ModelRequest) -> ModelSettings:
    """The settings of the connection and those of one request."""
    merged = settings.copy()
    if request.max_tokens is not None:
        merged["max_tokens"] = request.max_tokens
    if request.temperature is not None:
        merged["temperature"] = request.temperature
    return merged


def _finish(response: ModelResponse) -> str:
    return response.finish_reason or "unknown"


def _history(messages: Sequence[Message]) -> list[ModelMessage]:
    """pydantic-ai's form of a conversation: system and user messages in a row are parts of one request.

    Empty assistant messages are left out: Anthropic refuses them, others see nothing in them.
    """
    from pydantic_ai import messages as wire

    history: list[ModelMessage] = []
    parts: list[wire.ModelRequestPart] = []
    for message in messages:
        text = sendable(message.content)
        if message.role == "system":
            parts.append(wire.SystemPromptPart(content=text))
        elif message.role == "user":
            parts.append(wire.UserPromptPart(content=text))
        elif text.strip():
            if parts:
                history.append(wire.ModelRequest(parts=parts))
                parts = []
            history.append(wire.ModelResponse(parts=[wire.TextPart(content=text)]))
    if parts:
        history.append(wire.ModelRequest(parts=parts))
    return history

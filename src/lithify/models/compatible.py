"""Any OpenAI-compatible server, through HTTP alone.

The SDK and pydantic-ai take 1.3 s of CPU to import and milliseconds for each request; this takes nothing worth naming.
A server at a URL of its own is asked this way; every provider with an API of its own goes through pydantic-ai.
"""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from urllib.parse import urlsplit

from lithify.errors import LithifyError, NoModel
from lithify.models import chat_wire, statuses
from lithify.models.options import ModelOptions
from lithify.models.prices import Place, estimate
from lithify.models.retry import AttemptFailed
from lithify.models.transport import Answer, Transport, open_transport
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText
from lithify.records.quick import dataclass

OPENAI_HOST = "api.openai.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server and the model to ask there. name is the model's name in settings, model the server's name for it."""

    name: str
    model: str
    base_url: str
    api_key: str

    @property
    def host(self) -> str:
        """Host and port of the URL."""
        parts = urlsplit(self.base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


class CompatibleModel:
    """One attempt per `ask`: see RetryingModel for repeating. Raises AttemptFailed for what may pass.

    Connections belong to the event loop of the first `ask`; in another loop it connects anew.
    """

    def __init__(self, server: Server, options: ModelOptions) -> None:
        self._server = server
        self._options = options
        self._opened: _Open | None = None
        password = urlsplit(server.base_url).password
        secrets = {secret for secret in (server.api_key, password) if secret}
        self._endpoint = statuses.Endpoint(name=server.name, host=server.host, secrets=tuple(sorted(secrets)))

    @property
    def name(self) -> str:
        """The name it was opened with."""
        return self._server.name

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """Send the conversation once; streamed only for on_text. Raises ModelRefused or AttemptFailed."""
        opened = self._open()
        newer = urlsplit(self._server.base_url).hostname == OPENAI_HOST
        body = chat_wire.body(request, self._server.model, newer=newer, stream=on_text is not None)
        async with opened.slots:
            started = time.perf_counter()
            completion = await self._attempt(opened.transport, body, on_text)
        return self._reply(completion, time.perf_counter() - started)

    async def _attempt(self, transport: Transport, body: bytes, on_text: OnText | None) -> chat_wire.Completion:
        endpoint, limit = self._endpoint, self._options.timeout
        try:
            async with asyncio.timeout(limit), transport.post(body) as answer:
                return await self._read(answer, on_text)
        except LithifyError:
            raise
        except TimeoutError:
            raise AttemptFailed(f"{endpoint} gave no answer within {limit:g} s", advice=statuses.TOO_SLOW) from None
        except OSError as error:
            what = f"the connection to {endpoint} failed: {endpoint.clean(root_cause(error))}"
            raise AttemptFailed(what, advice=statuses.NO_CONNECTION) from error
        except (ValueError, RecursionError) as error:
            what = endpoint.clean(f"{type(error).__name__}: {error}")
            what = f"{endpoint} gave an answer that cannot be read ({what})"
            raise AttemptFailed(what, advice=statuses.UNREADABLE) from error

    async def _read(self, answer: Answer, on_text: OnText | None) -> chat_wire.Completion:
        if not 200 <= answer.status < 300:
            content = await answer.read()
            raise statuses.failure_of_status(self._endpoint, answer.status, content, answer.headers)
        if on_text is None:
            return chat_wire.completion(await answer.read())
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            return _at_once(await answer.read(), on_text)
        stream = chat_wire.Stream()
        async for line in answer.lines():
            text = stream.take(line)
            if text:
                on_text(text)
        return stream.end()

    def _reply(self, completion: chat_wire.Completion, seconds: float) -> ModelReply:
        usage = completion.usage
        return ModelReply(
            text=completion.text,
            model=self._server.name,
            input_tokens=usage.input_tokens if usage else 0,
            output_tokens=usage.output_tokens if usage else 0,
            cost=self._cost(usage) if usage else None,
            seconds=seconds,
            finish=completion.finish,
        )

    def _cost(self, usage: chat_wire.Usage) -> Decimal | None:
        if usage.cost is not None and self._server.name not in self._options.prices:
            return usage.cost
        return (
            self.price(usage.input_tokens, usage.output_tokens) if usage.input_tokens or usage.output_tokens else None
        )

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """By the person's own prices, else by the price list for the server's URL; None for what neither knows."""
        mine = self._options.prices.get(self._server.name)
        if mine is not None:
            return mine.of(input_tokens, output_tokens)
        return estimate(self._server.model, Place(base_url=self._server.base_url), input_tokens, output_tokens)

    async def close(self) -> None:
        """Close the connections. The model can be asked again: it connects anew."""
        opened, self._opened = self._opened, None
        if opened is not None and opened.loop is asyncio.get_running_loop():
            await opened.transport.aclose()  # sockets of a loop that has ended are closed with it

    def _open(self) -> _Open:
        loop = asyncio.get_running_loop()
        if self._opened is None or self._opened.loop is not loop:
            self._opened = _connect(self._server, self._options, loop)
        return self._opened


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """Connections inside the event loop that they belong to."""

    loop: asyncio.AbstractEventLoop
    transport: Transport
    slots: asyncio.Semaphore


def _connect(server: Server, options: ModelOptions, loop: asyncio.AbstractEventLoop) -> _Open:
    """Raises NoModel when certificates or proxies of the environment cannot be used."""
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    if server.api_key:
        headers["Authorization"] = f"Bearer {server.api_key}"
    url = server.base_url.rstrip("/") + chat_wire.PATH
    try:
        transport = open_transport(url, headers, options.at_once)
    except Exception as error:  # it reads certificates and proxies, and fails as it likes; told as NoModel
        raise NoModel(f"{server.name!r} cannot be set up ({type(error).__name__}: {error})") from error
    return _Open(loop=loop, transport=transport, slots=asyncio.Semaphore(options.at_once))


def _at_once(content: bytes, on_text: OnText) -> chat_wire.Completion:
    """The reply of a server that was asked to stream and does not."""
    completion = chat_wire.completion(content)
    if completion.text:
        on_text(completion.text)
    return completion


def root_cause(error: BaseException) -> str:
    """What the transport said first: libraries wrap it in words of their own."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
        if isinstance(cause, OSError):
            break
    return str(cause) or type(cause).__name__

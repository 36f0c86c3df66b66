"""A model that says what a test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias

from lithify.errors import ProgrammerMustAct
from lithify.models.pieces import say
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText
from lithify.records.price import TokenPrice

ScriptedReply: TypeAlias = "str | ModelReply | Exception | Callable[[ModelRequest], str | ModelReply]"
"""A text, a whole reply, an exception to raise, or a function of the request that gives one of the first two."""

CHARS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """A count that is the same on every machine: a quarter of the characters, at least 1."""
    return max(1, len(text) // CHARS_PER_TOKEN)


class ScriptedModel:
    """Answers from a list, in the order of asking, or from one function for every request.

    requests holds what was asked, in order. Texts are priced by token_price, unpriced without one. delay (seconds)
    comes before every reply.
    """

    def __init__(
        self,
        replies: Iterable[ScriptedReply] | Callable[[ModelRequest], str | ModelReply],
        *,
        name: str = "scripted",
        delay: float = 0.0,
        token_price: TokenPrice | None = None,
    ) -> None:
        self._name = name
        self._token_price = token_price
        self._delay = delay
        self._function = replies if callable(replies) else None
        self._replies: Iterator[ScriptedReply] = iter(()) if callable(replies) else iter(replies)
        self.requests: list[ModelRequest] = []

    @property
    def name(self) -> str:
        """The name it was given."""
        return self._name

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """The next reply, in pieces to on_text.

        Raises the scripted exception, or ProgrammerMustAct when the script has run out.
        """
        self.requests.append(request)
        reply = self._function or next(self._replies, None)
        await asyncio.sleep(self._delay)
        if reply is None:
            raise ProgrammerMustAct(self._run_out(request))
        if isinstance(reply, Exception):
            raise reply
        given = reply(request) if callable(reply) else reply
        whole = given if isinstance(given, ModelReply) else self._reply(request, given)
        say(whole.text, on_text)
        return whole

    def _reply(self, request: ModelRequest, text: str) -> ModelReply:
        asked = count_tokens("".join(message.content for message in request.messages))
        said = count_tokens(text)
        return ModelReply(
            text=text, model=self._name, input_tokens=asked, output_tokens=said, cost=self.price(asked, said)
        )

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """By the token price that it was given; None without one."""
        return None if self._token_price is None else self._token_price.of(input_tokens, output_tokens)

    def _run_out(self, request: ModelRequest) -> str:
        last = request.messages[-1].content if request.messages else ""
        shown = last if len(last) <= 200 else f"{last[:200]}…"
        return (
            f"the script of {self._name!r} is used up: this is request {len(self.requests)}, give it one more reply. "
            f"The request ends with: {shown!r}"
        )

    async def close(self) -> None:
        """Nothing to release."""

"""What is asked of a language model, and what comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, TypeAlias

from lithify.records.quick import dataclass

Role: TypeAlias = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str

    def digest(self) -> bytes:
        """sha256 over role and content."""
        return hashlib.sha256(f"{self.role}\0{self.content}".encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """A conversation to be continued. max_tokens bounds the reply; None leaves it to the provider."""

    messages: tuple[Message, ...]
    max_tokens: int | None = None
    temperature: float | None = None

    def digest(self, model: str, of: Callable[[Message], bytes] | None = None) -> str:
        """Identifies what is asked of which model: sha256 over its name, the settings and the messages, in hex.

        of gives the digests of messages, for whoever remembers those of an earlier request.
        """
        found = hashlib.sha256(f"{model}\0{self.max_tokens}\0{self.temperature}".encode())
        for message in self.messages:
            found.update(of(message) if of else message.digest())
        return found.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A failed attempt that is about to be repeated.

    attempt: how many have failed so far; wait: seconds until the next; reason: what went wrong, in words.
    rate_limited: the provider said that there are too many requests (429): fewer at once will go through sooner.
    """

    attempt: int
    wait: float
    reason: str
    rate_limited: bool = False


OnText: TypeAlias = Callable[[str], None]
"""Takes a reply's text piece by piece. After a retry it begins anew."""
OnRetry: TypeAlias = Callable[[Retry], None]
"""Hears of every attempt that is repeated, before the wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """The continuation. Tokens as the provider counted them; cost in US dollars, None when the model is unpriced.

    attempts counts the requests that went out for it, retries included. seconds is wall time.
    finish is the provider's reason for stopping ("stop", "length", …).
    """

    text: str
    model: str
    input_tokens: int
    output_tokens: int
    cost: Decimal | None = None
    seconds: float = 0.0
    attempts: int = 1
    finish: str = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a run spent. cost adds up the priced calls; unpriced_calls says how many had no price."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    unpriced_calls: int = 0

    def plus(self, reply: ModelReply) -> Usage:
        """This usage and one more reply."""
        return Usage(
            model_calls=self.model_calls + 1,
            input_tokens=self.input_tokens + reply.input_tokens,
            output_tokens=self.output_tokens + reply.output_tokens,
            cost=self.cost + (reply.cost or Decimal(0)),
            unpriced_calls=self.unpriced_calls + (reply.cost is None),
        )

    def add(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            model_calls=self.model_calls + other.model_calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost=self.cost + other.cost,
            unpriced_calls=self.unpriced_calls + other.unpriced_calls,
        )

    @property
    def price(self) -> Decimal | None:
        """The total in US dollars, or None when any call was unpriced: an unknown price is not zero."""
        return None if self.unpriced_calls else self.cost

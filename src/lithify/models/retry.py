"""Repeating a request that failed for a reason that may pass: exponential waits with jitter, Retry-After honoured."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

from lithify.errors import BadSettings, ModelFailed
from lithify.ports import Model
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText, Retry
from lithify.records.quick import dataclass


class AttemptFailed(ModelFailed):
    """One attempt failed for a reason that may pass (429, 5xx, time-out, connection, an unreadable reply).

    message says what happened and where. retry_after: the seconds that the provider asks to wait, None if it does
    not say. advice: what a person can do when it does not pass. rate_limited: there were too many requests (429).
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        advice: str = "Try again later.",
        rate_limited: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.advice = advice
        self.rate_limited = rate_limited


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how patiently to try. Waits double from first_wait up to longest_wait (seconds).

    A provider that asks for a wait longer than longest_wait is not waited for: the call fails at once.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise BadSettings(f"attempts is {self.attempts}; a call needs at least 1")
        if self.first_wait < 0 or self.longest_wait < 0:
            raise BadSettings(f"waits of {self.first_wait} and {self.longest_wait} s; they must not be negative")

    def wait(self, failed: int, retry_after: float | None, jitter: float) -> float:
        """Seconds to wait after `failed` attempts. jitter is in [0, 1): it spreads the calls of a batch, which
        would otherwise all come back in the same instant ("equal jitter": half of the wait is random;
        M. Brooker, Exponential Backoff And Jitter, 2015). With Retry-After only time on top of it is random."""
        if retry_after is not None:
            return retry_after + self.first_wait * jitter
        doubled = float(min(self.first_wait * 2 ** min(failed - 1, 30), self.longest_wait))
        return doubled * (0.5 + jitter / 2)


class RetryingModel:
    """A Model that repeats what its inner Model reports as AttemptFailed."""

    def __init__(
        self,
        inner: Model,
        policy: RetryPolicy | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._inner = inner
        self._policy = policy or RetryPolicy()
        self._sleep = sleep
        self._jitter = jitter

    @property
    def name(self) -> str:
        """The inner model's name."""
        return self._inner.name

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """Ask until there is a reply; attempts and seconds (waits included) of the reply cover all of it.

        Raises ModelFailed when the attempts are used up, ModelRefused at once.
        """
        started = time.perf_counter()
        attempt = 1
        while True:
            try:
                reply = await self._inner.ask(request, on_text)
                return replace(reply, attempts=attempt, seconds=time.perf_counter() - started)
            except AttemptFailed as failure:
                wait = self._wait(failure, attempt, time.perf_counter() - started)
                if on_retry is not None:
                    reason, limited = str(failure), failure.rate_limited
                    on_retry(Retry(attempt=attempt, wait=wait, reason=reason, rate_limited=limited))
            await self._sleep(wait)
            attempt += 1

    def _wait(self, failure: AttemptFailed, attempt: int, seconds: float) -> float:
        """How long to wait before the next attempt. Raises ModelFailed when there is to be none."""
        count = f"{attempt} attempt{'s' if attempt > 1 else ''} in {seconds:.1f} s"
        asked = failure.retry_after
        if asked is not None and asked > self._policy.longest_wait:
            raise ModelFailed(
                f"{failure}. Gave up after {count}: the provider asks to wait {asked:.0f} s, "
                f"and the limit is {self._policy.longest_wait:.0f} s. {failure.advice}"
            ) from failure
        if attempt == self._policy.attempts:
            raise ModelFailed(f"{failure}. Gave up after {count}. {failure.advice}") from failure
        return self._policy.wait(attempt, asked, self._jitter())

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """What the inner model says; attempts that fail are not charged."""
        return self._inner.price(input_tokens, output_tokens)

    async def close(self) -> None:
        """Close the inner model."""
        await self._inner.close()

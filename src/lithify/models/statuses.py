"""What an HTTP status of a provider means: a refusal that a person must mend, or an attempt that may be repeated."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import field

from lithify.errors import ModelRefused
from lithify.models.retry import AttemptFailed
from lithify.records.quick import dataclass

TOO_MANY_REQUESTS = 429
REPEATABLE_STATUS = frozenset({408, 409, 425, TOO_MANY_REQUESTS})
SHOWN = 300
"""How many characters of a provider's own message are shown."""

KEY = "Check the API key, and that it may use this model."
QUOTA = "The account has no credit or quota left: top it up, or use another key."
WINDOW = "The conversation is longer than the model's window: use a model with a larger one."
UNKNOWN = "Check the model's name and the base URL."
OTHERWISE = "Sending it again would not help: another model, or other settings, may."
UNREADABLE = "Check the base URL: that of an OpenAI-compatible server usually ends in /v1."
NO_CONNECTION = "Check that the server runs, the base URL, and the network."
TOO_SLOW = "Raise the time-out, shorten the request, or ask another model."

_NO_QUOTA = re.compile(
    r"insufficient_quota|insufficient (credit|balance|funds)|billing_hard_limit|exceeded your .*quota"
)
_TOO_LONG = re.compile(r"context_length_exceeded|context (length|window|size)|maximum context|too many tokens|too long")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where requests go: the model's name as configured, the host of its URL, and texts that must never be shown."""

    name: str
    host: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return f"{self.name} at {self.host}" if self.host else self.name

    def clean(self, text: str) -> str:
        """One line of bounded length without secrets."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        text = " ".join(text.split()).rstrip(".")
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def failure_of_status(
    endpoint: Endpoint, status: int, content: bytes, headers: Mapping[str, str]
) -> ModelRefused | AttemptFailed:
    """The typed failure for a reply with a status other than success."""
    words = body_text(content)
    what = endpoint.clean(words)
    what = f"status {status}" + (f": {what}" if what else "")
    searched = content[:SEARCHED].decode("utf-8", "replace").lower()
    no_quota = status in (402, TOO_MANY_REQUESTS) and bool(_NO_QUOTA.search(searched))
    if not no_quota and (status in REPEATABLE_STATUS or status >= 500):
        return AttemptFailed(
            f"{endpoint} answers with {what}",
            retry_after=retry_after(headers, time.time()),
            rate_limited=status == TOO_MANY_REQUESTS,
        )
    return ModelRefused(f"{endpoint} refuses with {what}. {_remedy(status, searched, no_quota)}")


SEARCHED = 4_000
"""Bytes of an error body that are searched for what is meant."""


def _remedy(status: int, body: str, no_quota: bool) -> str:
    if status in (401, 403):
        return KEY
    if status == 402 or no_quota:
        return QUOTA
    if status in (400, 413) and _TOO_LONG.search(body):
        return WINDOW
    return UNKNOWN if status == 404 else OTHERWISE


def body_text(content: bytes) -> str:
    """The provider's own words in an error body of whatever form."""
    text = content.decode("utf-8", "replace")
    try:
        body = json.loads(text)
    except ValueError:
        return text
    return words_of(body)


def words_of(body: object) -> str:
    """The same of a decoded body."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        words = inner.get("message") if isinstance(inner, dict) else inner
        return words if isinstance(words, str) else json.dumps(body, default=str)
    return "" if body is None else str(body)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that a provider asks to wait, None when it does not say. now: seconds since 1970.

    retry-after-ms in milliseconds (OpenAI, Azure), Retry-After in seconds or as a date (RFC 9110, 10.2.3).
    """
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1_000
    given = headers.get("retry-after", "")
    seconds = _number(given)
    if seconds is not None:
        return seconds
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - now)
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None

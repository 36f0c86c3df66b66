"""How to reach a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from urllib.parse import urlsplit

from lithify.errors import BadSettings
from lithify.models.retry import RetryPolicy
from lithify.records.price import TokenPrice
from lithify.records.quick import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """How to reach a model.

    base_url: an OpenAI-compatible server, for example "http://127.0.0.1:8000/v1"; "" for the provider's own
    api_key:  in place of the provider's environment variable; "" to use that. Never written anywhere
    timeout:  seconds that one attempt may take
    at_once:  requests in flight at the same time; more wait their turn (connections beyond a hundred are costly)
    retry:    how often and how patiently to try again
    prices:   what models cost, by their names: comes before any price list

    Raises BadSettings for a base URL that is no http(s) URL, and for a time-out or a number at once below its least.
    """

    base_url: str = ""
    api_key: str = field(default="", repr=False)
    timeout: float = 120.0
    at_once: int = 100
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    prices: Mapping[str, TokenPrice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.base_url and not _is_http(self.base_url):
            raise BadSettings(f"base_url is {self.base_url!r}; it must be like http://127.0.0.1:8000/v1")
        if not self.timeout > 0:
            raise BadSettings(f"timeout is {self.timeout}; it must be a positive number of seconds")
        if self.at_once < 1:
            raise BadSettings(f"at_once is {self.at_once}; at least 1 request must be allowed")


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an unclosed bracket, a port beyond 65535
        return False

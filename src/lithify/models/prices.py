"""What a reply cost, by the price list of genai-prices, which comes with pydantic-ai and needs no network."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelResponse


def price_of(response: ModelResponse, *, own_url: bool) -> Decimal | None:
    """US dollars for one reply: what the provider itself reported, else by the price list.

    own_url: the reply came from the provider's own URL. From another one only its URL tells the price: a server at
    home that calls its model "gpt-5" does not charge what OpenAI does.

    None when model or provider is not in the list, or when the provider reported no usage: an unknown price is
    never zero.
    """
    usage = response.usage
    if usage.cost is not None:
        return Decimal(usage.cost)
    if not response.model_name or not (usage.input_tokens or usage.output_tokens):
        return None
    from genai_prices import calc_price

    try:
        if own_url:
            return response.cost().total_price
        if response.provider_url:
            return calc_price(usage, response.model_name, provider_api_url=response.provider_url).total_price
    except (LookupError, ValueError):  # not in the list; usage that it cannot price
        return None
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a model is asked: at base_url, or when that is "" at the provider's own URL."""

    provider: str = ""
    base_url: str = ""


@lru_cache(maxsize=64)  # asked for each of thousands of sub-calls
def is_local(base_url: str) -> bool:
    """Whether a URL is on this machine or its own network: what no price list knows, and need not be loaded for."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal", ".lan"))


def estimate(model: str, where: Place, input_tokens: int, output_tokens: int) -> Decimal | None:
    """US dollars for that many tokens of a model, by the price list, before it was asked; None when it is unpriced."""
    if where.base_url and is_local(where.base_url):
        return None
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
    try:
        if where.base_url:
            return calc_price(usage, model, provider_api_url=where.base_url).total_price
        return calc_price(usage, model, provider_id=where.provider).total_price
    except (LookupError, ValueError):
        return None

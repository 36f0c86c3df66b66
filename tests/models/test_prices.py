"""Prices come from the list or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.usage import RequestUsage

from lithify.models import ModelOptions, ScriptedModel, open_model
from lithify.models.prices import Place, estimate, is_local, price_of
from lithify.records.price import TokenPrice

HOME = "http://127.0.0.1:8000/v1"


def response(
    model: str | None, provider: str, url: str = "", *, tokens: int = 1_000_000, cost: Decimal | None = None
) -> ModelResponse:
    return ModelResponse(
        parts=[TextPart(content="hi")],
        usage=RequestUsage(input_tokens=tokens, output_tokens=0, cost=cost),
        model_name=model,
        provider_name=provider,
        provider_url=url or None,
    )


def test_a_known_model_has_a_price_per_token() -> None:
    one = price_of(response("gpt-4o", "openai"), own_url=True)
    two = price_of(response("gpt-4o", "openai", tokens=2_000_000), own_url=True)
    assert one is not None
    assert one > 0
    assert two == 2 * one


@pytest.mark.parametrize(
    ("model", "provider"), [("no-such-model", "openai"), ("gpt-4o", "no-such-provider"), (None, "openai")]
)
def test_what_is_not_in_the_list_is_unpriced_and_not_free(model: str | None, provider: str) -> None:
    assert price_of(response(model, provider), own_url=True) is None


def test_a_server_at_home_is_not_priced_by_the_name_of_its_model() -> None:
    assert price_of(response("gpt-4o", "openai-compatible", HOME), own_url=False) is None


def test_a_known_url_is_priced_however_it_was_configured() -> None:
    configured = price_of(response("gpt-4o", "openai-compatible", "https://api.openai.com/v1/"), own_url=False)
    assert configured == price_of(response("gpt-4o", "openai"), own_url=True)


def test_no_usage_means_no_price() -> None:
    assert price_of(response("gpt-4o", "openai", tokens=0), own_url=True) is None


def test_what_the_provider_itself_reports_comes_first() -> None:
    assert price_of(response("no-such-model", "x", cost=Decimal("0.25")), own_url=False) == Decimal("0.25")


def test_an_estimate_is_what_the_list_says_of_the_same_tokens() -> None:
    known = price_of(response("gpt-4o", "openai"), own_url=True)
    assert estimate("gpt-4o", Place(provider="openai"), 1_000_000, 0) == known
    assert estimate("gpt-4o", Place(base_url="https://api.openai.com/v1"), 1_000_000, 0) == known


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("no-such-model", Place(provider="openai")),
        ("gpt-4o", Place(provider="no-such-provider")),
        ("gpt-4o", Place(base_url=HOME)),
        ("gpt-4o", Place(base_url="https://elsewhere.example/v1")),
    ],
)
def test_what_the_list_does_not_know_cannot_be_estimated(model: str, place: Place) -> None:
    assert estimate(model, place, 1_000, 1_000) is None


@pytest.mark.parametrize(
    ("url", "local"),
    [
        (HOME, True),
        ("http://localhost/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://192.168.1.5/v1", True),
        ("http://gpu-box/v1", True),
        ("http://gpu.lan/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://8.8.8.8/v1", False),
    ],
)
def test_what_is_on_the_own_network(url: str, local: bool) -> None:
    assert is_local(url) is local


@pytest.mark.parametrize("name", ["openai:m", "anthropic:m"])
def test_the_persons_own_prices_come_first(name: str) -> None:
    mine = TokenPrice(input_per_million=Decimal(2), output_per_million=Decimal("0.5"))
    model = open_model(name, ModelOptions(base_url=HOME, prices={name: mine}))
    assert model.price(1_000_000, 2_000_000) == Decimal(3)
    assert open_model("openai:other", ModelOptions(base_url=HOME, prices={name: mine})).price(1, 1) is None


def test_models_of_providers_are_priced_by_their_names() -> None:
    dearer, cheaper = (open_model(f"anthropic:claude-{name}").price(1_000, 1_000) for name in ("opus-4-5", "haiku-4-5"))
    assert dearer is not None
    assert cheaper is not None
    assert dearer > cheaper > 0
    assert open_model("openai-responses:gpt-5-mini").price(10, 10) == open_model("openai:gpt-5-mini").price(10, 10)


def test_a_script_is_priced_as_it_is_told() -> None:
    price = TokenPrice(input_per_million=Decimal(1), output_per_million=Decimal(1))
    assert ScriptedModel([], token_price=price).price(500_000, 500_000) == Decimal(1)
    assert ScriptedModel([]).price(1, 1) is None

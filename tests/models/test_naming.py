"""Which names mean a server that speaks Chat Completions, where it is, and with which key."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic_ai.models import KnownModelName
from pydantic_ai.providers import infer_provider_class

from lithify.errors import NoModel
from lithify.models.naming import PROVIDERS, server_of
from lithify.models.options import ModelOptions

URL = "http://gpu-box.example:8000/v1"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for prefix in ("OPENAI", "OLLAMA", "VLLM", "ANTHROPIC"):
        for ending in ("API_KEY", "BASE_URL"):
            monkeypatch.delenv(f"{prefix}_{ending}", raising=False)


@pytest.mark.parametrize(
    ("name", "model"),
    [("openai:m", "m"), ("openai-chat:m", "m"), ("ollama:qwen3:8b", "qwen3:8b"), ("qwen3:8b", "qwen3:8b"), ("m", "m")],
)
def test_a_url_makes_it_a_server_with_the_models_own_name(name: str, model: str) -> None:
    server = server_of(name, ModelOptions(base_url=URL))
    assert server is not None
    assert (server.name, server.model, server.base_url, server.host) == (name, model, URL, "gpu-box.example:8000")


@pytest.mark.parametrize("name", ["anthropic:m", "openai-responses:m", "openrouter:m"])
def test_providers_with_an_api_of_their_own_stay_theirs_at_any_url(name: str) -> None:
    assert server_of(name, ModelOptions(base_url=URL)) is None


@pytest.mark.parametrize("name", ["openai:gpt-5-mini", "anthropic:m", "ollama:qwen3"])
def test_without_a_url_it_is_for_the_provider(name: str) -> None:
    assert server_of(name, ModelOptions(api_key="k")) is None


@pytest.mark.parametrize(("name", "prefix"), [("openai:m", "OPENAI"), ("ollama:m", "OLLAMA"), ("vllm:m", "VLLM")])
def test_a_variable_gives_the_url_and_the_key(name: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{prefix}_BASE_URL", URL)
    monkeypatch.setenv(f"{prefix}_API_KEY", "from the environment")
    server = server_of(name, ModelOptions())
    assert server is not None
    assert (server.base_url, server.api_key) == (URL, "from the environment")


def test_the_openai_key_goes_to_a_custom_url_only_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    found = [server_of(name, ModelOptions(base_url=URL)) for name in ("openai:m", "m", "qwen3:8b", "ollama:m")]
    assert [server and server.api_key for server in found] == ["sk-environment", "", "", ""]


def test_a_variable_that_is_no_url_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://host:99999999")
    with pytest.raises(NoModel, match=r"'openai:m' cannot be set up: its base URL is 'http://host:99999999'"):
        server_of("openai:m", ModelOptions())


def test_the_list_of_providers_is_that_of_pydantic_ai() -> None:
    known = {name.partition(":")[0] for name in get_args(KnownModelName.__value__) if ":" in name}
    assert {name for name in known if "/" not in name} <= PROVIDERS
    for name in PROVIDERS:
        try:
            infer_provider_class(name)
        except ImportError:
            continue  # known, not installed

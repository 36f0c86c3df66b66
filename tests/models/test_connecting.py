"""What a person is told when a model cannot be reached for want of a key, a package or a known name."""

from __future__ import annotations

import gc
import importlib.util
import subprocess
import sys

import pytest

from lithify.errors import NoModel
from lithify.models.connecting import connect
from lithify.models.options import ModelOptions

URL = "http://gpu-box.example:8000/v1"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "OLLAMA_BASE_URL",
        "OLLAMA_API_KEY",
    ):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai:gpt-5-mini", "OPENAI_API_KEY"),
        ("anthropic:claude-haiku-4-5", "ANTHROPIC_API_KEY"),
        ("ollama:qwen3", "OLLAMA_BASE_URL"),
        ("deepseek:deepseek-chat", "DEEPSEEK_API_KEY"),
    ],
)
def test_a_missing_key_names_the_variable_to_set(name: str, variable: str) -> None:
    with pytest.raises(NoModel, match=f"{name}.*set {variable} in the environment"):
        connect(name, ModelOptions())


@pytest.mark.skipif(importlib.util.find_spec("groq") is not None, reason="groq is installed here")
def test_a_missing_package_names_what_to_install() -> None:
    with pytest.raises(NoModel, match=r'groq:llama.*pip install "pydantic-ai-slim\[groq\]"'):
        connect("groq:llama", ModelOptions(api_key="k"))


@pytest.mark.parametrize("options", [ModelOptions(), ModelOptions(api_key="k")], ids=["no key", "key"])
def test_an_unknown_provider_shows_how_models_are_named(options: ModelOptions) -> None:
    with pytest.raises(NoModel, match=r"nosuch.*provider:name, for example"):
        connect("nosuch:model", options)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(NoModel, match="Did you mean 'anthropic:claude-haiku-4-5'"):
        connect("antropic:claude-haiku-4-5", ModelOptions())


def test_a_provider_with_a_fixed_url_says_how_to_name_a_compatible_server() -> None:
    with pytest.raises(NoModel, match=r"openrouter.*takes no base_url"):
        connect("openrouter:m", ModelOptions(base_url=URL, api_key="k"))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("HTTPS_PROXY", "foo://bar", "Unknown scheme for proxy"),
        ("SSL_CERT_FILE", "/nonexistent/x.pem", "FileNotFoundError"),
        ("ANTHROPIC_BASE_URL", "http://host:99999999", "Port out of range"),
    ],
)
def test_an_environment_that_the_sdk_cannot_use_is_told(
    variable: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(NoModel, match=rf"'anthropic:m' cannot be set up \(.*{says}"):
        connect("anthropic:m", ModelOptions(api_key="k"))


@pytest.mark.parametrize(
    ("name", "variable"),
    [("anthropic:m", "ANTHROPIC_BASE_URL"), ("openai-responses:m", "OPENAI_BASE_URL")],
)
def test_a_url_from_the_environment_is_not_the_providers_own(
    name: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, URL)
    connection = connect(name, ModelOptions(api_key="k"))
    assert (connection.endpoint.host, connection.own_url) == ("gpu-box.example:8000", False)


def test_openai_itself_is_asked_through_its_own_api() -> None:
    connection = connect("openai:gpt-5-mini", ModelOptions(api_key="k"))
    assert type(connection.model).__name__ == "OpenAIResponsesModel"
    assert (connection.endpoint.host, connection.own_url) == ("api.openai.com", True)


def test_a_password_in_the_url_is_a_secret() -> None:
    connection = connect("anthropic:m", ModelOptions(base_url="http://me:pa55word@gpu-box.example/v1", api_key="k"))
    assert connection.endpoint.host == "gpu-box.example"
    assert "pa55word" in connection.endpoint.secrets
    assert "pa55word" not in repr(connection.endpoint)


def test_retries_are_ours_alone() -> None:
    for name in ("openai:m", "anthropic:m"):
        connection = connect(name, ModelOptions(api_key="k"))
        assert connection.model.client.max_retries == 0


def test_the_collector_runs_again_after_success_and_failure() -> None:
    connect("anthropic:m", ModelOptions(base_url=URL, api_key="k"))
    with pytest.raises(NoModel):
        connect("nosuch:m", ModelOptions())
    assert gc.isenabled()


def test_opening_a_model_imports_no_provider() -> None:
    code = (
        "import sys; from lithify.models import open_model; open_model('anthropic:claude-haiku-4-5');"
        "print([m for m in ('pydantic_ai', 'openai', 'anthropic', 'genai_prices', 'pydantic') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"

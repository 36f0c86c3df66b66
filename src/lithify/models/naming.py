"""What a model's name means: a server that speaks Chat Completions, or a provider of pydantic-ai. Imports nothing."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from lithify.errors import NoModel
from lithify.models.compatible import Server
from lithify.models.options import ModelOptions

EXAMPLES = '"anthropic:claude-haiku-4-5", "openai:gpt-5-mini" or "ollama:qwen3"'

COMPATIBLE = frozenset({"openai", "openai-chat", "ollama", "vllm", "litellm"})
"""Prefixes that mean Chat Completions as soon as a URL is given."""

PROVIDERS = COMPATIBLE | {
    "alibaba", "anthropic", "azure", "azure-responses", "bedrock", "bedrock-mantle", "cerebras", "cohere", "crusoe",
    "deepseek", "elevenlabs", "fireworks", "github", "github-copilot", "google", "google-cloud", "google-decisions",
    "groq", "heroku", "huggingface", "meta", "mistral", "moonshotai", "nebius", "openai-chatgpt", "openai-codex",
    "openai-decisions", "openai-responses", "openrouter", "ovhcloud", "sambanova", "sentence-transformers",
    "snowflake", "system-one", "together", "typesafe", "vercel", "voyageai", "xai", "zai",
}  # fmt: skip
"""The providers that pydantic-ai knows: "qwen3:8b" is a model of Ollama, not of a provider qwen3. Written down here
because asking pydantic-ai takes a second of imports; a test compares."""


def check_name(name: str, options: ModelOptions) -> None:
    """Raise NoModel when the name cannot be a model's."""
    provider, _, model = name.partition(":")
    if not name or (not options.base_url and not (provider and model)):
        raise NoModel(
            f"{name!r} names no model: give provider:name, for example {EXAMPLES}, "
            "or a plain name together with a base URL"
        )


def server_of(name: str, options: ModelOptions) -> Server | None:
    """The OpenAI-compatible server that a name and options mean; None when it is for pydantic-ai.

    OPENAI_API_KEY goes to a custom URL only when the model is named "openai:…"; other prefixes have keys of their own.
    """
    prefix, _, rest = name.partition(":")
    compatible = prefix in COMPATIBLE and bool(rest)
    base_url = options.base_url or (url_variable(prefix) if compatible else "")
    if not base_url or not (compatible or not rest or prefix not in PROVIDERS):
        return None
    key = options.api_key or (os.environ.get(f"{_variable(prefix)}_API_KEY", "") if compatible else "")
    return Server(name=name, model=rest if compatible else name, base_url=_checked(base_url, name), api_key=key)


def url_of(name: str, options: ModelOptions) -> str:
    """The URL that options or a variable of the environment give; "" for the provider's own."""
    return options.base_url or url_variable(name.partition(":")[0])


def url_variable(prefix: str) -> str:
    """The URL that a provider's own variable sets: OPENAI_BASE_URL, ANTHROPIC_BASE_URL, OLLAMA_BASE_URL, …; or ""."""
    return os.environ.get(f"{_variable(prefix)}_BASE_URL", "")


def _variable(prefix: str) -> str:
    return prefix.removesuffix("-chat").removesuffix("-responses").upper().replace("-", "_")


def _checked(base_url: str, name: str) -> str:
    """A URL from the environment is checked here; one from the options was checked when they were made."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an unclosed bracket, a port beyond 65535
        usable = False
    if not usable:
        raise NoModel(
            f"{name!r} cannot be set up: its base URL is {base_url!r}; it must be like http://127.0.0.1:8000/v1"
        )
    return base_url

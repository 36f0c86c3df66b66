"""From a model's name and options to a pydantic-ai model. Slow at first use: 1 to 2 s of imports."""

from __future__ import annotations

import gc
import inspect
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lithify.errors import LithifyError, NoModel
from lithify.models.naming import EXAMPLES, url_of
from lithify.models.options import ModelOptions
from lithify.models.statuses import Endpoint
from lithify.records.quick import dataclass

if TYPE_CHECKING:
    from pydantic_ai.models import Model as PydanticModel
    from pydantic_ai.providers import Provider
    from pydantic_ai.settings import ModelSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A pydantic-ai model that is ready to be asked, and the settings of each request.

    own_url: whether requests go to the provider's own URL
    """

    model: PydanticModel[Any]
    endpoint: Endpoint
    settings: ModelSettings
    own_url: bool


def connect(name: str, options: ModelOptions) -> Connection:
    """Import what the provider needs and build its model; nothing is sent. Blocking: call it in a thread.

    Raises NoModel when the name is unknown, a key is missing, or the provider's SDK is not installed; the message
    names the variable to set or the package to install.
    """
    with _collector_paused():
        from pydantic_ai.exceptions import UserError
    try:
        with _collector_paused():
            model = _build(name, options)
        return Connection(
            model=model,
            endpoint=_endpoint(name, options, model),
            settings=_settings(model, options),
            own_url=not url_of(name, options),
        )
    except LithifyError:
        raise
    except ImportError as error:
        raise NoModel(_not_installed(name, error)) from error
    except UserError as error:  # a missing key or setting, an unknown name
        raise NoModel(_not_configured(name, error)) from error
    except Exception as error:  # SDKs read certificates, proxies and credentials, and fail as they like
        raise NoModel(f"{name!r} cannot be set up ({type(error).__name__}: {error})") from error


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from scanning half-built modules again and again: a fifth of the import time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _build(name: str, options: ModelOptions) -> PydanticModel[Any]:
    import pydantic_ai.direct  # noqa: F401 - loaded here, in the thread, so that the first request does not wait
    from pydantic_ai.models import infer_model

    if options.base_url or options.api_key:
        return infer_model(name, lambda provider: _provider(provider, options))
    return infer_model(name)


def _provider(name: str, options: ModelOptions) -> Provider[Any]:
    """The provider with the URL and key of the options. Raises NoModel when it is unknown or takes no URL."""
    from pydantic_ai.providers import infer_provider_class

    try:
        provider = infer_provider_class(name)
    except ValueError:
        raise NoModel(
            f"there is no provider {name!r}. Models are named provider:name, for example {EXAMPLES}"
        ) from None
    accepted = inspect.signature(provider.__init__).parameters
    given = {}
    if options.base_url:
        url = next((parameter for parameter in ("base_url", "api_base") if parameter in accepted), None)
        if url is None:
            raise NoModel(
                f"provider {name!r} has a URL of its own and takes no base_url ({options.base_url!r}); "
                f'for an OpenAI-compatible server name the model "openai:NAME"'
            )
        given[url] = options.base_url
    if options.api_key:
        given["api_key"] = options.api_key
    return provider(**given)


def _endpoint(name: str, options: ModelOptions, model: PydanticModel[Any]) -> Endpoint:
    parts = urlsplit(model.base_url or "")
    host = parts.hostname or ""
    key = getattr(getattr(model, "client", None), "api_key", None)
    secrets = {secret for secret in (options.api_key, key, parts.password) if isinstance(secret, str) and secret}
    return Endpoint(
        name=name,
        host=f"{host}:{parts.port}" if host and parts.port else host,
        secrets=tuple(sorted(secrets)),
    )


def _settings(model: PydanticModel[Any], options: ModelOptions) -> ModelSettings:
    """What goes with every request: the deadline, and no retries by the SDK, so that ours are all there are."""
    settings: ModelSettings = {"request_timeout": options.timeout}
    if "timeout" not in type(model).unsupported_settings:
        settings["timeout"] = options.timeout  # else an SDK's own limit ends a longer one
    client: Any = getattr(model, "client", None)
    if isinstance(getattr(client, "max_retries", None), int):
        client.max_retries = 0  # OpenAI, Anthropic, Groq: as a setting it would copy the client at every request
    elif "max_retries" not in type(model).unsupported_settings:
        settings["max_retries"] = 0
    return settings


def _not_installed(name: str, error: ImportError) -> str:
    command = re.search(r"`(pip install [^`]+)`", str(error))
    if command:
        return f"{name!r} needs a package that is not installed: {command[1]}"
    return f"{name!r} needs a package that is not installed ({error})"


def _not_configured(name: str, error: Exception) -> str:
    """One message from pydantic-ai's, with the environment variables that it names."""
    variables = list(dict.fromkeys(re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`", str(error))))
    if not variables:
        said = str(error).rstrip(".")
        return f"{name!r} cannot be used: {said}. Models are named provider:name, for example {EXAMPLES}"
    return f"{name!r} is not configured: set {' or '.join(variables)} in the environment, then ask again"

"""A model by its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lithify.models.compatible import CompatibleModel
from lithify.models.naming import check_name, server_of
from lithify.models.options import ModelOptions
from lithify.models.retry import RetryingModel
from lithify.ports import Model

if TYPE_CHECKING:
    from lithify.models.provider import ProviderModel


def open_model(name: str, options: ModelOptions | None = None) -> Model:
    """A model by its name; nothing is imported or sent before the first request.

    name: "provider:model" as pydantic-ai knows it ("anthropic:claude-haiku-4-5"), any name together with
    options.base_url (an OpenAI-compatible server), or "cassette:FILE" to replay a recording.

    Raises NoModel when the name cannot be a model, CassetteProblem when the recording cannot be read. A missing key
    or package shows as NoModel at the first request.
    """
    options = options or ModelOptions()
    if name.startswith("cassette:"):
        from lithify.models.cassette import CassetteModel

        return CassetteModel(Path(name.removeprefix("cassette:")))
    return RetryingModel(open_once(name, options), options.retry)


def open_once(name: str, options: ModelOptions) -> CompatibleModel | ProviderModel:
    """The same without retries: one attempt per request. Raises NoModel when the name cannot be a model."""
    check_name(name, options)
    server = server_of(name, options)
    if server is not None:
        return CompatibleModel(server, options)
    from lithify.models.provider import ProviderModel

    return ProviderModel(name, options)

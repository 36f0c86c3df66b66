"""The models of an RLM, from rlms' backends, from lithify's names, or the caller's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lithify.dropin.options import Access, Options, access
from lithify.errors import ProgrammerMustAct
from lithify.ports import Model
from lithify.records.model import ModelReply, ModelRequest, OnRetry, OnText
from lithify.services.workbench import Models
from lithify.settings import Settings


class Tempered:
    """A Model that is asked at a temperature."""

    def __init__(self, inner: Model, temperature: float) -> None:
        self._inner = inner
        self._temperature = temperature

    @property
    def name(self) -> str:
        """The inner model's name."""
        return self._inner.name

    async def ask(
        self, request: ModelRequest, on_text: OnText | None = None, on_retry: OnRetry | None = None
    ) -> ModelReply:
        """Ask the inner model."""
        return await self._inner.ask(replace(request, temperature=self._temperature), on_text, on_retry)

    def price(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        """The inner model's price."""
        return self._inner.price(input_tokens, output_tokens)

    async def close(self) -> None:
        """Close the inner model."""
        await self._inner.close()


def models_of(
    backend: str,
    backend_kwargs: Mapping[str, Any] | None,
    model: str | Model,
    sub_model: str | Model,
    options: Options,
    settings: Settings,
) -> Models | None:
    """The models that were given; None when none was, and the settings decide.

    Raises ProgrammerMustAct when a model is given in two ways, or in a way that has no counterpart.
    """
    sampling, sub_sampling = options.get("sampling_args"), options.get("sub_sampling_args")
    if model and backend_kwargs:
        raise ProgrammerMustAct("give the model by model= or by backend and backend_kwargs, not both")
    if backend_kwargs:
        reached: Access | Model = access(backend, backend_kwargs, sampling)
    elif isinstance(model, str):
        named = model or settings.model
        if not named:
            return None
        url = "" if model else settings.base_url
        reached = replace(access("openai", {"model_name": named}, sampling), model=named, base_url=url)
    else:
        reached = model
    root = _open(reached, settings, sampling)
    others = _others(options, sub_sampling)
    sub: Model = root
    if sub_model:
        if others:
            raise ProgrammerMustAct("give the model of sub-calls by sub_model= or by other_backends, not both")
        wanted = Access(model=sub_model) if isinstance(sub_model, str) else sub_model
        sub = _open(wanted, settings, sub_sampling)
    elif others:
        sub = _open(others[0], settings, sub_sampling)
    elif sub_sampling:
        sub = _open(
            replace(reached, temperature=None) if isinstance(reached, Access) else reached, settings, sub_sampling
        )
    further = {one.model.partition(":")[2]: _open(one, settings, sub_sampling) for one in others[1:]}
    return Models(root=root, sub=sub, named=further)


def _others(options: Options, sampling: Mapping[str, Any] | None) -> list[Access]:
    """other_backends: the first answers sub-calls, the others by their names."""
    backends = list(options.get("other_backends") or ())
    settings = list(options.get("other_backend_kwargs") or ())
    if len(backends) != len(settings):
        raise ProgrammerMustAct(
            f"other_backends names {len(backends)}, other_backend_kwargs has {len(settings)}: one for each"
        )
    return [access(backend, given, sampling) for backend, given in zip(backends, settings, strict=True)]


def _open(wanted: Access | Model, settings: Settings, sampling: Mapping[str, Any] | None) -> Model:
    from lithify.models import ModelOptions, open_model

    if not isinstance(wanted, Access):
        temperature = (sampling or {}).get("temperature")
        return wanted if temperature is None else Tempered(wanted, temperature)
    options = ModelOptions(base_url=wanted.base_url, api_key=wanted.api_key, prices=settings.prices)
    opened = open_model(wanted.model, options)
    return opened if wanted.temperature is None else Tempered(opened, wanted.temperature)

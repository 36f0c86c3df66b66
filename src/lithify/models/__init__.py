"""Asking a language model: any provider, a recording, or a script, behind the one port `Model`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithify.models.cassette import CassetteModel, Recording, RecordingModel
    from lithify.models.compatible import CompatibleModel
    from lithify.models.opening import open_model, open_once
    from lithify.models.options import ModelOptions
    from lithify.models.provider import ProviderModel
    from lithify.models.retry import AttemptFailed, RetryingModel, RetryPolicy
    from lithify.models.scripted import ScriptedModel, ScriptedReply

__all__ = [
    "AttemptFailed",
    "CassetteModel",
    "CompatibleModel",
    "ModelOptions",
    "ProviderModel",
    "Recording",
    "RecordingModel",
    "RetryPolicy",
    "RetryingModel",
    "ScriptedModel",
    "ScriptedReply",
    "open_model",
    "open_once",
]

_HOMES = {
    "AttemptFailed": "retry",
    "CassetteModel": "cassette",
    "CompatibleModel": "compatible",
    "ModelOptions": "options",
    "ProviderModel": "provider",
    "Recording": "cassette",
    "RecordingModel": "cassette",
    "RetryPolicy": "retry",
    "RetryingModel": "retry",
    "ScriptedModel": "scripted",
    "ScriptedReply": "scripted",
    "open_model": "opening",
    "open_once": "opening",
}


def __getattr__(name: str) -> object:
    """Load a name at its first use: a question to one server loads neither recordings nor providers."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lithify.models' has no attribute {name!r}")
    return getattr(import_module(f"lithify.models.{_HOMES[name]}"), name)

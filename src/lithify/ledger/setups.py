"""A run's set-up as the ledger stores it, and back. Pure, shared by every ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any, cast

from lithify.records.plain import Plain
from lithify.records.run import Limits
from lithify.records.setup import NamedModel, RunSetup

VERSION = 1


def setup_plain(setup: RunSetup) -> Plain:
    """As plain data, money as text. What has its default value today is written all the same."""
    limits = {item.name: getattr(setup.limits, item.name) for item in fields(Limits)}
    return {
        "version": VERSION,
        "limits": {name: str(value) if isinstance(value, Decimal) else value for name, value in limits.items()},
        "paths": list(setup.paths),
        "folder": setup.folder,
        "models": [[named.role, named.model] for named in setup.models],
        "base_url": setup.base_url,
        "schema": setup.schema,
        "library": setup.library,
        "options": [[name, value] for name, value in setup.options],
    }


def setup_of(stored: Plain) -> RunSetup | None:
    """From plain data; None for a run without one, and for the form of a newer lithify, which cannot be used here.

    A limit that this version does not know is left out; one that the stored form does not have takes its default.
    """
    if not isinstance(stored, Mapping) or stored.get("version") != VERSION:
        return None
    return RunSetup(
        limits=_limits(cast("Mapping[str, object]", stored["limits"])),
        paths=tuple(cast("list[str]", stored["paths"])),
        folder=cast("str", stored["folder"]),
        models=tuple(NamedModel(role=role, model=model) for role, model in cast("list[list[str]]", stored["models"])),
        base_url=cast("str", stored["base_url"]),
        schema=stored["schema"],
        library=cast("str", stored["library"]),
        options=tuple((name, value) for name, value in cast("list[tuple[str, Plain]]", stored["options"])),
    )


def _limits(stored: Mapping[str, object]) -> Limits:
    names = [item.name for item in fields(Limits) if item.name in stored]
    known: dict[str, Any] = {name: stored[name] for name in names}
    known |= {name: Decimal(value) for name, value in known.items() if isinstance(value, str)}
    return Limits(**known)

"""Quotes as the ledger stores them, and back. Pure, shared by every ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from lithify.records.citation import Citation
from lithify.records.plain import Plain


def citation_plain(citation: Citation) -> Plain:
    """As plain data."""
    return {item.name: getattr(citation, item.name) for item in fields(Citation)}


def citations_of(stored: Plain) -> tuple[Citation, ...]:
    """From plain data; what this version does not know is left out."""
    known = {item.name for item in fields(Citation)}
    rows = cast("list[Mapping[str, Any]]", stored or [])
    return tuple(Citation(**{name: value for name, value in row.items() if name in known}) for row in rows)

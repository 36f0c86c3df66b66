"""The time that events are stamped with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the time now, with a zone."""


def utc_now() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(UTC)

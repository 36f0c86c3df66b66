"""A reply that is there at once, told as if it came piece by piece."""

from __future__ import annotations

from lithify.records.model import OnText


def say(text: str, on_text: OnText | None) -> None:
    """Hand over a text line by line."""
    if on_text is not None:
        for line in text.splitlines(keepends=True):
            on_text(line)

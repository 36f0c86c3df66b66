"""Text that goes out to a provider."""

from __future__ import annotations


def sendable(text: str) -> str:
    """Text that UTF-8 can carry: half surrogate pairs, as broken files give them, become question marks."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text

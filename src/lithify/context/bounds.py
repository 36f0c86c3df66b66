"""Text for a preview, in bounds: what is cut is said, and no control character is passed on."""

from __future__ import annotations

_LINE_CHARS = 200
_MARK_CHARS = 60


def bounded(text: str, limit: int) -> str:
    """The text, its end cut where it is longer than limit, with what is missing said."""
    if len(text) <= limit:
        return text
    kept = max(0, limit - _MARK_CHARS)
    return f"{text[:kept]}\n… (preview cut; {len(text) - kept:,} more characters)"


def shown(line: str, limit: int = _LINE_CHARS, length: int | None = None) -> str:
    """A line as it stands, control characters escaped; a long one cut with its length said."""
    full = len(line) if length is None else length
    limit += limit // 4 if full <= limit + limit // 4 else 0
    clean = "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in line[:limit])
    return clean if full <= limit else f"{clean}… (line of {full:,} characters)"

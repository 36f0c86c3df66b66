"""Written contexts with fewer rows, and with none. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lithify.layout.written.forms import BY_ROWS, Form


def head_and_rows(text: str) -> tuple[str, list[str]]:
    """The line that tells the columns, and the lines of the rows, each with its end."""
    head, *rows = text.splitlines(keepends=True) or [""]
    return head, rows


def joined(head: str, rows: Sequence[str]) -> str:
    """The inverse of head_and_rows, for any of the rows."""
    return head + "".join(rows)


def nothing(text: str, form: Form) -> str:
    """The context of this text with nothing in it: the same columns and no row, no element, no character."""
    if form.kind in BY_ROWS:
        return head_and_rows(text)[0]
    if form.written:
        return "{}\n" if text.startswith("{") else "[]\n"
    return ""

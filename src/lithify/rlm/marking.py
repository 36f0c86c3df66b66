"""What comes from data is marked as data by code: with a mark of the run's own, which the data cannot hold."""

from __future__ import annotations

import hashlib
import re

from lithify.records.visible import visible

_TAG = re.compile(r"([<＜‹〈⟨]\s*[/\\]?\s*)(data)", re.IGNORECASE)


def mark_of(question: str, digest: str) -> str:
    """The mark of a run, 8 hex digits: the same for the same question over the same data, so that recordings match.

    Whoever wrote the data cannot know it beforehand (it depends on the question), and need not be believed if they do:
    `as_data` takes it out of what they wrote.
    """
    return hashlib.sha256(f"mark\0{question}\0{digest}".encode("utf-8", "surrogatepass")).hexdigest()[:8]


def as_data(text: str, mark: str) -> str:
    """A block of data. Nothing in it can end it, or look like a mark; what cannot be seen is written as an escape."""
    return f"<data {mark}>\n{harmless(text, mark)}\n</data {mark}>"


def harmless(text: str, mark: str) -> str:
    """The text with its invisible characters as escapes and its marks, real or forged, broken by a backslash."""
    shown = _TAG.sub(r"\1\\\2", visible(text))
    return shown.replace(mark, f"{mark[:4]}\\{mark[4:]}") if mark else shown


def in_a_line(text: str, mark: str, limit: int = 300) -> str:
    """Words of ours that repeat a little of the data (a file name, a value): one line, bounded, harmless."""
    line = harmless(text.replace("\n", "\\n"), mark).replace("```", "`\\`\\`")
    return line if len(line) <= limit else f"{line[:limit]}…"

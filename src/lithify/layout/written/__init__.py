"""Contexts that are no text, written as text: what a recorded use holds of a table, of plain data and of a database.

Which form a text has is known from the kind of context that its tool reads; the text is never looked at to find out.
"""

from lithify.layout.written.cutting import head_and_rows, joined, nothing
from lithify.layout.written.forms import (
    BY_ROWS,
    TEXT_FORM,
    WRITTEN_KINDS,
    Form,
    form_of,
    frame_modules,
    opening,
    writing,
)

__all__ = [
    "BY_ROWS",
    "TEXT_FORM",
    "WRITTEN_KINDS",
    "Form",
    "form_of",
    "frame_modules",
    "head_and_rows",
    "joined",
    "nothing",
    "opening",
    "writing",
]

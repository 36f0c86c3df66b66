"""Contexts that are no text, written as text: what a recorded use holds of a table, data, a document or a database.

Which form a text has is known from the kind of context that its tool reads; the text is never looked at to find out.
"""

from lithify.layout.written.cutting import Elements, elements_of, head_and_rows, joined, laid_out, nothing
from lithify.layout.written.forms import (
    BY_ELEMENTS,
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
    "BY_ELEMENTS",
    "BY_ROWS",
    "TEXT_FORM",
    "WRITTEN_KINDS",
    "Elements",
    "Form",
    "elements_of",
    "form_of",
    "frame_modules",
    "head_and_rows",
    "joined",
    "laid_out",
    "nothing",
    "opening",
    "writing",
]

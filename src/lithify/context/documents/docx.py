"""DOCX: one record a section, which is a heading and what stands below it."""

from __future__ import annotations

import importlib
import io
import re
from typing import Any

from lithify.context.documents.archive import open_archive
from lithify.context.documents.reader import BadDocument, Reading

_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)


def read_docx(data: bytes, reading: Reading) -> None:
    """{"section": number from 1, "heading": ..., "level": 0 to 9, "text": ...}; the rows of a table are lines of it.

    What stands before the first heading is a section without one. Headers, footnotes and text boxes are left out.
    """
    with open_archive(data):
        pass  # looked over: the library opens it for itself
    library: Any = importlib.import_module("docx")
    try:
        document = library.Document(io.BytesIO(data))
        blocks = list(document.iter_inner_content())
    except (KeyError, ValueError, SyntaxError, AttributeError) as error:  # what its parsers raise for a broken file
        raise BadDocument(f"is no sound Word document ({type(error).__name__}: {error}); save it anew") from error
    heading, level, lines = "", 0, list[str]()
    for block in blocks:
        if hasattr(block, "rows"):
            lines += _rows(block)
            continue
        found = _level(block)
        if found is None:
            lines.append(block.text)
            continue
        _add(reading, heading, level, lines)
        heading, level, lines = block.text, found, []
    _add(reading, heading, level, lines)
    if not reading.records:
        raise BadDocument("holds no text")


def _level(paragraph: Any) -> int | None:
    """The level of a heading (a title has 0); None for any other paragraph."""
    name = str(paragraph.style.name) if paragraph.style is not None else ""
    if name == "Title":
        return 0
    found = _HEADING.match(name)
    return int(found[1]) if found else None


def _rows(table: Any) -> list[str]:
    return ["\t".join(cell.text.replace("\n", " ") for cell in row.cells) for row in table.rows]


def _add(reading: Reading, heading: str, level: int, lines: list[str]) -> None:
    text = "\n".join(lines).strip("\n")
    if heading or text.strip():
        number = len(reading.records) + 1
        reading.add({"section": number, "heading": heading, "level": level, "text": text})

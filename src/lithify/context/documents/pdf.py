"""PDF: one record a page. Text only: what is an image stays one."""

from __future__ import annotations

import importlib
from typing import Any

from lithify.context.documents.reader import BadDocument, Reading


def read_pdf(data: bytes, reading: Reading) -> None:
    """{"page": number from 1, "text": ...} for each page."""
    pdfium: Any = importlib.import_module("pypdfium2")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadDocument("needs a password; save it without one: qpdf --decrypt IN OUT") from error
        raise BadDocument(f"is damaged ({error}); get it anew, or try: qpdf IN OUT") from error
    empty: list[int] = []
    for number in range(1, len(document) + 1):
        text = _page_text(document, number, pdfium.PdfiumError)
        if not text.strip():
            empty.append(number)
        reading.add({"page": number, "text": text})
    if not reading.records or len(empty) == len(reading.records):
        raise BadDocument(f"has no text on its {len(reading.records):,} pages (scanned images?): ocrmypdf IN OUT")
    if empty:
        listed = ", ".join(map(str, empty[:8])) + (", …" if len(empty) > 8 else "")
        reading.notes.append(f"{len(empty):,} of {len(reading.records):,} pages have no text (images?): {listed}")


def _page_text(document: Any, number: int, failure: type[Exception]) -> str:
    try:
        page = document[number - 1]
        textpage = page.get_textpage()
        text = str(textpage.get_text_range())
        textpage.close()
        page.close()
    except failure as error:
        raise BadDocument(f"is damaged at page {number:,} ({error}); try: qpdf IN OUT") from error
    return text.replace("\r\n", "\n").replace("\ufffe", "-").encode("utf-8", "replace").decode("utf-8")

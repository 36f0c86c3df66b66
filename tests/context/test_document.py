"""Documents as contexts."""

from __future__ import annotations

from lithify.context.document import MAX_CHARS, context_of_document, header_row
from lithify.context.documents.child import READERS
from lithify.context.documents.reader import Reading
from lithify.context.parsing import Document
from tests.context import papers


def document(kind: str, data: bytes) -> Document:
    reading = Reading(left=1_000_000)
    READERS[kind](data, reading)
    return Document(records=reading.records, notes=tuple(reading.notes))


def test_pages_show_their_lengths_and_the_first_and_last() -> None:
    context = context_of_document(document("pdf", papers.pdf([f"Page of text number {n}" for n in range(9)])))
    assert (context.kind, context.type) == ("document", "list of 9 dicts, one a page, with the keys 'page', 'text'")
    for line in (
        "list of 9 dicts, one a page, in order: {'page': int, 'text': str}",
        "Characters of text: 189 in all; a page: 21 to 21, median 21",
        "page 1:\n  Page of text number 0",
        "page 9:\n  Page of text number 8",
    ):
        assert line in context.preview
    assert context.fingerprint.format == "document"


def test_sections_show_their_headings() -> None:
    preview = context_of_document(document("docx", papers.word())).preview
    assert "Headings:\n  1: \n  2: Costs\n  3: Ends" in preview


def test_sheets_show_their_columns_where_a_header_is_found() -> None:
    preview = context_of_document(document("xlsx", papers.workbook())).preview
    for line in (
        "A workbook: list of 2 dicts, one a sheet: {'sheet': name, 'rows': list of lists}",
        "sheet 'Orders': 6 rows, 4 columns; rows[0] looks like the header, 5 rows below it",
        "  'id': int; values 0 ×1, 1 ×1, 2 ×1, 3 ×1, 4 ×1",
        "  'amount': float or int; ",
        "sheet 'Notes': 6 rows, 2 columns; rows[2] looks like the header, 3 rows below it",
        "  'count': int, 1 null (33.3%); values 3 ×1, 4 ×1",
        "  rows[5] = ['2026-05-01 10:00:00', 4]",
    ):
        assert line in preview


def test_rows_without_names_have_no_header() -> None:
    assert header_row([[1, 2], [3, 4]]) is None
    assert header_row([["a", "a"], [1, 2]]) is None
    assert header_row([]) is None
    assert header_row([["title"], ["a", "b"], [1, 2], [3, 4]]) == 1


def test_the_digest_is_of_the_records() -> None:
    first = context_of_document(document("pdf", papers.pdf(["a", "b"])))
    assert first.digest == context_of_document(document("pdf", papers.pdf(["a", "b"]))).digest
    assert first.digest != context_of_document(document("pdf", papers.pdf(["a", "c"]))).digest


def test_long_documents_are_bounded() -> None:
    records = [{"section": n, "heading": "h" * 300, "level": 1, "text": "word " * 2_000} for n in range(500)]
    assert len(context_of_document(Document(records=records)).preview) <= MAX_CHARS

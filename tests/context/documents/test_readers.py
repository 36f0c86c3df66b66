"""What each reader makes of a document of its kind, and what it refuses."""

from __future__ import annotations

import pytest

from lithify.context.documents.child import READERS
from lithify.context.documents.html import read_page
from lithify.context.documents.reader import BadDocument, Reading, Record
from tests.context import papers


def read(kind: str, data: bytes, left: int = 100_000) -> Reading:
    reading = Reading(left=left)
    READERS[kind](data, reading)
    return reading


def records(kind: str, data: bytes) -> list[Record]:
    return read(kind, data).records


def test_a_pdf_gives_its_pages() -> None:
    assert records("pdf", papers.pdf(["Slate is old.", "Clay is young."])) == [
        {"page": 1, "text": "Slate is old."},
        {"page": 2, "text": "Clay is young."},
    ]


def test_pages_without_text_are_noted_and_a_pdf_of_nothing_else_is_refused() -> None:
    reading = read("pdf", papers.pdf(["", "Clay", ""]))
    assert [record["text"] for record in reading.records] == ["", "Clay", ""]
    assert reading.notes == ["2 of 3 pages have no text (images?): 1, 3"]
    with pytest.raises(BadDocument, match="no text on its 2 pages"):
        read("pdf", papers.pdf(["", ""]))


def test_a_broken_pdf_is_refused() -> None:
    with pytest.raises(BadDocument, match="is damaged"):
        read("pdf", b"%PDF-1.4\nnothing\x00")


def test_a_word_document_gives_its_sections() -> None:
    assert records("docx", papers.word()) == [
        {"section": 1, "heading": "", "level": 0, "text": "Before any heading."},
        {"section": 2, "heading": "Costs", "level": 1, "text": "It cost 12 EUR.\nitem\tprice\npen\t2"},
        {"section": 3, "heading": "Ends", "level": 2, "text": ""},
    ]


def test_a_workbook_gives_its_sheets_row_by_row() -> None:
    orders, notes = records("xlsx", papers.workbook())
    assert orders == {
        "sheet": "Orders",
        "rows": [
            ["id", "day", "amount", "paid"],
            *([n, f"2026-01-0{n + 1}", n * 1.5, n % 2 == 0] for n in range(5)),
        ],
    }
    assert notes["rows"] == [
        ["Stock on 1 May"],
        [],
        ["name", "count"],
        ["slate", 3],
        ["clay"],
        ["2026-05-01 10:00:00", 4],
    ]


def test_a_page_gives_its_sections() -> None:
    reading = read("html", papers.PAGE.encode())
    assert reading.notes == ["title: Stones"]
    assert reading.records == [
        {"section": 1, "heading": "", "level": 0, "text": "before"},
        {"section": 2, "heading": "Layers & time", "level": 1, "text": "First para.\nSecond\nline\nsand\nclay"},
        {"section": 3, "heading": "Table", "level": 2, "text": "rock\tage\nslate\t400\nkept\nas is"},
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>Größe</p>".encode("cp1252"), "Größe"),
        (b'<meta charset="iso-8859-2"><p>\xb1</p>', "ą"),
        (b'<meta charset="nobody-knows"><p>plain</p>', "plain"),
        ("<p>wide</p>".encode("utf-16"), "wide"),
        (b"<p>never <b>closed <h1>", "never closed"),
        (b"</p></div></h2><p>odd ends", "odd ends"),
    ],
)
def test_pages_with_odd_encodings_and_errors(data: bytes, text: str) -> None:
    assert [section[2] for section in read_page(data).sections] == [text]


def test_a_page_of_scripts_is_refused() -> None:
    with pytest.raises(BadDocument, match="no text outside its scripts"):
        read("html", b"<html><body><script>render()</script></body></html>")


def test_a_book_gives_its_chapters_in_reading_order() -> None:
    chapters = {
        "b.xhtml": "<html><body><h1>Sand</h1><p>Loose.</p></body></html>",
        "a.xhtml": "<html><head><title>Rock</title></head><body><p>Firm.</p></body></html>",
        "cover.xhtml": "<html><body><img src='x.png'/></body></html>",
    }
    assert records("epub", papers.book(chapters)) == [
        {"chapter": 1, "title": "Sand", "text": "Sand\nLoose."},
        {"chapter": 2, "title": "Rock", "text": "Firm."},
    ]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"mimetype": "application/epub+zip"}, "its part 'META-INF/container.xml' cannot be read"),
        ({"mimetype": "x", "META-INF/container.xml": "<container/>"}, "names no book"),
        ({"mimetype": "x", "META-INF/container.xml": "<broken"}, "is no XML"),
        ({"mimetype": "x", "META-INF/container.xml": papers.CONTAINER}, "its part 'OEBPS/book.opf' cannot be read"),
    ],
)
def test_a_broken_book_says_where(parts: dict[str, str], reason: str) -> None:
    with pytest.raises(BadDocument, match=reason):
        read("epub", papers.archive(parts))


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_an_archive_that_is_no_document_is_refused(kind: str) -> None:
    with pytest.raises(BadDocument, match="is no sound"):
        read(kind, papers.archive({"a.txt": "text", "b.txt": "more"}))


def test_more_text_than_may_be_read_is_refused() -> None:
    with pytest.raises(BadDocument, match="more text than may be read"):
        read("html", papers.PAGE.encode(), left=20)

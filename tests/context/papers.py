"""Small documents of every kind, made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import docx
import openpyxl

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
PAGE = (
    "<html><head><title>Stones</title><script>evil()</script><style>p{}</style></head><body>before"
    "<h1>Layers &amp; <i>time</i></h1><p>First   para.<p>Second<br>line</p><ul><li>sand<li>clay</ul>"
    "<h2>Table</h2><table><tr><th>rock</th><th>age</th></tr><tr><td>slate</td><td>400</td></tr></table>"
    "<pre>  kept\n  as is</pre><noscript>no</noscript></body></html>"
)


def pdf(pages: Sequence[str]) -> bytes:
    """A PDF with one line of text a page ("" for a page without text)."""
    streams = [f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else "" for text in pages]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, stream in enumerate(streams):
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} /Contents {5 + 2 * number} 0 R >>"
        objects += [page, f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"]
    data = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()


def word() -> bytes:
    """A Word document: a title, text before and below headings, and a table."""
    document = docx.Document()
    document.add_paragraph("Before any heading.")
    document.add_heading("Costs", 1)
    document.add_paragraph("It cost 12 EUR.")
    table = document.add_table(2, 2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), ("item", "price", "pen", "2"), strict=True):
        cell.text = text
    document.add_heading("Ends", 2)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def workbook() -> bytes:
    """A workbook of two sheets: a clean one, and one with a title above its header."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Orders"
    sheet.append(["id", "day", "amount", "paid"])
    for number in range(5):
        sheet.append([number, date(2026, 1, number + 1), number * 1.5, number % 2 == 0])
    notes = book.create_sheet("Notes")
    for row in (["Stock on 1 May"], [], ["name", "count"], ["slate", 3], ["clay", None], [datetime(2026, 5, 1, 10), 4]):
        notes.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book(chapters: Mapping[str, str], *, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """An EPUB whose parts are these, in order."""
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f"<manifest>{items}</manifest><spine>{refs}</spine></package>"
    )
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": package,
            **{f"OEBPS/{name}": text for name, text in chapters.items()},
            **(extra or {}),
        }
    )


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number, (name, content) in enumerate(parts.items()):
            packed = zipfile.ZIP_STORED if number == 0 else zipfile.ZIP_DEFLATED
            file.writestr(name, content, compress_type=packed)
    return buffer.getvalue()

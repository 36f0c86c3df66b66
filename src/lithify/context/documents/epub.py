"""EPUB: one record a chapter, which is one part of the book in reading order."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote
from xml.etree import ElementTree
from zipfile import ZipFile

from lithify.context.documents.archive import open_archive, part
from lithify.context.documents.html import read_page
from lithify.context.documents.reader import BadDocument, Reading

_CONTAINER = "META-INF/container.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def read_epub(data: bytes, reading: Reading) -> None:
    """{"chapter": number from 1, "title": its first heading, "text": ...} for each part that has text."""
    with open_archive(data) as archive:
        package = _package_path(archive)
        for path in _spine(_parsed(archive, package), posixpath.dirname(package)):
            page = read_page(part(archive, path))
            lines = [line for heading, _, text in page.sections for line in (heading, text) if line]
            if lines:
                title = next((heading for heading, _, _ in page.sections if heading), page.title)
                reading.add({"chapter": len(reading.records) + 1, "title": title, "text": "\n".join(lines)})
    if not reading.records:
        raise BadDocument("holds no text")


def _package_path(archive: ZipFile) -> str:
    for element in _parsed(archive, _CONTAINER).iter():
        if _name(element) == "rootfile" and element.get("full-path"):
            return str(element.get("full-path"))
    raise BadDocument(f"is no sound EPUB: {_CONTAINER} names no book")


def _spine(package: ElementTree.Element, folder: str) -> list[str]:
    """The parts of the book in reading order, as names in the archive."""
    items: dict[str, str] = {}
    order: list[str] = []
    for element in package.iter():
        if _name(element) == "item" and element.get("media-type") in _PAGES:
            items[str(element.get("id"))] = str(element.get("href"))
        elif _name(element) == "itemref":
            order.append(str(element.get("idref")))
    return [posixpath.normpath(posixpath.join(folder, unquote(items[one]))) for one in order if one in items]


def _parsed(archive: ZipFile, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(part(archive, name))  # noqa: S314 - open_archive refused entities
    except ElementTree.ParseError as error:
        raise BadDocument(f"is damaged: its part {name!r} is no XML ({error}); get it anew") from error


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]

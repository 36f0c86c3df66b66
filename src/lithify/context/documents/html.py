"""HTML: one record a section, which is a heading and what stands below it. No link is followed."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from lithify.context.decoding import NotText, decode
from lithify.context.documents.reader import BadDocument, Reading

_DROPPED = frozenset({"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "head"})
_LINE_TAGS = (
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form header "
    "hr legend li main nav ol option p pre section summary table tbody tfoot thead tr ul br"
)
_LINES = frozenset(_LINE_TAGS.split())
_CELLS = frozenset({"td", "th"})
_HEADING = re.compile(r"h([1-6])$")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)


def read_html(data: bytes, reading: Reading) -> None:
    """{"section": number from 1, "heading": ..., "level": 0 to 6, "text": ...}; the rows of a table are lines of it,
    its cells parted by tabs. What stands before the first heading is a section without one."""
    page = read_page(data)
    for heading, level, text in page.sections:
        reading.add({"section": len(reading.records) + 1, "heading": heading, "level": level, "text": text})
    if page.title:
        reading.notes.append(f"title: {page.title}")
    if not reading.records:
        raise BadDocument("holds no text outside its scripts; give the data that they load")


def read_page(data: bytes) -> Page:
    """A page of HTML or XHTML, whatever its errors."""
    page = Page()
    page.feed(_text(data))
    page.close()
    page.finish()
    return page


def _text(data: bytes) -> str:
    named = _CHARSET.search(data[:2048])
    if named and named[1].lower() not in (b"utf-8", b"utf8"):
        try:
            return data.decode(named[1].decode("ascii"), "replace")
        except (LookupError, ValueError):
            pass  # an encoding that nobody knows: judged by the bytes
    decoded = decode(data)
    if isinstance(decoded, NotText):
        raise BadDocument(decoded.reason)
    return decoded.text


class Page(HTMLParser):
    """The text of a page by its headings: sections are (heading, level, text)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.sections: list[tuple[str, int, str]] = []
        self._heading, self._level = "", 0
        self._parts: list[str] = []
        self._dropped: list[str] = []
        self._in_title = self._in_heading = False
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._dropped.clear()
        elif tag == "title" and not self.title:
            self._in_title = True
        elif tag in _DROPPED:
            self._dropped.append(tag)
        elif found := _HEADING.match(tag):
            self._next(int(found[1]))
        elif tag in _CELLS:
            self._parts.append("\t")
        elif tag in _LINES:
            self._parts.append("\n")
        self._pre += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag in self._dropped:
            while self._dropped.pop() != tag:
                pass
        elif _HEADING.match(tag) and self._in_heading:
            self._heading, self._in_heading = _line("".join(self._parts)), False
            self._parts = []
        elif tag in _LINES:
            self._parts.append("\n")
        self._pre = max(0, self._pre - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = _line(self.title + data)
        elif not self._dropped:
            self._parts.append(data if self._pre else _SPACE.sub(" ", data))

    def finish(self) -> None:
        """The last section."""
        self._next(0)

    def _next(self, level: int) -> None:
        if self._in_heading:  # a heading that was never closed
            self._heading, self._parts = _line("".join(self._parts)), []
        text = _lines("".join(self._parts))
        if self._heading or text:
            self.sections.append((self._heading, self._level, text))
        self._heading, self._level, self._parts, self._in_heading = "", level, [], level > 0


def _line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _lines(text: str) -> str:
    """Lines without white space at their ends, blank ones left out; a row's first tab is none of its cells'."""
    rows = (line.strip(" \r").removeprefix("\t").rstrip() for line in text.split("\n"))
    return "\n".join(row for row in rows if row)

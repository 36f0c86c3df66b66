"""Archives from strangers."""

from __future__ import annotations

import io
import zipfile

import pytest

from lithify.context.documents.archive import MAX_ENTRIES, open_archive
from lithify.context.documents.reader import BadDocument
from tests.context import papers

ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'


def test_an_ordinary_archive_is_opened() -> None:
    with open_archive(papers.archive({"a.xml": "<x/>", "b.txt": "text"})) as archive:
        assert archive.namelist() == ["a.xml", "b.txt"]


def test_a_bomb_is_refused_unopened() -> None:
    data = papers.archive({"mimetype": "x", "bomb.bin": bytes(64 << 20)})
    assert len(data) < 100_000
    with pytest.raises(BadDocument, match="250 times its size"):
        open_archive(data)


def test_many_entries_are_refused() -> None:
    with pytest.raises(BadDocument, match="parts, 20,000 are read"):
        open_archive(papers.archive({str(number): "" for number in range(MAX_ENTRIES + 1)}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["word/document.xml", "_rels/.rels", "OEBPS/book.OPF"])
def test_entities_are_refused(encoding: str, name: str) -> None:
    with pytest.raises(BadDocument, match="declares XML entities"):
        open_archive(papers.archive({"mimetype": "x", name: ENTITIES.encode(encoding)}))


def test_entities_are_found_where_two_blocks_meet() -> None:
    text = f"<!-- {'-' * ((1 << 20) - 10)} -->{ENTITIES}"
    with pytest.raises(BadDocument, match="declares XML entities"):
        open_archive(papers.archive({"mimetype": "x", "a.xml": text}))


def test_an_external_entity_is_refused() -> None:
    external = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    with pytest.raises(BadDocument, match="declares XML entities"):
        open_archive(papers.archive({"mimetype": "x", "META-INF/container.xml": external}))


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(17), papers.archive({"a": "b"})[:-30]],
    ids=["empty", "four bytes", "an end without a beginning", "cut off"],
)
def test_a_damaged_archive_is_refused(data: bytes) -> None:
    with pytest.raises(BadDocument, match="is damaged"):
        open_archive(data)


def test_a_place_before_the_beginning_is_refused() -> None:
    data = papers.archive({"a.xml": "<x/>", "b.xml": "<y/>"})
    with pytest.raises(BadDocument, match="cannot be read"):
        open_archive(data[7:])


def test_an_entry_that_lies_about_its_size_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.xml", "<x>" + "y" * 100_000 + "</x>")
    data = buffer.getvalue().replace((100_007).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(BadDocument, match="cannot be read"):
        open_archive(data)

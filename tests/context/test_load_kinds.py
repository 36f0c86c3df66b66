"""Files of other kinds than plain text, and several at once, from a real disk."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
import pytest
import zstandard

from lithify.context import load_context
from lithify.errors import BadInput
from tests.context import papers

LOG = "2024-01-01 10:00:00 INFO started\n" * 50
TABLE = pa.table({"id": range(5), "name": list("abcde")})


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript("CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    return path


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        (".gz", gzip.compress),
        (".bz2", bz2.compress),
        (".xz", lzma.compress),
        (".zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_a_compressed_text_is_its_text(tmp_path: Path, suffix: str, pack: Any) -> None:
    plain = load_context([write(tmp_path / "app.log", LOG)])
    packed = load_context([write(tmp_path / f"app.log{suffix}", pack(LOG.encode()))])
    assert (packed.kind, packed.value, packed.digest) == ("text", LOG, plain.digest)
    assert packed.preview == plain.preview
    assert load_context([Path("-")], stdin=io.BytesIO(pack(LOG.encode()))).value == LOG


def test_a_compressed_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="compressed file that holds a tar archive; unpack it: tar xf"):
        load_context([write(tmp_path / "x.tgz", gzip.compress(bytes(257) + b"ustar" + bytes(300)))])
    with pytest.raises(BadInput, match="compressed file that holds a sqlite file"):
        load_context([write(tmp_path / "x.db.gz", gzip.compress(b"SQLite format 3\x00" + bytes(300)))])


def test_what_unpacks_to_more_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "big.log.gz", gzip.compress(b"x" * 10_000))
    with pytest.raises(BadInput, match=r"unpacks to more than 9,999 bytes.*limits\.context_mb"):
        load_context([path], max_bytes=9_999)


@pytest.mark.parametrize(
    ("suffix", "write_table"), [(".parquet", parquet.write_table), (".arrow", feather.write_feather)]
)
def test_a_table_is_a_data_frame(tmp_path: Path, suffix: str, write_table: Any) -> None:
    path = tmp_path / f"table{suffix}"
    write_table(TABLE, path)
    context = load_context([path])
    assert (context.kind, context.type, context.sources) == (
        "table",
        "pandas.DataFrame of 5 rows × 2 columns",
        (str(path),),
    )


def test_a_table_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table({"a": ["x" * 100] * 10_000}), path)
    with pytest.raises(BadInput, match=r"holds a table of [\d,]+ bytes, [\d,]+ may be read; give the columns"):
        load_context([path], max_bytes=path.stat().st_size)
    path = tmp_path / "table.arrow"
    feather.write_feather(pa.table({"a": ["x" * 100] * 10_000}), path, compression="zstd")
    with pytest.raises(BadInput, match="holds a table of"):
        load_context([path], max_bytes=path.stat().st_size)


def test_broken_tables_are_refused(tmp_path: Path) -> None:
    for name, data in (("x.parquet", b"PAR1" + bytes(100) + b"PAR1"), ("x.arrow", b"ARROW1\x00\x00" + bytes(100))):
        with pytest.raises(BadInput, match="is no sound"):
            load_context([write(tmp_path / name, data)])


def test_a_database_is_a_database(tmp_path: Path) -> None:
    path = database(tmp_path / "shop.db")
    context = load_context([path])
    assert (context.kind, context.sources) == ("database", (str(path),))
    piped = load_context([Path("-")], stdin=io.BytesIO(path.read_bytes()))
    assert (piped.kind, piped.sources) == ("database", ("-",))


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("x.pdf", papers.pdf(["Slate"]), "page"),
        ("x.docx", papers.word(), "section"),
        ("x.xlsx", papers.workbook(), "sheet"),
        ("x.html", papers.PAGE.encode(), "section"),
        ("x.epub", papers.book({"a.xhtml": "<p>Sand</p>"}), "chapter"),
    ],
)
def test_documents_are_lists_of_records(tmp_path: Path, name: str, data: bytes, key: str) -> None:
    context = load_context([write(tmp_path / name, data)])
    assert context.kind == "document"
    assert isinstance(context.value, list)
    assert key in context.value[0]


def test_notes_name_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "x.pdf", papers.pdf(["", "Clay"]))
    assert load_context([path]).notes == (f"{path}: 1 of 2 pages have no text (images?): 1",)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04\x14\x00", "a zip archive; unpack it: unzip"),
        (b"\xd0\xcf\x11\xe0" + bytes(20), "office document of the old kind"),
        (bytes(257) + b"ustar", "a tar archive"),
    ],
)
def test_what_is_known_and_not_read_says_what_to_do(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        load_context([write(tmp_path / "x.bin", data)])


def test_a_folder_takes_compressed_files_and_documents_as_text(tmp_path: Path) -> None:
    write(tmp_path / "app.log.1.gz", gzip.compress(LOG.encode()))
    write(tmp_path / "paper.pdf", papers.pdf(["Slate", "Clay"]))
    write(tmp_path / "page.html", "<p>as it stands</p>")
    write(tmp_path / "broken.gz", b"\x1f\x8b\x08")
    parquet.write_table(TABLE, tmp_path / "t.parquet")
    context = load_context([tmp_path])
    assert context.kind == "files"
    assert dict(context.texts) == {"app.log.1.gz": LOG, "page.html": "<p>as it stands</p>", "paper.pdf": "Slate\fClay"}  # type: ignore[arg-type]
    assert "left out 1 (is a Parquet file, not text): t.parquet" in context.notes
    assert any("broken.gz" in note for note in context.notes)


def test_text_files_of_one_kind_are_one_variable(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, LOG) for name in ("app.log", "app.log.1", "other.log")]
    paths.append(write(tmp_path / "app.log.2.gz", gzip.compress(LOG.encode())))
    context = load_context(paths)
    assert (context.kind, context.name) == ("files", "context")
    assert list(context.texts) == ["app.log", "app.log.1", "app.log.2.gz", "other.log"]


def test_files_of_several_kinds_are_variables_of_their_own(tmp_path: Path) -> None:
    parquet.write_table(TABLE, tmp_path / "orders.parquet")
    paths = [write(tmp_path / "app.log", LOG), write(tmp_path / "config.json", '{"a": 1}'), tmp_path / "orders.parquet"]
    context = load_context(paths)
    assert [(one.name, one.kind) for one in context.inputs] == [
        ("app", "text"),
        ("config", "text"),
        ("orders", "table"),
    ]
    assert context.sources == tuple(map(str, paths))
    assert "== app ==\nstr, " in context.preview


def test_two_tables_are_two_variables(tmp_path: Path) -> None:
    for name in "ab":
        parquet.write_table(TABLE, tmp_path / f"{name}.parquet")
    assert [one.name for one in load_context([tmp_path / "a.parquet", tmp_path / "b.parquet"]).inputs] == ["a", "b"]


def test_many_files_of_several_kinds_are_one_variable(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{number}.{suffix}", "text") for number in range(8) for suffix in ("log", "txt")]
    assert load_context(paths).kind == "files"


def test_names_make_variables(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "a.log", LOG)
    write(tmp_path / "logs" / "sub" / "b.log", LOG)
    write(tmp_path / "config.json", "{}")
    folder, pattern = Path(f"every={tmp_path}/logs"), Path(f"some={tmp_path}/logs/**/*.log")
    context = load_context([folder, pattern, tmp_path / "config.json", Path("more=-")], stdin=io.BytesIO(b"piped"))
    assert {one.name: one.kind for one in context.inputs} == {
        "every": "files",
        "some": "files",
        "config": "text",
        "more": "text",
    }
    assert list(context.inputs[0].texts) == list(context.inputs[1].texts) == ["a.log", "sub/b.log"]


def test_one_named_input_is_a_variable_and_an_element_of_context(tmp_path: Path) -> None:
    context = load_context([Path(f"log={write(tmp_path / 'a.log', LOG)}")])
    assert (context.kind, [one.name for one in context.inputs]) == ("inputs", ["log"])


def test_a_pattern_is_one_variable_whatever_matches(tmp_path: Path) -> None:
    write(tmp_path / "a.log", LOG)
    assert dict(load_context([tmp_path / "*.log"]).texts) == {"a.log": LOG}  # type: ignore[arg-type]
    write(tmp_path / "b.log", bytes(9))
    context = load_context([tmp_path / "*.log"])
    assert list(context.texts) == ["a.log"]
    assert context.notes == ("left out 1 (no text): b.log",)


def test_the_limit_is_for_all_inputs_together(tmp_path: Path) -> None:
    paths = [Path(f"{name}={write(tmp_path / f'{name}.log', 'x' * 60)}") for name in ("first", "second")]
    with pytest.raises(BadInput, match="60 bytes or more, 40 may be read"):
        load_context(paths, max_bytes=100)


@pytest.mark.parametrize("text", ["x" * 300_000, "a\rb\rc\r", "é" * 10, "one\r\ntwo"])
def test_odd_texts_are_read_as_they_are(tmp_path: Path, text: str) -> None:
    assert load_context([write(tmp_path / "odd.txt", text)]).value == text

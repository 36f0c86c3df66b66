"""Without an extra, the error names it. The packages are hidden in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import zstandard

from tests.context import papers

READ = """
import sys
for name in sys.argv[2].split(","):
    sys.modules[name] = None
from pathlib import Path
from lithify.context import context_of
from lithify.errors import BadInput
try:
    print(context_of(Path(sys.argv[1])).kind)
except BadInput as error:
    print(error)
"""
CHILD = """
import sys
sys.modules[sys.argv[1]] = None
from lithify.context.documents.child import main
main(sys.argv[2], 1000, 20)
"""
OPTIONAL = "pyarrow,zstandard,polars,docx,openpyxl,pypdfium2"


def without(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), OPTIONAL], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_tables_and_zstd_name_the_extra(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"a": [1]}), tmp_path / "t.parquet")
    (tmp_path / "t.log.zst").write_bytes(zstandard.ZstdCompressor().compress(b"text"))
    for name in ("t.parquet", "t.log.zst"):
        assert "pip install 'lithify[data]'" in without(tmp_path / name)


def test_text_and_databases_need_none(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("text")
    (tmp_path / "p.html").write_bytes(papers.PAGE.encode())
    (tmp_path / "b.epub").write_bytes(papers.book({"a.xhtml": "<p>Sand</p>"}))
    assert [without(tmp_path / name) for name in ("a.log", "p.html", "b.epub")] == ["text", "document", "document"]


@pytest.mark.parametrize(
    ("module", "kind", "data"),
    [("pypdfium2", "pdf", papers.pdf(["a"])), ("docx", "docx", papers.word()), ("openpyxl", "xlsx", papers.workbook())],
)
def test_a_document_without_its_reader_names_the_module(module: str, kind: str, data: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, module, kind], input=data, capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode() == f'{{"missing": "{module}"}}'

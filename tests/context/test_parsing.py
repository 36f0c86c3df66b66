"""Documents read in a process of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lithify.context.parsing import MAX_BYTES, read_document
from lithify.context.refusal import Unreadable
from tests.context import papers


def read(path: Path, data: bytes, kind: str) -> list[dict[str, object]]:
    path.write_bytes(data)
    with path.open("rb") as file:
        return [dict(record) for record in read_document(file.fileno(), kind, len(data)).records]


def test_the_records_come_back(tmp_path: Path) -> None:
    found = read(tmp_path / "x.pdf", papers.pdf(["Slate", "Clay"]), "pdf")
    assert found == [{"page": 1, "text": "Slate"}, {"page": 2, "text": "Clay"}]


def test_what_is_wrong_with_a_document_comes_back(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is damaged"):
        read(tmp_path / "x.epub", b"PK\x03\x04 no", "epub")


def test_a_document_that_is_too_large_is_not_read_at_all() -> None:
    with pytest.raises(Unreadable, match="of a document may be read") as caught:
        read_document(-1, "pdf", MAX_BYTES + 1)
    assert caught.value.too_large


def confined(code: str, seconds: int = 20) -> subprocess.CompletedProcess[str]:
    """Run code as the reading process runs a parser."""
    source = f"from lithify.context.documents.child import confine\nconfine({seconds}, 1_000_000)\n{code}"
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "code",
    [
        "open('/tmp/lithify-should-not-be', 'w')",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import os; os.fork()",
    ],
)
def test_the_reading_process_touches_nothing(code: str) -> None:
    done = confined(code)
    assert done.returncode == 1
    assert "a reader of documents may not do this" in done.stderr
    assert not Path("/tmp/lithify-should-not-be").exists()


def test_the_reading_process_has_bounded_memory_and_time() -> None:
    assert "MemoryError" in confined("x = bytearray(5 << 30)").stderr
    assert confined("while True: pass", seconds=1).returncode < 0

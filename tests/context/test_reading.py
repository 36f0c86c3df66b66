"""What goes wrong with a file, and what a file that changes meanwhile gives."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from lithify.context.reading import change_of, open_file, open_stdin, reason_of
from lithify.context.refusal import Unreadable


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOENT, "no such file"),
        (errno.EACCES, "chmod"),
        (errno.EPERM, "chmod"),
        (errno.ENXIO, "socket or device"),
        (errno.ELOOP, "back to itself"),
        (errno.ENOTDIR, "is a file, not a folder"),
        (errno.ENAMETOOLONG, "was text given"),
        (errno.EIO, "check the disk"),
    ],
)
def test_every_reason_has_a_next_step(number: int, reason: str) -> None:
    assert reason in reason_of(Path("/tmp/x.log"), OSError(number, os.strerror(number)))


@pytest.fixture
def three_bytes(tmp_path: Path) -> Path:
    path = tmp_path / "x.log"
    path.write_bytes(b"abc")
    return path


def test_a_file_that_grew_is_taken_as_it_was(three_bytes: Path) -> None:
    with open_file(three_bytes, 100) as opened:
        with three_bytes.open("ab") as file:
            file.write(b"def")
        assert list(opened.blocks()) == [b"abc"]
        assert opened.note() == "grew while it was read: its first 3 bytes were taken"


def test_a_file_that_shrank_is_refused(three_bytes: Path) -> None:
    with open_file(three_bytes, 100) as opened:
        three_bytes.write_bytes(b"a")
        assert list(opened.blocks()) == [b"a"]
        with pytest.raises(Unreadable, match="shrank from 3 to 1 bytes"):
            opened.note()


def test_a_file_that_was_overwritten_is_noted(three_bytes: Path) -> None:
    before = three_bytes.stat()
    os.utime(three_bytes, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    assert change_of(3, before, three_bytes.stat()) == "was written to while it was read"


def test_an_unchanged_file_has_no_note_and_is_read_as_often_as_needed(three_bytes: Path) -> None:
    with open_file(three_bytes, 3) as opened:
        assert (opened.size, opened.head) == (3, b"abc")
        assert list(opened.blocks()) == list(opened.blocks()) == [b"abc"]
        assert opened.note() == ""


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(three_bytes: Path) -> None:
    with pytest.raises(Unreadable, match="has 3 bytes or more, 2 may be read") as caught:
        open_file(three_bytes, 2)
    assert caught.value.too_large


def test_a_file_that_does_not_tell_its_size_is_read_to_its_end() -> None:
    with open_file(Path("/proc/self/status"), 1 << 20) as opened:
        assert opened.size == 0
        assert b"".join(opened.blocks()).startswith(b"Name:")
    with open_file(Path("/proc/self/status"), 10) as opened, pytest.raises(Unreadable, match="10 may be read"):
        list(opened.blocks())


def test_standard_input_is_read_as_often_as_needed() -> None:
    with open_stdin(io.BytesIO(b"piped"), 5) as opened:
        assert (opened.size, list(opened.blocks()), list(opened.blocks())) == (5, [b"piped"], [b"piped"])
    with pytest.raises(Unreadable, match="4 may be read"):
        open_stdin(io.BytesIO(b"piped"), 4)


def test_a_file_that_vanishes_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file") as caught:
        open_file(tmp_path / "gone.log", 10)
    assert not caught.value.too_large


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is a folder"):
        open_file(tmp_path, 10)

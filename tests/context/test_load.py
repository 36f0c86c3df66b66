"""Reading files and folders from a real disk."""

from __future__ import annotations

import io
import os
import socket
from pathlib import Path

import pytest

from lithify.context import load_context
from lithify.errors import BadInput, ProgrammerMustAct


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_one_file_is_a_text_with_its_line_ends_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "app.log", "one\r\ntwo\nthree\r")
    context = load_context([path])
    assert (context.kind, context.value, context.size) == ("text", "one\r\ntwo\nthree\r", 15)
    assert context.sources == (str(path),)
    assert context.notes == ()


def test_a_folder_is_a_sorted_mapping_of_relative_names(tmp_path: Path) -> None:
    write(tmp_path / "b.log", "b")
    write(tmp_path / "a" / "z.log", "z")
    write(tmp_path / "a" / "c.log", "c")
    context = load_context([tmp_path])
    assert context.kind == "files"
    assert dict(context.value) == {"a/c.log": "c", "a/z.log": "z", "b.log": "b"}
    assert list(context.value) == sorted(context.value)


def test_a_folder_leaves_out_what_is_no_data_and_says_so(tmp_path: Path) -> None:
    write(tmp_path / "keep.txt", "text")
    write(tmp_path / ".git" / "config", "hidden")
    write(tmp_path / ".env", "SECRET=1")
    write(tmp_path / "node_modules" / "x.js", "package")
    write(tmp_path / "picture.png", b"\x89PNG\r\n\x1a\n\x00\x00")
    os.mkfifo(tmp_path / "pipe")
    context = load_context([tmp_path])
    assert list(context.value) == ["keep.txt"]
    notes = " ".join(context.notes)
    for name in (".git", ".env", "node_modules", "picture.png", "pipe"):
        assert name in notes


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "secret.txt", "secret")
    folder = tmp_path / "folder"
    write(folder / "in.txt", "in")
    (folder / "loop").symlink_to(folder)
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "file").symlink_to(tmp_path / "outside" / "secret.txt")
    context = load_context([folder])
    assert dict(context.value) == {"in.txt": "in"}
    assert "3 (link)" in " ".join(context.notes)


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real.txt", "real")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    assert load_context([tmp_path / "link.txt"]).value == "real"


def test_several_paths_are_named_from_their_common_folder(tmp_path: Path) -> None:
    first = write(tmp_path / "a" / "x.log", "1")
    write(tmp_path / "b" / "x.log", "2")
    context = load_context([first, tmp_path / "b", first])
    assert dict(context.value) == {"a/x.log": "1", "b/x.log": "2"}


def test_standard_input(tmp_path: Path) -> None:
    assert load_context([Path("-")], stdin=io.BytesIO(b"piped")).value == "piped"
    other = write(tmp_path / "x.log", "1")
    context = load_context([other, Path("-")], stdin=io.BytesIO(b"piped"))
    assert dict(context.value) == {"stdin": "piped", "x.log": "1"}


def test_an_empty_file_is_an_empty_text_with_a_note(tmp_path: Path) -> None:
    context = load_context([write(tmp_path / "empty.log", "")])
    assert (context.value, context.size, context.fingerprint.format) == ("", 0, "empty")
    assert "the text is empty" in context.notes


@pytest.mark.parametrize(
    ("data", "text", "noted"),
    [
        ("\ufeffgrün".encode(), "grün", ""),
        ("grün\r\n".encode("utf-16"), "grün\r\n", "UTF-16"),
        ("grün".encode("cp1252"), "grün", "cp1252"),
        (b"\x81 gr\xfcn", "\x81 grün", "latin-1"),
        ("größer als öde".encode() + b"\xff", "größer als öde\ufffd", "1 broken"),
        (b"\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m", ""),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, text: str, noted: str) -> None:
    context = load_context([write(tmp_path / "x.txt", data)])
    assert context.value == text
    assert noted in " ".join(context.notes)
    assert bool(context.notes) == bool(noted)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"ab\x00cd", "NUL byte at 2"),
        (b"\x1f\x8b\x08\x00\x00\x00", "gzip-compressed and ends too early"),
        (b"PK\x03\x04\x14\x00\x00\x00", "zip archive"),
        ("wide".encode("utf-16-le"), "iconv -f UTF-16LE"),
        (bytes(range(1, 32)) * 10, "control characters"),
    ],
)
def test_binary_files_are_refused_with_the_next_step(tmp_path: Path, data: bytes, reason: str) -> None:
    path = write(tmp_path / "data.bin", data)
    with pytest.raises(BadInput, match=reason) as caught:
        load_context([path])
    assert str(path) in str(caught.value)


def test_a_missing_file_names_its_like(tmp_path: Path) -> None:
    write(tmp_path / "boot.log", "x")
    with pytest.raises(BadInput, match=r"boot\.logs: there is no such file.*did you mean .*boot\.log\?"):
        load_context([tmp_path / "boot.logs"])


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read either"):
        load_context([tmp_path / "no" / "such.log"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "secret.log", "x")
    path.chmod(0)
    with pytest.raises(BadInput, match="chmod"):
        load_context([path])


def test_special_files_are_refused_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadInput, match="named pipe"):
        load_context([tmp_path / "pipe"])
    with pytest.raises(BadInput, match="device"):
        load_context([Path("/dev/null")])
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # a socket's path is short
        server.bind("sock")
        with pytest.raises(BadInput, match="socket"):
            load_context([tmp_path / "sock"])


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(BadInput, match="back to itself"):
        load_context([tmp_path / "loop"])


def test_the_limit_holds_for_a_file_a_folder_and_standard_input(tmp_path: Path) -> None:
    path = write(tmp_path / "big.log", "x" * 100)
    assert load_context([path], max_bytes=100).size == 100
    with pytest.raises(BadInput, match=r"100 bytes or more, 99 may be read"):
        load_context([path], max_bytes=99)
    with pytest.raises(BadInput, match="99 may be read"):
        load_context([tmp_path], max_bytes=99)
    with pytest.raises(BadInput, match="9 may be read"):
        load_context([Path("-")], max_bytes=9, stdin=io.BytesIO(b"x" * 10))


def test_a_folder_without_text_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.bin", b"\x00")
    with pytest.raises(BadInput, match=r"no text file in there .*a\.bin"):
        load_context([tmp_path])


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="it is empty"):
        load_context([tmp_path])


def test_text_given_as_a_path_is_refused() -> None:
    with pytest.raises(BadInput, match="was text given"):
        load_context([Path("x" * 5000)])


def test_no_path_at_all_is_the_callers_mistake() -> None:
    with pytest.raises(ProgrammerMustAct):
        load_context([])


def test_a_file_without_a_size_is_read_to_its_end() -> None:
    context = load_context([Path("/proc/self/status")])
    assert context.size > 0

"""What is meant by the paths that were given."""

from __future__ import annotations

from pathlib import Path

import pytest

from lithify.context.given import Survey, read_given, survey
from lithify.errors import BadInput


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.log", "b.log", "c.json", "sub/d.log", "odd=name.log", "odd[1].log"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_a_path_that_exists_is_itself(folder: Path) -> None:
    for name in ("a.log", "odd=name.log", "odd[1].log", "sub"):
        (given,) = read_given([folder / name])
        assert (given.path, given.name, given.matches) == (folder / name, "", None)
    assert read_given([Path("-")])[0].is_stdin
    assert read_given([folder])[0].is_folder


def test_a_name_before_a_path(folder: Path) -> None:
    log, data = read_given([Path(f"log={folder}/a.log"), Path("data=-")])
    assert (log.name, log.path) == ("log", folder / "a.log")
    assert (data.name, data.is_stdin) == ("data", True)


def test_a_pattern_gives_what_matches(folder: Path) -> None:
    (given,) = read_given([folder / "*.log"])
    assert given.matches == tuple(folder / name for name in ("a.log", "b.log", "odd=name.log", "odd[1].log"))
    assert given.base == folder
    (deep,) = read_given([folder / "**" / "d.*"])
    assert (deep.matches, deep.base) == ((folder / "sub" / "d.log",), folder)
    (named,) = read_given([Path(f"logs={folder}/[ab].log")])
    assert (named.name, len(named.matches or ())) == ("logs", 2)


def test_what_is_given_twice_counts_once(folder: Path) -> None:
    assert len(read_given([folder / "a.log", folder / "sub" / ".." / "a.log"])) == 1


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        (["*.gone"], "no file matches this pattern"),
        (["log=a.log", "log=b.log"], "the name 'log' was given twice"),
        (["1a=a.log"], "is no name for a variable"),
        (["context=a.log"], "means something else"),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: Path, paths: list[str], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read_given([Path(text.replace("=", f"={folder}/") if "=" in text else f"{folder}/{text}") for text in paths])


def test_a_path_that_is_missing_is_left_to_reading(tmp_path: Path) -> None:
    assert read_given([tmp_path / "gone.log"])[0].path == tmp_path / "gone.log"


def test_sizes_are_known_before_reading(folder: Path) -> None:
    assert survey([folder / "a.log"]) == Survey(files=1, bytes=5)
    assert survey([folder]) == Survey(files=6, bytes=5 + 5 + 6 + 9 + 12 + 10)
    assert survey([folder / "?.log", Path("-"), folder / "gone"]) == Survey(files=2, bytes=10)

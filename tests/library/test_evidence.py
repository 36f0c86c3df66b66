"""Evidence in the library: a file for each clone, committed when there is something new, and nobody else's touched."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.library import GitLibrary, open_library
from lithify.records.evidence import Evidence, ToolEvidence, plain_digest, use_digest
from lithify.records.tool import Verdict
from lithify.testing.candidates import make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
KNOWN = ToolEvidence(name="most_restarted_service", contents="ab" * 32, answered=(use_digest("which?", "1", b"key"),))
ADA = Evidence(person="Ada L. <ada@example.org>", tools=(KNOWN,))


@pytest.fixture
def library(tmp_path: Path, judged: Judge) -> GitLibrary:
    library = open_library(tmp_path / "library")
    one = make_candidate()
    library.keep(one, judged(one), "provisional", "Ada")
    return library


def commits(library: GitLibrary, git: Shell) -> int:
    return int(git(library.path, "rev-list", "--count", "HEAD"))


def test_it_is_committed_once_and_read_back(library: GitLibrary, git: Shell) -> None:
    before = commits(library, git)
    written = library.evidence.write(ADA)
    assert written.startswith("evidence/ada-l-")
    assert library.evidence.read() == (replace(ADA, source=written, own=True),)
    assert library.evidence.write(ADA) == ""
    assert commits(library, git) == before + 1
    assert git(library.path, "log", "-1", "--format=%s").strip() == "share how 1 tool did"
    assert git(library.path, "status", "--porcelain") == ""
    assert library.view().tools[0].commit, "the tools are still known by their own commits"


def test_a_file_of_the_first_format_is_read_and_written_anew(library: GitLibrary, git: Shell) -> None:
    written = library.evidence.write(ADA)
    file = library.path / written
    plain = plain_digest("which?", "1")
    file.write_text(file.read_text().replace("format = 2", "format = 1").replace(KNOWN.answered[0], plain))
    git(library.path, "commit", "-qam", "as an older lithify wrote it")
    (found,) = library.evidence.read()
    assert found.tools[0].answered == (plain,)
    assert library.lock.check() == ()
    assert library.evidence.write(ADA) == written
    assert plain not in file.read_text()


def test_the_secret_stays_in_the_clone(library: GitLibrary, git: Shell, tmp_path: Path) -> None:
    key = library.evidence.key()
    assert (len(key), library.evidence.key()) == (32, key)
    library.evidence.write(ADA)
    git(tmp_path, "clone", "-q", str(library.path), "clone")
    assert open_library(tmp_path / "clone").evidence.key() != key
    assert git(library.path, "grep", "-c", key.hex(), check=False) == ""
    assert git(library.path, "status", "--porcelain") == ""


def test_nothing_known_is_nothing_written(tmp_path: Path) -> None:
    library = open_library(tmp_path / "library")
    assert library.evidence.write(replace(ADA, tools=())) == ""
    assert library.evidence.read() == ()
    assert not (tmp_path / "library").exists()


def test_every_clone_has_a_file_of_its_own(library: GitLibrary, git: Shell, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(library.path), "clone")
    clone = open_library(tmp_path / "clone")
    mine, theirs = library.evidence.write(ADA), clone.evidence.write(ADA)
    assert mine != theirs
    git(clone.path, "pull", "-q", "--no-rebase", "--no-edit")
    assert {one.source for one in clone.evidence.read()} == {mine, theirs}


def test_another_name_is_the_same_clone(library: GitLibrary) -> None:
    before = library.evidence.write(ADA)
    after = library.evidence.write(replace(ADA, person="Grace"))
    assert not (library.path / before).exists()
    assert after == f"evidence/grace-{before.rpartition('-')[2]}"
    assert [one.person for one in library.evidence.read()] == ["Grace"]


def test_what_cannot_be_read_does_not_count_and_is_told(library: GitLibrary) -> None:
    written = library.evidence.write(ADA)
    for name, text in (("broken.toml", "format = ["), ("other.toml", "format = 99")):
        (library.path / "evidence" / name).write_text(text)
    (library.path / "evidence" / "linked.toml").symlink_to(library.path / written)
    assert [one.source for one in library.evidence.read()] == [written]
    found = {one.where: one.text for one in library.lock.check() if one.where.startswith("evidence/")}
    assert found.keys() == {"evidence/broken.toml", "evidence/other.toml", "evidence/linked.toml"}
    assert "upgrade lithify" in found["evidence/other.toml"]


def test_without_the_ledger_s_folder_another_clone_begins(library: GitLibrary) -> None:
    before = library.evidence.write(ADA)
    shutil.rmtree(library.path / ".lithify")
    assert library.evidence.write(ADA) != before
    assert len(library.evidence.read()) == 2

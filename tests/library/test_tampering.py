"""Whatever is done to a tool's files, what runs is what the lock vouches for, or nothing. Each attack was tried."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.layout import contents_of
from lithify.library import GitLibrary, open_library
from lithify.library.stamps import SETTLE_NS, stamp
from lithify.records.tool import Tool, Verdict
from lithify.testing.candidates import SOURCE, make_candidate

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"
EVIL = SOURCE.replace("return [name", "return ['mallory'] or [name")


@pytest.fixture
def library(tmp_path: Path, judged: Judge) -> GitLibrary:
    library = open_library(tmp_path / "library")
    one = make_candidate()
    library.keep(one, judged(one), "provisional", "Ada")
    return library


@pytest.fixture
def tool(library: GitLibrary) -> Path:
    return library.path / "tools" / NAME


def later(library: GitLibrary) -> GitLibrary:
    """The same library some time later: its files have settled, and what was read of them is remembered."""
    return GitLibrary(library.path, lambda: time.time_ns() + 10 * SETTLE_NS)


def refused(library: GitLibrary, said: str) -> None:
    """Neither chosen nor loaded, in this process and in one that remembers nothing."""
    for one in (library, open_library(library.path)):
        assert one.view().tools == ()
        assert said in one.view().refused[NAME]
        with pytest.raises(LibraryProblem) as caught:
            one.load(NAME)
        assert said in str(caught.value)


class TestLinks:
    def test_a_file_that_is_a_link_to_the_same_bytes(self, library: GitLibrary, tool: Path, tmp_path: Path) -> None:
        shutil.move(tool / "tool.py", tmp_path / "elsewhere.py")
        (tool / "tool.py").symlink_to(tmp_path / "elsewhere.py")
        refused(library, "is a link")

    @pytest.mark.parametrize("what", [f"tools/{NAME}", "tools", "recipes", "lock", f"lock/{NAME}.toml"])
    def test_a_folder_or_entry_that_is_a_link(self, library: GitLibrary, tmp_path: Path, what: str) -> None:
        shutil.move(library.path / what, tmp_path / "elsewhere")
        (library.path / what).symlink_to(tmp_path / "elsewhere")
        refused(library, "is a link")


class TestExtraFiles:
    @pytest.mark.parametrize(
        "path", ["conftest.py", "tests/conftest.py", "sitecustomize.py", ".hidden", "Tool.py", "tests/fixtures/x.txt"]
    )
    def test_a_file_beside_the_tools_own(self, library: GitLibrary, tool: Path, path: str) -> None:
        (tool / path).write_text("import os\n")
        refused(library, f"{path} is not in tools.lock")

    def test_a_submodule_in_its_place(self, library: GitLibrary, tool: Path) -> None:
        (tool / ".git").write_text("gitdir: ../../.git/modules/evil\n")
        refused(library, ".git is not in tools.lock")

    def test_compiled_code_in_a_cache_is_never_what_runs(self, library: GitLibrary, tool: Path) -> None:
        cache = tool / "__pycache__"
        cache.mkdir()
        (cache / "tool.cpython-311.pyc").write_bytes(b"evil")
        assert library.load(NAME).source == SOURCE


class TestBytes:
    def test_line_ends_are_bytes_and_the_message_knows_them(self, library: GitLibrary, tool: Path) -> None:
        (tool / "tool.py").write_bytes(SOURCE.replace("\n", "\r\n").encode())
        refused(library, "line ends of tools/most_restarted_service were changed, perhaps by git's core.autocrlf")

    def test_a_mode_is_no_content(self, library: GitLibrary, tool: Path) -> None:
        (tool / "tool.py").chmod(0o755)
        assert library.load(NAME).source == SOURCE

    def test_an_edit_with_the_time_and_size_of_before(self, library: GitLibrary, tool: Path) -> None:
        """The stamp's worst case: same name, size and modification time. The time of change gives it away."""
        remembering = later(library)
        remembering.view()
        assert NAME in json.loads((library.path / ".lithify/index.json").read_text())["tools"]
        file = tool / "tool.py"
        before = file.stat()
        file.write_text(SOURCE.replace("restarted", "restorted"))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert file.stat().st_size == before.st_size
        refused(remembering, "tool.py differs")

    def test_a_stamp_says_that_it_is_too_young(self, tool: Path) -> None:
        mark = stamp(str(tool))
        assert not mark.settled(mark.changed_ns + SETTLE_NS)
        assert mark.settled(mark.changed_ns + SETTLE_NS + 1)


class TestTheLock:
    def test_a_hash_made_to_fit_needs_a_seal_as_well(self, library: GitLibrary, tool: Path) -> None:
        """Code and hashes changed together, the seal left as it was: what a quick hand does."""
        (tool / "tool.py").write_text(EVIL)
        lock = library.path / f"lock/{NAME}.toml"
        files = {one.relative_to(tool).as_posix(): one.read_bytes() for one in tool.rglob("*") if one.is_file()}
        files[f"../../recipes/{NAME}.toml"] = (library.path / f"recipes/{NAME}.toml").read_bytes()
        text = lock.read_text()
        old = next(line for line in text.splitlines() if line.startswith("sha256"))
        lock.write_text(text.replace(old, f'sha256 = "{contents_of(files, ()).sha256}"'))
        refused(library, "its seal does not fit")

    def test_the_entry_of_another_tool(self, library: GitLibrary, judged: Judge) -> None:
        other = make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n", template="something else")
        library.keep(other, judged(other), "provisional", "Ada")
        shutil.copy(library.path / f"lock/{NAME}_2.toml", library.path / f"lock/{NAME}.toml")
        assert [one.name for one in library.view().tools] == [f"{NAME}_2"]
        assert "its seal does not fit" in library.view().refused[NAME]

    def test_without_an_entry_a_tool_is_a_folder(self, library: GitLibrary) -> None:
        (library.path / f"lock/{NAME}.toml").unlink()
        refused(library, "is not in tools.lock")

    def test_an_entry_of_the_old_format_does_not_get_around_the_seal(self, library: GitLibrary, tool: Path) -> None:
        """Where a tool has a file of its own in lock/, tools.lock is not asked about it."""
        (tool / "tool.py").write_text(EVIL)
        files = {one.relative_to(tool).as_posix(): one.read_bytes() for one in tool.rglob("*") if one.is_file()}
        files[f"../../recipes/{NAME}.toml"] = (library.path / f"recipes/{NAME}.toml").read_bytes()
        (library.path / "tools.lock").write_text(
            f"format = 1\n[tools.{NAME}]\nversion = 1\nstatus = 'trusted'\napproved_by = 'Ada'\n"
            f"sha256 = '{contents_of(files, ()).sha256}'\n"
        )
        refused(library, "tool.py differs")


class TestTheIndex:
    @pytest.fixture
    def remembered(self, library: GitLibrary) -> Path:
        """The index with the tool in it."""
        later(library).view()
        file = library.path / ".lithify/index.json"
        assert NAME in json.loads(file.read_text())["tools"]
        return file

    def test_code_planted_in_it_does_not_run(self, library: GitLibrary, remembered: Path) -> None:
        data = json.loads(remembered.read_text())
        data["tools"][NAME]["source"] = EVIL
        remembered.write_text(json.dumps(data))
        assert open_library(library.path).load(NAME).source == SOURCE

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 1, "tools": {"x": {"stamp": 1}}}'])
    def test_what_cannot_be_read_is_made_anew(self, library: GitLibrary, remembered: Path, text: str) -> None:
        remembered.write_text(text)
        (tool,) = open_library(library.path).view().tools
        assert tool.source == SOURCE

    def test_a_tool_that_is_gone_is_forgotten(self, library: GitLibrary, remembered: Path, tool: Path) -> None:
        shutil.rmtree(tool)
        (library.path / f"lock/{NAME}.toml").unlink()
        (library.path / f"recipes/{NAME}.toml").unlink()
        assert open_library(library.path).view().tools == ()
        assert json.loads(remembered.read_text())["tools"] == {}

    def test_it_gives_what_the_files_give(self, library: GitLibrary, remembered: Path) -> None:
        (known,) = open_library(library.path).view().tools
        remembered.unlink()
        (read,) = open_library(library.path).view().tools
        assert known == read


def test_what_was_loaded_is_whole(library: GitLibrary) -> None:
    found: Tool = library.load(NAME)
    assert (found,) == library.view().tools

"""What is installed of what tools need, whether it is what they ask for, and what a tool was let in with."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from lithify.library import open_library
from lithify.library.installed import read_told, surroundings, told
from lithify.records.tool import Verdict
from lithify.testing.candidates import make_candidate

PANDAS = version("pandas")


def test_what_is_there_what_is_not_and_what_is_another_version() -> None:
    found = surroundings(["pandas", "pandas>=99", "pandas>=1", "zzz_not_there>=2", "msgpack"])
    assert dict(found.packages) == {"pandas": PANDAS, "msgpack": version("msgpack")}
    assert found.missing == ("zzz_not_there>=2",)
    assert found.unmet == (("pandas>=99", PANDAS),)


def test_a_line_that_is_read_again() -> None:
    name, versions = read_told(told("busiest", ["pandas>=1"]))
    assert (name, versions["pandas"]) == ("busiest", PANDAS)
    assert set(versions) == {"Python", "pandas"}
    assert read_told("") == read_told("a with") == read_told("a with ,") == ("", {})


def test_the_commit_says_what_a_tool_was_let_in_with(tmp_path: Path, judged: Callable[..., Verdict]) -> None:
    library = open_library(tmp_path / "library")
    assert library.proposals.tried() == {}
    first = make_candidate(requirements=("pandas",))
    tool = library.keep(first, judged(first), "provisional", "Ada")
    library.revisions.set_status(tool.name, "trusted", "Ada", "three uses")
    assert library.proposals.tried()[tool.name]["pandas"] == PANDAS

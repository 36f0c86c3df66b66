"""`lithify upkeep` for a person and for a program, and its exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from lithify.cli import cli
from lithify.cli.upkeep import NEEDS_PERSON
from lithify.cli.upkeep_lines import page_lines
from lithify.records.upkeep import Surroundings
from lithify.upkeep import Checkup, Finding, Page, Proposed, ShadowChecks, line_of
from tests.upkeep.known import did, facts, tool

PAGE = Page(
    library="/srv/library",
    at=datetime(2026, 11, 30, 6, 0, tzinfo=UTC),
    seconds=12.3,
    surroundings=Surroundings(python="3.11.9", packages=(("pandas", "2.2.3"),)),
    tools=(
        line_of(facts(evidence=(did(answered=3, agreed=2, refuted=1),))),
        line_of(facts(tool("b", status="trusted"), checkup=Checkup(health="broken", why="no"), callers=("a",))),
    ),
)


def page(**parts: object) -> str:
    return "\n".join(page_lines(replace(PAGE, **parts)))  # type: ignore[arg-type]


def test_the_head_says_what_was_tried_with_what() -> None:
    assert page().splitlines() == [
        "upkeep of /srv/library, 2026-11-30 06:00 UTC: 2 tools",
        "tried with Python 3.11.9, pandas 2.2.3 in 12 s: 1 sound, 1 broken",
        "1 provisional, 1 trusted; 3 distinct uses, 0 failed; 2 of 3 checked answers confirmed; 1 imported by others",
        "all is well",
    ]


def test_every_part_stands_under_its_title() -> None:
    said = page(
        findings=(
            Finding(where="b", kind="broken", severity="problem", text="no"),
            Finding(where="a", kind="near", severity="note", text="near b"),
        ),
        proposals=(
            Proposed(state="waiting", subject="deprecate b: broken", branch="upkeep/2026-11-29/b-deprecate"),
            Proposed(state="would", subject="merge a into c: c does the same"),
            Proposed(state="would", subject="retire d: old", why="d has changes that are not committed"),
        ),
        settled=("a is trusted now: 3 distinct uses",),
        checks=ShadowChecks(agreed=1, made=2, calls=4, cost=None, lines=("a v1: differs",), stopped="spent"),
    )
    for lines in (
        "for you to see to:\n  broken       b: no\n",
        "proposed:\n  waiting      deprecate b: broken\n               git -C /srv/library merge upkeep/2026-11-29/b-d",
        "  --propose    merge a into c: c does the same\n",
        "  not made     retire d: old: d has changes that are not committed\n",
        "good to know:\n  near         a: near b\n",
        "shadow checks:\n  1 of 2 answers were derived anew alike (4 model calls, unpriced)\n  a v1: differs\n",
        "  stopped: spent",
        "evidence:\n  a is trusted now: 3 distinct uses",
    ):
        assert lines in said
    assert "all is well" not in said


def test_no_check_made_is_no_agreement() -> None:
    assert "no answer was derived anew: none is due" in page(checks=ShadowChecks(agreed=0, made=0, calls=0, cost=None))


def test_a_page_of_a_large_library_is_still_a_page() -> None:
    many = tuple(Finding(where=f"t{n}", kind="unused", severity="note", text="x" * 500) for n in range(200))
    lines = list(page_lines(replace(PAGE, findings=many, tools=PAGE.tools * 100)))
    assert len(lines) < 40
    assert max(map(len, lines)) < 170
    assert "and 188 more lines: --json has all" in lines[-1]


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["upkeep", "--library", str(folder), *arguments], standalone_mode=False)
    assert done.exception is None, done.exception
    return done.return_value or 0, done.stdout


def test_an_empty_library_is_well(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    code, said = run(tmp_path / "library")
    assert (code, said.splitlines()[1]) == (0, "all is well")
    code, said = run(tmp_path / "library", "--json")
    assert (code, json.loads(said)["tools"], json.loads(said)["needs_person"]) == (0, [], False)
    assert datetime.fromisoformat(json.loads(said)["at"]).tzinfo is not None
    assert "T" in json.loads(said)["at"]


def test_what_is_out_of_order_needs_a_person(tmp_path: Path) -> None:
    (tmp_path / "library" / ".lithify").mkdir(parents=True)
    run(tmp_path / "library")
    for part in ("lock", "evidence"):
        (tmp_path / "library" / part).mkdir()
    import subprocess

    subprocess.run(["git", "init", "-q", str(tmp_path / "library")], check=True)
    (tmp_path / "library" / "lock" / "broken.toml").write_text("format = 2\n")
    code, said = run(tmp_path / "library")
    assert code == NEEDS_PERSON
    assert "lock         broken:" in said

"""Proposals of upkeep: one commit on a branch of its own, and everything that is checked out as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem, ProgrammerMustAct
from lithify.library import GitLibrary, open_library
from lithify.records.context import Fingerprint, LineShape
from lithify.records.tool import Candidate, Tool, Verdict
from lithify.records.upkeep import UpkeepKind, UpkeepProposal
from lithify.testing.candidates import SIGNATURE, SOURCE, example, make_candidate
from tests.library.test_packaging import CALLER as CALLS

Judge = Callable[..., Verdict]
Shell = Callable[..., str]
NAME = "most_restarted_service"
DAY = date(2026, 11, 30)
BRANCH = f"upkeep/2026-11-30/{NAME}-deprecate"


@pytest.fixture
def library(tmp_path: Path, judged: Judge) -> GitLibrary:
    library = open_library(tmp_path / "library")
    one = make_candidate()
    library.keep(one, judged(one), "provisional", "Ada")
    return library


def proposal(tool: Tool, kind: UpkeepKind = "deprecate", into: Tool | None = None) -> UpkeepProposal:
    return UpkeepProposal(
        kind=kind,
        tool=tool.name,
        contents=tool.contents,
        ground="unused",
        reason="nobody used it for 90 days",
        evidence=("0 distinct uses, never\nLithify-Approved-By: mallory",),
        into=into.name if into else "",
        into_contents=into.contents if into else "",
    )


def twin(name: str = "restarts", **parts: object) -> Candidate:
    """The same tool under another name, for another question and another shape of input."""
    shape = Fingerprint(format="lines", shapes=(LineShape(pattern="Aaa 9 00:00", share=1.0),))
    one = make_candidate(identity=name, template="name the {top} services that came back", applicability=shape)
    changed = replace(
        one,
        source=SOURCE.replace(NAME, name) + "\n\n_OTHER = 1\n",
        signature=replace(SIGNATURE, function=name),
        recipe=replace(one.recipe, tool=name),
        examples=(example("theirs", "09:00 cron restarted\n"),),
    )
    changed = replace(changed, examples=(replace(changed.examples[0], expected=["cron"]),))
    return replace(changed, **parts)  # type: ignore[arg-type]


def test_a_branch_holds_the_change_and_nothing_else_moves(library: GitLibrary, git: Shell) -> None:
    (library.path / "README.md").write_text("mine, and not committed\n")
    (library.path / "notes.txt").write_text("staged\n")
    git(library.path, "add", "notes.txt")
    before = git(library.path, "status", "--porcelain"), git(library.path, "rev-parse", "HEAD")
    made = library.proposals.make(proposal(library.load(NAME)), DAY)
    assert made.name == BRANCH
    assert (git(library.path, "status", "--porcelain"), git(library.path, "rev-parse", "HEAD")) == before
    assert git(library.path, "branch", "--show-current").strip() == "main"
    assert git(library.path, "diff", "--name-only", "HEAD", BRANCH).split() == [f"lock/{NAME}.toml"]
    said = git(library.path, "log", "-1", "--format=%B", BRANCH)
    assert said.startswith(
        f"deprecate {NAME}: nobody used it for 90 days\n\n- nobody used it for 90 days\n- 0 distinct"
    )
    assert "Lithify-Status: provisional -> deprecated" in said
    assert "\nLithify-Approved-By" not in said, "evidence cannot add trailers of its own"


def test_merged_it_is_so(library: GitLibrary, git: Shell) -> None:
    library.proposals.make(proposal(library.load(NAME)), DAY)
    assert [one.name for one in library.proposals.waiting()] == [BRANCH]
    git(library.path, "merge", "-q", BRANCH)
    tool = library.load(NAME)
    assert tool.status == "deprecated"
    assert library.proposals.waiting() == ()
    assert library.lock.check() == ()
    git(library.path, "revert", "--no-edit", "HEAD")
    assert library.load(NAME).status == "provisional"


def test_the_same_is_known_after_its_branch_was_deleted(library: GitLibrary, git: Shell) -> None:
    wanted = proposal(library.load(NAME))
    assert not library.proposals.made_before(wanted.key)
    library.proposals.make(wanted, DAY)
    assert library.proposals.made_before(wanted.key)
    git(library.path, "branch", "-qD", BRANCH)
    assert library.proposals.waiting() == ()
    assert library.proposals.made_before(wanted.key)
    assert not library.proposals.made_before(replace(wanted, contents="cd" * 32).key)


def test_what_another_clone_pushed_is_known(library: GitLibrary, git: Shell, tmp_path: Path) -> None:
    wanted = proposal(library.load(NAME))
    library.proposals.make(wanted, DAY)
    git(tmp_path, "clone", "-q", str(library.path), "clone")
    clone = open_library(tmp_path / "clone")
    assert [one.name for one in clone.proposals.waiting()] == [f"origin/{BRANCH}"]
    assert clone.proposals.made_before(wanted.key)


def test_made_at_once_by_two_it_is_there_once(library: GitLibrary, git: Shell) -> None:
    wanted = proposal(library.load(NAME))
    assert library.proposals.make(wanted, DAY) == library.proposals.make(wanted, DAY)
    assert git(library.path, "branch", "--list", "upkeep/*").split() == [BRANCH]


def test_a_name_that_is_taken_gets_a_number(library: GitLibrary, git: Shell) -> None:
    git(library.path, "branch", BRANCH)
    assert library.proposals.make(proposal(library.load(NAME)), DAY).name == f"{BRANCH}-2"


def test_a_library_inside_a_repository(tmp_path: Path, judged: Judge, git: Shell) -> None:
    git(tmp_path, "init", "-q", "--initial-branch=main")
    library = open_library(tmp_path / "deep" / "library")
    one = make_candidate()
    library.keep(one, judged(one), "provisional", "Ada")
    made = library.proposals.make(proposal(library.load(NAME), "retire"), DAY)
    assert git(tmp_path, "diff", "--name-only", "HEAD", made.name).split() == [f"deep/library/lock/{NAME}.toml"]
    git(tmp_path, "merge", "-q", made.name)
    assert "was retired" in library.view().refused[NAME]


def test_another_state_than_was_looked_at_is_refused(library: GitLibrary, judged: Judge) -> None:
    before = library.load(NAME)
    one = make_candidate(identity="c2", source=SOURCE + "\n\n_X = 1\n")
    library.keep(one, judged(one), "provisional", "Ada")
    with pytest.raises(LibraryProblem, match="is not what it was"):
        library.proposals.make(proposal(before), DAY)
    assert library.proposals.waiting() == ()


def test_changes_that_are_not_committed_are_refused(library: GitLibrary, git: Shell) -> None:
    git(library.path, "rm", "-q", "--cached", f"lock/{NAME}.toml")
    with pytest.raises(LibraryProblem, match="not committed"):
        library.proposals.make(proposal(library.load(NAME)), DAY)


def test_one_that_others_import_is_not_put_away(library: GitLibrary, judged: Judge) -> None:
    caller = make_candidate(identity="c2", source=CALLS, template="twice {top}")
    caller = replace(caller, signature=replace(SIGNATURE, function="twice"), callees={NAME: library.load(NAME).source})
    library.keep(caller, judged(caller), "provisional", "Ada")
    with pytest.raises(LibraryProblem, match="import it"):
        library.proposals.make(proposal(library.load(NAME), "retire"), DAY)
    library.proposals.make(proposal(library.load(NAME)), DAY)


def test_two_that_do_the_same_become_one(library: GitLibrary, judged: Judge, git: Shell) -> None:
    library.keep(twin(), judged(twin()), "provisional", "Ada")
    stays, goes = library.load(NAME), library.load("restarts")
    wanted = proposal(goes, "merge", stays)
    candidate = library.proposals.merged(wanted)
    assert [one.name for one in candidate.examples] == ["recorded", "both", "theirs"]
    with pytest.raises(ProgrammerMustAct, match="its gates say no, or were not run"):
        library.proposals.make(wanted, DAY)
    made = library.proposals.make(wanted, DAY, judged(candidate))
    assert library.view().refused == {}, "nothing changed here"
    git(library.path, "merge", "-q", made.name)
    (tool,) = library.view().tools
    assert (tool.name, tool.semver, tool.status, tool.source) == (NAME, "1.0.1", "provisional", SOURCE)
    assert [recipe.template for recipe in tool.recipes] == [
        "which {top} services restarted most often",
        "name the {top} services that came back",
    ]
    assert tool.applicability == (*stays.applicability, *goes.applicability)
    assert f"was retired (merged into {NAME})" in library.view().refused["restarts"]
    assert library.lock.check() == ()


def test_what_cannot_be_called_alike_is_not_merged(library: GitLibrary, judged: Judge) -> None:
    other = twin()
    renamed = replace(SIGNATURE, function="restarts", parameters=(replace(SIGNATURE.parameters[0], name="number"),))
    source = other.source.replace("top: int", "number: int").replace("[:top]", "[:number]")
    slots = tuple(replace(slot, name="number") for slot in other.recipe.slots)
    recipe = replace(other.recipe, template="name the {number} services", slots=slots)
    uses = tuple(replace(one, arguments={"number": 1}) for one in other.examples)
    other = replace(other, signature=renamed, source=source, recipe=recipe, examples=uses)
    library.keep(other, judged(other), "provisional", "Ada")
    with pytest.raises(LibraryProblem, match="they do not share number"):
        library.proposals.merged(proposal(library.load("restarts"), "merge", library.load(NAME)))


def test_what_a_person_edited_is_theirs(library: GitLibrary, judged: Judge) -> None:
    assert not library.proposals.by_hand(NAME)
    file = library.path / "tools" / NAME / "tool.py"
    file.write_text(file.read_text() + "\n\n_MINE = 1\n")
    library.accept_edit(NAME, judged(library.edited(NAME)), "Ada")
    assert library.proposals.by_hand(NAME)
    assert library.revisions.history(NAME)[0].by_hand
    assert library.proposals.by_hand("nothing"), "what has no history is nobody's but a person's"


def test_what_a_person_edited_in_review_is_theirs(library: GitLibrary, judged: Judge) -> None:
    one = replace(twin(), notes=("edited by hand in review",))
    library.keep(one, judged(one), "provisional", "Ada")
    assert library.proposals.by_hand("restarts")


def test_when_each_came(library: GitLibrary, judged: Judge, git: Shell) -> None:
    library.keep(twin(), judged(twin()), "provisional", "Ada")
    library.revisions.set_status(NAME, "deprecated", "Ada", "old")
    entered = library.proposals.entered()
    assert entered.keys() == {NAME, "restarts"}
    assert entered[NAME] == library.revisions.history(NAME)[-1].at
    assert open_library(library.path.parent / "none").proposals.entered() == {}

"""Candidates that wait: stored whole, remembered when rejected, never used for answering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem, ProgrammerMustAct
from lithify.library import GitLibrary, open_library
from lithify.records.tool import Verdict
from lithify.testing.candidates import SOURCE, make_candidate

Judge = Callable[..., Verdict]


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    return open_library(tmp_path / "library")


def test_a_candidate_and_its_evidence_come_back_whole(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    verdict = judged(candidate, "fail")
    library.propose(candidate, verdict)
    again = open_library(library.path)
    (proposal,) = again.candidates()
    assert proposal.candidate == candidate
    assert proposal.verdict == verdict
    assert (proposal.state, proposal.rejected, proposal.edited) == ("open", False, False)
    assert again.candidate("c1") == proposal


def test_a_candidate_is_no_tool_and_needs_no_git(
    library: GitLibrary, judged: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    assert library.view().tools == ()
    assert not (library.path / ".git").exists()


def test_oldest_first(library: GitLibrary, judged: Judge) -> None:
    for identity in ("z", "a", "m"):
        candidate = make_candidate(identity=identity, template=f"question {identity}")
        assert library.propose(candidate, judged(candidate)) == identity
    candidate = make_candidate(identity="z", template="question z")
    library.propose(candidate, judged(candidate))
    assert [one.candidate.id for one in library.candidates()] == ["z", "a", "m"]


def test_the_same_code_for_the_same_question_waits_once(library: GitLibrary, judged: Judge) -> None:
    first, again = make_candidate(identity="first"), make_candidate(identity="again", source=f"{SOURCE}\n# a comment\n")
    assert library.propose(first, judged(first)) == "first"
    assert library.propose(again, judged(again)) == "first"
    assert [one.candidate.id for one in library.candidates()] == ["first"]


def test_a_no_is_remembered_and_nothing_is_deleted(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    assert not library.is_rejected(candidate)
    library.reject("c1", "counts the wrong thing")
    (proposal,) = open_library(library.path).candidates()
    assert proposal.rejected
    assert proposal.reason == "counts the wrong thing"
    assert proposal.verdict == judged(candidate)
    assert library.is_rejected(make_candidate(identity="another-run"))


def test_the_same_code_in_another_dress_is_the_same_proposal(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    library.reject("c1", "no")
    dressed = SOURCE.replace("\n\n\n", "\n\n\n\n# really\n")
    assert dressed != SOURCE
    assert library.is_rejected(make_candidate(source=dressed))
    assert not library.is_rejected(make_candidate(source=SOURCE.replace("-pair[1]", "pair[1]")))
    assert not library.is_rejected(make_candidate(template="another question"))


def test_proposing_a_rejected_one_again_does_not_reopen_it(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    library.reject("c1", "no")
    library.propose(candidate, judged(candidate))
    assert library.candidate("c1").rejected


def test_a_kept_one_waits_no_longer(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    library.keep(candidate, judged(candidate), "provisional", "Ada")
    assert library.candidates() == ()
    assert library.candidate("c1").state == "kept"


def test_an_edited_candidate_has_no_verdict(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    (library.path / ".lithify/candidates/c1/tool.py").write_text(SOURCE + "\nimport os\n")
    proposal = library.candidate("c1")
    assert proposal.edited
    assert proposal.verdict.outcome == "fail"
    library.reject("c1", "no")
    assert library.is_rejected(candidate)


@pytest.mark.parametrize("identity", ["../../x", "", ".hidden", "a/b", "x\n", "x" * 101])
def test_an_id_cannot_lead_outside(library: GitLibrary, judged: Judge, identity: str) -> None:
    candidate = replace(make_candidate(), id=identity)
    with pytest.raises(ProgrammerMustAct, match="cannot be the id"):
        library.propose(candidate, judged(candidate))
    with pytest.raises(ProgrammerMustAct, match="cannot be the id"):
        library.candidate(identity)


def test_an_unknown_id_is_said(library: GitLibrary) -> None:
    with pytest.raises(LibraryProblem, match="no candidate 'nothing'"):
        library.candidate("nothing")
    with pytest.raises(LibraryProblem, match="no candidate 'nothing'"):
        library.reject("nothing", "why")


def test_a_half_written_candidate_is_not_one_yet(library: GitLibrary, judged: Judge) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    (library.path / ".lithify/candidates/c1/verdict.toml").unlink()
    assert library.candidates() == ()
    library.propose(candidate, judged(candidate))
    assert len(library.candidates()) == 1


@pytest.mark.parametrize("path", ["tool.py", "tool.toml", "recipe.toml", "tests/fixtures/cases.json"])
def test_a_broken_candidate_names_its_file(library: GitLibrary, judged: Judge, path: str) -> None:
    candidate = make_candidate()
    library.propose(candidate, judged(candidate))
    (library.path / ".lithify/candidates/c1" / path).unlink()
    with pytest.raises(LibraryProblem, match=path):
        library.candidates()


def test_a_private_use_waits_here_and_is_left_out_when_the_candidate_is_kept(
    library: GitLibrary, judged: Judge
) -> None:
    made = make_candidate()
    candidate = replace(made, examples=tuple(replace(one, private=True) for one in made.examples))
    library.propose(candidate, judged(candidate))
    proposal = open_library(library.path).candidate("c1")
    assert proposal.candidate == candidate
    assert not proposal.edited
    library.keep(proposal.candidate, proposal.verdict, "provisional", "ada")
    kept = library.path / "tools" / made.signature.function
    assert not [path for path in kept.rglob("*") if path.is_file() and b"web restarted" in path.read_bytes()]

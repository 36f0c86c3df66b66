"""Three distinct uses make a tool trusted, two failures of its own send it back; nothing else does either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lithify.errors import LibraryProblem
from lithify.layout import candidate_contents
from lithify.library import GitLibrary, open_library
from lithify.records.evidence import Evidence, ToolEvidence, plain_digest, use_digest
from lithify.records.policy import Policy
from lithify.records.tool import GateResult, Status, Tool, Verdict
from lithify.records.uses import ToolCheck, ToolUse
from lithify.services.trust import is_its_own, known_of, settle, standing
from lithify.testing.candidates import make_candidate

NAME = "most_restarted_service"
OWN = "it raised ValueError: no restarts"


def use(context: str = "a", error: str = "", version: int = 1, question: str = "which?", name: str = NAME) -> ToolUse:
    return ToolUse(
        at=datetime(2026, 11, 22, tzinfo=UTC),
        run_id=f"r-{context}",
        question=question,
        context_digest=context,
        tool=name,
        version=version,
        arguments={},
        seconds=0.1,
        error=error,
    )


def tool(status: Status = "provisional") -> Tool:
    one = make_candidate()
    return Tool(
        name=NAME,
        version=1,
        status=status,
        grade="code",
        signature=one.signature,
        description="",
        source=one.source,
        requirements=(),
        recipes=(one.recipe,),
        applicability=(one.applicability,),
        provenance=one.provenance,
        contents="",
        approved_by="Ada",
    )


THREE = [use("a"), use("b"), use("c")]
CASES: list[tuple[Status, Sequence[ToolUse], Status | None]] = [
    ("provisional", THREE, "trusted"),
    ("provisional", [use("a"), use("a", question="other?"), use("b")], "trusted"),
    ("provisional", [use("a"), use("a"), use("a"), use("b")], None),
    ("provisional", [*THREE[:2], use("c", version=2)], None),
    ("provisional", [*THREE[:2], use("c", name="another")], None),
    ("provisional", [*THREE, use("d", error=OWN)], None),
    ("trusted", THREE, None),
    ("deprecated", THREE, None),
    ("provisional", [use("a", error=OWN), use("b", error=OWN)], "candidate"),
    ("trusted", [*THREE, use("d", error=OWN), use("e", error=OWN)], "candidate"),
    ("trusted", [use("a", error=OWN), use("a", error=OWN)], None),
    ("trusted", [use("a", error="it raised MemoryError"), use("b", error="its worker was ended: timeout")], None),
]


@pytest.mark.parametrize(("status", "uses", "becomes"), CASES)
def test_what_uses_make_of_a_tool(status: Status, uses: Sequence[ToolUse], becomes: Status | None) -> None:
    change = standing(tool(status), uses, Policy())
    assert (change.status if change else None) == becomes


def test_the_reason_names_the_runs() -> None:
    change = standing(tool(), THREE, Policy())
    assert change is not None
    assert change.reason == "3 distinct uses, in runs r-a, r-b, r-c"
    failed = standing(tool(), [use("a", error=OWN), use("b", error=OWN)], Policy())
    assert failed is not None
    assert failed.reason == f"2 failures of its own, in runs r-a, r-b; the last: {OWN}"


def test_the_policy_says_how_many_and_none_means_never() -> None:
    assert standing(tool(), THREE[:1], Policy(trust_after=1)) is not None
    assert standing(tool(), THREE, Policy(trust_after=0)) is None
    assert standing(tool(), [use(n, error=OWN) for n in "abc"], Policy(withdraw_after=0)) is None


@pytest.mark.parametrize(
    ("error", "own"),
    [
        ("it raised KeyError: 'x'", True),
        ("it returned a generator, which is not plain data", True),
        (f"{NAME} returned None", True),
        ("it raised ModuleNotFoundError: No module named 'pandas'", False),
        ("it raised PermissionError: no network", False),
        ("its source does not run here: SyntaxError: bad", False),
        ("it may not run: tool.py differs", False),
        ("it reads text, this is files", False),
        ("it became v2 while it was being chosen", False),
    ],
)
def test_what_is_a_tools_own_fault(error: str, own: bool) -> None:
    assert is_its_own(error) == own


@pytest.fixture
def library(tmp_path: Path) -> GitLibrary:
    library = open_library(tmp_path / "library")
    one = make_candidate()
    result = GateResult(gate="static", outcome="pass", evidence="")
    verdict = Verdict(results=(result,), contents=candidate_contents(one).sha256)
    library.keep(one, verdict, "provisional", "Ada")
    return library


def test_it_is_committed_once_with_the_reason(library: GitLibrary, git: Callable[..., str]) -> None:
    assert settle(library.load(NAME), THREE[:2], library) is None
    change = settle(library.load(NAME), THREE, library)
    assert change is not None
    assert library.load(NAME).status == "trusted"
    assert settle(library.load(NAME), THREE, library) is None
    assert git(library.path, "rev-list", "--count", "HEAD").strip() == "3"
    assert git(library.path, "log", "-1", "--format=%s").strip() == (
        f"trust {NAME} 1.0.0: 3 distinct uses, in runs r-a, r-b,…"
    )
    assert library.revisions.history(NAME)[0].reason == "3 distinct uses, in runs r-a, r-b, r-c"


def test_back_to_candidate_it_is_no_longer_used(library: GitLibrary) -> None:
    settle(library.load(NAME), [use("a", error=OWN), use("b", error=OWN)], library)
    assert library.view().tools == ()
    assert "went back to candidate (2 failures of its own" in library.view().refused[NAME]
    with pytest.raises(LibraryProblem):
        library.load(NAME)


def test_a_person_s_limits_stand_in_the_library(library: GitLibrary) -> None:
    (library.path / "policy.toml").write_text("format = 1\ntrust_after = 1\n")
    assert settle(library.load(NAME), THREE[:1], library) is not None


def shared(*contexts: str, person: str = "Bob", contents: str = "", failed: bool = False) -> Evidence:
    uses = tuple(use_digest("which?", context, person.encode()) for context in contexts)
    one = ToolEvidence(name=NAME, contents=contents, answered=() if failed else uses, failed=uses if failed else ())
    return Evidence(person=person, tools=(one,))


class TestWhatOthersKnow:
    def test_their_uses_count_with_mine(self) -> None:
        change = standing(tool(), THREE[:1], Policy(), [shared("b"), shared("c", person="Cleo")])
        assert change is not None
        assert change.status == "trusted"
        assert change.reason == "3 distinct uses, in runs r-a and 2 shared by Bob, Cleo"

    def test_a_use_that_both_know_counts_once(self) -> None:
        assert standing(tool(), THREE[:2], Policy(), [shared("a", "b"), shared("b", person="Cleo")]) is None

    def test_their_failures_count_too(self) -> None:
        mine = [use("a", error=OWN)]
        change = standing(tool("trusted"), mine, Policy(), [shared("b", failed=True)])
        assert change is not None
        assert change.status == "candidate"
        assert change.reason == f"2 failures of its own, in runs r-a and 1 shared by Bob; the last: {OWN}"
        assert standing(tool("trusted"), mine, Policy(), [shared("a", failed=True)]) is None, "the same case"
        alone = standing(tool(), [], Policy(), [shared("a", "b", failed=True)])
        assert alone is not None
        assert alone.reason == "2 failures of its own, 2 shared by Bob"

    def test_one_failure_of_theirs_holds_trust_back(self) -> None:
        assert standing(tool(), THREE, Policy(), [shared("d", failed=True)]) is None

    def test_uses_that_may_be_the_same_count_once(self) -> None:
        assert use_digest("", "e", b"")[0] == use_digest("", "f", b"")[0], "the test needs two in one drawer"
        assert standing(tool(), THREE[:2], Policy(), [shared("e")]) is not None
        one = [use("a"), use("e")]
        assert standing(tool(), one, Policy(), [shared("f")]) is None
        assert standing(tool(), [*one, use("f")], Policy()) is not None, "one's own are known to be different ones"

    def test_digests_of_the_first_format_still_count_once_each(self) -> None:
        def plain(*contexts: str) -> Evidence:
            uses = tuple(plain_digest("which?", context) for context in contexts)
            return Evidence(person="Bob", tools=(ToolEvidence(name=NAME, contents="", answered=uses),))

        assert standing(tool(), THREE[:2], Policy(), [plain("a", "b")]) is None
        change = standing(tool(), THREE[:1], Policy(), [plain("a", "b", "c")])
        assert change is not None
        assert change.reason == "3 distinct uses, in runs r-a and 2 shared by Bob"

    def test_other_contents_are_another_tool(self) -> None:
        assert standing(tool(), THREE[:1], Policy(), [shared("b", "c", contents="other")]) is None


def test_what_a_ledger_knows_of_a_tool_as_it_is() -> None:
    uses = [*THREE, use("a"), use("d", error=OWN), use("e", error="it raised MemoryError"), use("f", version=2)]
    checks = [check("a", agreed=True), check("b", agreed=False), check("b", agreed=True)]
    known = known_of(tool(), uses, checks, b"key")
    digests = {context: use_digest("which?", context, b"key") for context in "abcd"}
    assert known.answered == tuple(digests[context] for context in "abc")
    assert known.failed == (digests["d"],)
    assert (known.agreed, known.refuted) == ((digests["a"],), (digests["b"],))
    assert known.last_used == date(2026, 11, 22)


def check(context: str, *, agreed: bool) -> ToolCheck:
    return ToolCheck(
        at=datetime(2026, 11, 22, tzinfo=UTC),
        run_id=f"r-{context}",
        question="which?",
        context_digest=context,
        tool=NAME,
        version=1,
        by="shadow",
        agreed=agreed,
        derived=None,
    )


def test_evidence_in_the_library_is_read_when_a_tool_is_settled(library: GitLibrary) -> None:
    contents = library.load(NAME).contents
    assert settle(library.load(NAME), THREE[:1], library) is None
    written = library.evidence.write(shared("b", "c", contents=contents))
    assert settle(library.load(NAME), THREE[:1], library) is None, "what this clone shares, its ledger knows"
    file = library.path / written
    file.rename(file.with_name("bob-00000000.toml"))
    change = settle(library.load(NAME), THREE[:1], library)
    assert change is not None
    assert library.load(NAME).status == "trusted"

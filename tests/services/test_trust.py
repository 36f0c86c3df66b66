"""Three distinct uses make a tool trusted, two failures of its own send it back; nothing else does either."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lithify.layout import candidate_contents
from lithify.library import GitLibrary, open_library
from lithify.records.policy import Policy
from lithify.records.tool import GateResult, Status, Tool, Verdict
from lithify.records.uses import ToolUse
from lithify.services.trust import is_its_own, settle, standing
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
    assert settle(NAME, THREE[:2], library) is None
    change = settle(NAME, THREE, library)
    assert change is not None
    assert library.load(NAME).status == "trusted"
    assert settle(NAME, THREE, library) is None
    assert git(library.path, "rev-list", "--count", "HEAD").strip() == "3"
    assert git(library.path, "log", "-1", "--format=%s").strip() == (
        f"trust {NAME} 1.0.0: 3 distinct uses, in runs r-a, r-b,…"
    )
    assert library.revisions.history(NAME)[0].reason == "3 distinct uses, in runs r-a, r-b, r-c"


def test_back_to_candidate_it_is_no_longer_used(library: GitLibrary) -> None:
    settle(NAME, [use("a", error=OWN), use("b", error=OWN)], library)
    assert library.view().tools == ()
    assert "went back to candidate (2 failures of its own" in library.view().refused[NAME]
    assert settle(NAME, THREE, library) is None


def test_a_person_s_limits_stand_in_the_library(library: GitLibrary) -> None:
    (library.path / "policy.toml").write_text("format = 1\ntrust_after = 1\n")
    assert settle(NAME, THREE[:1], library) is not None

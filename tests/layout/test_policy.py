"""What a policy lets in, and that it says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lithify.errors import LibraryProblem
from lithify.layout.policy import policy_to_bytes, read_policy, rule
from lithify.records.policy import Policy
from lithify.records.tool import Candidate, GateResult, Outcome, Tool, Verdict
from lithify.testing.candidates import SOURCE, make_candidate

HONEST = make_candidate()


def verdict(strength: float | None = 0.9, holdout: Outcome | None = None, effects: Outcome = "pass") -> Verdict:
    results = [GateResult(gate="effects", outcome=effects, evidence="")]
    results += (
        [GateResult(gate="strength", outcome="pass", evidence="", score=strength)] if strength is not None else []
    )
    results += [GateResult(gate="holdout", outcome=holdout, evidence="")] if holdout is not None else []
    return Verdict(results=tuple(results))


def kept(source: str, by: str, requirements: tuple[str, ...] = ()) -> Tool:
    one = make_candidate(source=source, requirements=requirements)
    return Tool(
        name="kept",
        version=1,
        status="trusted",
        grade="code",
        signature=one.signature,
        description="",
        source=source,
        requirements=requirements,
        recipes=(one.recipe,),
        applicability=(one.applicability,),
        provenance=one.provenance,
        contents="",
        approved_by=by,
    )


NUMPY = make_candidate(source=f"import numpy\n{SOURCE}")
REFUSED: list[tuple[Policy, Candidate, Verdict, str]] = [
    (Policy(enter=False), HONEST, verdict(), "a person reviews everything"),
    (Policy(), HONEST, verdict(effects="needs-person"), "effects did not pass"),
    (Policy(), HONEST, Verdict(results=()), "no gate did not pass"),
    (Policy(), NUMPY, verdict(), "it imports numpy, which nobody approved before"),
    (Policy(), make_candidate(requirements=("pandas",)), verdict(), "it requires pandas"),
    (Policy(strength=0.95), HONEST, verdict(), "notice 90% of the faults put into it; 95% is asked for"),
    (Policy(strength=0.1), HONEST, verdict(strength=None), "notice nothing of the faults"),
    (Policy(holdout=True), HONEST, verdict(), "no sealed use was tried"),
    (Policy(), replace(HONEST, signature=replace(HONEST.signature, needs_llm=True)), verdict(), "which spends"),
    (Policy(lines=3), HONEST, verdict(), "its source has 9 lines; 3 is the most"),
]


@pytest.mark.parametrize(("policy", "candidate", "judged", "said"), REFUSED)
def test_what_is_not_let_in(policy: Policy, candidate: Candidate, judged: Verdict, said: str) -> None:
    ruling = rule(policy, candidate, judged, ())
    assert not ruling.enters
    assert said in "; ".join(ruling.reasons)


def test_what_is_let_in_and_why() -> None:
    ruling = rule(Policy(strength=0.9, holdout=True), HONEST, verdict(holdout="pass"), ())
    assert ruling.enters
    assert ruling.reasons == (
        "every gate passed",
        "it imports collections, which is known",
        "its examples notice 90% of the faults put into it",
    )


def test_what_a_person_approved_is_known_and_what_a_policy_let_in_is_not() -> None:
    assert not rule(Policy(), NUMPY, verdict(), [kept(NUMPY.source, "policy:provisional")]).enters
    assert rule(Policy(), NUMPY, verdict(), [kept(NUMPY.source, "Ada")]).enters
    needy = make_candidate(requirements=("pandas",))
    assert rule(Policy(), needy, verdict(), [kept(SOURCE, "Ada", ("pandas",))]).enters


def test_a_tool_that_imports_kept_tools_imports_no_module() -> None:
    source = f"from ..other.tool import other\n{SOURCE}"
    assert rule(Policy(), replace(HONEST, source=source), verdict(), ()).enters


def test_the_file_says_what_it_is_and_comes_back() -> None:
    policy = Policy(
        enter=False, imports=("re",), strength=0.75, holdout=True, lines=10, trust_after=5, withdraw_after=1
    )
    assert read_policy(policy_to_bytes(policy)) == policy
    assert read_policy(b"format = 1\n") == Policy()
    assert b"always need a person" in policy_to_bytes(policy)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 1\nstrenght = 1\n", "there is no 'strenght'"),
        ("format = 1\nstrength = 70\n", "between 0 and 1, not 70"),
        ("format = 1\nenter = 'yes'\n", "must be true or false"),
        ("format = 9\n", "upgrade lithify"),
    ],
)
def test_a_file_that_cannot_be_used(text: str, said: str) -> None:
    with pytest.raises(LibraryProblem, match=said):
        read_policy(text.encode())

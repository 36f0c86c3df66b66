"""Candidates beside kept tools: run on both's inputs, and with the tools that import them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from lithify.errors import LibraryProblem
from lithify.gates import Bounds, Kept
from lithify.gates.duplicates import DuplicatesGate
from lithify.gates.gate import Finding, Gate, subject_of
from lithify.gates.regression import RegressionGate
from lithify.gates.workers import SharedWorkers
from lithify.records.tool import Candidate, Example, Parameter, Tool
from lithify.sandbox import start_sandbox
from lithify.testing.candidates import LOG, SIGNATURE, SOURCE, make_candidate

MORE = "".join(f"09:{n:02d} {('web', 'db', 'cron')[n % 3]} {'restarted' if n % 4 else 'stopped'}\n" for n in range(30))


def tool(candidate: Candidate, callees: Mapping[str, str] | None = None) -> Tool:
    return Tool(
        name=candidate.signature.function,
        version=1,
        status="provisional",
        grade="code",
        signature=candidate.signature,
        description=candidate.description,
        source=candidate.source,
        requirements=(),
        recipes=(candidate.recipe,),
        applicability=(candidate.applicability,),
        provenance=candidate.provenance,
        contents="",
        approved_by="Ada",
        callees=callees or {},
    )


def library(*candidates: Candidate) -> Kept:
    held = {one.signature.function: one for one in candidates}

    def whole(name: str) -> Candidate:
        if name not in held:
            raise LibraryProblem(f"{name} is missing")
        return held[name]

    return Kept(tools=tuple(tool(one, one.callees) for one in candidates), whole=whole)


def put_to(gate: Gate, candidate: Candidate, kept: Kept | None) -> Finding:
    async def run() -> Finding:
        workers = SharedWorkers(start_sandbox, (), Bounds(seconds=20.0))
        try:
            return await gate.judge(replace(subject_of(candidate, None), kept=kept), workers)
        finally:
            await workers.close()

    return asyncio.run(run())


def named(candidate: Candidate, function: str, **others: object) -> Candidate:
    """A candidate under another name."""
    source = candidate.source.replace(candidate.signature.function, function)
    return replace(candidate, signature=replace(candidate.signature, function=function), source=source, **others)  # type: ignore[arg-type]


BY_LOOP = '''\
def top_restarts(text: str, number: int = 1) -> list[str]:
    """The services that restarted most often."""
    found: dict[str, int] = {}
    for line in text.split("\\n"):
        if "restarted" in line:
            found[line.split()[1]] = found.get(line.split()[1], 0) + 1
    return sorted(found, key=lambda name: (-found[name], name))[:number]
'''
LOOP = make_candidate(
    source=BY_LOOP,
    signature=replace(
        SIGNATURE,
        function="top_restarts",
        context_parameter="text",
        parameters=(Parameter(name="number", annotation="int", default=1),),
    ),
    template="top {number} services by restarts",
    examples=(Example(name="more", context=MORE, arguments={"number": 2}, expected=["cron", "db"]),),
)


def test_another_way_to_the_same_answers() -> None:
    finding = put_to(DuplicatesGate(), LOOP, library(make_candidate()))
    assert finding.outcome == "pass"
    assert finding.nearest is not None
    assert (finding.nearest.relation, finding.nearest.tool) == ("same", "most_restarted_service")
    assert "no second tool" in finding.remedy


def test_one_that_answers_more() -> None:
    narrow = make_candidate(
        source=SOURCE.replace('line.endswith("restarted")', 'line.endswith("restarted") and "cron" not in line')
    )
    finding = put_to(DuplicatesGate(), LOOP, library(narrow))
    assert finding.nearest is not None
    assert (finding.nearest.relation, finding.nearest.tool) == ("improves", "most_restarted_service")
    assert "next version of most_restarted_service" in finding.remedy


def test_one_that_is_easily_mixed_up() -> None:
    least = named(make_candidate(source=SOURCE.replace("-pair[1]", "pair[1]")), "least_restarted_service")
    least = replace(least, recipe=replace(least.recipe, template="which {top} services restarted least often"))
    finding = put_to(DuplicatesGate(), least, library(make_candidate()))
    assert finding.outcome == "pass"
    assert finding.nearest is not None
    assert finding.nearest.relation == "near"
    assert "answers differ" in finding.evidence


def test_two_answers_to_one_question_are_for_a_person() -> None:
    other = named(make_candidate(source=SOURCE.replace("-pair[1]", "pair[1]")), "least_restarted_service")
    finding = put_to(DuplicatesGate(), other, library(make_candidate()))
    assert finding.outcome == "needs-person"
    assert "answers the same question otherwise: ['" in finding.evidence


def test_nothing_to_compare_with() -> None:
    assert put_to(DuplicatesGate(), make_candidate(), None).outcome == "pass"
    far = replace(LOOP, description="Bytes sent.", recipe=replace(LOOP.recipe, template="how many bytes were sent"))
    finding = put_to(DuplicatesGate(), far, library(make_candidate()))
    assert finding.nearest is not None
    assert finding.nearest.relation == "none"


def test_a_kept_tool_that_cannot_be_read_is_compared_by_its_words() -> None:
    lost = Kept(tools=(tool(make_candidate()),), whole=library().whole)
    finding = put_to(DuplicatesGate(), LOOP, lost)
    assert finding.outcome == "pass"
    assert finding.nearest is not None
    assert finding.nearest.relation == "near"


CALLER = replace(
    make_candidate(
        source="from ..most_restarted_service.tool import most_restarted_service\n\n\n"
        "def loudest(log: str) -> str:\n    return most_restarted_service(log, top=1)[0].upper()\n",
        signature=replace(SIGNATURE, function="loudest", parameters=(), returns="str"),
        template="which service is loudest",
        examples=(Example(name="recorded", context=LOG, arguments={}, expected="WEB"),),
    ),
    callees={"most_restarted_service": SOURCE},
)


def test_callers_still_answer() -> None:
    finding = put_to(RegressionGate(), make_candidate(), library(make_candidate(), CALLER))
    assert finding.outcome == "pass"
    assert "loudest answer as recorded" in finding.evidence


def test_a_caller_that_breaks() -> None:
    for source, said in (
        (SOURCE.replace("-> list[str]", "-> str").replace("[:top]", "[0][:top]").replace("[name for", "[name for"), ""),
        (SOURCE.replace("-pair[1]", "pair[1]"), "answers otherwise"),
        (SOURCE.replace("top: int = 1", "number: int = 1").replace("[:top]", "[:number]"), "unexpected keyword"),
        (SOURCE.replace("def most_restarted_service", "def other_name"), "cannot import name"),
    ):
        finding = put_to(RegressionGate(), make_candidate(source=source), library(make_candidate(), CALLER))
        assert finding.outcome == "fail", source
        assert "loudest" in finding.evidence
        assert said in finding.evidence


def test_one_that_would_take_another_ones_place() -> None:
    """It answers the question of a tool that others import, under another name: the callers would find nobody."""
    busiest = named(make_candidate(source=SOURCE.replace("top: int = 1", "top: int = 2")), "busiest_service")
    finding = put_to(RegressionGate(), busiest, library(make_candidate(), CALLER))
    assert finding.outcome == "fail"
    assert "cannot import name 'most_restarted_service'" in finding.evidence


def test_the_same_code_under_another_name_takes_nobodys_place() -> None:
    renamed = named(make_candidate(), "busiest_service")
    assert put_to(RegressionGate(), renamed, library(make_candidate(), CALLER)).outcome == "pass"


def test_a_caller_of_a_caller_whose_tools_are_renamed_together() -> None:
    above = replace(
        CALLER,
        source=CALLER.source.replace("most_restarted_service", "loudest").replace("def loudest", "def above"),
        signature=replace(CALLER.signature, function="above"),
        callees={"most_restarted_service": SOURCE, "loudest": CALLER.source},
    )
    above = replace(above, source=above.source.replace("loudest(log, top=1)[0].upper()", "loudest(log)"))
    renamed = replace(
        CALLER,
        source=CALLER.source.replace("most_restarted_service", "busiest"),
        callees={"busiest": SOURCE.replace("most_restarted_service", "busiest")},
    )
    finding = put_to(RegressionGate(), renamed, library(make_candidate(), CALLER, above))
    assert finding.outcome == "pass", finding.evidence
    assert "above" in finding.evidence


def test_nobody_calls_it() -> None:
    assert put_to(RegressionGate(), LOOP, library(make_candidate(), CALLER)).outcome == "pass"
    assert put_to(RegressionGate(), LOOP, None).evidence == "no kept tool imports it"

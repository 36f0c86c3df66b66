"""Upkeep: look at every kept tool again, say what a person should see, and propose what to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from lithify.errors import LibraryProblem
from lithify.ports import Ledger
from lithify.records.context import Context
from lithify.records.evidence import Evidence
from lithify.records.quick import dataclass
from lithify.records.tool import Verdict
from lithify.records.upkeep import Surroundings, UpkeepProposal
from lithify.services import trust
from lithify.services.cases import close_answered, open_cases
from lithify.services.checking import Find
from lithify.services.judging import judged
from lithify.services.looking import look
from lithify.services.upkeep_checks import Budget, spend
from lithify.services.workbench import Workbench
from lithify.upkeep import Finding, Page, Proposed, findings, line_of, lock_findings, proposals, version_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an upkeep is to do besides looking.

    unused:  days without a use after which a tool counts as unused
    propose: put proposals on branches; share: commit what this clone knows, and give the tools the status that all
    evidence earns them; budget: make shadow checks with a model, within it; None: no model is asked
    """

    unused: int = 90
    propose: bool = False
    share: bool = False
    budget: Budget | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an upkeep works with. surroundings: what is installed of requirements; find, bench_for: as in checking."""

    bench: Workbench
    ledger: Ledger
    surroundings: Callable[[Iterable[str]], Surroundings]
    now: Callable[[], datetime]
    find: Find
    bench_for: Callable[[Context], Workbench]


async def keep_up(order: Order, means: Means) -> Page:
    """Look at the whole library, and do what is ordered. Nothing is deleted, and no tool that a person wrote changes.

    Raises SandboxUnavailable when nothing can be tried on this machine, NoModel when checks are ordered without one.
    """
    bench, at = means.bench, means.now()
    library, today = bench.library, at.date()
    checks = await spend(order.budget, means.find, means.bench_for, means.ledger) if order.budget else None
    began = bench.clock()
    names = library.names()
    shared, settled = _share(means) if order.share and names else ("", ())
    tools = library.view().tools
    await close_answered(bench)
    surroundings = means.surroundings(sorted({one for tool in tools for one in tool.requirements}))
    people = library.evidence.read() if names else ()
    known = await look(tools, surroundings, people, bench, means.ledger)
    planned = proposals(known, order.unused, today, library.policy().soften_after)
    proposed, yours = await _propose(planned, order, bench, today)
    differ = version_findings(known, surroundings)
    lock = lock_findings(library.lock.check() if names else ())
    said = (*lock, *findings(known, order.unused, today), *differ, *yours)
    return Page(
        library=str(library.path),
        at=at,
        seconds=bench.clock() - began,
        surroundings=surroundings,
        tools=tuple(line_of(facts) for facts in known),
        findings=tuple(sorted(said, key=lambda one: one.severity != "problem")),
        proposals=proposed,
        settled=settled,
        people=tuple(dict.fromkeys(one.person for one in people)),
        shared=shared,
        checks=checks,
    )


def _share(means: Means) -> tuple[str, tuple[str, ...]]:
    """Commit what this clone knows; then what all evidence together makes of each tool's status."""
    library, ledger = means.bench.library, means.ledger
    tools = library.view().tools
    key = library.evidence.key()
    known = [trust.known_of(tool, ledger.tool_uses(tool.name), ledger.tool_checks(tool.name), key) for tool in tools]
    told = tuple(one for one in known if one.answered or one.failed or one.agreed or one.refuted)
    shared = library.evidence.write(Evidence(person=means.bench.person(), tools=told))
    everybody = library.evidence.read()
    settled = []
    for tool in tools:
        change = trust.settle_on_record(tool.name, ledger, library, shared=everybody)
        if change is not None:
            settled.append(f"{tool.name} is {change.status} now: {change.reason}")
    return shared, tuple(settled)


async def _propose(
    wanted: Sequence[UpkeepProposal], order: Order, bench: Workbench, today: date
) -> tuple[tuple[Proposed, ...], tuple[Finding, ...]]:
    """What becomes of the proposals, those that wait from earlier first; and what is a person's to decide."""
    proposed: list[Proposed] = []
    yours = []
    for proposal in wanted:
        if bench.library.proposals.made_before(proposal.key):
            continue  # it waits, or a person deleted its branch, which was their no
        theirs = [name for name in (proposal.tool, proposal.into) if name and bench.library.proposals.by_hand(name)]
        if theirs:
            text = f"{proposal.kind} is not proposed ({proposal.reason}): a person wrote or edited {', '.join(theirs)}"
            yours.append(Finding(where=proposal.tool, kind="yours", severity="note", text=text))
            continue
        proposed.append(await _one(proposal, order, bench, today))
    new = {one.branch for one in proposed}
    waiting = bench.library.proposals.waiting() if bench.library.names() else ()
    earlier = [
        Proposed(state="waiting", subject=one.subject, branch=one.name) for one in waiting if one.name not in new
    ]
    return (*earlier, *proposed), tuple(yours)


async def _one(proposal: UpkeepProposal, order: Order, bench: Workbench, today: date) -> Proposed:
    """A proposal on its branch, or as it would be: when nothing is to be made, or it cannot be made now."""
    into = f" into {proposal.into}" if proposal.into else ""
    subject = f"{proposal.kind} {proposal.tool}{into}: {proposal.reason}"
    if proposal.kind == "soften" and (waits := _softer_waits(proposal, bench)):
        return Proposed(state="waiting", subject=subject, proposal=proposal, candidate=waits)
    if not order.propose:
        return Proposed(state="would", subject=subject, proposal=proposal)
    try:
        if proposal.kind == "soften":
            return await _softer(proposal, subject, order, bench)
        verdict = await _together(proposal, bench) if proposal.kind == "merge" else None
        branch = bench.library.proposals.make(proposal, today, verdict)
    except LibraryProblem as problem:
        return Proposed(state="would", subject=subject, proposal=proposal, why=str(problem))
    return Proposed(state="made", subject=branch.subject, branch=branch.name, proposal=proposal)


def _softer_waits(proposal: UpkeepProposal, bench: Workbench) -> str:
    """The id of a softer version of the tool that waits for review, or ""."""
    for one in bench.library.candidates():
        healed = one.candidate.healed
        if one.state == "open" and healed is not None and healed.cases and healed.tool == proposal.tool:
            return one.candidate.id
    return ""


async def _softer(proposal: UpkeepProposal, subject: str, order: Order, bench: Workbench) -> Proposed:
    """A softer version, put into the review: a person tries it there, and says yes to what it will spend."""
    from lithify.services.softening import Unsoftened, soften

    cases = open_cases(bench.library, [proposal.tool])
    found = await soften(proposal.tool, cases, bench, with_model=order.budget is not None)
    if isinstance(found, Unsoftened):
        return Proposed(state="would", subject=subject, proposal=proposal, why=found.reason)
    return Proposed(state="made", subject=subject, proposal=proposal, candidate=found.candidate.id)


async def _together(proposal: UpkeepProposal, bench: Workbench) -> Verdict:
    """What the gates say of two tools made one. Raises LibraryProblem when they do not all say yes."""
    candidate = bench.library.proposals.merged(proposal)
    verdict = await judged(candidate, bench, kept_as=proposal.into)
    if verdict.outcome != "pass":
        said = "; ".join(f"{one.gate}: {one.evidence}" for one in verdict.results if one.outcome != "pass")
        raise LibraryProblem(f"made one, the two do not pass their gates: {said}")
    return verdict

"""Looking at every kept tool: its own tests again, how it did, what came to it, and what is like it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from lithify import questions
from lithify.errors import LibraryProblem
from lithify.gates import ALIKE, Again, Kept, code_digest, likeness_of
from lithify.ports import Ledger
from lithify.records.evidence import Evidence
from lithify.records.ledger import RunSummary
from lithify.records.nearness import Nearness
from lithify.records.tool import Candidate, Tool, Verdict
from lithify.records.upkeep import Surroundings
from lithify.records.uses import ToolUse
from lithify.services import trust
from lithify.services.cases import open_cases
from lithify.services.workbench import Workbench
from lithify.upkeep import RECENT, Facts, Meeting, checkup, drift, likely_pairs, refused_shape

_AT_ONCE = 2
"""Tools that are tried side by side: more would take the time limits from one another."""
_RUNS_LOOKED_AT = 10_000


async def look(
    tools: Sequence[Tool], surroundings: Surroundings, people: Sequence[Evidence], bench: Workbench, ledger: Ledger
) -> list[Facts]:
    """Everything that is known of each tool. people: what is shared of how tools did.

    Raises SandboxUnavailable when nothing can be tried on this machine.
    """
    if not tools:
        return []
    missing = frozenset(surroundings.missing)
    candidates = {tool.name: _candidate(tool.name, bench) for tool in tools}
    verdicts = await _verdicts(
        {tool.name: candidates[tool.name] for tool in tools if not missing & set(tool.requirements)}, bench
    )
    checkups = {tool.name: checkup(tool, verdicts.get(tool.name), surroundings) for tool in tools}
    sound = [tool for tool in tools if checkups[tool.name].health == "sound"]
    near = await _near(sound, candidates, bench)
    library = bench.library
    entered, tried = library.proposals.entered(), library.proposals.tried()
    families = _by_family(ledger.runs(_RUNS_LOOKED_AT))
    cases = open_cases(library)
    known = []
    for tool in tools:
        uses, checks = ledger.tool_uses(tool.name), ledger.tool_checks(tool.name)
        told = [one for evidence in people for one in evidence.tools if one.name == tool.name]
        used = [use.at.date() for use in uses] + [one.last_used for one in told if one.last_used is not None]
        came = entered.get(tool.name)
        since = came.date() if came is not None else None
        known.append(
            Facts(
                tool=tool,
                checkup=checkups[tool.name],
                drift=drift(_meetings(tool, uses, families, since, ledger)),
                evidence=(
                    trust.known_of(tool, uses, checks),
                    *(one for _, one in trust.of_others(tool, people, [*uses, *checks])),
                ),
                last_used=max(used, default=None),
                entered=since,
                callers=tuple(one.name for one in tools if tool.name in one.callees),
                near=near.get(tool.name),
                tried=tried.get(tool.name, {}),
                cases=tuple(one for one in cases if one.tool == tool.name),
            )
        )
    return known


def _candidate(name: str, bench: Workbench) -> Candidate | str:
    """A tool as the gates judge it, or why it cannot be read."""
    try:
        return bench.library.edited(name)
    except LibraryProblem as problem:
        return str(problem)


async def _verdicts(candidates: Mapping[str, Candidate | str], bench: Workbench) -> dict[str, Verdict | str]:
    """What each tool's own uses and tests say now; nothing of one that has none.

    A no is asked for twice, alone the second time: a busy machine is no evidence.
    """
    read = {name: one for name, one in candidates.items() if not isinstance(one, str)}
    tried = {name: one for name, one in read.items() if one.examples or one.holdout}
    found: dict[str, Verdict | str] = {name: one for name, one in candidates.items() if isinstance(one, str)}
    found |= await _all_at_once(tried, bench)
    for name, candidate in tried.items():
        verdict = found[name]
        if isinstance(verdict, Verdict) and verdict.outcome == "fail":
            async with Again(bench.start_sandbox, bench.bounds) as alone:
                found[name] = await alone.judge(candidate)
    return found


async def _all_at_once(candidates: Mapping[str, Candidate], bench: Workbench) -> dict[str, Verdict]:
    """Each tool tried once, a few side by side; when one raises, the others are ended before it is passed on."""
    limit = asyncio.Semaphore(_AT_ONCE)
    async with Again(bench.start_sandbox, bench.bounds) as again:

        async def judge(candidate: Candidate) -> Verdict:
            async with limit:
                return await again.judge(candidate)

        tasks = [asyncio.ensure_future(judge(one)) for one in candidates.values()]
        try:
            return dict(zip(candidates, await asyncio.gather(*tasks), strict=True))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _near(
    tools: Sequence[Tool], candidates: Mapping[str, Candidate | str], bench: Workbench
) -> dict[str, Nearness]:
    """How tools that look alike stand to one another, by what they answer on one another's uses."""

    def alike(one: Tool, other: Tool) -> bool:
        mine = candidates[one.name]
        return not isinstance(mine, str) and likeness_of(mine, other) >= ALIKE

    named = {tool.name: tool for tool in tools}
    found = {}
    async with Again(bench.start_sandbox, bench.bounds) as again:
        for name, others in likely_pairs(tools, alike, code_digest).items():
            mine = candidates[name]
            if not isinstance(mine, str):
                kept = Kept(tools=tuple(named[other] for other in others), whole=bench.library.edited)
                found[name] = await again.nearest(mine, kept)
    return found


def _by_family(runs: Iterable[RunSummary]) -> dict[str, list[RunSummary]]:
    """Runs by their question's family, newest first."""
    found: dict[str, list[RunSummary]] = {}
    for run in runs:
        found.setdefault(run.family, []).append(run)
    return found


def _meetings(
    tool: Tool, uses: Sequence[ToolUse], families: Mapping[str, list[RunSummary]], since: date | None, ledger: Ledger
) -> list[Meeting]:
    """The recent runs that asked the tool's question, and what became of the tool in each."""
    asked = dict.fromkeys(questions.family(recipe.question) for recipe in tool.recipes)
    used = {use.run_id: use for use in uses}
    found: list[Meeting] = []
    for run in (run for family in asked for run in families.get(family, ())[:RECENT]):
        use = used.get(run.run_id)
        if use is not None and (not use.error or trust.is_its_own(use.error)):
            found.append(Meeting(at=run.started_at, met="declined" if use.error else "answered", why=use.error))
        elif use is None and (since is None or run.started_at.date() >= since):
            why = [line for route in ledger.run(run.run_id).routes for line in route.why]
            strange = refused_shape(tool, [*why, run.error])
            if strange:
                found.append(Meeting(at=run.started_at, met="other-shape", why=strange))
    return found

"""Putting a candidate through the gates, with what the library knows."""

from __future__ import annotations

from lithify.errors import LibraryProblem
from lithify.gates import Kept, Use, judge
from lithify.records.tool import Candidate, Verdict
from lithify.services.workbench import Workbench


async def judged(candidate: Candidate, bench: Workbench, original: Use | None = None, *, kept_as: str = "") -> Verdict:
    """What the gates say.

    original: the run that it came from, with its answer; kept_as: the kept tool that it is, as its files stand now.
    A candidate that heals a tool is that tool: it is not held against it, unless it overrules what is recorded of it.
    """
    healed = candidate.healed
    kept_as = kept_as or (healed.tool if healed is not None and not healed.overrules else "")
    tools = tuple(tool for tool in bench.library.view().tools if tool.name != kept_as)
    kept = Kept(tools=tools, whole=bench.library.edited)
    return await judge(candidate, bench.start_sandbox, original, bench.bounds, kept)


def check(candidate: Candidate, verdict: Verdict, what: str) -> None:
    """Raises LibraryProblem when a gate says no; what: what does not happen for that."""
    if verdict.outcome != "fail":
        return
    failed = [f"{result.gate}: {result.evidence}" for result in verdict.results if result.outcome == "fail"]
    said = "; ".join(failed) or "no gate ran"
    raise LibraryProblem(f"{candidate.signature.function} does not pass its gates and was not {what}: {said}")

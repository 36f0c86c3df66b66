"""Judge: put a folder, or a kept tool, through the gates without keeping anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lithify.gates import Kept, candidate_in, harvest, judge, strangers_in
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Verdict
from lithify.services.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Files of a tool by relative path. where: how messages call the folder; kept_as: the kept tool that it is."""

    where: str
    files: Mapping[str, bytes]
    kept_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the gates said of a folder. harvested: its uses were taken from the calls of its tests."""

    candidate: Candidate
    verdict: Verdict
    harvested: bool = False


async def gate(folder: Folder, bench: Workbench) -> Judged:
    """All gates over a folder, beside the tools of the library. Where no uses are recorded, its tests' calls are.

    Raises BadInput and LibraryProblem for what is no tool's folder, SandboxUnavailable, BadSettings without ruff or ty.
    """
    kept_as = folder.kept_as
    candidate = bench.library.edited(kept_as) if kept_as else candidate_in(folder.files, folder.where)
    harvested = not candidate.examples
    if harvested:
        candidate = replace(candidate, examples=await harvest(candidate, bench.start_sandbox, bench.bounds))
    tools = tuple(tool for tool in bench.library.view().tools if tool.name != kept_as)
    kept = Kept(tools=tools, whole=bench.library.edited)
    strangers = strangers_in(folder.files, candidate)
    verdict = await judge(candidate, bench.start_sandbox, None, bench.bounds, kept, strangers)
    return Judged(candidate=candidate, verdict=verdict, harvested=harvested and bool(candidate.examples))

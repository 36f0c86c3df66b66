"""What becomes of kept tools: back to an earlier version, another name, put away, tested again."""

from __future__ import annotations

from collections.abc import Iterable

from lithify.errors import LibraryProblem
from lithify.records.tool import Tool, Verdict
from lithify.services.judging import check, judged
from lithify.services.workbench import Workbench


async def roll_back(name: str, wanted: str, bench: Workbench, *, gate: bool = False) -> tuple[Tool, Verdict | None]:
    """An earlier version as the next one. The verdict is None when the one of then still holds.

    gate: judge it again in any case. Raises LibraryProblem when there is no such version, or a gate says no.
    """
    past = bench.library.revisions.past(name, wanted)
    if past.vouched and not gate:
        return bench.library.revisions.roll_back(name, wanted, bench.person()), None
    verdict = await judged(past.candidate, bench, kept_as=name)
    check(past.candidate, verdict, "rolled back")
    return bench.library.revisions.roll_back(name, wanted, bench.person(), verdict), verdict


async def rename(old: str, new: str, bench: Workbench) -> tuple[Tool, tuple[str, ...]]:
    """Another name for a tool, and the callers that were led to it. All of them pass the gates, or none changes."""
    verdicts: dict[str, Verdict] = {}
    for name, candidate in bench.library.revisions.renamed(old, new).items():
        verdicts[name] = await judged(candidate, bench, kept_as=old if name == new else name)
        check(candidate, verdicts[name], f"renamed with {old}" if name != new else "renamed")
    tool = bench.library.revisions.rename(old, new, verdicts, bench.person())
    return tool, tuple(name for name in verdicts if name != new)


def retire(name: str, reason: str, bench: Workbench) -> None:
    """Never use a tool again, with the reason; its files and its history stay."""
    bench.library.revisions.set_status(name, "retired", bench.person(), reason)


async def test(names: Iterable[str], bench: Workbench) -> dict[str, Verdict | str]:
    """What the gates say of kept tools as they stand now, by name (all that are in use, when none is named).

    A text instead of a verdict says why one cannot be judged at all.
    """
    view = bench.library.view()
    put_away = {name for name, status in view.statuses.items() if status in ("retired", "candidate")}
    wanted = list(names) or sorted({tool.name for tool in view.tools} | view.refused.keys() - put_away)
    found: dict[str, Verdict | str] = {}
    for name in wanted:
        try:
            found[name] = await judged(bench.library.edited(name), bench, kept_as=name)
        except LibraryProblem as problem:
            found[name] = str(problem)
    return found

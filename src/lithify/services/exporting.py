"""Export: every recorded run as an object for training, with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lithify.errors import LibraryProblem
from lithify.export import KeptTool, trajectory_object
from lithify.ports import Ledger, Library
from lithify.records.ledger import RunDetail

_ALL = 10**9


def trajectories(ledger: Ledger, library: Library, chosen: Sequence[str] = ()) -> Iterator[dict[str, object]]:
    """The runs, oldest first, each followed by its child runs; chosen: only these (ids, or beginnings of ids)."""
    ids = chosen or [run.run_id for run in reversed(ledger.runs(_ALL))]
    for run_id in ids:
        run = ledger.run(run_id)
        yield trajectory_object(run, _kept(run, ledger, library))
        for child in run.descendants:
            yield trajectory_object(ledger.run(child.run_id), None)


def _kept(run: RunDetail, ledger: Ledger, library: Library) -> KeptTool | None:
    """What entered the library from a run, last."""
    entered = [acceptance for candidate in run.candidates for acceptance in candidate.accepted]
    if not entered:
        return None
    last = entered[-1]
    return KeptTool(
        name=last.tool,
        version=last.version,
        commit=last.commit,
        approved_by=last.approved_by,
        source=_source(library, last.tool, last.version),
        uses=[use for use in ledger.tool_uses(last.tool) if use.version == last.version],
        checks=[check for check in ledger.tool_checks(last.tool) if check.version == last.version],
    )


def _source(library: Library, tool: str, version: int) -> str | None:
    """The code of a version, when it is the one that the library holds now."""
    try:
        found = next((one for one in library.view().tools if one.name == tool), None)
    except LibraryProblem:
        return None
    return found.source if found is not None and found.version == version else None

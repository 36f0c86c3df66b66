"""Runs and their child runs put together. Pure, shared by every ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lithify.ledger.costing import total_usage
from lithify.records.ledger import RunState, RunSummary

UNFINISHED: frozenset[RunState] = frozenset({"failed", "interrupted", "died"})


def together(runs: Sequence[RunSummary]) -> dict[str, RunSummary]:
    """The runs of whole trees by their ids, each with what it and its child runs spent, and how many these are.

    runs: each with what it spent itself, a parent before its children.
    """
    whole = {run.run_id: run for run in runs}
    for run in reversed(runs):
        done = whole[run.run_id]
        if done.parent is not None:
            above = whole[done.parent]
            whole[done.parent] = replace(
                above,
                usage=total_usage([above.usage, done.usage]),
                failed_calls=above.failed_calls + done.failed_calls,
                children=above.children + done.children + 1,
            )
    return whole


def descendants(run_id: str, runs: Sequence[RunSummary]) -> tuple[RunSummary, ...]:
    """The runs below one, each before its own children. runs: of the tree, in the order of starting."""
    children: dict[str, list[RunSummary]] = defaultdict(list)
    for run in runs:
        if run.parent is not None:
            children[run.parent].append(run)

    def below(parent: str) -> Iterator[RunSummary]:
        for child in children[parent]:
            yield child
            yield from below(child.run_id)

    return tuple(below(run_id))


def resumable(state: RunState, parent: str | None, has_setup: bool) -> bool:
    """Whether a run can be gone on with: a root that recorded what it was started with, and has no good end."""
    return parent is None and has_setup and state in UNFINISHED

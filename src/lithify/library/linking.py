"""The kept tools that a source needs, as the library holds them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.layout import closure, imported_tools
from lithify.library.reading import read_one
from lithify.records.tool import Candidate, Tool


def callees_in(path: Path, source: str, changed: Mapping[str, Tool] | None = None) -> dict[str, Tool]:
    """The kept tools that a source needs, each after those that it imports. Raises as read_one, and for a circle.

    changed: tools as they will be, instead of those that the folder holds.
    """
    tools: dict[str, Tool] = {}

    def source_of(name: str) -> str:
        tools[name] = changed[name] if changed and name in changed else read_one(path, name)
        return tools[name].source

    return {name: tools[name] for name in closure(source, source_of)}


def with_callees(path: Path, candidate: Candidate) -> Candidate:
    """The candidate with the sources of the kept tools that it imports, as they are now. Raises as read_one does."""
    callees = callees_in(path, candidate.source)
    return replace(candidate, callees={name: tool.source for name, tool in callees.items()}) if callees else candidate


def check_callees(path: Path, candidate: Candidate) -> None:
    """Raises LibraryProblem when a candidate was judged with other tools than those that it would import here."""
    if not candidate.callees and not imported_tools(candidate.source):
        return
    if dict(with_callees(path, candidate).callees) != dict(candidate.callees):
        raise LibraryProblem(
            f"{candidate.signature.function} was judged with other versions of the tools that it imports than the "
            f"library holds now: `lithify review {candidate.id}` judges it again"
        )

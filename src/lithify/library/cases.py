"""Open cases, under .lithify/cases: on this machine only, as the data that they hold is somebody's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.layout.cases import case_to_bytes, read_case
from lithify.library.folder import read_file
from lithify.library.place import PRIVATE
from lithify.records.cases import Case

_FOLDER = f"{PRIVATE}/cases"


class CaseBook:
    """The Cases (see ports) of one library."""

    def __init__(self, library: Path) -> None:
        self._library = library

    def all(self) -> tuple[Case, ...]:
        """See ports."""
        folder = self._library / _FOLDER
        files = sorted(folder.glob("*.json"), key=lambda one: (one.stat().st_mtime_ns, one.name))
        return tuple(read_case(str(one), read_file(one)) for one in files)

    def put(self, case: Case) -> None:
        """See ports."""
        known = next((one for one in self.all() if one.id == case.id), None)
        if known is not None and known.said == "person" and case.said != "person":
            case = replace(case, answer=known.answer, said=known.said)
        if known is not None and known.version == case.version:
            case = replace(case, closed=known.closed)
        self._write(case)

    def close(self, identity: str, reason: str) -> Case:
        """See ports."""
        found = next((one for one in self.all() if one.id == identity), None)
        if found is None:
            raise LibraryProblem(f"there is no case {identity!r} in {self._library}; `lithify review` lists them")
        closed = replace(found, closed=reason)
        self._write(closed)
        return closed

    def _write(self, case: Case) -> None:
        from lithify.library.writing import writing

        with writing(self._library) as writer:
            writer.put(f"{_FOLDER}/{case.id}.json", case_to_bytes(case))

"""Evidence that people share: a file for each of their clones, read by all and written by its own alone."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lithify.errors import LibraryProblem
from lithify.layout import evidence_to_bytes, read_evidence
from lithify.library.commits import Commits
from lithify.library.folder import read_file
from lithify.library.messages import message
from lithify.library.place import Place, locate
from lithify.records.evidence import Evidence
from lithify.records.lock import LockFinding

if TYPE_CHECKING:
    from lithify.library.writing import Writer

FOLDER = "evidence"
_CLONE_FILE = "clone"
_CLONE = re.compile(r"[0-9a-f]{8}\Z")
_KEY_FILE = "evidence.key"
_KEY = re.compile(r"[0-9a-f]{64}\Z")


class GitEvidence:
    """A SharedEvidence (see ports) of one library."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[Evidence, ...]:
        """See ports. What cannot be read is left out; `lock.check` tells of it."""
        place = locate(self._path)
        own = f"-{_read_drawn(place, _CLONE_FILE, _CLONE)}.toml"
        found = (one for one in _all(place) if isinstance(one, Evidence))
        return tuple(replace(one, own=one.source.endswith(own)) for one in found)

    def key(self) -> bytes:
        """See ports."""
        from lithify.library.writing import writing

        with writing(self._path) as writer:
            return bytes.fromhex(_drawn(writer, _KEY_FILE, _KEY, 32))

    def write(self, evidence: Evidence) -> str:
        """See ports."""
        from lithify.library.writing import ensure_repository, writing  # a replay reads and does not write

        if not evidence.tools:
            return ""
        with writing(self._path) as first:
            writer = ensure_repository(first)
            path = writer.place.path
            own = f"{FOLDER}/{_slug(evidence.person)}-{_clone(writer)}.toml"
            # A name that changed is the same clone all the same: its former file goes.
            former = [f"{FOLDER}/{one.name}" for one in _files(writer.place) if one.stem.endswith(_clone(writer))]
            data = evidence_to_bytes(replace(evidence, source=own))
            if former == [own] and read_file(path / own) == data:
                return ""
            gone = dict.fromkeys(one for one in former if one != own)
            number = len(evidence.tools)
            subject = f"share how {number} tool{'s' if number != 1 else ''} did"
            text = message(subject, {"Evidence-Of": evidence.person})
            before = writer.head()
            after = writer.commit({own: data, **gone}, text)
            Commits(writer.place).advance(before, after, (), only=False)
            return own


def check_evidence(place: Place) -> Iterator[LockFinding]:
    """The files of evidence that cannot be read, with the way out: what they say does not count."""
    for problem in _all(place):
        if isinstance(problem, _Unreadable):
            text = f"{problem.why}. It does not count; `lithify upkeep --share` writes one's own anew"
            yield LockFinding(where=problem.where, severity="problem", text=text)


class _Unreadable:
    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why


def _all(place: Place) -> Iterator[Evidence | _Unreadable]:
    for file in _files(place):
        where = f"{FOLDER}/{file.name}"
        try:
            if file.is_symlink():
                raise LibraryProblem(f"{where} is a link; evidence must be files of the library's own folder")
            yield read_evidence(where, read_file(file))
        except LibraryProblem as problem:
            yield _Unreadable(where, str(problem))


def _files(place: Place) -> list[Path]:
    return sorted((place.path / FOLDER).glob("*.toml"))


def _slug(person: str) -> str:
    """A person's name as the beginning of a file's name: without their address."""
    words = re.findall(r"[a-z0-9]+", person.partition("<")[0].casefold())
    return "-".join(words)[:40] or "somebody"


def _clone(writer: Writer) -> str:
    """What tells this clone from others of the same person."""
    return _drawn(writer, _CLONE_FILE, _CLONE, 4)


def _drawn(writer: Writer, name: str, form: re.Pattern[str], size: int) -> str:
    """Random bytes in hex, drawn once and kept beside the ledger, which git never sees."""
    found = _read_drawn(writer.place, name, form)
    if not found:
        found = secrets.token_hex(size)
        writer.put(f"{writer.place.private.name}/{name}", f"{found}\n".encode())
    return found


def _read_drawn(place: Place, name: str, form: re.Pattern[str]) -> str:
    """What was drawn; "" when nothing was, or it is not there any more."""
    file = place.private / name
    found = read_file(file).decode("ascii", "replace").strip() if file.is_file() else ""
    return found if form.match(found) else ""

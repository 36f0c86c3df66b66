"""The lock: which exact contents may run, one file for each tool, so that two people's changes merge as git merges.

The lock in the work tree counts, not the one last committed. A commit changes lock and files together, and so do a
pull, a merge and a branch switch: read together, they fit at every moment. Whoever can write the lock in the folder can
commit it as well, so the committed one would vouch for nothing more, and would cost a git command on every replay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field, replace
from typing import cast, get_args

from lithify.errors import LibraryProblem, NotInLock
from lithify.layout import Contents, Table, Toml, dump, is_semver, is_tool_name, parse
from lithify.library.place import LOCK_FILE, LOCKS
from lithify.records.quick import dataclass
from lithify.records.tool import Status

LOCK_FORMAT = 2
"""1: all entries in tools.lock. 2: tools.lock holds this number only, and the entries stand in lock/NAME.toml."""

_MARKER_HEADING = """\
Which exact contents may run stands in lock/, one file for each tool: a tool whose files have another sha256 is refused.
`lithify review NAME` puts an edited tool through the gates again and writes its entry; `lithify lock check` looks at
all.\
"""
_ENTRY_HEADING = "Written by lithify, sealed: `lithify review`, `retire`, `rollback` and `rename` change it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the lock says of one tool.

    version: counts its changes; semver: what they mean for callers
    reason: why it has its status, when a person or a rule gave it that one
    verdict: what the gates said when these contents entered, in a line; "" for what entered before format 2
    imports: the kept tools that it needs, also through others, each with the contents that it was judged with
    """

    version: int
    semver: str
    status: Status
    approved_by: str
    requirements: tuple[str, ...]
    contents: Contents
    reason: str = ""
    verdict: str = ""
    imports: Mapping[str, str] = field(default_factory=dict)


def entry_path(name: str) -> str:
    """Where the entry of a tool stands, from the library's folder."""
    return f"{LOCKS}/{name}.toml"


def marker() -> bytes:
    """tools.lock: the format of the lock."""
    return dump(_MARKER_HEADING, {}, LOCK_FORMAT)


def write_entry(name: str, entry: Entry) -> bytes:
    """lock/NAME.toml. The seal is over all of it: an edit by hand, and a merge of two changes, does not go unseen."""
    table = _table(name, entry)
    return dump(_ENTRY_HEADING, {**table, "seal": _seal(table)}, LOCK_FORMAT)


def read_entry(name: str, data: bytes) -> tuple[Entry, Table]:
    """The inverse of write_entry, and the table that it was read from.

    Raises NotInLock when the seal is broken, LibraryProblem when it cannot be read.
    """
    where = entry_path(name)
    table = parse(where, data, LOCK_FORMAT)
    entry = entry_from_table(table)
    if table.text("name") != name or table.text("seal", "") != _seal(_table(name, entry)):
        raise NotInLock(
            f"{where} was not written by lithify as it stands (its seal does not fit), so {name} does not run. "
            f"`git checkout -- {where}` restores it, `lithify review {name}` puts the tool through the gates again"
        )
    return entry, table


def entry_from_table(table: Table) -> Entry:
    """What the table of an entry says; its seal is not looked at. Raises LibraryProblem naming file and key."""
    entry = replace(
        _read(table),
        semver=table.text("semver"),
        reason=table.text("reason", ""),
        verdict=table.text("verdict", ""),
        imports=_texts(table.table("imports")),
    )
    if not is_semver(entry.semver):
        raise LibraryProblem(f"{table.where}: 'semver' must be three numbers like 1.0.0, not {entry.semver!r}")
    return entry


def read_lock(data: bytes) -> dict[str, Entry]:
    """The entries that stand in tools.lock itself, by name: none since format 2.

    Raises LibraryProblem: broken, in conflict, or with a name that would leave the folder. What format 1 knew of
    versions was their number: each may have broken callers.
    """
    table = parse(LOCK_FILE, data, LOCK_FORMAT, oldest=1)
    tools = table.table("tools")
    for name in tools.data:
        if not is_tool_name(name):
            raise LibraryProblem(f"{LOCK_FILE}: {name!r} cannot name a tool; remove the entry")
    return {name: _read(tools.table(name)) for name in tools.data}


def is_old(data: bytes) -> bool:
    """Whether tools.lock is of a format whose entries stand in it."""
    return parse(LOCK_FILE, data, LOCK_FORMAT, oldest=1).integer("format") < LOCK_FORMAT


def _read(table: Table) -> Entry:
    version = table.integer("version")
    return Entry(
        version=version,
        semver=f"{version}.0.0",
        status=cast(Status, table.choice("status", get_args(Status))),
        approved_by=table.text("approved_by"),
        requirements=table.texts("requirements"),
        contents=Contents(sha256=table.text("sha256"), files=_texts(table.table("files"))),
    )


def _texts(table: Table) -> dict[str, str]:
    return {key: table.text(key) for key in table.data}


def _table(name: str, entry: Entry) -> dict[str, Toml]:
    table: dict[str, Toml] = {
        "name": name,
        "version": entry.version,
        "semver": entry.semver,
        "status": entry.status,
        "reason": entry.reason,
        "approved_by": entry.approved_by,
        "sha256": entry.contents.sha256,
        "verdict": entry.verdict,
        "requirements": list(entry.requirements),
        "imports": dict(sorted(entry.imports.items())),
        "files": dict(sorted(entry.contents.files.items())),
    }
    return {key: _plain(value) for key, value in table.items() if value not in ("", {})}


def _plain(value: Toml) -> Toml:
    """As it will be read: TOML has no lone surrogates."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _seal(table: Mapping[str, Toml]) -> str:
    text = json.dumps(table, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()

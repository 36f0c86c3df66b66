"""evidence/WHO.toml: what one person's ledger knows of how tools did, for the others who share the library. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from lithify.errors import LibraryProblem
from lithify.layout.naming import is_tool_name
from lithify.layout.table import Table, Toml, dump, parse
from lithify.records.evidence import DIGEST_CHARS, PLAIN_CHARS, Evidence, ToolEvidence

EVIDENCE_FORMAT = 2
"""1: digests of uses that are the same for everybody; they are read, and written no more. 2: keyed ones."""
MOST_USES = 20
"""How many uses of each kind are told of one tool: trust asks for three."""

_HEADING = """\
How the kept tools did for one person on one machine, written by `lithify upkeep --share`. Uses are told by digests
with a secret key; questions, data and answers are not in here. What all such files say makes and breaks trust.\
"""
_USES = {1: re.compile(rf"[0-9a-f]{{{PLAIN_CHARS}}}\Z"), 2: re.compile(rf"[0-9a-f]{{{DIGEST_CHARS}}}\Z")}
_CONTENTS = re.compile(r"[0-9a-f]{64}\Z")
_KINDS = ("answered", "failed", "agreed", "refuted")


def evidence_to_bytes(evidence: Evidence) -> bytes:
    """The file: a table for each tool of which anything is known, in the order of their names."""
    tools = [_table(one) for one in sorted(evidence.tools, key=lambda one: (one.name, one.contents))]
    return dump(_HEADING, {"person": evidence.person, "tools": [one for one in tools if one]}, EVIDENCE_FORMAT)


def read_evidence(where: str, data: bytes) -> Evidence:
    """The inverse of evidence_to_bytes. Raises LibraryProblem naming file and key."""
    table = parse(where, data, EVIDENCE_FORMAT, oldest=1)
    use = _USES[table.integer("format")]
    tools = tuple(_tool(one, use) for one in table.tables("tools"))
    return Evidence(person=table.text("person"), tools=tools, source=where)


def _table(one: ToolEvidence) -> dict[str, Toml]:
    """The uses that came first, so that a file changes little."""
    uses: dict[str, Toml] = {kind: list(getattr(one, kind)[:MOST_USES]) for kind in _KINDS if getattr(one, kind)}
    if one.last_used is not None:
        uses["last_used"] = one.last_used.isoformat()
    return {"name": one.name, "contents": one.contents, **uses} if uses else {}


def _tool(table: Table, use: re.Pattern[str]) -> ToolEvidence:
    name, contents = table.text("name"), table.text("contents")
    if not is_tool_name(name):
        raise LibraryProblem(f"{table.where}: {name!r} cannot name a tool")
    if _CONTENTS.match(contents) is None:
        raise LibraryProblem(f"{table.where}: 'contents' must be a sha256 in hex, not {contents!r:.80}")
    answered, failed, agreed, refuted = (_uses(table, kind, use) for kind in _KINDS)
    return ToolEvidence(
        name=name,
        contents=contents,
        answered=answered,
        failed=failed,
        agreed=agreed,
        refuted=refuted,
        last_used=_day(table),
    )


def _uses(table: Table, kind: str, use: re.Pattern[str]) -> tuple[str, ...]:
    """Digests, each once."""
    found: Iterable[str] = table.texts(kind)
    strange = next((one for one in found if use.match(one) is None), None)
    if strange is not None:
        raise LibraryProblem(f"{table.where}: {kind!r} has {strange!r:.80}, which is no digest of a use")
    return tuple(dict.fromkeys(found))


def _day(table: Table) -> date | None:
    text = table.text("last_used", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise LibraryProblem(f"{table.where}: 'last_used' must be a day like 2026-11-30, not {text!r:.80}") from error

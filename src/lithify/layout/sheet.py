"""tool.toml: what a tool is for, its signature, where it applies, and where it came from."""

from __future__ import annotations

from typing import cast, get_args

from lithify.errors import LibraryProblem
from lithify.layout.naming import is_tool_name
from lithify.layout.table import Table, Toml, dump, parse
from lithify.layout.tables import (
    fingerprint_from_table,
    fingerprint_to_table,
    healed_from_table,
    healed_to_table,
    original_from_table,
    original_to_table,
    property_from_table,
    property_to_table,
    provenance_from_table,
    provenance_to_table,
    signature_from_table,
    signature_to_table,
)
from lithify.records.context import Fingerprint
from lithify.records.healing import Healed
from lithify.records.quick import dataclass
from lithify.records.tool import Grade, Original, Property, Provenance, Signature

EDITED_IN_REVIEW = "edited by hand in review"
"""The note of a tool whose code a person changed before they let it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What tool.toml holds. Status and approval stand in the lock.

    candidate: the id of what it came from; not_for: questions and inputs that other tools answer, a line each
    healed: what the version before failed, when this one was made for that
    """

    name: str
    version: int
    grade: Grade
    candidate: str
    signature: Signature
    description: str
    requirements: tuple[str, ...]
    applicability: tuple[Fingerprint, ...]
    provenance: Provenance
    notes: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    originals: tuple[Original, ...] = ()
    healed: Healed | None = None


def sheet_to_bytes(sheet: Sheet) -> bytes:
    """tool.toml."""
    table: dict[str, Toml] = {
        "name": sheet.name,
        "version": sheet.version,
        "grade": sheet.grade,
        "candidate": sheet.candidate,
        "description": sheet.description,
        "requirements": list(sheet.requirements),
        "notes": list(sheet.notes),
        **({"not_for": list(sheet.not_for)} if sheet.not_for else {}),
        "signature": signature_to_table(sheet.signature),
        "applicability": [fingerprint_to_table(one) for one in sheet.applicability],
        "provenance": provenance_to_table(sheet.provenance),
        **({"properties": [property_to_table(one) for one in sheet.properties]} if sheet.properties else {}),
        **({"originals": [original_to_table(one) for one in sheet.originals]} if sheet.originals else {}),
        **({"healed": healed_to_table(sheet.healed)} if sheet.healed is not None else {}),
    }
    return dump(
        "A tool kept by lithify. tools.lock vouches for it: after an edit, `lithify review` gates it again.", table
    )


def read_sheet(where: str, data: bytes) -> Sheet:
    """The inverse of sheet_to_bytes; where names the file in messages. Raises LibraryProblem."""
    return sheet_from_table(parse(where, data))


def sheet_from_table(table: Table) -> Sheet:
    """What the table of a tool.toml says. Raises LibraryProblem naming file and key."""
    where, name = table.where, table.text("name")
    if not is_tool_name(name):
        raise LibraryProblem(f"{where}: {name!r} cannot name a tool: a to z, 0 to 9 and _, beginning with a letter")
    fingerprints = tuple(fingerprint_from_table(one) for one in table.tables("applicability"))
    if not fingerprints:
        raise LibraryProblem(f"{where}: [[applicability]] is missing; without it the tool fits no context")
    return Sheet(
        name=name,
        version=table.integer("version"),
        grade=cast(Grade, table.choice("grade", get_args(Grade))),
        candidate=table.text("candidate", ""),
        signature=signature_from_table(table.table("signature")),
        description=table.text("description"),
        requirements=table.texts("requirements"),
        applicability=fingerprints,
        provenance=provenance_from_table(table.table("provenance")),
        notes=table.texts("notes"),
        properties=tuple(property_from_table(one) for one in table.tables("properties")),
        originals=tuple(original_from_table(one) for one in table.tables("originals")),
        not_for=table.texts("not_for"),
        healed=healed_from_table(table.table("healed")) if "healed" in table.data else None,
    )

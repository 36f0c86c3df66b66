"""An open case as a file: JSON, since its data may be any text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast, get_args

from lithify.errors import LibraryProblem
from lithify.layout.table import Table
from lithify.layout.tables import fingerprint_from_table, fingerprint_to_table
from lithify.records.cases import Case, Said
from lithify.records.context import Texts
from lithify.records.healing import FailedBy
from lithify.records.plain_json import JsonValue, from_json, to_json

_FORMAT = 1
_TEXTS = ("tool", "by", "why", "unhealed", "question", "run_id", "input", "said", "closed")


def case_to_bytes(case: Case) -> bytes:
    """The file of a case."""
    data: dict[str, object] = {"format": _FORMAT, **{name: getattr(case, name) for name in _TEXTS}}
    data |= {"version": case.version, "arguments": dict(case.arguments), "answer": to_json(case.answer)}
    if case.shape is not None:
        data["shape"] = fingerprint_to_table(case.shape)
    if case.context is not None:
        data["context"] = case.context if isinstance(case.context, str) else dict(case.context)
    return (json.dumps(data, indent=1) + "\n").encode()


def read_case(where: str, data: bytes) -> Case:
    """The inverse of case_to_bytes; where names the file in messages. Raises LibraryProblem."""
    try:
        found = json.loads(data)
        table = Table(where, found)
        answer = from_json(cast("JsonValue", found.get("answer")))
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LibraryProblem(f"{where} is no case that lithify wrote: {error}; remove the file") from error
    arguments = table.table("arguments")
    shape = table.table("shape") if "shape" in table.data else None
    return Case(
        tool=table.text("tool"),
        version=table.integer("version"),
        by=cast(FailedBy, table.choice("by", get_args(FailedBy))),
        why=table.text("why"),
        unhealed=table.text("unhealed"),
        question=table.text("question"),
        run_id=table.text("run_id"),
        input=table.text("input"),
        arguments={name: arguments.scalar(name) for name in arguments.data},
        shape=fingerprint_from_table(shape) if shape is not None else None,
        context=_context(table),
        answer=answer,
        said=cast(Said, table.choice("said", get_args(Said))),
        closed=table.text("closed", ""),
    )


def _context(table: Table) -> Texts | None:
    found = table.data.get("context")
    if isinstance(found, Mapping):
        return {str(name): str(text) for name, text in found.items()}
    return found if isinstance(found, str) else None

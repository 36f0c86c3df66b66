"""What the first parameter of a tool is, by the context that it came from: its name, its type, what that imports."""

from __future__ import annotations

from collections.abc import Mapping

from lithify.errors import ProgrammerMustAct
from lithify.layout import Form, form_of
from lithify.records.context import Context, ContextKind, Frame
from lithify.records.quick import dataclass

KEPT_KINDS: frozenset[ContextKind] = frozenset({"text", "files", "table", "data", "document", "database"})
"""The kinds of context for which tools are kept."""
TEXT_TYPES: Mapping[ContextKind, str] = {"text": "str", "files": "dict[str, str]"}
"""What a tool over texts is annotated with, by the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """The first parameter of a tool.

    name, annotation: as they stand in the signature; imports: what the annotation needs, "" for nothing
    plainly: (annotation, imports) in their place where the code has another thing under the name that imports binds
    copied, copying: the expression that gives a copy of `context` which the code may change, and what it needs to be
             imported; "" where there is no such copy
    """

    form: Form
    name: str
    annotation: str
    imports: str = ""
    plainly: tuple[str, str] = ("", "")
    copied: str = ""
    copying: str = ""


_FRAMES: Mapping[Frame, tuple[str, str, str]] = {
    "pandas": ("DataFrame", "pd", "context.copy()"),
    "polars": ("DataFrame", "pl", "context.clone()"),
    "pyarrow": ("Table", "pa", "context.slice()"),
}


def reads_of(context: Context) -> Reads:
    """What a tool reads that was made on a context. Raises ProgrammerMustAct for a kind without tools."""
    form = form_of(context)
    match context.kind:
        case "text":
            return Reads(form=form, name="text", annotation=TEXT_TYPES["text"])
        case "files":
            return Reads(form=form, name="files", annotation=TEXT_TYPES["files"])
        case "database":
            return Reads(form=form, name="database", annotation="sqlite3.Connection", imports="import sqlite3")
        case "table":
            kind, alias, copied = _FRAMES[context.frame]
            return Reads(
                form=form,
                name="table",
                annotation=f"{alias}.{kind}",
                imports=f"import {context.frame} as {alias}",
                plainly=(f"{context.frame}.{kind}", f"import {context.frame}"),
                copied=copied,
            )
        case "document":
            return Reads(
                form=form,
                name="document",
                annotation="list[dict[str, Any]]",
                imports="from typing import Any",
                plainly=("list[dict]", ""),
                copied="deepcopy(context)",
                copying="from copy import deepcopy",
            )
        case "data":
            kind = type(context.value).__name__ if isinstance(context.value, dict | list) else "object"
            return Reads(
                form=form,
                name="data",
                annotation={"dict": "dict[str, Any]", "list": "list[Any]"}.get(kind, "Any"),
                imports="from typing import Any",
                plainly=(kind, ""),
                copied="deepcopy(context)",
                copying="from copy import deepcopy",
            )
    raise ProgrammerMustAct(f"no tool is kept for a {context.kind}")

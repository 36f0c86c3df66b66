"""What the first parameters of a tool are, by the context that it came from: name, type, what that imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lithify.errors import ProgrammerMustAct
from lithify.layout import Form, form_of
from lithify.records.context import Context, ContextKind, Frame
from lithify.records.quick import dataclass

TEXT_TYPES: Mapping[ContextKind, str] = {"text": "str", "files": "dict[str, str]"}
"""What a tool over texts is annotated with, by the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """The first parameter of a tool, or its first parameters.

    name, annotation: as they stand in the signature; imports: what the annotation needs, "" for nothing
    plainly: (annotation, imports) in their place where the code has another thing under the name that imports binds
    copied, copying: the expression that gives a copy of `context` which the code may change, and what it needs to be
             imported; "" where there is no such copy
    parts: of a tool over several inputs what it reads of each, under its name
    """

    form: Form
    name: str
    annotation: str
    imports: str = ""
    plainly: tuple[str, str] = ("", "")
    copied: str = ""
    copying: str = ""
    parts: tuple[Reads, ...] = ()

    @property
    def each(self) -> tuple[Reads, ...]:
        """What stands for the context in the signature: one parameter, or one for each of several inputs."""
        return self.parts or (self,)


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
        case "bytes":
            return Reads(form=form, name="data", annotation="bytes")
        case "inputs":
            parts = tuple(replace(reads_of(one), name=one.name) for one in context.inputs)
            return Reads(form=form, name=parts[0].name, annotation="", parts=parts)
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

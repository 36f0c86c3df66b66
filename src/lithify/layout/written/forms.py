"""Which form a context has in a recorded use, by its kind: how it is opened in a session or a test, and written."""

from __future__ import annotations

from collections.abc import Mapping

from lithify.layout.written import data, database, table
from lithify.records.context import Context, ContextKind, Frame
from lithify.records.quick import dataclass
from lithify.records.tool import Signature

WRITTEN_KINDS: frozenset[ContextKind] = frozenset({"table", "data", "document", "database"})
"""Kinds of which a recorded use holds a text that is opened again. Texts and files stand there as they are."""

BY_ROWS: frozenset[ContextKind] = frozenset({"table", "database"})
"""Those among them whose text is a line that tells the columns, and one line for each row."""

BY_ELEMENTS: frozenset[ContextKind] = frozenset({"data", "document"})
"""Those among them whose text is a JSON document."""

_OPENING: Mapping[ContextKind, str] = {
    "table": table.OPENING,
    "data": data.OPENING,
    "document": data.OPENING,
    "database": database.OPENING,
}
_WRITING: Mapping[ContextKind, str] = {
    "table": table.WRITING,
    "data": data.WRITING,
    "document": data.WRITING,
    "database": database.WRITING,
}
_FRAME_MODULES: Mapping[Frame, tuple[str, ...]] = {
    "pandas": ("pyarrow", "pandas"),
    "polars": ("pyarrow", "polars"),
    "pyarrow": ("pyarrow", "pyarrow.compute"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a tool reads: the kind of context, and of a table whose it is."""

    kind: ContextKind
    frame: Frame | None = None

    @property
    def written(self) -> bool:
        """Whether a recorded use holds a text that has to be opened."""
        return self.kind in WRITTEN_KINDS

    def opened(self, text: str, function: str = "opened") -> str:
        """The expression that opens the text of an expression, by the function of `opening` under some name."""
        frame = f', "{self.frame}"' if self.kind == "table" else ""
        return f"{function}({text}{frame})"


TEXT_FORM = Form(kind="text")


def form_of(reads: Signature | Context) -> Form:
    """The form of what a tool reads, or of a context."""
    if isinstance(reads, Signature):
        return Form(kind=reads.context_kind, frame=reads.context_frame)
    return Form(kind=reads.kind, frame=reads.frame if reads.kind == "table" else None)


def opening(form: Form) -> str:
    """The functions that open a text, for a module that imports base64 and json; "" where there is nothing to open."""
    return _OPENING.get(form.kind, "")


def writing(form: Form) -> str:
    """The functions that write a value as text: `written(value, most)`; "" where a value is text already."""
    return _WRITING.get(form.kind, "")


def frame_modules(form: Form) -> tuple[str, ...]:
    """What opening imports beside the standard library, worth preloading."""
    return _FRAME_MODULES[form.frame] if form.frame is not None else ()

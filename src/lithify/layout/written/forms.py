"""Which form a context has in a recorded use, by its kind: how it is opened in a session or a test, and written."""

from __future__ import annotations

from collections.abc import Mapping

from lithify.layout.written import binary, data, database, several, table
from lithify.records.context import Context, ContextKind, Frame
from lithify.records.quick import dataclass
from lithify.records.tool import Signature

WRITTEN_KINDS: frozenset[ContextKind] = frozenset({"table", "data", "document", "database", "bytes", "inputs"})
"""Kinds of which a recorded use holds a text that is opened again. Texts and files stand there as they are."""

BY_ROWS: frozenset[ContextKind] = frozenset({"table", "database", "bytes"})
"""Those among them whose text is a line that tells the columns, and one line for each row (of bytes, for a few)."""

BY_ELEMENTS: frozenset[ContextKind] = frozenset({"data", "document"})
"""Those among them whose text is a JSON document."""

_OPENING: Mapping[ContextKind, str] = {
    "table": table.OPENING,
    "data": data.OPENING,
    "document": data.OPENING,
    "database": database.OPENING,
    "bytes": binary.OPENING,
}
_WRITING: Mapping[ContextKind, str] = {
    "table": table.WRITING,
    "data": data.WRITING,
    "document": data.WRITING,
    "database": database.WRITING,
    "bytes": binary.WRITING,
}
_FRAME_MODULES: Mapping[Frame, tuple[str, ...]] = {
    "pandas": ("pyarrow", "pandas"),
    "polars": ("pyarrow", "polars"),
    "pyarrow": ("pyarrow", "pyarrow.compute"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a tool reads: the kind of context, of a table whose it is, of several inputs the form of each by name."""

    kind: ContextKind
    frame: Frame | None = None
    parts: tuple[tuple[str, Form], ...] = ()

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
        inputs = tuple((one.name, Form(kind=one.kind, frame=one.frame)) for one in reads.inputs)
        return Form(kind=reads.context_kind, frame=reads.context_frame, parts=inputs)
    frame = reads.frame if reads.kind == "table" else None
    return Form(kind=reads.kind, frame=frame, parts=tuple((one.name, form_of(one)) for one in reads.inputs))


def opening(form: Form) -> str:
    """The functions that open a text, for a module that imports base64 and json; "" where there is nothing to open."""
    if not form.parts:
        return _OPENING.get(form.kind, "")
    kinds = {_WORDS.get(part.kind, part.kind): part.kind for _, part in form.parts if part.kind != "text"}
    sources = {word: {**_OPENING, "files": several.FILES_OPENING}[kind] for word, kind in kinds.items()}
    return several.opening(sources, [(name, _opened_part(name, part)) for name, part in form.parts])


def writing(form: Form) -> str:
    """The functions that write a value as text: `written(value, most)`; "" where a value is text already."""
    if not form.parts:
        return _WRITING.get(form.kind, "")
    kinds = {_WORDS.get(part.kind, part.kind): part.kind for _, part in form.parts if part.kind != "text"}
    sources = {word: {**_WRITING, "files": several.FILES_WRITING}[kind] for word, kind in kinds.items()}
    return several.writing(sources, [(name, _written_part(name, part)) for name, part in form.parts])


def frame_modules(form: Form) -> tuple[str, ...]:
    """What opening imports beside the standard library, worth preloading."""
    frames = [one.frame for one in (form, *(part for _, part in form.parts)) if one.frame is not None]
    return tuple(dict.fromkeys(module for frame in frames for module in _FRAME_MODULES[frame]))


_WORDS: Mapping[ContextKind, str] = {"document": "data"}
"""Kinds that are written as another one is."""


def _opened_part(name: str, part: Form) -> str:
    text = f'texts["{name}"]'
    return text if part.kind == "text" else part.opened(text, f"opened_{_WORDS.get(part.kind, part.kind)}")


def _written_part(name: str, part: Form) -> str:
    value = f'values["{name}"]'
    return f"[{value}, True]" if part.kind == "text" else f"written_{_WORDS.get(part.kind, part.kind)}({value}, share)"

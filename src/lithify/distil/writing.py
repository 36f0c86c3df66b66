"""A context as a text: what can be read for words, cut into parts and kept as a recorded use."""

from __future__ import annotations

import json
from dataclasses import replace

from lithify.errors import SandboxLost
from lithify.layout import BY_ELEMENTS, CONTEXT_INPUT, WRITTEN, Form, form_of, handed, laid_out, writing_cell
from lithify.ports import Sandbox
from lithify.records.context import Context, Frame, Texts
from lithify.records.distil import NoCandidate
from lithify.records.quick import dataclass

_MOST_CHARACTERS = 2_000_000
_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a context is written as; whole: whether that is all of it, or a part of one that is too large."""

    texts: Texts
    whole: bool = True


async def written(context: Context, sandbox: Sandbox) -> Written | NoCandidate:
    """The texts of a context; of a table, data or a database how they are written. Or why they cannot be.

    Written in the sandbox: reading a database may run what it holds.
    """
    form = form_of(context)
    if not form.written:
        return Written(texts=context.texts)
    as_it_came = _by_arrow(form)
    given = handed(as_it_came, context)
    try:
        session = await sandbox.open_session(given.inputs, {})
        try:
            for cell in (given.code, writing_cell(form)):
                await session.run(cell, timeout=_SECONDS)
            found = await session.run(f"{WRITTEN}({CONTEXT_INPUT}, {_MOST_CHARACTERS})", timeout=_SECONDS)
        finally:
            await session.close()
    except SandboxLost as lost:
        return NoCandidate(reason=f"the {context.kind} could not be written down as a recorded use: {lost}")
    match found.value:
        case [str(text), bool(whole)] if found.error is None:
            return Written(texts=_of_form(text, form), whole=whole)
        case [{**texts}, bool(whole)] if found.error is None and form.parts:
            return Written(texts={name: _of_form(str(texts[name]), part) for name, part in form.parts}, whole=whole)
    why = found.error.message if found.error is not None else "the worker gave no text"
    return NoCandidate(reason=f"the {context.kind} cannot be written down as a recorded use: {why}")


def _by_arrow(form: Form) -> Form:
    """The form as it is written: tables as they come, of whichever library they are for a cell."""
    frame: Frame | None = "pyarrow" if form.frame is not None else None
    return replace(form, frame=frame, parts=tuple((name, _by_arrow(part)) for name, part in form.parts))


def _of_form(text: str, form: Form) -> str:
    return _laid_out(text) if form.kind in BY_ELEMENTS or form.kind == "files" else text


def _laid_out(text: str) -> str:
    try:
        return laid_out(json.loads(text)) + "\n"
    except RecursionError:  # nested deeper than anybody reads
        return text

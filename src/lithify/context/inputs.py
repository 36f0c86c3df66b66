"""Several named inputs as one Context. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from lithify.context.bounds import bounded
from lithify.errors import ProgrammerMustAct
from lithify.records.context import Context, Fingerprint
from lithify.records.plain import Plain

MAX_CHARS = 8_000
MAX_INPUTS = 40
_LEAST = 300


def context_of_inputs(inputs: Sequence[Context]) -> Context:
    """A Context whose variables are these, each under its own name, and `context` a dict of them.

    Raises ProgrammerMustAct for none, for more than MAX_INPUTS, and for a name that occurs twice.
    """
    names = [one.name for one in inputs]
    if not names or len(names) > MAX_INPUTS or len(set(names)) < len(names):
        raise ProgrammerMustAct(f"inputs need 1 to {MAX_INPUTS} different names, not {len(names)}: {names[:50]}")
    digest = hashlib.sha256(b"inputs\n")
    for one in inputs:
        digest.update(f"{len(one.name.encode())}:{one.name}{one.digest}".encode())
    modules = tuple(dict.fromkeys(module for one in inputs for module in one.modules))
    return Context(
        kind="inputs",
        value=cast("dict[str, Plain]", {one.name: one.value for one in inputs}),
        sources=tuple(source for one in inputs for source in one.sources),
        size=sum(one.size for one in inputs),
        digest=digest.hexdigest(),
        preview=preview_inputs(inputs),
        fingerprint=Fingerprint(format="inputs", members=tuple((one.name, one.fingerprint) for one in inputs)),
        notes=tuple(note if len(inputs) == 1 else f"{one.name}: {note}" for one in inputs for note in one.notes),
        type=f"dict of {len(inputs)} inputs",
        inputs=tuple(replace(one, modules=()) for one in inputs),
        modules=modules,
    )


def preview_inputs(inputs: Sequence[Context]) -> str:
    """The preview of each, in the order given; the long ones are cut so that all find room in MAX_CHARS."""
    limits = shared_room([len(one.preview) for one in inputs], MAX_CHARS - 40 * len(inputs))
    parts = [f"== {one.name} ==\n{bounded(one.preview, limit)}" for one, limit in zip(inputs, limits, strict=True)]
    return "\n\n".join(parts)


def shared_room(lengths: Sequence[int], room: int) -> list[int]:
    """How much each may have so that all fit: what it needs if that is little, else the same share of the rest."""
    limits = [0] * len(lengths)
    left = room
    for place, number in enumerate(sorted(range(len(lengths)), key=lambda number: lengths[number])):
        share = max(_LEAST, left // (len(lengths) - place))
        limits[number] = min(lengths[number], share)
        left -= limits[number]
    return limits

"""Which input of a context is which parameter of a tool: by name, and by shape where the names are others. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from lithify.records.context import Context, Fingerprint
from lithify.records.plain import Plain
from lithify.records.tool import Signature
from lithify.routing.applicability import covers

_MOST_BY_SHAPE = 6
"""How many inputs are told apart by their shapes; beyond that they need their names."""


def arranged(context: Context, signature: Signature, known: Sequence[Fingerprint]) -> Context | str:
    """The context as a tool reads it, its inputs in the order and under the names of the parameters; or why not.

    An input that has a parameter's name is that one. The others are told by their shapes, of which `known` are those
    that the tool was made on: when there is one way only to do so. One input alone is what a tool over one input reads,
    with or without a name.
    """
    if not signature.inputs:
        return replace(context.inputs[0], modules=context.modules) if len(context.inputs) == 1 else context
    if not context.inputs and len(signature.inputs) > 1:
        names = [one.name for one in signature.inputs]
        return f"it takes {len(names)} inputs, this is {context.kind}: name each, {_named(names)}"
    chosen = _chosen(context, signature, known)
    if isinstance(chosen, str):
        return chosen
    inputs = tuple(replace(chosen[one.name], name=one.name) for one in signature.inputs)
    return replace(
        context,
        kind="inputs",
        value=cast("dict[str, Plain]", {one.name: one.value for one in inputs}),
        inputs=inputs,
        fingerprint=Fingerprint(format="inputs", members=tuple((one.name, one.fingerprint) for one in inputs)),
    )


def _chosen(context: Context, signature: Signature, known: Sequence[Fingerprint]) -> dict[str, Context] | str:
    """The input for each parameter, or why there is none."""
    there = {one.name: one for one in context.variables}
    names = [one.name for one in signature.inputs]
    if len(there) != len(names):
        return f"it takes {len(names)} inputs ({', '.join(names)}), here are {len(there)} ({', '.join(there)})"
    found = {name: there[name] for name in names if name in there}
    left = [one for name, one in there.items() if name not in found]
    if not left:
        return found
    wanting = [one for one in signature.inputs if one.name not in found]
    if len(left) > _MOST_BY_SHAPE:
        return f"{len(left)} inputs have other names than its parameters: give them, {_named(names)}"
    fits = {
        one.name: [each for each in left if each.kind == one.kind and _covered(one.name, each, known)]
        for one in wanting
    }
    ways = [way for _, way in zip(range(2), _ways([one.name for one in wanting], fits), strict=False)]
    if len(ways) == 1:
        return {**found, **ways[0]}
    if ways:
        which = ", ".join(one.name for one in left)
        return f"which of {which} is which cannot be told by their shapes: give the names, {_named(list(fits))}"
    missing = next((name for name, some in fits.items() if not some), next(iter(fits)))
    return f"none of {', '.join(one.name for one in left)} is of the shape of its input {missing!r}"


def _covered(name: str, context: Context, known: Sequence[Fingerprint]) -> bool:
    shapes = [member for one in known for other, member in one.members if other == name]
    return covers(shapes, context.fingerprint).covered


def _ways(names: Sequence[str], fits: Mapping[str, Sequence[Context]]) -> Iterator[dict[str, Context]]:
    """Every way to give each name one of what fits it, none twice."""
    if not names:
        yield {}
        return
    for one in fits[names[0]]:
        rest = {name: [other for other in some if other is not one] for name, some in fits.items()}
        yield from ({names[0]: one, **way} for way in _ways(names[1:], rest))


def _named(names: Sequence[str]) -> str:
    return " ".join(f"{name}=…" for name in names)

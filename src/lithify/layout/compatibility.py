"""What a new version means for those who call a tool, as a semantic version (semver.org). Pure.

Compared are the signature and its types. Whether the same call gives the same answer is what the gates look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias, get_args

from lithify.errors import LibraryProblem
from lithify.layout.annotations import is_kind_of, read_type
from lithify.records.quick import dataclass
from lithify.records.tool import Parameter, Signature

Level: TypeAlias = Literal["patch", "minor", "major"]
FIRST_SEMVER = "1.0.0"

_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")
_LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How far a new signature goes beyond the old one; reasons: one line for each difference, the gravest first."""

    level: Level
    reasons: tuple[str, ...]


def is_semver(text: str) -> bool:
    """Whether text is a version of three numbers."""
    return _SEMVER.match(text) is not None


def next_semver(before: str, level: Level) -> str:
    """The version after `before`. Raises LibraryProblem when that is none."""
    found = _SEMVER.match(before)
    if found is None:
        raise LibraryProblem(f"{before!r} is no version of three numbers, like {FIRST_SEMVER}")
    major, minor, patch = (int(number) for number in found.groups())
    if level == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if level == "minor" else f"{major}.{minor}.{patch + 1}"


def compare(old: Signature, new: Signature) -> Change:
    """What changes for callers: major breaks a call that worked or what they do with its answer, minor allows more."""
    found = [*_names(old, new), *_parameters(old.parameters, new.parameters), *_returns(old.returns, new.returns)]
    found.sort(key=lambda one: -_LEVELS.index(one[0]))
    return Change(level=found[0][0] if found else "patch", reasons=tuple(text for _, text in found))


def _names(old: Signature, new: Signature) -> Iterator[tuple[Level, str]]:
    if old.function != new.function:
        yield "major", f"the function {old.function} is now called {new.function}"
    if old.context_kind != new.context_kind:
        yield "major", f"it reads {new.context_kind}, before it read {old.context_kind}"
    if new.needs_llm and not old.needs_llm:
        yield "major", "it asks a language model, before it did not"
    if old.needs_llm and not new.needs_llm:
        yield "minor", "it needs no language model any more"
    if old.inputs or new.inputs:
        yield from _inputs(old, new)
    elif old.context_parameter != new.context_parameter:
        yield "major", f"its first parameter {old.context_parameter} is now called {new.context_parameter}"


def _inputs(old: Signature, new: Signature) -> Iterator[tuple[Level, str]]:
    before, after = {one.name: one for one in old.inputs}, {one.name: one for one in new.inputs}
    if list(before) != list(after):
        yield "major", f"it takes the inputs {', '.join(after) or 'none'}, before {', '.join(before) or 'none'}"
    for name in before.keys() & after.keys():
        if before[name] != after[name]:
            yield "major", f"the input {name} is {after[name].kind}, before it was {before[name].kind}"


def _parameters(old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> Iterator[tuple[Level, str]]:
    after = {one.name: one for one in new}
    for gone in _missing(old, after):
        yield "major", f"the parameter {gone} is gone"
    common = [one.name for one in old if one.name in after]
    if [one.name for one in new][: len(common)] != common:
        yield "major", f"its parameters stand in another order: {', '.join(after)}"
    for before in old:
        if before.name in after:
            yield from _parameter(before, after[before.name])
    for added in _missing(new, {one.name for one in old}):
        yield "minor", f"the parameter {added} is new; calls may leave it out"


def _parameter(before: Parameter, after: Parameter) -> Iterator[tuple[Level, str]]:
    one, other = read_type(before.annotation), read_type(after.annotation)
    if not is_kind_of(one, other):
        yield "major", f"{before.name} took {before.annotation} and takes {after.annotation}"
    elif one != other:
        yield "minor", f"{before.name} takes {after.annotation}, more than {before.annotation}"
    if (type(before.default), before.default) != (type(after.default), after.default):
        yield "major", f"without {before.name} it was {before.default!r} and is {after.default!r}"


def _returns(before: str, after: str) -> Iterator[tuple[Level, str]]:
    one, other = read_type(before), read_type(after)
    if not is_kind_of(other, one):
        yield "major", f"it gave {before} and gives {after}"
    elif one != other:
        yield "minor", f"it gives {after}, which every {before} was not"


def _missing(these: Iterable[Parameter], there: Iterable[str]) -> list[str]:
    known = set(there)
    return [one.name for one in these if one.name not in known]

"""Two tools that do the same made one: the one that stays takes over the other's questions and recorded uses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lithify.errors import LibraryProblem
from lithify.layout import form_of, read_examples, read_holdout
from lithify.library.keeping import Plan
from lithify.library.placing import same_shape
from lithify.library.reading import TOOLS, parse_files, read_files
from lithify.records.context import Fingerprint
from lithify.records.tool import Recipe, Signature


def united(path: Path, gone: str, into: str) -> Plan:
    """The next version of `into`: its own code, and what `gone` was asked, tried on and made for besides.

    Raises LibraryProblem when it cannot be called as the other one is.
    """
    theirs, mine = read_files(path, gone), read_files(path, into)
    other, own = parse_files(theirs, gone), parse_files(mine, into)
    form = form_of(other.sheet.signature)
    examples = read_examples(theirs, f"{TOOLS}/{gone}", form)
    sealed = read_holdout(theirs, f"{TOOLS}/{gone}", form)
    recipes = _recipes(own.recipes, other.recipes, into)
    used = {key for use in (*examples, *sealed) for key in use.arguments}
    _check(own.sheet.signature, other.sheet.signature, {slot.name for one in recipes for slot in one.slots} | used)
    return Plan(
        sheet=replace(
            own.sheet,
            version=own.sheet.version + 1,
            applicability=_shapes(own.sheet.applicability, other.sheet.applicability),
            not_for=tuple(line for line in own.sheet.not_for if f": {gone} " not in line),
        ),
        source=own.source,
        examples=examples,
        holdout=sealed,
        recipes=recipes,
        keeps_examples=True,
    )


def _check(own: Signature, other: Signature, asked: set[str]) -> None:
    strange = sorted(asked - {one.name for one in own.parameters})
    kinds = {(one.context_kind, one.context_frame) for one in (own, other)}
    if strange or len(kinds) > 1 or own.needs_llm or other.needs_llm:
        what = ", ".join(strange) or ("data of one kind" if len(kinds) > 1 else "a model's part in it")
        raise LibraryProblem(f"{own.function} cannot take over from {other.function}: they do not share {what}")


def _recipes(own: tuple[Recipe, ...], other: tuple[Recipe, ...], into: str) -> tuple[Recipe, ...]:
    known = {recipe.template for recipe in own}
    return (*own, *(replace(recipe, tool=into) for recipe in other if recipe.template not in known))


def _shapes(own: tuple[Fingerprint, ...], other: tuple[Fingerprint, ...]) -> tuple[Fingerprint, ...]:
    return (*own, *(one for one in other if not any(same_shape(one, known) for known in own)))

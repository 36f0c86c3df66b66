"""Mining the properties of a candidate: relations are tried, and those that hold and say something are proposed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from lithify.errors import SandboxLost
from lithify.layout import form_of, imported_tools, nothing
from lithify.ports import Sandbox
from lithify.properties import catalogue, catalogue_more
from lithify.properties.frame import PATH, OneOf, Parts, Sheet, module_text
from lithify.properties.relation import Relation, Situation
from lithify.properties.trial import Held, Trial, literal
from lithify.records.answers import means_something
from lithify.records.tool import Candidate, Example, Parameter, Property

_LARGEST = 50_000
"""Characters of a recorded use on which properties are tried: a test runs the tool some hundred times."""
_LARGEST_WHOLE = 1_000_000
_WHOLE = "the whole input"
_EXAMPLES, _EXAMPLES_RESAMPLED, _EXAMPLES_WHOLE = 20, 40, 4
_SECONDS_EACH = 2.0
MOST = 8
"""How many properties a tool has at most: those are kept that come first in the catalogue."""
_RECORDED = Relation(
    name="recorded",
    says="The recorded answer.",
    given="use=uses",
    test="\nuse\n    assert same(use['expected'], answer(context_of(use), use))\n",
    shown="''",
    fits=lambda at: True,
)
"""What a tool must do at all, before any other relation means something."""
_SAY_NOTHING = ("an_empty_input", "an_unknown_")
"""Relations whose point is that the answer says nothing."""


async def with_properties(
    candidate: Candidate, whole: Example | None, sandbox: Sandbox, *, seconds: float = 6.0
) -> Candidate:
    """The candidate with the properties that hold for it, and their test file.

    Every relation of the catalogue that makes sense is tried on the recorded uses, as the test that would be kept, and
    those that hold also on inputs drawn from the lines of these, and on the whole input. One that changes no input, or
    finds only answers that say nothing, is left out.
    whole: the input that the candidate came from, with its answer. seconds: what all of it may take.
    Never raises for a tool that does not behave: it has no properties then.
    """
    uses = [use for use in candidate.examples if _size(use) <= _LARGEST and not use.private]
    if not uses:
        return candidate
    every = [*uses, replace(whole, name=_WHOLE)] if whole is not None and _size(whole) <= _LARGEST_WHOLE else uses
    situation = Situation(candidate=candidate, answer=uses[0].expected, format=candidate.applicability.format)
    parts = _parts(situation)
    try:
        trial = await Trial.of(candidate, every, sandbox, parts=parts, seconds=seconds)
        if trial is None:
            return candidate
        try:
            names = [use.name for use in uses]
            kept = await _kept(situation, trial, names, whole=len(every) > len(uses))
            await trial.begin(kept, names, _EXAMPLES)
            properties = [
                Property(name=one.name, says=one.says, example=await trial.shown(one, _parameter(one, candidate)))
                for one in kept
            ]
        finally:
            await trial.close()
    except SandboxLost:
        return candidate
    if not properties:
        return candidate
    linked = bool(imported_tools(candidate.source))
    text = module_text(kept, candidate.signature, names, parts=parts, linked=linked)
    extra = {**candidate.extra, PATH: text.encode("utf-8", "replace")}
    return replace(candidate, properties=tuple(properties), extra=extra)


async def _kept(situation: Situation, trial: Trial, names: Sequence[str], *, whole: bool) -> list[Relation]:
    """The relations that hold on all that there is to try them on, the most telling first."""
    await trial.begin([_RECORDED], names, _EXAMPLES)
    if await trial.holds(_RECORDED, _SECONDS_EACH) is None:
        return []
    held = await _that_hold(await _relations(situation, trial), trial, names)
    held = await _on_others(held, trial, await trial.resampled(names), _EXAMPLES_RESAMPLED)
    if whole:
        held = await _on_others(held, trial, [_WHOLE], _EXAMPLES_WHOLE)
    return _not_implied(held)[:MOST]


async def _that_hold(relations: Sequence[Relation], trial: Trial, names: Sequence[str]) -> list[Relation]:
    await trial.begin(relations, names, _EXAMPLES)
    held = []
    for relation in relations:
        found = await trial.holds(relation, _SECONDS_EACH)
        if found is not None and _says_something(relation, found):
            held.append(relation)
    return held


def _says_something(relation: Relation, found: Held) -> bool:
    if relation.name.startswith(_SAY_NOTHING):
        return found.changed > 0
    return found.changed > 0 and found.telling > 0


async def _on_others(held: Sequence[Relation], trial: Trial, names: Sequence[str], examples: int) -> list[Relation]:
    """Those that hold on other uses too, as far as there is time to try it: what only holds by chance is found out."""
    if not names:
        return list(held)
    await trial.begin(held, names, examples)
    return [relation for relation in held if trial.seconds <= 0 or await trial.holds(relation, _SECONDS_EACH)]


def _not_implied(held: Sequence[Relation]) -> list[Relation]:
    names = {relation.name for relation in held}
    return [relation for relation in held if relation.rival not in names]


async def _relations(situation: Situation, trial: Trial) -> list[Relation]:
    """The relations that make sense, with names and values filled in."""
    found = [*catalogue.LINES, *catalogue_more.TABLES, *catalogue_more.DOCUMENTS, *catalogue_more.FILES]
    delimiter = repr(situation.candidate.applicability.delimiter or ",").replace("'", '"')
    chosen = [_filled(one, DELIMITER=delimiter) for one in found if one.fits(situation)]
    word = "row" if situation.rows else "element" if situation.elements else "line"
    if situation.lined is not None:
        name, head = situation.lined
        chosen = [_of_input(one, name) for one in chosen]
        word = "row" if head else "line"
    chosen = [_about(one, word) for one in chosen]
    for parameter in situation.candidate.signature.parameters:
        chosen += await _of_parameter(parameter, situation, trial)
    chosen += await _of_nothing(situation, trial)
    return [*chosen, *(one for one in (*catalogue_more.MACHINE, catalogue.LINE_ENDS) if one.fits(situation))]


async def _of_parameter(parameter: Parameter, situation: Situation, trial: Trial) -> list[Relation]:
    name = parameter.name
    if parameter.annotation == "str":
        kind, value = await trial.given(f"context_of(USES[0]), {name}='qxzqxzqx'")
        text = literal(value) if kind == "value" else ""
        text = "" if means_something(value) else text  # a date that does not occur may lie before or after others
        return [_filled(catalogue_more.ABSENT, NAME=name, VALUE=text, SAID=text, SHOWN=repr(text))] if text else []
    every = (catalogue_more.TOP, catalogue_more.FALLING, catalogue_more.RISING)
    whole = parameter.annotation == "int"
    return [
        _filled(one, NAME=name) for one in every if one.fits(situation) and (whole or one is not catalogue_more.TOP)
    ]


async def _of_nothing(situation: Situation, trial: Trial) -> list[Relation]:
    empty = _nothing(situation)
    kind, value = await trial.given(empty.replace("(use)", "(USES[0])"))
    if kind == "raised" and value in ("ValueError", "LookupError", "RuntimeError"):
        return [
            _filled(
                catalogue_more.EMPTY_REFUSED, VALUE=str(value), SAID=str(value), SHOWN=repr(str(value)), NOTHING=empty
            )
        ]
    text = literal(value) if kind == "value" else ""
    return [_filled(catalogue_more.EMPTY, VALUE=text, SAID=text, SHOWN=repr(text), NOTHING=empty)] if text else []


def _about(relation: Relation, word: str) -> Relation:
    """A relation over lines in the words of what the lines are."""
    return replace(
        relation,
        name=relation.name.replace("line", word),
        says=relation.says.replace("line", word),
        shown=relation.shown.replace("} lines", "} " + word + "s").replace("first line", "first " + word),
    )


def _of_input(relation: Relation, name: str) -> Relation:
    """A relation over the lines of one of several inputs."""
    return replace(relation, says=f"Of {name}: {relation.says[0].lower()}{relation.says[1:]}")


def _parts(situation: Situation) -> Parts:
    """What its input is cut into: of a workbook the sheet with the most rows."""
    if situation.sheets:
        use = json.loads(str(situation.candidate.examples[0].context))
        rows = {str(one["sheet"]): len(one["rows"]) for one in use}
        name, shape = max(situation.sheets, key=lambda sheet: rows.get(sheet[0], 0))
        return Sheet(name, shape.header)
    if situation.lined is not None:
        return OneOf(*situation.lined)
    if situation.elements:
        return "elements"
    headed = situation.format == "delimited" and bool(situation.candidate.applicability.header)
    return "header" if headed or situation.rows else "lines"


def _nothing(situation: Situation) -> str:
    """The expression for a context with nothing in it."""
    if situation.rows or situation.elements:
        return "joined(lines_of(use)[0], [])"
    form = form_of(situation.candidate.signature)
    use = situation.candidate.examples[0].context
    if form.parts:
        return json.dumps(nothing(use, form))
    return repr(nothing(use, form)).replace("'", '"') if isinstance(use, str) else "{}"


def _filled(relation: Relation, **values: str) -> Relation:
    """A relation with values in place of its marks."""

    def fill(text: str) -> str:
        for mark, value in values.items():
            text = text.replace(f"@{mark}@", value)
        return text

    return replace(
        relation,
        name=fill(relation.name),
        says=fill(relation.says),
        test=fill(relation.test),
        shown=fill(relation.shown),
    )


def _parameter(relation: Relation, candidate: Candidate) -> str:
    """The parameter that a relation is about."""
    names = [one.name for one in candidate.signature.parameters if f'"{one.name}"' in relation.test]
    names += [one.name for one in candidate.signature.parameters if f"{one.name}=" in relation.test]
    return names[0] if names else ""


def _size(use: Example) -> int:
    context = use.context
    return len(context) if isinstance(context, str) else sum(len(name) + len(text) for name, text in context.items())

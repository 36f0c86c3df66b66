"""Where a candidate goes: it improves what is there, stands beside it with a boundary, or does not enter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import count

from lithify.layout import FIRST_SEMVER, Sheet, compare, is_tool_name, next_semver, sheet_of
from lithify.library.keeping import Plan
from lithify.records.context import Fingerprint
from lithify.records.healing import Healed
from lithify.records.nearness import Nearness
from lithify.records.placement import Placement
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Recipe, Tool

_WORD = re.compile(r"[a-z0-9]+")
_TELLING = 4
"""Letters of a word that tells two tools of one name apart."""
_OVERLAP = 0.3
"""How much of their lines two texts must share, by line shape, for their tools to be versions of one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The library is better without it; reason says why, and what would change it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """What is there. tools: what may run; torn: what was edited, and why it may not run; taken: every name in use.

    away: tools that went back to candidate; what heals one of them is its next version.
    """

    tools: tuple[Tool, ...]
    torn: Mapping[str, str]
    taken: Set[str]
    away: tuple[Tool, ...] = ()


def place(candidate: Candidate, there: Shelves, nearest: Nearness | None) -> Plan | Tool | Refused:
    """What becomes of a candidate, or the tool that is the same already.

    What heals a tool is its next version. The same code is another use of the tool that has it. Another answer to the
    same question over input of the same shape is its next version. What answers as a kept tool does gives that one its
    question. What is near to a kept tool stands beside it, and each says what it is not for. nearest: what the
    duplicates gate found.
    """
    if candidate.healed is not None:
        return _heal(candidate, candidate.healed, there)
    name = candidate.signature.function
    known = sorted(there.tools, key=lambda tool: (tool.name != name, tool.name))
    for tool in known:
        if _same_code(candidate, tool):
            return _add_use(candidate, tool)
    for tool in known:
        if _answers_the_same(candidate, tool):
            return _improve(candidate, tool)
    near = next((tool for tool in known if nearest is not None and tool.name == nearest.tool), None)
    if near is not None and nearest is not None and nearest.relation == "same":
        return _lend_question(candidate, near)
    if near is not None and nearest is not None and nearest.relation == "improves":
        return _improve(candidate, near)
    if name in there.torn:
        return Refused(reason=f"{name} is there and edited: {there.torn[name]}")
    names = _names(candidate, there)
    beside = [tool for tool in known if _asks_the_same(candidate, tool)]
    if near is not None and nearest is not None and nearest.relation == "near" and near not in beside:
        beside.append(near)
    return _new(candidate, next(one for one in names if one not in there.taken), beside)


def _names(candidate: Candidate, there: Shelves) -> Iterator[str]:
    """The candidate's name; with a word of its question that the tool of that name is not asked; with a number."""
    name = candidate.signature.function
    yield name
    asked = " ".join(recipe.question for tool in there.tools if tool.name == name for recipe in tool.recipes)
    values = " ".join(str(slot.default) for slot in candidate.recipe.slots)
    known = {*_WORD.findall(f"{asked} {values}".casefold()), *name.split("_")}
    own = _WORD.findall(candidate.recipe.question.casefold())
    telling = (f"{name}_{word}" for word in own if asked and len(word) >= _TELLING and word not in known)
    yield from (longer for longer in telling if is_tool_name(longer))
    yield from (f"{name}_{number}" for number in count(2))


def placement(candidate: Candidate, there: Shelves, nearest: Nearness | None) -> Placement:
    """What `place` would do, for a person to read before they say yes."""
    found = place(candidate, there, nearest)
    if isinstance(found, Refused):
        return Placement(kind="refused", reasons=(found.reason,))
    if isinstance(found, Tool):
        return Placement(kind="same", tool=found.name, version=found.version, semver=found.semver, source=found.source)
    sheet = found.sheet
    before = next((tool for tool in (*there.tools, *there.away) if tool.name == sheet.name), None)
    boundary = tuple(f"{name} will say that it is not for {line}" for name, line in found.beside.items())
    if before is None:
        return Placement(kind="new", tool=sheet.name, version=1, semver=FIRST_SEMVER, reasons=boundary)
    change = compare(before.signature, sheet.signature)
    return Placement(
        kind="version",
        tool=sheet.name,
        version=sheet.version,
        semver=next_semver(before.semver, change.level),
        source=before.source,
        reasons=change.reasons,
    )


def _new(candidate: Candidate, name: str, beside: Iterable[Tool]) -> Plan:
    """A tool of its own, and a boundary to those that are easily taken for it."""
    others = tuple(beside)
    mine = tuple(_boundary(tool.recipes, tool.name, same=_asks_the_same(candidate, tool)) for tool in others)
    return Plan(
        sheet=replace(sheet_of(candidate), name=name, not_for=mine),
        source=candidate.source,
        examples=candidate.examples,
        holdout=candidate.holdout,
        extra=candidate.extra,
        recipes=(replace(candidate.recipe, tool=name),),
        beside={
            tool.name: _boundary((candidate.recipe,), name, same=_asks_the_same(candidate, tool)) for tool in others
        },
    )


def _boundary(recipes: tuple[Recipe, ...], other: str, *, same: bool) -> str:
    """What a tool is not for, since another one is."""
    if same:
        return f"inputs of another shape: {other} reads those"
    asked = recipes[0].template if recipes else other
    return f'questions like "{asked}": {other} answers those'


def _same_code(candidate: Candidate, tool: Tool) -> bool:
    mine = (candidate.source, candidate.signature, candidate.requirements)
    return mine == (tool.source, tool.signature, tool.requirements)


def _asks_the_same(candidate: Candidate, tool: Tool) -> bool:
    return any(recipe.template == candidate.recipe.template for recipe in tool.recipes)


def _answers_the_same(candidate: Candidate, tool: Tool) -> bool:
    """Whether both are for one question over input of one shape."""
    return (
        _asks_the_same(candidate, tool)
        and candidate.signature.context_kind == tool.signature.context_kind
        and any(same_shape(candidate.applicability, one) for one in tool.applicability)
    )


def _heal(candidate: Candidate, healed: Healed, there: Shelves) -> Plan | Tool | Refused:
    """The next version of the tool that failed: for the inputs that it knew and the new one, with the uses of both."""
    tool = next((one for one in (*there.tools, *there.away) if one.name == healed.tool), None)
    again = f"`lithify distil {candidate.provenance.run_id} PATH...` makes it anew"
    if tool is None:
        return Refused(reason=f"it heals {healed.tool}, which is not there as it was: {again}")
    if tool.version != healed.version:
        if _same_code(candidate, tool):
            return tool
        return Refused(reason=f"it heals {tool.name} v{healed.version}, which is v{tool.version} by now: {again}")
    missing = _cannot_serve(candidate, tool)
    if missing:
        return Refused(reason=f"it heals {tool.name} and does not take {missing}, which other questions of it need")
    return Plan(
        sheet=replace(_next_sheet(candidate, tool), applicability=_shapes_of_both(candidate, healed, tool)),
        source=candidate.source,
        examples=candidate.examples,
        holdout=candidate.holdout,
        extra=candidate.extra,
        recipes=_recipes(candidate, tool),
    )


def _shapes_of_both(candidate: Candidate, healed: Healed, tool: Tool) -> tuple[Fingerprint, ...]:
    """The shapes that the tool applied to, and the new one: what it failed by the shape is like none of them."""
    known = (*tool.applicability, candidate.applicability)
    known = known if healed.by == "shape" else _fingerprints(candidate, tool)
    return (*known, *(shape for shape in healed.shapes if shape not in known))


def _add_use(candidate: Candidate, tool: Tool) -> Plan | Tool:
    """The same code answered again: perhaps another question, or input of another shape. Its examples hold for both."""
    recipes = _recipes(candidate, tool)
    fingerprints = _fingerprints(candidate, tool)
    if len(recipes) == len(tool.recipes) and fingerprints == tool.applicability:
        return tool
    sheet = replace(_next_sheet(candidate, tool), applicability=fingerprints)
    return Plan(
        sheet=sheet,
        source=candidate.source,
        examples=candidate.examples,
        holdout=candidate.holdout,
        recipes=recipes,
        keeps_examples=True,
    )


def _improve(candidate: Candidate, tool: Tool) -> Plan | Refused:
    """New code: it applies where it was tried, not where the old code was. It must serve the tool's other questions."""
    missing = _cannot_serve(candidate, tool)
    if missing:
        return Refused(
            reason=f"it answers what {tool.name} answers, and would be its next version, but it does not take "
            f"{missing}, which other questions of {tool.name} need: ask one of those again, or retire {tool.name}"
        )
    return Plan(
        sheet=_next_sheet(candidate, tool),
        source=candidate.source,
        examples=candidate.examples,
        holdout=candidate.holdout,
        extra=candidate.extra,
        recipes=_recipes(candidate, tool),
    )


def _lend_question(candidate: Candidate, tool: Tool) -> Plan | Tool | Refused:
    """Other code that gives the same answers: the kept code stays, and answers this question as well."""
    parameters = {one.name: one for one in tool.signature.parameters}
    strange = [slot.name for slot in candidate.recipe.slots if slot.name not in parameters]
    if strange or candidate.signature.context_kind != tool.signature.context_kind:
        what = ", ".join(strange) or candidate.signature.context_kind
        return Refused(
            reason=f"it gives the same answers as {tool.name} v{tool.version}, which does not take {what}: ask "
            f'"{tool.recipes[0].template if tool.recipes else tool.name}" instead'
        )
    if _asks_the_same(candidate, tool) and _fingerprints(candidate, tool) == tool.applicability:
        return tool
    sheet = replace(
        _next_sheet(candidate, tool),
        signature=tool.signature,
        description=tool.description,
        requirements=tool.requirements,
        provenance=tool.provenance,
        applicability=_fingerprints(candidate, tool),
    )
    return Plan(
        sheet=sheet,
        source=tool.source,
        examples=candidate.examples,
        holdout=candidate.holdout,
        recipes=_recipes(candidate, tool),
        keeps_examples=True,
    )


def _cannot_serve(candidate: Candidate, tool: Tool) -> str:
    """What other questions of a tool give it that the candidate does not take."""
    parameters = {parameter.name for parameter in candidate.signature.parameters}
    others = [recipe for recipe in tool.recipes if recipe.template != candidate.recipe.template]
    return ", ".join(sorted({slot.name for recipe in others for slot in recipe.slots} - parameters))


def _next_sheet(candidate: Candidate, tool: Tool) -> Sheet:
    return replace(sheet_of(candidate), name=tool.name, version=tool.version + 1, not_for=tool.not_for)


def _recipes(candidate: Candidate, tool: Tool) -> tuple[Recipe, ...]:
    """The tool's recipes with the candidate's in place of the one with its template, or at the end."""
    mine = replace(candidate.recipe, tool=tool.name)
    others = tuple(recipe for recipe in tool.recipes if recipe.template != mine.template)
    return (*others, mine)


def _fingerprints(candidate: Candidate, tool: Tool) -> tuple[Fingerprint, ...]:
    known = tool.applicability
    return (
        known if any(same_shape(candidate.applicability, one) for one in known) else (*known, candidate.applicability)
    )


def same_shape(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether two inputs are of one kind: format, header and delimiter the same, and lines that look alike."""
    if (one.format, one.header, one.delimiter) != (other.format, other.header, other.delimiter):
        return False
    if one.members or other.members:
        mine, theirs = dict(one.members), dict(other.members)
        return mine.keys() == theirs.keys() and all(same_shape(mine[suffix], theirs[suffix]) for suffix in mine)
    if not one.shapes and not other.shapes:
        return True
    shares = {shape.pattern: shape.share for shape in other.shapes}
    return sum(min(shape.share, shares.get(shape.pattern, 0.0)) for shape in one.shapes) >= _OVERLAP

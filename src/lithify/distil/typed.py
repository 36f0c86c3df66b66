"""Answers that the model typed: it read a value off its own output and wrote it down.

The cells run again with a probe on everything that was shown or assigned; where a value repeats the answer, or each
part of it, the code behind that value is the derivation.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lithify import questions
from lithify.distil.bench import Bench
from lithify.distil.derive import Derivation, Underived, try_target
from lithify.distil.extracts import halves
from lithify.distil.hits import REPORT, Hit, instrumented, plausible, preparation, read_hits, reading
from lithify.distil.knowledge import ORDERING
from lithify.distil.program import Step
from lithify.distil.shown import sites
from lithify.distil.source import code_of
from lithify.distil.suspicion import in_data, is_glue, leaves
from lithify.records.answers import equal_answer
from lithify.records.plain import Plain
from lithify.records.run import Trajectory

_MOST_READINGS = 4
"""How many places where a value was seen are compared with each other."""

_ROUNDING = re.compile(r"\b(?:round(?:ed)?|decimals?|digits?|decimal places?)\b", re.IGNORECASE)
_BY_PLACE = re.compile(r"\b(first|last|earliest|latest|newest|oldest|initial|final|most recent)\b", re.IGNORECASE)


async def derive_typed(trajectory: Trajectory, steps: Sequence[Step], bench: Bench) -> Derivation | Underived:
    """Code for an answer that no code computes as such, from where its value was seen."""
    answer = trajectory.answer
    if answer is None or answer == "" or isinstance(answer, bytes):
        return Underived("the answer is empty")
    found = sites(steps)
    wanted: list[Plain] = [answer, *(leaf for leaf in leaves(answer) if leaf is not answer)]
    ready = preparation(wanted, _keys(trajectory.question, steps))
    report = await bench.each(instrumented(steps, found), ready, REPORT)
    if report.error:
        return Underived(f"the cells could not be run again to find the typed answer: {report.error}")
    hits = [hit for hit in read_hits(report.value, found) if plausible(hit, trajectory.question)]
    whole = [hit for hit in hits if hit.target == 0]
    if whole:
        return await _likeliest(whole, trajectory, steps, bench)
    composed = _composed(answer, hits, trajectory.question, bench.context)
    if composed is None:
        return Underived(f"the answer {_short(answer)} was typed, and no value that the code computed repeats it")
    return await _best([composed], trajectory, steps, bench)


Reading = tuple[Mapping[str, Hit], str]
"""Hits by name, and the expression over these names."""


async def _likeliest(
    hits: Sequence[Hit], trajectory: Trajectory, steps: Sequence[Step], bench: Bench
) -> Derivation | Underived:
    """The derivation from where the value was seen last and plainest; less likely places count only when that gives
    none, never to choose among several."""
    first: Underived | None = None
    groups = itertools.groupby(hits, key=lambda hit: hit.rank[:3])
    for _, group in itertools.islice(groups, _MOST_READINGS):
        different = {(ast.unparse(hit.site.values[hit.choice]), hit.path, hit.form): hit for hit in reversed([*group])}
        ordered = sorted(different.values(), key=lambda hit: hit.rank)
        if _ROUNDING.search(trajectory.question) and any(hit.rounds for hit in ordered):
            ordered = [hit for hit in ordered if hit.rounds]
        readings = [_whole(hit, trajectory) for hit in ordered[:_MOST_READINGS]]
        found = await _best(readings, trajectory, steps, bench)
        if isinstance(found, Derivation) or found.ambiguous:
            return found
        first = first or found
    return first or Underived("the typed answer was seen nowhere")


def _whole(hit: Hit, trajectory: Trajectory) -> Reading:
    """The answer as one value; as the first so many of them where the question says how many, whatever there are."""
    answer = trajectory.answer
    number = len(answer) if isinstance(answer, (list, tuple)) else 0
    asked = any(one.type == "int" and one.value == number for one in questions.literals(trajectory.question))
    if not number or not asked or hit.by_place:
        return {_name(0): hit}, _name(0)
    return {_name(0): replace(hit, picked=True)}, f"{_name(0)}[:{number}]"


async def _best(
    readings: Sequence[Reading], trajectory: Trajectory, steps: Sequence[Step], bench: Bench
) -> Derivation | Underived:
    """The derivation of the first reading that gives one, unless another reading differs from it on other input."""
    derived: list[tuple[Derivation, list[str]]] = []
    reason = ""
    for hits, whole in readings:
        found = await try_target(reading(hits, whole, steps), trajectory, bench)
        if isinstance(found, Derivation) and _out_of_order(found, hits, trajectory.question):
            found = Underived("the typed answer was one of several values in no particular order")
        if isinstance(found, Underived):
            reason = reason or found.reason
        else:
            derived.append((found, [ast.unparse(hit.site.values[hit.choice]) for hit in hits.values()]))
    if not derived:
        return Underived(reason)
    (first, seen), *others = derived
    for other, _ in others:
        if not await _agree(first, other, bench):
            pair = f"{ast.unparse(first.code.expression)} and {ast.unparse(other.code.expression)}"
            return Underived(
                f"the answer was typed, and two values repeat it that differ on other input: {pair}", ambiguous=True
            )
    note = f"the answer was typed; the code is that of what it repeats: {', '.join(dict.fromkeys(seen))}"
    return Derivation(first.code, first.kind, (*first.notes, note))


async def _agree(first: Derivation, other: Derivation, bench: Bench) -> bool:
    """Whether two derivations give the same on either half of the context."""
    codes = [(code_of(found.code.statements), ast.unparse(found.code.expression)) for found in (first, other)]
    if codes[0] == codes[1]:
        return True
    for half in halves(bench.context, bench.form):
        left, right = [await bench.value_of(*code, half) for code in codes]
        if bool(left.error) != bool(right.error) or not equal_answer(left.value, right.value):
            return False
    return True


def _out_of_order(found: Derivation, hits: Mapping[str, Hit], question: str) -> bool:
    """Whether a value was taken by its place although nothing gave the places a meaning."""
    if not any(hit.by_place for hit in hits.values()) or _BY_PLACE.search(question):
        return False
    nodes = (part for top in (*found.code.statements, found.code.expression) for part in ast.walk(top))
    return not any(
        (isinstance(node, ast.Name) and node.id in ORDERING)
        or (isinstance(node, ast.Attribute) and node.attr in ORDERING)
        for node in nodes
    )


def _composed(answer: Plain, hits: Sequence[Hit], question: str, context: str | Mapping[str, str]) -> Reading | None:
    """The answer put together from several values."""
    if isinstance(answer, str):
        return _composed_text(answer, [hit for hit in hits if hit.target < 0], question, context)
    if not isinstance(answer, (list, tuple, dict)):
        return None
    best: dict[int, Hit] = {}
    for hit in hits:
        best.setdefault(hit.target, hit)
    used: dict[str, Hit] = {}
    numbers = itertools.count(1)

    def build(value: Plain) -> str | None:
        if isinstance(value, dict):
            parts = {key: build(part) for key, part in value.items()}
            return None if None in parts.values() else "{" + ", ".join(f"{k!r}: {v}" for k, v in parts.items()) + "}"
        if isinstance(value, (list, tuple)):
            items = [build(part) for part in value]
            return None if None in items else "[" + ", ".join(item or "" for item in items) + "]"
        number = next(numbers)
        if number in best:
            used[_name(number)] = best[number]
            return _name(number)
        return repr(value) if _may_stay(value, question, context) else None

    whole = build(answer)
    return (used, whole) if whole is not None and used else None


def _composed_text(answer: str, hits: Sequence[Hit], question: str, context: str | Mapping[str, str]) -> Reading | None:
    """A text with values in it as an f-string, if what is left of it is words that any input would have."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.form, hit)
    free = list(answer)
    places: dict[int, str] = {}
    for piece in sorted(best, key=len, reverse=True):
        for match in re.finditer(rf"(?<![\w.]){re.escape(piece)}(?!\w|\.\d)", answer):
            if all(free[match.start() : match.end()]):
                free[match.start() : match.end()] = [""] * len(piece)
                places[match.start()] = piece
    left = "".join(character or " " for character in free)
    if not places or not all(is_glue(word, question, context) for word in left.split()):
        return None
    used: dict[str, Hit] = {}
    parts: list[str] = []
    at = 0
    for start in sorted(places):
        name = _name(len(used))
        used[name] = best[places[start]]
        parts += [_escaped(answer[at:start]), "{" + name + "}"]
        at = start + len(places[start])
    text = "".join([*parts, _escaped(answer[at:])])
    return used, f"f{text!r}"


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _may_stay(value: Plain, question: str, context: str | Mapping[str, str]) -> bool:
    """Whether a part of an answer may stay a constant: no number, and no text that comes from the data."""
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, str):
        return value.casefold() in question.casefold() or not in_data(value, context)
    return any(literal.value == value for literal in questions.literals(question))


def _keys(question: str, steps: Sequence[Step]) -> list[int | float | str]:
    """The dict keys worth a look: values that the question names, and text constants of the code."""
    said = [literal.value for literal in questions.literals(question)]
    return list(dict.fromkeys([*said, *_constants(steps)]))[:200]


def _constants(steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        for node in ast.walk(step.node):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= 40:
                yield node.value


def _name(number: int) -> str:
    return f"__lithify_hit_{number}__"


def _short(answer: Plain) -> str:
    text = repr(answer)
    return text if len(text) <= 60 else text[:57] + "..."

"""Healing: from a kept tool, a case that it failed, and a new derivation of the same question, its next version.

The next version gives every recorded answer of the tool and those of the new derivation, or there is none. Tried are,
in this order: the tool as it is (where only the shape was new to it), the new derivation alone, and one tool that looks
which of the two an input is meant for. No model is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from lithify.distil.bench import Bench, Runnable
from lithify.distil.dispatch import Derivation, adopted, dispatched
from lithify.distil.failing import Rivals, failing_case
from lithify.distil.format import formatted
from lithify.distil.unify import Different
from lithify.distil.writing import Written
from lithify.layout import PROPERTIES_PATH, form_of
from lithify.layout.annotations import is_kind_of, read_type
from lithify.ports import Sandbox
from lithify.records.answers import same_answer
from lithify.records.context import Context, Fingerprint
from lithify.records.healing import Failing, Healed
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Example, Original, Recipe, Signature

_ENOUGH = 3
"""So many uses the tool must answer as it is, before a shape that is new to it counts as known."""
_SHOWN = 120
Scalars = Mapping[str, int | float | str]


@dataclass(frozen=True, slots=True)
class Unhealed:
    """No next version comes of it; reason says why, for a person."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A kept tool with all its recorded uses, the shapes of input that it applies to, and the case that it failed."""

    tool: Candidate
    shapes: tuple[Fingerprint, ...]
    failing: Failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """The next version of a tool. candidate holds its new uses only: those that lie in the library already are left
    as they are, and are put beside them by `whole`. dropped: properties that a reviewer did not want of the tool."""

    candidate: Candidate
    examples: tuple[Example, ...]
    holdout: tuple[Example, ...]
    dropped: frozenset[str]

    def whole(self, candidate: Candidate) -> Candidate:
        """The candidate, whatever became of its new uses since, with the tool's own uses in front of them."""
        return replace(
            candidate,
            examples=(*self.examples, *candidate.examples),
            holdout=(*self.holdout, *candidate.holdout),
        )


async def healed(
    patient: Patient,
    new: Candidate,
    context: Context,
    sandbox: Sandbox,
    *,
    seconds: float,
    told: Written | None = None,
) -> Mended | Unhealed:
    """The next version of the tool that failed, or why there is none.

    new: what was derived in the run over this context. seconds: for one run. told: what the context is written as, by
    default its texts. Where a person or a fresh derivation says
    that the tool was wrong, a version that answers some of its recorded uses otherwise is a correction: `overrules`.
    Raises SandboxUnavailable, and PersonMustAct when ruff cannot be run.
    """
    old, failing = patient.tool, patient.failing
    match = _match(patient, new)
    if isinstance(match, Unhealed):
        return match
    form, written = form_of(context), told or Written(texts=context.texts)
    source = context if form.written else None
    bench = Bench(sandbox, written.texts, seconds, form=form, source=source, whole=written.whole)
    rivals = Rivals(
        old=_runnable(old),
        new=_runnable(new),
        old_arguments=failing.arguments,
        new_arguments={one.name: one.default for one in new.signature.parameters},
        form=context.fingerprint.format,
    )
    case = await failing_case(rivals, new.examples, bench)
    trial = _Trial(patient=patient, new=new, match=match, case=case, bench=bench)
    if failing.by == "shape" and await trial.knows_it_already():
        return trial.mended(old.source)
    if case is None:
        shown = "it answers there too, on too few inputs to tell" if failing.by == "shape" else failing.why
        return Unhealed(f"nothing that is small enough to keep shows how {failing.tool} failed: {shown}")
    return await trial.outcome()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """How the two fit: the signature of both together, and the tool's parameters by those of the derivation."""

    signature: Signature
    names: Mapping[str, str]


def _match(patient: Patient, new: Candidate) -> _Match | Unhealed:
    """How a derivation fits the tool; why it does not."""
    old, failing = patient.tool, patient.failing
    name = failing.tool
    if old.signature.needs_llm or new.signature.needs_llm:
        return Unhealed(f"{name if old.signature.needs_llm else 'the new derivation'} asks a language model")
    if old.callees:
        return Unhealed(f"{name} imports other kept tools: mend it by hand, and `lithify review {name}` judges that")
    if not old.examples:
        return Unhealed(f"no recorded use of {name} is kept in clear, so nothing can be tried on it")
    if old.signature.context_frame != new.signature.context_frame:
        frames = f"{old.signature.context_frame}, and the new derivation one of {new.signature.context_frame}"
        return Unhealed(f"{name} reads a table of {frames}: give it a table of {old.signature.context_frame}")
    names = _names(old.signature, new.signature, failing.arguments)
    if isinstance(names, str):
        return Unhealed(f"the new derivation does not take what {name} takes: {names}")
    mine, theirs = read_type(old.signature.returns), read_type(new.signature.returns)
    if is_kind_of(theirs, mine):
        return _Match(signature=old.signature, names=names)
    if is_kind_of(mine, theirs):
        return _Match(signature=replace(old.signature, returns=new.signature.returns), names=names)
    return Unhealed(f"{name} answers {old.signature.returns}, and the new derivation {new.signature.returns}")


def _names(old: Signature, new: Signature, given: Scalars) -> dict[str, str] | str:
    """The tool's parameters by those of the derivation, told by name or by the value in this run; what is missing."""
    left = {one.name: one for one in old.parameters}
    found: dict[str, str] = {}
    for one in sorted(new.parameters, key=lambda one: one.name not in left):
        fits = [
            name
            for name, other in left.items()
            if other.annotation == one.annotation and given.get(name, other.default) == one.default
        ]
        if not fits:
            return f"{one.name} is a value of the question to the one and not to the other"
        found[one.name] = one.name if one.name in fits else fits[0]
        del left[found[one.name]]
    return f"{', '.join(left)} stands nowhere in its code" if left else found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """One attempt to heal. case: the use that shows how the tool failed."""

    patient: Patient
    new: Candidate
    match: _Match
    case: Example | None
    bench: Bench

    async def knows_it_already(self) -> bool:
        """Whether the tool as it is gives all answers of the new derivation, and enough of them."""
        tool, uses = _runnable(self.patient.tool), self._new_uses()
        return len(uses) >= _ENOUGH and not await self._failures(tool, uses)

    async def outcome(self) -> Mended | Unhealed:
        """The first source that gives every answer of both; for a correction, the new derivation alone."""
        alone = adopted(_runnable(self.new), self.match.signature, self.match.names)
        reasons: list[str] = []
        if alone is None:
            reasons.append("alone, its names are in the way of the tool's")
        else:
            failures = await self._failures(Runnable(alone, self.match.signature), self._all_uses(), most=1)
            if not failures:
                return self.mended(await asyncio.to_thread(formatted, alone))
            reasons.append(f"alone, it {failures[0].said}")
        joined = await self._joined()
        if isinstance(joined, str):
            return self.mended(await asyncio.to_thread(formatted, joined))
        reasons.append(f"beside the old one: {joined.reason}")
        if self.patient.failing.by in ("person", "shadow") and alone is not None:
            return await self._correction(await asyncio.to_thread(formatted, alone))
        name = self.patient.failing.tool
        return Unhealed(f"the new derivation makes no next version of {name}: {'; '.join(reasons)}")

    def mended(self, source: str, overruled: Collection[str] = ()) -> Mended:
        """The next version with this source."""
        old, new, failing = self.patient.tool, self.new, self.patient.failing
        recipe = _recipe(old, new, self.match)
        digest = hashlib.sha256(f"{source}\0{recipe.template}\0{failing.tool}".encode()).hexdigest()
        run = new.provenance.run_id
        candidate = replace(
            new,
            id=digest[:12],
            signature=self.match.signature,
            description=old.description,
            source=source,
            requirements=tuple(dict.fromkeys((*old.requirements, *new.requirements))),
            recipe=recipe,
            examples=self._examples(),
            holdout=tuple(self._renamed(one, f"{one.name} of run {run}") for one in new.holdout),
            callees={**old.callees, **new.callees},
            extra={path: data for path, data in old.extra.items() if path != PROPERTIES_PATH},
            properties=(),
            originals=(*(self._original(one, run) for one in new.originals), *old.originals),
            healed=Healed(
                tool=failing.tool,
                version=failing.version,
                by=failing.by,
                run_id=failing.run_id,
                why=failing.why,
                case=self._examples()[0].name,
                overrules=tuple(sorted(overruled)),
            ),
        )
        return Mended(
            candidate=candidate,
            examples=tuple(one for one in old.examples if one.name not in overruled),
            holdout=tuple(one for one in old.holdout if one.name not in overruled),
            dropped=frozenset(one.name for one in old.properties if one.dropped),
        )

    async def _joined(self) -> str | Unhealed:
        """Both derivations in one tool that looks at the shape."""
        new = Derivation(tool=_runnable(self.new), shape=self.new.applicability, names=self.match.names)
        reasons: list[str] = []
        for first in (False, True):
            made = dispatched(_runnable(self.patient.tool), self.patient.shapes, new, self.match.signature, first=first)
            if isinstance(made, Different):
                return Unhealed(made.reason)
            failures = await self._failures(Runnable(made, self.match.signature), self._all_uses(), most=1)
            if not failures:
                return made
            reasons.append(failures[0].said)
        return Unhealed(f"no test of the shape tells their inputs apart: it {reasons[0]}")

    async def _correction(self, source: str) -> Mended | Unhealed:
        """The new derivation in place of the tool, with those recorded uses of it that it answers alike."""
        tool = Runnable(source, self.match.signature)
        for one in await self._failures(tool, self._new_uses(), most=1):
            return Unhealed(f"the new derivation does not hold by itself: it {one.said}")
        old = self.patient.tool
        failures = await self._failures(tool, (*old.examples, *old.holdout))
        return self.mended(source, {one.name for one in failures})

    async def _failures(self, tool: Runnable, uses: Sequence[Example], most: int = 1_000) -> list[_Failure]:
        """The uses that a source does not answer as recorded. Of a sealed one the name alone is told."""
        found: list[_Failure] = []
        sealed = {one.name for one in (*self.patient.tool.holdout, *self.new.holdout)}
        for use in uses:
            outcome = await self.bench.call(tool, use.context, **use.arguments)
            if not outcome.error and same_answer(use.expected, outcome.value):
                continue
            what = outcome.error or f"answers {_short(outcome.value)}, recorded is {_short(use.expected)}"
            how = "gives" if outcome.error else ""
            hidden = use.name in sealed
            said = f"answers {use.name!r} otherwise" if hidden else f"{how} {what} on {use.name!r}".strip()
            found.append(_Failure(use.name, said))
            if len(found) >= most:
                break
        return found

    def _all_uses(self) -> tuple[Example, ...]:
        old = self.patient.tool
        return (*old.examples, *old.holdout, *self._new_uses())

    def _new_uses(self) -> tuple[Example, ...]:
        return (*self._examples(), *(self._renamed(one, one.name) for one in self.new.holdout))

    def _examples(self) -> tuple[Example, ...]:
        """The new derivation's uses as the tool's, the failing case first, each once."""
        run = self.new.provenance.run_id
        first = () if self.case is None else (self._renamed(self.case, f"failed in run {self.patient.failing.run_id}"),)
        others = [self._renamed(one, f"{one.name} of run {run}") for one in self.new.examples]
        known = [(one.context, dict(one.arguments)) for one in first]
        return (*first, *(one for one in others if (one.context, dict(one.arguments)) not in known))

    def _renamed(self, use: Example, name: str) -> Example:
        return replace(use, name=name, arguments=self._arguments(use.arguments))

    def _original(self, one: Original, run: str) -> Original:
        return replace(one, name=f"{one.name} of run {run}", arguments=self._arguments(one.arguments))

    def _arguments(self, given: Scalars) -> dict[str, int | float | str]:
        return {self.match.names.get(name, name): value for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class _Failure:
    """A recorded use that is not answered as recorded, and what is done instead, in words."""

    name: str
    said: str


def _recipe(old: Candidate, new: Candidate, match: _Match) -> Recipe:
    """The question's recipe with the tool's names for its slots and the tool's defaults."""
    defaults = {one.name: one.default for one in match.signature.parameters}
    template = re.sub(r"\{(\w+)\}", lambda found: f"{{{match.names.get(found[1], found[1])}}}", new.recipe.template)
    slots = tuple(
        replace(slot, name=match.names[slot.name], default=defaults[match.names[slot.name]])
        for slot in new.recipe.slots
    )
    return replace(new.recipe, template=template, slots=slots, tool=old.signature.function)


def _runnable(candidate: Candidate) -> Runnable:
    return Runnable(candidate.source, candidate.signature)


def _short(value: Plain) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

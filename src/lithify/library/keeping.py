"""The tool that a candidate becomes: its files, and what must hold before it enters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from lithify.errors import ProgrammerMustAct
from lithify.layout import Sheet, candidate_contents, render, render_recipes
from lithify.library.reading import recipe_key
from lithify.records.quick import dataclass
from lithify.records.tool import Candidate, Example, Recipe, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The tool as it will be.

    keeps_examples: those of the version before hold for this one too
    beside: kept tools that it is easily mixed up with, each with what it is not for, since this one is
    """

    sheet: Sheet
    source: str
    examples: tuple[Example, ...]
    recipes: tuple[Recipe, ...]
    holdout: tuple[Example, ...] = ()
    extra: Mapping[str, bytes] = field(default_factory=dict)
    keeps_examples: bool = False
    beside: Mapping[str, str] = field(default_factory=dict)

    def with_examples(self, before: Iterable[Example], holdout: Iterable[Example] = ()) -> Plan:
        """The plan with the examples and sealed uses of the version before, each use once."""
        return replace(self, examples=_each_once(before, self.examples), holdout=_each_once(holdout, self.holdout))

    def files(self) -> dict[str, bytes]:
        """Its files, as the lock names them."""
        files = render(self.sheet, self.source, self.examples, self.holdout, self.extra)
        files[recipe_key(self.sheet.name)] = render_recipes(self.sheet.name, self.recipes)
        return files


def check_verdict(candidate: Candidate, verdict: Verdict, approved_by: str) -> None:
    """Nothing enters without the gates. Raises ProgrammerMustAct: a no, a verdict on something else, nobody's word."""
    name = candidate.signature.function
    if verdict.outcome == "fail":
        raise ProgrammerMustAct(f"{name} cannot be kept: its gates say no, or were not run")
    if verdict.contents != candidate_contents(candidate).sha256:
        raise ProgrammerMustAct(f"{name} cannot be kept: its verdict is about other contents; judge it as it is now")
    if not approved_by.strip():
        raise ProgrammerMustAct(f"{name} cannot be kept: nobody approved it")
    if verdict.outcome == "needs-person" and approved_by.startswith("policy:"):
        raise ProgrammerMustAct(f"{name} cannot be kept by {approved_by}: its gates ask for a person")


def _each_once(before: Iterable[Example], after: Iterable[Example]) -> tuple[Example, ...]:
    return tuple({_use(one): one for one in (*before, *after)}.values())


def _use(example: Example) -> str:
    """What two records of the same use have in common."""
    context = example.context if isinstance(example.context, str) else sorted(example.context.items())
    return repr((context, sorted(example.arguments.items())))

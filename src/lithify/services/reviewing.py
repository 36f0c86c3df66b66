"""Review: what waits for a person's word, and carrying it out. Nobody approved means no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from lithify.errors import BadInput, LibraryProblem
from lithify.gates.shape import signature_in
from lithify.layout import EDITED_IN_REVIEW, form_of, is_tool_name
from lithify.layout.renaming import rename_function, rename_in_tests
from lithify.records.context import Context
from lithify.records.events import CandidateRejected
from lithify.records.placement import Placement
from lithify.records.plain import Plain
from lithify.records.quick import dataclass
from lithify.records.run import RunId
from lithify.records.tool import Candidate, Tool, Verdict
from lithify.services.calling import call_by_name
from lithify.services.judging import check, judged
from lithify.services.learning import keep
from lithify.services.preloading import of_requirements
from lithify.services.running import Call, read_by
from lithify.services.workbench import Workbench

Kind: TypeAlias = Literal["candidate", "edited"]
_PUT_AWAY = ("retired", "candidate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Something that waits for review: a candidate, or a kept tool that may not run as it is (name is the tool's).

    A kept tool may not run when it was edited by hand, when a tool that it imports was, or when it was put away.
    placement: what saying yes would do.
    """

    kind: Kind
    name: str
    candidate: Candidate
    verdict: Verdict
    placement: Placement | None = None

    @property
    def names(self) -> frozenset[str]:
        """What it may be called by: its id, or its function."""
        return frozenset({self.name, self.candidate.signature.function})


def pending(bench: Workbench) -> tuple[Pending, ...]:
    """Candidates with the evidence of their gates, oldest first. Edited tools are judged when they are reviewed."""
    return tuple(
        Pending(
            kind="candidate",
            name=one.candidate.id,
            candidate=one.candidate,
            verdict=one.verdict,
            placement=_placement(one.candidate, one.verdict, bench),
        )
        for one in bench.library.candidates()
        if not one.rejected
    )


async def edited(bench: Workbench, names: Iterable[str] = ()) -> tuple[Pending, ...]:
    """The kept tools whose contents the lock does not vouch for, judged as they stand now; only `names`, when given.

    A tool that was put away is judged only when it is named. One whose folder is gone or cannot be read is left out:
    there is nothing to judge, and the view says what to do.
    """
    wanted = set(names)
    view = bench.library.view()
    found = []
    for name in sorted(view.refused):
        if name not in wanted if wanted else view.statuses.get(name) in _PUT_AWAY:
            continue
        try:
            candidate = bench.library.edited(name)
        except LibraryProblem:
            continue
        verdict = await judged(candidate, bench, kept_as=name)
        found.append(Pending(kind="edited", name=name, candidate=candidate, verdict=verdict))
    return tuple(found)


async def refreshed(item: Pending, bench: Workbench) -> Pending:
    """The item with its files judged as they are, when they were changed since; for a candidate it is stored."""
    if item.kind == "edited" or item.verdict.results:
        return item
    return await _proposed(item.candidate, bench)


async def approve(item: Pending, bench: Workbench) -> Tool:
    """Judge once more, as the files stand now, and commit. Raises LibraryProblem when a gate or the library says no."""
    candidate = bench.library.edited(item.name) if item.kind == "edited" else item.candidate
    placed = _placement(candidate, item.verdict, bench) if item.kind == "candidate" else None
    if placed is not None and placed.kind == "refused":
        raise LibraryProblem(f"{candidate.id} was not kept: {'; '.join(placed.reasons)}")
    verdict = await judged(candidate, bench, kept_as=item.name if item.kind == "edited" else "")
    check(candidate, verdict, "kept")
    if item.kind == "edited":
        return bench.library.accept_edit(item.name, verdict, bench.person())
    return keep(candidate, verdict, bench.person(), bench)


def reject(item: Pending, reason: str, bench: Workbench) -> None:
    """Remember the no: the same proposal does not come back. An edited tool stays refused until it is restored."""
    if item.kind == "edited":
        raise LibraryProblem(
            f"{item.name} is a kept tool that was edited by hand; restore it with "
            f"`git -C {bench.library.path} checkout -- tools/{item.name}`, or approve the edit"
        )
    bench.library.reject(item.candidate.id, reason)
    bench.observer.notify(
        CandidateRejected(run_id=RunId(item.candidate.provenance.run_id), candidate=item.candidate.id, reason=reason)
    )


async def rename(item: Pending, name: str, bench: Workbench) -> Pending:
    """The candidate under another name, judged again. Raises BadInput for a name that no tool can have."""
    if item.kind == "edited":
        raise BadInput(f"{item.name} is a kept tool: `lithify rename {item.name} {name}` renames it")
    if not is_tool_name(name):
        raise BadInput(f"{name!r} cannot name a tool: a to z, 0 to 9 and _, beginning with a letter, at most 80")
    candidate, old = item.candidate, item.candidate.signature.function
    changed = replace(
        candidate,
        source=rename_function(candidate.source, old, name),
        signature=replace(candidate.signature, function=name),
        recipe=replace(candidate.recipe, tool=name),
        extra={path: _renamed_test(path, data, old, name) for path, data in candidate.extra.items()},
    )
    return await _proposed(changed, bench)


async def edit(item: Pending, source: str, bench: Workbench) -> Pending:
    """The candidate with another source, judged again. Its signature is what the source says.

    Raises BadInput when the source has no public function, or several.
    """
    if item.kind == "edited":
        raise BadInput(f"edit {bench.library.path}/tools/{item.name}/tool.py itself, then review it again")
    signature = signature_in(source, item.candidate.signature)
    if signature is None:
        raise BadInput(
            "the source must have one public function with annotated parameters, whose defaults are numbers or texts"
        )
    recipe = replace(item.candidate.recipe, tool=signature.function)
    notes = tuple(dict.fromkeys((*item.candidate.notes, EDITED_IN_REVIEW)))
    changed = replace(item.candidate, source=source, signature=signature, recipe=recipe, notes=notes)
    return await _proposed(changed, bench)


async def drop(item: Pending, properties: Iterable[str], bench: Workbench) -> Pending:
    """The candidate without some of its properties, judged again. They are not proposed again.

    Raises BadInput for a name that is none of its properties.
    """
    from lithify.properties import without_properties

    if item.kind == "edited":
        raise BadInput(f"edit {bench.library.path}/tools/{item.name}/tests itself, then review it again")
    known = {one.name for one in item.candidate.properties if not one.dropped}
    unknown = sorted(set(properties) - known)
    if unknown:
        there_are = ", ".join(sorted(known)) or "none"
        raise BadInput(f"{unknown[0]!r} is no property of {item.name}; there are {there_are}")
    return await _proposed(without_properties(item.candidate, properties), bench)


async def attempt(
    item: Pending, context: Context, arguments: Mapping[str, int | float | str], bench: Workbench
) -> Plain:
    """What the candidate answers on an input of the reviewer's, in the sandbox. Raises NotCovered as a tool does."""
    one = item.candidate
    read = read_by(one.signature, (one.applicability,), context)
    call = Call(source=one.source, signature=one.signature, context=read, arguments=arguments, callees=one.callees)
    what = f"{one.signature.function}, candidate {one.id}, tried in review"
    return await call_by_name(what, call, await bench.sandbox(of_requirements(one.requirements)), bench)


def _placement(candidate: Candidate, verdict: Verdict, bench: Workbench) -> Placement:
    """What saying yes would do. A tool kept since may answer the question, over inputs of another shape: no second one.

    So it is when a question is explored over two formats before anybody said yes to the first.
    """
    found = bench.library.placement(candidate, verdict)
    template, reads = candidate.recipe.template, form_of(candidate.signature)
    if found.kind != "new" or candidate.healed is not None or candidate.signature.needs_llm:
        return found
    for tool in bench.library.view().tools:
        same = any(recipe.template == template for recipe in tool.recipes) and not tool.signature.needs_llm
        if same and form_of(tool.signature) == reads:
            run = candidate.provenance.run_id
            reason = (
                f"{tool.name} answers this question over inputs of another shape: `lithify distil {run} PATH...` makes "
                "this its next version; then reject this one"
            )
            return Placement(kind="refused", reasons=(reason,))
    return found


async def _proposed(candidate: Candidate, bench: Workbench) -> Pending:
    """Judged as it is now, and stored with that."""
    verdict = await judged(candidate, bench)
    bench.library.propose(candidate, verdict)
    placement = _placement(candidate, verdict, bench)
    return Pending(kind="candidate", name=candidate.id, candidate=candidate, verdict=verdict, placement=placement)


def _renamed_test(path: str, data: bytes, old: str, new: str) -> bytes:
    if not path.endswith(".py"):
        return data
    try:
        return rename_in_tests(data.decode(), old, new).encode()
    except (UnicodeDecodeError, LibraryProblem):
        return data  # the gates will say what is wrong with it

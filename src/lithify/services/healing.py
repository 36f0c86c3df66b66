"""Heal: a kept tool that failed a case becomes a new version of itself that answers this one too."""

from __future__ import annotations

from collections.abc import Iterable

from lithify.distil import Mended, Patient, Unhealed, Written, healed
from lithify.errors import LibraryProblem
from lithify.records.context import Context
from lithify.records.healing import Failing
from lithify.records.plain import Plain
from lithify.records.tool import Candidate
from lithify.routing.postcondition import no_answer
from lithify.services.workbench import Workbench


async def heal(
    new: Candidate, failing: Iterable[Failing], answer: Plain, context: Context, told: Written, bench: Workbench
) -> Mended | Unhealed | None:
    """The next version of the first of the failing tools that can be healed by a new derivation; else why of none.

    answer: what the new derivation gave over the context. told: what the context is written as. None: no tool failed
    that is there to be healed; the derivation is then to be looked at as any other.
    """
    reasons: list[str] = []
    for one in failing:
        patient = _patient(one, new, bench)
        if patient is None:
            continue
        nothing = no_answer("the new derivation", answer)
        if nothing:
            reasons.append(f"{nothing}, which a replay never gives for an answer")
            continue
        sandbox = await bench.sandbox()
        found = await healed(patient, new, context, sandbox, seconds=bench.limits.cell_seconds, told=told)
        if isinstance(found, Mended):
            return found
        reasons.append(found.reason)
    return Unhealed(f"not healed: {reasons[0]}") if reasons else None


def _patient(failing: Failing, new: Candidate, bench: Workbench) -> Patient | None:
    """The tool with all that is kept of it. None when it reads another kind of data, is retired, or was changed."""
    view = bench.library.view()
    if failing.tool in view.refused and view.statuses.get(failing.tool) != "candidate":
        return None
    try:
        tool = bench.library.edited(failing.tool)
    except LibraryProblem:
        return None
    if tool.signature.context_kind != new.signature.context_kind:
        return None
    shapes = next((one.applicability for one in view.tools if one.name == failing.tool), (tool.applicability,))
    return Patient(tool=tool, shapes=shapes, failing=failing)

"""Which uses make a tool trusted, and which failures send it back to candidate. Pure, but for `settle`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lithify.errors import LibraryProblem
from lithify.ports import Ledger, Library
from lithify.records.policy import Policy
from lithify.records.tool import Status, Tool
from lithify.records.uses import ToolCheck, ToolUse

BY = "policy:trust"

_NOT_ITS_OWN = (
    "its worker was ended",
    "its source does not run here",
    "it may not run",
    "it became",
    "it reads",
    "it asks a language model",
    "its answer is not what was asked for",
)
"""How reasons begin that say nothing of the tool: the machine, the question, or a change while it was chosen."""

_SURROUNDINGS = frozenset(
    {
        "MemoryError",
        "RecursionError",
        "OSError",
        "PermissionError",
        "PurityError",
        "ImportError",
        "ModuleNotFoundError",
        "HostCallError",
        "CellTimeout",
        "TimeoutError",
        "KeyboardInterrupt",
        "SystemExit",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another status, and the uses that speak for it."""

    status: Status
    reason: str


def standing(tool: Tool, uses: Iterable[ToolUse], policy: Policy) -> Change | None:
    """What the uses of this version say: None when its status stands.

    Distinct are uses on another question or another input: a retry proves nothing new. So are failures.
    """
    mine = [use for use in uses if use.tool == tool.name and use.version == tool.version]
    failures = _distinct(use for use in mine if use.error and is_its_own(use.error))
    if tool.status in ("provisional", "trusted") and 0 < policy.withdraw_after <= len(failures):
        runs = ", ".join(use.run_id for use in failures[: policy.withdraw_after])
        why = f"{len(failures)} failures of its own, in runs {runs}; the last: {failures[-1].error}"
        return Change(status="candidate", reason=why)
    answered = _distinct(use for use in mine if not use.error)
    if tool.status == "provisional" and not failures and 0 < policy.trust_after <= len(answered):
        runs = ", ".join(use.run_id for use in answered[: policy.trust_after])
        return Change(status="trusted", reason=f"{len(answered)} distinct uses, in runs {runs}")
    return None


def is_its_own(error: str) -> bool:
    """Whether the tool itself is to blame, and not its surroundings: no memory, no time, no module, no model."""
    if error.startswith(_NOT_ITS_OWN):
        return False
    kind = error.removeprefix("it raised ").partition(":")[0] if error.startswith("it raised ") else ""
    return kind.rpartition(".")[2] not in _SURROUNDINGS


def settle(name: str, uses: Sequence[ToolUse], library: Library) -> Change | None:
    """Give a tool the status that its uses have earned it. Raises LibraryProblem when that cannot be committed."""
    try:
        tool = library.load(name)
    except LibraryProblem:
        return None  # it may not run, so nothing that it does can earn it anything
    return _settled(tool, uses, library)


def _settled(tool: Tool, uses: Sequence[ToolUse], library: Library) -> Change | None:
    change = standing(tool, uses, library.policy())
    if change is not None:
        library.revisions.set_status(tool.name, change.status, BY, change.reason)
    return change


def settle_on_record(name: str, ledger: Ledger, library: Library, used: Tool | None = None) -> Change | None:
    """The same by all that is on record: the uses of a tool, and the checks that refuted what it answered.

    used: the tool as it was loaded just now, so that it need not be read again.
    None also when the repository takes no commit now: the next use tries again. Of a trusted tool, which may have
    thousands of uses, only the failures can change anything.
    """
    refuted = [_refuted(check) for check in ledger.tool_checks(name) if not check.agreed]
    try:
        tool = used if used is not None and used.name == name else library.load(name)
        uses = ledger.tool_uses(name, failed=tool.status == "trusted")
        return _settled(tool, [*uses, *refuted], library)
    except LibraryProblem:
        return None


def _refuted(check: ToolCheck) -> ToolUse:
    """A use whose answer turned out wrong counts as a failure of the tool's own."""
    return ToolUse(
        at=check.at,
        run_id=check.run_id,
        question=check.question,
        context_digest=check.context_digest,
        tool=check.tool,
        version=check.version,
        arguments={},
        seconds=0.0,
        error=f"the answer was wrong: {check.why}",
    )


def _distinct(uses: Iterable[ToolUse]) -> list[ToolUse]:
    found: dict[tuple[str, str], ToolUse] = {}
    for use in uses:
        found.setdefault((use.question, use.context_digest), use)
    return list(found.values())

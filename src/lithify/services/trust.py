"""Which uses make a tool trusted, and which failures send it back to candidate. Pure, but for `settle`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lithify.errors import LibraryProblem
from lithify.ports import Ledger, Library
from lithify.records.evidence import Evidence, ToolEvidence, plain_digest, together, use_digest
from lithify.records.policy import Policy
from lithify.records.quick import dataclass
from lithify.records.tool import Status, Tool
from lithify.records.uses import ToolCheck, ToolUse

BY = "policy:trust"
_NOBODY = b""
"""The key where uses are told apart and shown to nobody."""

_NOT_ITS_OWN = (
    "its worker was ended",
    "its source does not run here",
    "it may not run",
    "it became",
    "it reads",
    "it asks a language model",
    "its answer is not what was asked for",
    "it was not run to its end",
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


def standing(tool: Tool, uses: Iterable[ToolUse], policy: Policy, shared: Iterable[Evidence] = ()) -> Change | None:
    """What the uses of this version say: None when its status stands.

    Distinct are uses on another question or another input: a retry proves nothing new. So are failures.
    shared: what others who share the library know of these contents. Of their uses those count that cannot be one of
    these, or of another's (records/evidence).
    """
    mine = [use for use in uses if use.tool == tool.name and use.version == tool.version]
    failures = _distinct(use for use in mine if use.error and is_its_own(use.error))
    answered = _distinct(use for use in mine if not use.error)
    others = list(of_others(tool, shared, mine))
    failed_there = _there(failures, [(one, (*theirs.failed, *theirs.refuted)) for one, theirs in others])
    answered_there = _there(answered, [(one, theirs.answered) for one, theirs in others])
    number = len(failures) + failed_there.number
    if tool.status in ("provisional", "trusted") and 0 < policy.withdraw_after <= number:
        where = _where(failures[: policy.withdraw_after], failed_there)
        last = f"; the last: {failures[-1].error}" if failures else ""
        return Change(status="candidate", reason=f"{number} failures of its own, {where}{last}")
    good = len(answered) + answered_there.number
    if tool.status == "provisional" and number == 0 and 0 < policy.trust_after <= good:
        where = _where(answered[: policy.trust_after], answered_there)
        return Change(status="trusted", reason=f"{good} distinct uses, {where}")
    return None


@dataclass(frozen=True, slots=True)
class _There:
    """How many uses more others know of, and who they are."""

    number: int
    people: tuple[str, ...]


def of_others(
    tool: Tool, shared: Iterable[Evidence], here: Iterable[ToolUse | ToolCheck]
) -> Iterator[tuple[str, ToolEvidence]]:
    """Who else shares what of a tool's exact contents; what is known here by its digest of format 1 is left out."""
    known: set[str] | None = None
    for evidence in shared:
        for one in evidence.tools:
            if evidence.own or (one.name, one.contents) != (tool.name, tool.contents):
                continue
            if known is None:
                known = {plain_digest(use.question, use.context_digest) for use in here}
            answered, failed, agreed, refuted = (
                tuple(use for use in uses if use not in known)
                for uses in (one.answered, one.failed, one.agreed, one.refuted)
            )
            yield (
                evidence.person,
                replace(one, answered=answered, failed=failed, agreed=agreed, refuted=refuted),
            )


def _there(here: Iterable[ToolUse], others: Iterable[tuple[str, Iterable[str]]]) -> _There:
    """The uses that others know of besides, each person's with what was known before them."""
    mine = known = together([_digests(here, _NOBODY)])
    people = []
    for person, uses in others:
        more = known | together([uses])
        people += [person] * (more.total() > known.total())
        known = more
    return _There(known.total() - mine.total(), tuple(dict.fromkeys(people)))


def _where(here: Sequence[ToolUse], there: _There) -> str:
    """Which uses: the runs of this ledger, and how many are known from others."""
    runs = [f"in runs {', '.join(use.run_id for use in here)}"] if here else []
    theirs = [f"{there.number} shared by {', '.join(there.people)}"] if there.number else []
    return " and ".join([*runs, *theirs])


def is_its_own(error: str) -> bool:
    """Whether the tool itself is to blame, and not its surroundings: no memory, no time, no module, no model."""
    if error.startswith(_NOT_ITS_OWN):
        return False
    kind = error.removeprefix("it raised ").partition(":")[0] if error.startswith("it raised ") else ""
    return kind.rpartition(".")[2] not in _SURROUNDINGS


def settle(
    tool: Tool, uses: Sequence[ToolUse], library: Library, shared: Sequence[Evidence] | None = None
) -> Change | None:
    """Give a tool the status that its uses, here and with others, have earned it.

    shared: what others know; None: it is read where it can matter, which spares the uses of a trusted tool the reading.
    Raises LibraryProblem when the status cannot be committed.
    """
    if shared is None:
        open_ = tool.status == "provisional" or any(use.error for use in uses)
        shared = library.evidence.read() if open_ else ()
    change = standing(tool, uses, library.policy(), shared)
    if change is not None:
        library.revisions.set_status(tool.name, change.status, BY, change.reason)
    return change


def settle_on_record(
    name: str, ledger: Ledger, library: Library, used: Tool | None = None, shared: Sequence[Evidence] | None = None
) -> Change | None:
    """The same by all that is on record: the uses of a tool, and the checks that refuted what it answered.

    used: the tool as it was loaded just now, so that it need not be read again; shared: see `settle`.
    None also when it may not run, or the repository takes no commit now: the next use tries again. Of a trusted tool,
    which may have thousands of uses, only the failures can change anything.
    """
    refuted = [_refuted(check) for check in ledger.tool_checks(name) if not check.agreed]
    try:
        tool = used if used is not None and used.name == name else library.load(name)
        uses = ledger.tool_uses(name, failed=tool.status == "trusted")
        return settle(tool, [*uses, *refuted], library, shared)
    except LibraryProblem:
        return None


def known_of(tool: Tool, uses: Iterable[ToolUse], checks: Iterable[ToolCheck], key: bytes = _NOBODY) -> ToolEvidence:
    """What a ledger knows of a tool as it is now. key: of the clone, for what is to be shared."""
    mine = [use for use in uses if use.tool == tool.name and use.version == tool.version]
    held = [check for check in checks if check.tool == tool.name and check.version == tool.version]
    refuted = _digests((check for check in held if not check.agreed), key)
    return ToolEvidence(
        name=tool.name,
        contents=tool.contents,
        answered=_digests((use for use in mine if not use.error), key),
        failed=_digests((use for use in mine if use.error and is_its_own(use.error)), key),
        agreed=tuple(one for one in _digests((check for check in held if check.agreed), key) if one not in refuted),
        refuted=refuted,
        last_used=max((use.at.date() for use in mine), default=None),
    )


def _digests(records: Iterable[ToolUse | ToolCheck], key: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(use_digest(one.question, one.context_digest, key) for one in records))


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

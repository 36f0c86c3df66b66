"""What a tree of runs got before it was interrupted. Pure, shared by every ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias

from lithify.errors import BudgetSpent, LithifyError, ModelFailed, ModelRefused
from lithify.ledger.bounds import TEXT_CHARS
from lithify.records.model import ModelReply
from lithify.records.plain import Plain
from lithify.records.quick import dataclass

FAILURES: Mapping[str, Callable[[str], LithifyError]] = {
    "ModelFailed": ModelFailed,
    "ModelRefused": ModelRefused,
    "BudgetSpent": lambda message: BudgetSpent("seconds", message),
}
"""What a cell can be told of a failed call, by the recorded class of its error."""

Key: TypeAlias = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """A recorded model call. reply None: it failed with an error of this kind."""

    run_id: str
    at: datetime
    digest: str
    nth: int
    reply: ModelReply | None
    kind: str = ""
    error: str = ""


class Recalled:
    """The Recall port over what was read from a ledger.

    answers:    what the host answered, by run, name and number; what was too large to be kept is not among them
    last_cells: when the last cell of each run ended
    parents:    the parent of every run of the tree
    """

    def __init__(
        self,
        calls: Iterable[PastCall],
        answers: Mapping[Key, Plain],
        last_cells: Mapping[str, datetime],
        parents: Mapping[str, str | None],
    ) -> None:
        self._answers = answers
        self._last_cells = last_cells
        self._parents = parents
        self._calls: dict[Key, PastCall] = {}
        for call in calls:
            key = (call.run_id, call.digest, call.nth)
            if call.digest and (key not in self._calls or self._calls[key].reply is None):
                self._calls[key] = call

    def reply(self, run_id: str, digest: str, nth: int) -> ModelReply | None:
        """The reply that this call had; None: it has to be asked. Raises the failure that a finished cell was told."""
        call = self._calls.get((run_id, digest, nth))
        if call is None:
            return None
        if call.reply is not None:
            # a reply that is longer than the ledger keeps was cut, and what was cut cannot be answered with
            return call.reply if len(call.reply.text) <= TEXT_CHARS else None
        if call.kind in FAILURES and self._was_told(call):
            raise FAILURES[call.kind](call.error)
        return None

    def host_answer(self, run_id: str, name: str, nth: int) -> tuple[Plain] | None:
        """What the host answered, as a tuple of one; None: not recorded."""
        key = (run_id, name, nth)
        return (self._answers[key],) if key in self._answers else None

    def _was_told(self, call: PastCall) -> bool:
        """Whether a cell ended after the call, in its run or in one above: what the cell gave rests on the failure."""
        return any(
            run_id in self._last_cells and self._last_cells[run_id] > call.at for run_id in self._upwards(call.run_id)
        )

    def _upwards(self, run_id: str | None) -> Iterator[str]:
        while run_id is not None:
            yield run_id
            run_id = self._parents.get(run_id)

"""A run's records put together in order. Pure, shared by every ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lithify.records.ledger import (
    Acceptance,
    RecordedCall,
    RecordedCandidate,
    RecordedCell,
    RecordedGate,
    RecordedTurn,
    Rejection,
)


@dataclass(slots=True)
class CandidateParts:
    """What a run's ledger holds about candidates: by candidate id, each in the order of recording."""

    proposals: list[RecordedCandidate] = field(default_factory=list)
    gates: list[tuple[str, RecordedGate]] = field(default_factory=list)
    accepted: list[tuple[str, Acceptance]] = field(default_factory=list)
    rejected: list[tuple[str, Rejection]] = field(default_factory=list)

    def together(self) -> tuple[RecordedCandidate, ...]:
        """Every proposal with what became of it; then what was judged or decided without a proposal on record."""
        proposed = {proposal.candidate for proposal in self.proposals}
        mentioned = [candidate for candidate, _ in (*self.gates, *self.accepted, *self.rejected)]
        others = [RecordedCandidate(candidate=one) for one in dict.fromkeys(mentioned) if one not in proposed]
        return tuple(self._whole(candidate) for candidate in (*self.proposals, *others))

    def _whole(self, candidate: RecordedCandidate) -> RecordedCandidate:
        return RecordedCandidate(
            candidate=candidate.candidate,
            function=candidate.function,
            why=candidate.why,
            gates=tuple(gate for one, gate in self.gates if one == candidate.candidate),
            accepted=tuple(acceptance for one, acceptance in self.accepted if one == candidate.candidate),
            rejected=tuple(rejection for one, rejection in self.rejected if one == candidate.candidate),
        )


def turns(calls: Iterable[RecordedCall], cells: Iterable[tuple[int, RecordedCell]]) -> tuple[RecordedTurn, ...]:
    """The turns by number. calls and cells (with their turn's number) in the order of recording.

    A resumed run runs its cells again: what a cell gave last is what the run went on with.
    """
    by_turn: dict[int, tuple[list[RecordedCall], dict[int, RecordedCell], list[RecordedCall]]]
    by_turn = defaultdict(lambda: ([], {}, []))
    for call in calls:
        words, _, subcalls = by_turn[call.turn]
        (subcalls if call.purpose == "sub" else words).append(call)
    for number, cell in cells:
        by_turn[number][1][cell.index] = cell
    return tuple(
        RecordedTurn(number=number, calls=tuple(words), cells=tuple(run.values()), subcalls=tuple(subcalls))
        for number, (words, run, subcalls) in sorted(by_turn.items())
    )

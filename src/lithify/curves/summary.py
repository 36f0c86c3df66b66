"""What a stream came to: by arm, by part of the stream, and one arm against the other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from lithify.curves.interval import Share, share
from lithify.records.quick import dataclass
from lithify.records.stream import Arm, StreamPoint

_REUSE = frozenset({"replay", "adapt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a stream, in one arm. first and last are positions, both included; means are per question.

    cost is None when a call was unpriced.
    """

    arm: Arm
    first: int
    last: int
    right: Share
    reused: Share
    calls: float
    tokens: float
    seconds: float
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmSummary:
    """One arm as a whole, and in parts of equal length."""

    whole: Part
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The arm with the library against the one without.

    wrong_tool: of the questions that a kept tool answered, those whose answer is wrong
    harm:       of the questions that both arms were asked, those that only the arm without the library got right
    last_part:  tokens per question in the last part, with the library over without; None when the latter spent none
    """

    wrong_tool: Share
    harm: Share
    last_part: float | None


def summarise(points: Sequence[StreamPoint], parts: int = 3) -> ArmSummary | None:
    """One arm's points, in order of position; None when there are none. Parts differ in length by one at most."""
    ordered = sorted(points, key=lambda point: point.position)
    if not ordered:
        return None
    number = max(1, min(parts, len(ordered)))
    edges = [len(ordered) * at // number for at in range(number + 1)]
    pieces = [ordered[low:high] for low, high in pairwise(edges)]
    return ArmSummary(whole=_part(ordered), parts=tuple(_part(piece) for piece in pieces))


def compare(library: Sequence[StreamPoint], ephemeral: Sequence[StreamPoint], parts: int = 3) -> Comparison:
    """Rates of the arm with the library, beside the arm without."""
    reused = [point for point in library if point.route in _REUSE]
    without = {point.position: point for point in ephemeral}
    both = [(point, without[point.position]) for point in library if point.position in without]
    ours, theirs = summarise(library, parts), summarise(ephemeral, parts)
    ratio = None
    if ours and theirs and theirs.parts[-1].tokens:
        ratio = ours.parts[-1].tokens / theirs.parts[-1].tokens
    return Comparison(
        wrong_tool=share(sum(not point.right for point in reused), len(reused)),
        harm=share(sum(other.right and not point.right for point, other in both), len(both)),
        last_part=ratio,
    )


def _part(points: Sequence[StreamPoint]) -> Part:
    number = len(points)
    costs = [point.cost for point in points if point.cost is not None]
    return Part(
        arm=points[0].arm,
        first=points[0].position,
        last=points[-1].position,
        right=share(sum(point.right for point in points), number),
        reused=share(sum(point.route in _REUSE for point in points), number),
        calls=sum(point.model_calls for point in points) / number,
        tokens=sum(point.tokens for point in points) / number,
        seconds=sum(point.seconds for point in points) / number,
        cost=sum(costs, Decimal(0)) / number if len(costs) == number else None,
    )

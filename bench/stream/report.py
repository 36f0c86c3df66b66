"""What the streams came to, from the results of `lithify bench stream --out`: by third, by kind of question, by route.

python bench/stream/report.py NAME RESULTS.jsonl        NAME: logs or tables
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from lithify.curves import Share, compare, share, summarise
from lithify.records.stream import ARMS, StreamPoint
from lithify.services.streaming import read_points

KINDS = ("first", "same", "value", "paraphrase", "similar")
NAMES = {"library": "with library", "replay": "replay only", "ephemeral": "ephemeral", "bare": "bare"}


def said(one: Share) -> str:
    return f"{one.count}/{one.total} ({one.low:.0%}-{one.high:.0%})" if one.total else "0/0"


def row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def thirds(points: Sequence[StreamPoint]) -> None:
    print(row(("arm", "positions", "right", "reused", "calls each", "tokens each", "s each")))
    print("|---" * 7 + "|")
    for arm in ARMS:
        summary = summarise([point for point in points if point.arm == arm])
        for part in (*summary.parts, summary.whole) if summary else ():
            place = f"{part.first}-{part.last}"
            figures = (f"{part.calls:.2f}", f"{part.tokens:,.0f}", f"{part.seconds:.2f}")
            print(row((NAMES[arm], place, said(part.right), said(part.reused), *figures)))


def kinds(points: Sequence[StreamPoint], of: Sequence[str]) -> None:
    print("\n" + row(("arm", "kind", "asked", "right", "replay", "adapt", "explore", "calls each", "tokens each")))
    print("|---" * 9 + "|")
    for arm in ARMS:
        for kind in KINDS:
            some = [point for point in points if point.arm == arm and of[point.position - 1] == kind]
            if some:
                routes = [sum(point.route == route for point in some) for route in ("replay", "adapt", "explore")]
                calls = statistics.fmean(point.model_calls for point in some)
                tokens = statistics.fmean(point.tokens for point in some)
                right = sum(point.right for point in some)
                print(row((NAMES[arm], kind, len(some), right, *routes, f"{calls:.2f}", f"{tokens:,.0f}")))


def recurring(ours: Sequence[StreamPoint], theirs: Sequence[StreamPoint], of: Sequence[str]) -> float | None:
    """Tokens of the last third over those of the arm without, of what was asked before in some form."""
    low = 2 * len(of) // 3
    again = {at for at, kind in enumerate(of, 1) if at > low and kind not in ("first", "similar")}
    spent = sum(point.tokens for point in theirs if point.position in again)
    return sum(point.tokens for point in ours if point.position in again) / spent if spent else None


def rates(points: Sequence[StreamPoint], of: Sequence[str]) -> dict[str, object]:
    arms = {arm: [point for point in points if point.arm == arm] for arm in ARMS}
    found: dict[str, object] = {}
    for arm in ("library", "replay"):
        if arms[arm]:
            compared = compare(arms[arm], arms["ephemeral"])
            repeats = [point for point in arms[arm] if of[point.position - 1] not in ("first", "similar")]
            reuse = share(sum(point.route in ("replay", "adapt") for point in repeats), len(repeats))
            replays = [point.seconds * 1e3 for point in arms[arm] if point.route == "replay"]
            median = statistics.median(replays) if replays else 0.0
            again = recurring(arms[arm], arms["ephemeral"], of)
            further = {"reuse_of_repeats": asdict(reuse), "last_third_of_repeats": again, "median_replay_ms": median}
            found[arm] = {**asdict(compared), **further}
            shares = f"{compared.last_part or 0:.1%} of the ephemeral arm's tokens, of repeats {again or 0:.1%}"
            print(f"\n{NAMES[arm]}: wrong tool {said(compared.wrong_tool)}; harm {said(compared.harm)}; repeats reused")
            print(f"{said(reuse)}; last third {shares}; replay {median:.0f} ms (median)")
    return found


def main() -> None:
    name, results = sys.argv[1], Path(sys.argv[2])
    here = Path(__file__).parent
    of = [json.loads(line)["kind"] for line in (here / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    points = read_points(results.read_text(encoding="utf-8").splitlines(), str(results))
    thirds(points)
    kinds(points, of)
    found = rates(points, of)
    for point in points:
        if not point.right:
            print(f"\nWRONG, {NAMES[point.arm]} {point.position}: {point.question} ({point.route}): {point.error}")
    (here / "results").mkdir(exist_ok=True)
    summaries = {arm: summarise([point for point in points if point.arm == arm]) for arm in ARMS}
    whole = {"arms": {arm: asdict(one) for arm, one in summaries.items() if one}, "rates": found}
    (here / "results" / f"{name}.json").write_text(json.dumps(whole, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

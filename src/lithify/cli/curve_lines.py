"""The lines of `lithify bench stream` and `lithify costs --curve`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from lithify.cli.run_lines import money
from lithify.curves import ArmSummary, Share, compare, summarise
from lithify.curves.summary import Part
from lithify.records.ledger import RunSummary
from lithify.records.stream import StreamPoint

_NAMES = {"library": "with the library", "replay": "replay only", "ephemeral": "ephemeral", "bare": "no preview"}


def stream_lines(points: Sequence[StreamPoint]) -> Iterator[Text]:
    """The arms by thirds, then what reuse did: each rate with its 95 % interval."""
    arms = {arm: [point for point in points if point.arm == arm] for arm in _NAMES}
    rows: list[tuple[str, ...]] = []
    for arm, of_arm in arms.items():
        summary = summarise(of_arm)
        if summary is not None:
            rows += _rows(_NAMES[arm], summary)
    yield from _table(("arm", "questions", "right", "reused", "calls", "tokens", "cost", "s each"), rows)
    for arm in ("library", "replay"):
        yield from _compared(arms[arm], arms["ephemeral"], f", {_NAMES[arm]}" if arms["replay"] else "")


def _compared(library: Sequence[StreamPoint], ephemeral: Sequence[StreamPoint], which: str) -> Iterator[Text]:
    if library:
        found = compare(library, ephemeral)
        yield Text("")
        yield Text(f"wrong tool{which}: {_share(found.wrong_tool)} of the questions that a kept tool answered")
        if ephemeral:
            yield Text(f"harm: {_share(found.harm)} right without the library and wrong with it")
        if found.last_part is not None:
            yield Text(f"last third: {found.last_part:.1%} of the tokens of the ephemeral arm")


def curve_lines(points: Sequence[StreamPoint], parts: int) -> Iterator[Text]:
    """The runs of a ledger in order, in parts of equal length: "right" is not known here, "complete" is."""
    summary = summarise(points, parts)
    if summary is not None:
        heads = ("runs", "complete", "reused", "calls", "tokens", "cost", "s each")
        yield from _table(heads, [row[1:] for row in _rows("", summary)])


def points_of(runs: Sequence[RunSummary]) -> tuple[StreamPoint, ...]:
    """Runs as the ledger gives them, newest first, as points in order. `right` says that a run ended complete."""
    ended = [run for run in reversed(runs) if run.state != "running" and run.parent is None]
    return tuple(
        StreamPoint(
            arm="library",
            position=position,
            question=run.question,
            family=run.family,
            route=run.route,
            right=run.complete,
            model_calls=run.usage.model_calls,
            input_tokens=run.usage.input_tokens,
            output_tokens=run.usage.output_tokens,
            cost=run.usage.price,
            seconds=run.seconds or 0.0,
        )
        for position, run in enumerate(ended, 1)
    )


def _rows(name: str, summary: ArmSummary) -> list[tuple[str, ...]]:
    parts = summary.parts if len(summary.parts) > 1 else ()
    return [_row(name if at == 0 else "", part) for at, part in enumerate(parts)] + [
        _row("" if parts else name, summary.whole, "all")
    ]


def _row(name: str, part: Part, label: str = "") -> tuple[str, ...]:
    return (
        name,
        label or f"{part.first}-{part.last}",
        _share(part.right),
        _share(part.reused),
        f"{part.calls:.2f}",
        f"{part.tokens:,.0f}",
        "unpriced" if part.cost is None else money(part.cost),
        f"{part.seconds:.2f}",
    )


def _share(share: Share) -> str:
    return f"{share.count}/{share.total} ({share.low:.0%}-{share.high:.0%})" if share.total else "0/0"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Text]:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    yield Text("  ".join(head.ljust(width) for head, width in zip(heads, widths, strict=True)).rstrip(), "bold")
    for row in rows:
        yield Text("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

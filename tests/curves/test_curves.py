"""Shares with intervals, parts of a stream, one arm against the other, the picture."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from lithify.curves import compare, draw, share, summarise
from lithify.records.run import Route
from lithify.records.stream import Arm, StreamPoint


def point(position: int, arm: Arm = "library", route: Route | None = "explore", **changed: object) -> StreamPoint:
    given = {
        "arm": arm,
        "position": position,
        "question": f"question <{position}> & more",
        "family": "f",
        "route": route,
        "right": True,
        "model_calls": 0 if route == "replay" else 1,
        "input_tokens": 0 if route == "replay" else 900,
        "output_tokens": 0 if route == "replay" else 100,
        "cost": Decimal("0.5"),
        "seconds": 1.0,
    }
    return StreamPoint(**(given | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_intervals(count: int, total: int, low: float, high: float) -> None:
    found = share(count, total)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_parts_cover_the_stream_in_order() -> None:
    points = [point(at, route="explore" if at <= 3 else "replay") for at in range(7, 0, -1)]
    summary = summarise(points)
    assert summary is not None
    assert [(part.first, part.last) for part in summary.parts] == [(1, 2), (3, 4), (5, 7)]
    assert [part.tokens for part in summary.parts] == [1000, 500, 0]
    assert [part.reused.count for part in summary.parts] == [0, 1, 3]
    assert (summary.whole.calls, summary.whole.cost) == (3 / 7, Decimal("0.5"))


def test_a_stream_shorter_than_its_parts_and_an_empty_one() -> None:
    summary = summarise([point(1)])
    assert summary is not None
    assert len(summary.parts) == 1
    assert summarise([]) is None


def test_an_unpriced_call_makes_a_part_unpriced_and_not_cheap() -> None:
    summary = summarise([point(1), point(2, cost=None)], parts=2)
    assert summary is not None
    assert (summary.parts[0].cost, summary.parts[1].cost, summary.whole.cost) == (Decimal("0.5"), None, None)


def test_wrong_tool_and_harm() -> None:
    library = [
        point(1, right=False),
        point(2, route="replay", right=False),
        point(3, route="adapt"),
        point(4, route="replay"),
        point(5, route=None, right=False),
    ]
    ephemeral = [point(at, "ephemeral", right=at != 1) for at in range(1, 5)]
    found = compare(library, ephemeral)
    assert (found.wrong_tool.count, found.wrong_tool.total) == (1, 3)
    assert (found.harm.count, found.harm.total) == (1, 4)
    assert found.last_part == pytest.approx(0.5)
    assert compare(library, []).last_part is None


def test_the_picture_is_xml_and_shows_every_point() -> None:
    points = [point(1), point(2, right=False), point(1, "ephemeral"), point(2, "ephemeral", route=None)]
    root = ElementTree.fromstring(draw(points, 'a <title> & "more"'))
    space = "{http://www.w3.org/2000/svg}"
    circles = root.findall(f"{space}circle")
    assert len(circles) == 4
    assert [circle.get("fill") for circle in circles].count("white") == 1
    assert root.findtext(f"{space}title") == 'a <title> & "more"'
    ElementTree.fromstring(draw([], "nothing yet"))

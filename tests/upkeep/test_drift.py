"""Drift: which runs count, and when it is more than chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lithify.upkeep import RECENT, Meeting, drift, refused_shape
from lithify.upkeep.drift import Met
from tests.upkeep.known import tool

START = datetime(2026, 11, 1, tzinfo=UTC)


def met(*kinds: Met) -> list[Meeting]:
    return [
        Meeting(at=START + timedelta(hours=number), met=kind, why=f"why {number}" if kind != "answered" else "")
        for number, kind in enumerate(kinds)
    ]


def test_it_is_the_share_of_recent_runs_that_were_refused() -> None:
    found = drift(met("answered", "other-shape", "declined", "answered"))
    assert (found.refused.count, found.refused.total, found.latest) == (2, 4, "why 2")


def test_older_runs_are_forgotten_whatever_order_they_are_told_in() -> None:
    meetings = met(*["declined"] * 5, *["answered"] * RECENT)
    assert drift(meetings[::-1]).refused.count == 0


@pytest.mark.parametrize(
    ("refused", "answered", "sure"), [(0, 0, False), (2, 0, False), (3, 0, True), (1, 4, False), (5, 5, True)]
)
def test_it_is_sure_when_chance_does_not_explain_it(refused: int, answered: int, sure: bool) -> None:
    kinds: list[Met] = ["other-shape"] * refused + ["answered"] * answered
    assert drift(met(*kinds)).is_sure is sure


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("tool a v3: the question matches, but only 40% of lines have a known shape", "only 40% of lines have a"),
        ("tool a v1: the question matches, but it reads text, this is files", "it reads text, this is files"),
        (
            "NotCovered: no kept tool answers: tool c v1: its question is near; tool a v1: the question matches, but "
            "the context is json, the tool knows lines; tool b v2: the question matches, but it is retired",
            "the context is json, the tool knows lines",
        ),
        ("tool a v1: the question matches, but it is deprecated", ""),
        ("tool a v1: the question matches, but its recipe names x, which the function does not take", ""),
        ("tool a v1: the question matches, but top: 'anyone' does not occur in the data", ""),
        ("tool b v1: the question matches, but the context is empty", ""),
        ("tool a v1: its question is near, but it says least", ""),
        ("ephemeral: kept tools are not considered", ""),
    ],
)
def test_what_a_run_says_of_the_shape(line: str, reason: str) -> None:
    found = refused_shape(tool(), ("another line", line))
    assert found.startswith(reason) if reason else found == ""
    assert "tool b" not in found

"""Which changes are proposed, on which evidence; and what is never a reason for one."""

from __future__ import annotations

from datetime import date

import pytest

from lithify.records.nearness import Nearness
from lithify.records.tool import Status
from lithify.upkeep import Checkup, Facts, proposals
from tests.upkeep.known import TODAY, did, facts, tool

BROKEN = Checkup(health="broken", why="replay: it answers otherwise")
LONG_AGO, OLD = date(2026, 1, 1), date(2026, 8, 1)


def said(*known: Facts) -> list[tuple[str, str]]:
    return [(one.kind, one.tool) for one in proposals(known, 90, TODAY)]


@pytest.mark.parametrize(
    ("one", "kinds"),
    [
        (facts(), []),
        (facts(checkup=BROKEN), ["deprecate"]),
        (facts(checkup=BROKEN, callers=("b",)), ["deprecate"]),
        (facts(tool(status="deprecated"), checkup=BROKEN), ["retire"]),
        (facts(tool(status="deprecated"), checkup=BROKEN, callers=("b",)), []),
        (facts(checkup=Checkup(health="surroundings", why="zzz is not installed here")), []),
        (facts(checkup=Checkup(health="untried", why="nothing")), []),
        (facts(evidence=(did(refuted=2),)), ["deprecate"]),
        (facts(evidence=(did(refuted=1),)), []),
        (facts(evidence=(did(refuted=2, agreed=30),)), []),
        (facts(entered=OLD), ["deprecate"]),
        (facts(entered=OLD, callers=("b",)), []),
        (facts(entered=OLD, last_used=TODAY), []),
        (facts(entered=None), []),
        (facts(tool(status="deprecated"), entered=OLD), []),
        (facts(tool(status="deprecated"), entered=LONG_AGO), ["retire"]),
    ],
)
def test_what_is_proposed_for_one_tool(one: Facts, kinds: list[str]) -> None:
    assert [kind for kind, _ in said(one)] == kinds


def test_the_evidence_is_told() -> None:
    (one,) = proposals([facts(evidence=(did(answered=4, agreed=1, refuted=3),), last_used=TODAY)], 90, TODAY)
    assert one.reason == "3 of 4 checked answers were wrong"
    assert one.evidence == (
        "a 1.0.0 (provisional): 4 distinct uses, the last on 2026-11-30",
        "a: 1 of 4 checked answers were confirmed (5% to 70%)",
    )


def test_the_same_change_of_the_same_contents_has_the_same_key_tomorrow() -> None:
    one = facts(entered=OLD)
    (today,) = proposals([one], 90, TODAY)
    (tomorrow,) = proposals([one], 90, date(2026, 12, 1))
    assert today.key == tomorrow.key
    (other,) = proposals([facts(checkup=BROKEN)], 90, TODAY)
    assert (other.kind, other.tool) == (today.kind, today.tool)
    assert other.key != today.key, "a no to one reason is no answer to another"


class TestTwins:
    @staticmethod
    def pair(mine: Facts | None = None, status: Status = "provisional", **theirs: object) -> list[Facts]:
        same = Nearness(relation="same", tool="b", version=1, evidence="both answer 4 shared calls alike", advice="")
        first = mine or facts(tool("a"), near=same)
        return [first, facts(tool("b", status=status), **theirs)]

    def test_the_one_that_is_worth_more_stays(self) -> None:
        known = self.pair(status="trusted")
        (one,) = proposals(known, 90, TODAY)
        assert (one.kind, one.tool, one.into, one.reason) == ("merge", "a", "b", "b does the same")
        assert one.evidence[0] == "both answer 4 shared calls alike"
        (other,) = proposals(self.pair(entered=date(2026, 12, 1)), 90, TODAY)
        assert (other.tool, other.into) == ("b", "a"), "of equals the older one stays"

    def test_one_that_others_import_stays(self) -> None:
        (one,) = proposals(self.pair(callers=("c",), entered=date(2026, 12, 1)), 90, TODAY)
        assert (one.tool, one.into) == ("a", "b")

    def test_a_broken_one_is_put_away_and_not_merged(self) -> None:
        assert said(*self.pair(checkup=BROKEN)) == [("deprecate", "b")]

    def test_an_idle_one_is_merged_and_not_put_away_as_well(self) -> None:
        assert said(*self.pair(status="trusted", entered=OLD)) == [("merge", "a")]

    def test_each_is_in_one_merge_at_most(self) -> None:
        same = Nearness(relation="same", tool="b", version=1, evidence="alike", advice="")
        assert len(said(*self.pair(), facts(tool("c"), near=same))) == 1

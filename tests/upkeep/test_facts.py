"""What several people know of one tool, put together."""

from __future__ import annotations

from datetime import date

from tests.upkeep.known import TODAY, did, facts


def test_a_use_that_two_people_know_of_counts_once() -> None:
    one = facts(evidence=(did(answered=3), did(answered=3, first=2), did(failed=1)))
    assert (one.answered, one.failed) == (5, 1)


def test_an_answer_that_anybody_contradicted_was_not_confirmed() -> None:
    one = facts(evidence=(did(agreed=3), did(refuted=1)))
    assert (one.agreement.count, one.agreement.total) == (2, 3)
    assert 0 < one.agreement.low < 2 / 3 < one.agreement.high < 1


def test_idle_since_the_last_use_or_since_it_came() -> None:
    assert facts(entered=date(2026, 11, 20)).idle(TODAY) == 10
    assert facts(entered=date(2026, 1, 1), last_used=date(2026, 11, 29)).idle(TODAY) == 1
    assert facts(entered=date(2026, 11, 29), last_used=date(2026, 1, 1)).idle(TODAY) == 1, "renamed, or brought back"
    assert facts(entered=None).idle(TODAY) is None

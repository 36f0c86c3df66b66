from __future__ import annotations

from lithify.sandbox.clock import Allowance, CellClock


def test_wall_time_counts() -> None:
    clock = CellClock(limit=10.0, now=100.0)
    clock.advance(104.0, 0.0)
    assert clock.left == 6.0


def test_it_stands_still_while_the_host_owes() -> None:
    clock = CellClock(limit=10.0, now=100.0)
    clock.owe(True, 101.0, cpu=5.0)
    clock.advance(200.0, cpu=5.0)
    clock.owe(False, 300.0, cpu=5.0)
    clock.advance(302.0, 0.0)
    assert clock.left == 10.0 - 1.0 - 2.0


def test_but_not_for_what_the_worker_computes_meanwhile() -> None:
    clock = CellClock(limit=10.0, now=0.0)
    clock.owe(True, 0.0, cpu=5.0)
    clock.advance(100.0, cpu=9.0)
    assert clock.left == 6.0
    clock.owe(False, 200.0, cpu=12.0)
    assert clock.left == 3.0


def test_clocks_that_go_back_add_nothing() -> None:
    clock = CellClock(limit=10.0, now=100.0)
    clock.owe(True, 99.0, cpu=5.0)
    clock.advance(98.0, cpu=0.0)
    assert clock.left == 10.0


def test_a_burst_is_free_and_a_stream_is_not() -> None:
    allowance = Allowance(now=0.0)
    assert allowance.spend(0.0, 0.4) == 0.0
    rest = allowance.spend(0.4, 0.8)
    assert rest > 1.0
    now = 0.8 + rest
    assert allowance.spend(now, now) == 0.0


def test_over_time_the_share_is_kept() -> None:
    allowance = Allowance(now=0.0)
    now = worked = 0.0
    while now < 100.0:
        rest = allowance.spend(now, now + 0.1)
        worked += 0.1
        now += 0.1 + rest
    assert worked / now < 0.22

"""Shadow checks in the background: which replays ask for one, and how far the budget of a day goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lithify.errors import ModelFailed
from lithify.records.events import RouteChosen, RunFailed, ToolChecked, ToolUsed
from lithify.records.ledger import RunDetail
from lithify.records.run import Limits, RunId
from lithify.records.setup import RunSetup
from lithify.records.uses import ToolUse
from lithify.services import shadowing
from lithify.services.shadowing import Spent, asks_for_one, left, process_for, spent_since
from lithify.settings import Settings, ShadowSettings
from lithify.testing.ledger_memory import MemoryLedger
from lithify.testing.ledger_story import NOON, SetClock, called, finished, reply, started

TOOL = "count_errors"
SETUP = RunSetup(limits=Limits(), paths=("a.log",), folder="/data")
MIDNIGHT = NOON.replace(hour=0)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ledger(clock: SetClock) -> MemoryLedger:
    return MemoryLedger(clock=clock)


def replayed(ledger: MemoryLedger, run_id: str, setup: RunSetup | None = SETUP) -> RunDetail:
    ledger.notify(replace(started(run_id), setup=setup))
    ledger.notify(RouteChosen(run_id=RunId(run_id), route="replay", why=()))
    ledger.notify(ToolUsed(run_id=RunId(run_id), tool=TOOL, version=3, arguments={}, seconds=0.1))
    ledger.notify(finished(run_id, "replay"))
    return ledger.run(run_id)


def checked(ledger: MemoryLedger, run_id: str, of: str, costs: list[str | None]) -> None:
    """The run that derived the answer of another one anew."""
    ledger.notify(replace(started(run_id), setup=replace(SETUP, options=(("cite", False), ("checks", of)))))
    ledger.notify(RouteChosen(run_id=RunId(run_id), route="explore", why=()))
    for cost in costs:
        ledger.notify(called(run_id, reply(cost=cost)))
    ledger.notify(finished(run_id))


def uses(ledger: MemoryLedger) -> list[ToolUse]:
    return ledger.tool_uses(TOOL)


def test_none_unless_somebody_set_it() -> None:
    assert not ShadowSettings().on
    assert ShadowSettings(share=0.1).on
    assert ShadowSettings(first=1).on


def test_the_first_uses_of_a_version_and_a_share_of_the_others(ledger: MemoryLedger) -> None:
    wanted = ShadowSettings(first=2)
    asked = []
    for number in range(4):
        run = replayed(ledger, f"r{number}")
        asked.append(asks_for_one(run, uses(ledger), wanted))
    assert asked == [True, True, False, False]
    run = ledger.run("r3")
    assert asks_for_one(run, uses(ledger), ShadowSettings(share=1.0))
    assert not asks_for_one(run, uses(ledger), ShadowSettings())
    assert not asks_for_one(run, uses(ledger), ShadowSettings(share=1e-9))


@pytest.mark.parametrize("setup", [None, replace(SETUP, paths=()), replace(SETUP, paths=("-",))])
def test_data_that_cannot_be_read_again_is_not_checked(ledger: MemoryLedger, setup: RunSetup | None) -> None:
    run = replayed(ledger, "r0", setup)
    assert not asks_for_one(run, uses(ledger), ShadowSettings(first=9))


def test_the_process_has_the_settings_of_the_replay_and_no_cassette(ledger: MemoryLedger, tmp_path: Path) -> None:
    run = replayed(ledger, "r0")
    settings = Settings(
        library=tmp_path / "library",
        model="a:model",
        record=tmp_path / "tape",
        source=tmp_path / "lithify.toml",
        shadow=ShadowSettings(first=1),
    )
    process = process_for(run, uses(ledger), settings)
    assert process is not None
    assert process.arguments == ("--library", str(tmp_path / "library"), "shadow", "--background")
    assert process.folder == tmp_path
    assert dict(process.environment) == {
        "LITHIFY_MODEL": "a:model",
        "LITHIFY_SUB_MODEL": "",
        "LITHIFY_BASE_URL": "",
        "LITHIFY_RECORD": "",
    }
    assert process_for(run, uses(ledger), replace(settings, model="")) is None
    assert process_for(run, uses(ledger), replace(settings, shadow=ShadowSettings())) is None
    assert process_for(run, uses(ledger), replace(settings, source=None)) is None


def test_what_checks_spent_today(ledger: MemoryLedger, clock: SetClock) -> None:
    checked(ledger, "old", "r0", ["1.0"])
    clock.now += timedelta(days=1)
    replayed(ledger, "r1")
    checked(ledger, "c1", "r1", ["0.25", "0.25"])
    ledger.notify(replace(started("mine"), setup=SETUP))
    ledger.notify(called("mine", reply(cost="9.0")))
    ledger.notify(finished("mine"))
    since = MIDNIGHT + timedelta(days=1)
    assert spent_since(ledger, since) == Spent(calls=2, cost=Decimal("0.50"), tried=frozenset({"r1"}))
    checked(ledger, "c2", "r2", [None])
    assert spent_since(ledger, since) == Spent(calls=3, cost=None, tried=frozenset({"r1", "r2"}))


def test_a_check_that_failed_spent_too(ledger: MemoryLedger) -> None:
    ledger.notify(replace(started("c1"), setup=replace(SETUP, options=(("checks", "r1"),))))
    ledger.notify(RouteChosen(run_id=RunId("c1"), route="explore", why=()))
    ledger.notify(called("c1", None))
    ledger.notify(RunFailed(run_id=RunId("c1"), kind="ModelFailed", message="503", seconds=1.0))
    spent = spent_since(ledger, MIDNIGHT)
    assert (spent.calls, spent.tried) == (1, frozenset({"r1"}))


@pytest.mark.parametrize(
    ("spent", "cost", "calls", "money"),
    [
        (Spent(), None, 10, None),
        (Spent(calls=7), None, 3, None),
        (Spent(calls=9), None, None, None),
        (Spent(cost=Decimal("0.4")), Decimal("0.5"), 10, Decimal("0.1")),
        (Spent(cost=Decimal("0.5")), Decimal("0.5"), None, None),
        (Spent(cost=None), Decimal("0.5"), None, None),
        (Spent(cost=None), None, 10, None),
    ],
)
def test_what_is_left_of_the_day(spent: Spent, cost: Decimal | None, calls: int | None, money: Decimal | None) -> None:
    limits = left(Limits(), ShadowSettings(first=1, calls=10, cost=cost), spent)
    assert (limits.calls if limits else None) == calls
    assert (limits.cost if limits else None) == money


def test_the_limits_of_a_run_hold_as_well() -> None:
    limits = left(Limits(calls=3, cost=Decimal("0.1")), ShadowSettings(calls=10, cost=Decimal("0.5")), Spent())
    assert limits is not None
    assert (limits.calls, limits.cost) == (3, Decimal("0.1"))


def test_only_what_is_due_and_of_the_last_day_is_looked_at(ledger: MemoryLedger, clock: SetClock) -> None:
    replayed(ledger, "yesterday")
    clock.now += timedelta(days=2)
    for name in ("r1", "r2", "r3"):
        replayed(ledger, name)
    ledger.notify(
        ToolChecked(run_id=RunId("r1"), tool=TOOL, version=3, by="shadow", agreed=True, derived=42, check_run="c")
    )
    checked(ledger, "c2", "r2", ["0.1"])
    looked: list[str] = []

    def find(run: RunDetail) -> None:
        looked.append(run.summary.run_id)

    def bench(context: object) -> None:
        raise ModelFailed("nothing was found to be checked")

    means = shadowing.Means(find=find, bench=bench, ledger=ledger)  # type: ignore[arg-type]
    import asyncio

    found = asyncio.run(shadowing.check_within(ShadowSettings(share=1.0), means, clock.now))
    assert (found, looked) == ([], ["r3"])

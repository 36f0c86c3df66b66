"""Child runs and interrupted runs on the screen."""

from __future__ import annotations

import json

from lithify.cli.runs import runs, show
from lithify.ports import Ledger
from lithify.testing.ledger_story import called, finished, reply, started
from lithify.testing.ledger_tree import child, failed, root
from tests.cli.test_runs import run_command


def family(ledger: Ledger) -> None:
    """A finished root with two children, one of which has a child and failed."""
    ledger.notify(root("r"))
    for start in (child("aa", "r"), child("b", "r"), child("a1", "aa", 2)):
        ledger.notify(start)
    for run_id in ("r", "aa", "b", "a1"):
        ledger.notify(called(run_id, reply(cost="0.01")))
    for run_id in ("a1", "b", "r"):
        ledger.notify(finished(run_id))
    ledger.notify(failed("aa"))


def stopped(ledger: Ledger) -> None:
    """Two runs that can be gone on with, and one that cannot."""
    for run_id in ("old", "new"):
        ledger.notify(root(run_id))
        ledger.notify(failed(run_id, "Interrupted"))
    ledger.notify(started("without"))
    ledger.notify(failed("without"))


def test_a_root_is_listed_with_its_tree_and_children_are_not() -> None:
    lines = run_command(runs, family).stdout.splitlines()
    assert len(lines) == 2
    assert lines[1].split()[:1] == ["r"]
    assert "$0.0400" in lines[1]


def test_the_tree_is_shown_below_its_root() -> None:
    shown = run_command(show, family, "r").stdout
    a = shown.index("Child runs  (3;")
    assert [line.split()[:2] for line in shown[a:].splitlines()[1:4]] == [
        ["aa", "failed"],
        ["a1", "finished"],
        ["b", "finished"],
    ]
    assert "    a1" in shown
    assert "question of b" in shown


def test_a_child_says_whose_it_is() -> None:
    shown = run_command(show, family, "a1").stdout
    assert "child of     aa (depth 2)" in shown
    assert "Child runs" not in shown


def test_what_was_interrupted_says_how_it_goes_on() -> None:
    assert run_command(runs, stopped).stdout.splitlines()[-1] == (
        "interrupted: `lithify resume new` goes on with it (1 more like it)"
    )
    assert "`lithify resume old` goes on with it" in run_command(show, stopped, "old").stdout
    assert "resume" not in run_command(show, stopped, "without").stdout
    assert "resume" not in run_command(runs, family).stdout


def test_as_json() -> None:
    (listed,) = json.loads(run_command(runs, family, "--json").stdout)["runs"]
    assert (listed["run_id"], listed["children"], listed["model_calls"], listed["resumable"]) == ("r", 3, 4, False)
    run = json.loads(run_command(show, family, "r", "--json").stdout)
    assert [(one["run_id"], one["parent"], one["depth"]) for one in run["descendants"]] == [
        ("aa", "r", 1),
        ("a1", "aa", 2),
        ("b", "r", 1),
    ]
    assert run["setup"]["paths"] == ["a.log", "name=b.csv"]

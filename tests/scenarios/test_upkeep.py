"""Upkeep of a library that two people share: what each saw makes a tool trusted, and wrong answers are found."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from lithify.app import Lab
from lithify.errors import BadSettings
from lithify.models import ScriptedModel
from lithify.records.price import TokenPrice
from lithify.services.upkeep_checks import Budget
from lithify.services.upkeeping import Order
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from tests.scenarios.test_held_to_account import lab as checking_lab
from tests.scenarios.test_the_whole_way import kept, lab
from tests.scenarios.world import QUESTION, SERVICES, SOLUTION, command, log


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_two_people_s_evidence_makes_a_tool_trusted(tmp_path: Path) -> None:
    ada, bob = tmp_path / "ada", tmp_path / "bob"
    kept(ada)
    bob.mkdir()
    git(tmp_path, "clone", "-q", str(ada / "library"), str(bob / "library"))
    for folder, seeds in ((ada, (3,)), (bob, (4, 5))):
        with lab(folder)[0] as reuser:
            for seed in seeds:
                assert reuser.ask(QUESTION, log(seed)).route == "replay"
    with lab(bob)[0] as keeper:
        page = keeper.upkeep(Order(share=True))
    assert (page.settled, page.needs_person, page.tools[0].answered) == ((), False, 2)
    evidence = (bob / "library" / page.shared).read_text(encoding="utf-8")
    assert QUESTION not in evidence
    assert not any(word in evidence for word in (*SERVICES, "host1", "restarted most")), "digests only"
    git(ada / "library", "pull", "-q", "--no-rebase", "--no-edit", str(bob / "library"), "main")
    done = command(ada, ["upkeep", "--library", "library", "--share", "--json"])
    assert done.code == 0, (done.out, done.err)
    (settled,) = done.json["settled"]  # type: ignore[misc]
    assert "is trusted now: 3 distinct uses, in runs " in settled
    assert " and 2 shared by " in settled
    with lab(ada)[0] as reader:
        (tool,) = reader.tools()
        assert tool.status == "trusted"
        assert reader.library.lock.check() == ()


def test_checks_with_a_model_under_a_budget(tmp_path: Path) -> None:
    kept(tmp_path)
    with checking_lab(tmp_path) as reuser:
        for number in (2, 3, 4):
            path = tmp_path / f"{number}.log"
            path.write_text(log(number), encoding="utf-8")
            assert reuser.ask(QUESTION, path).route == "replay"
    with checking_lab(tmp_path, SOLUTION, SOLUTION) as checker:
        page = checker.upkeep(Order(budget=Budget(checks=5, calls=3)))
    assert page.checks is not None
    assert (page.checks.made, page.checks.agreed, page.checks.calls) == (2, 2, 2)
    assert page.checks.stopped == "the budget of 3 model calls is spent"
    (line,) = page.tools
    assert (line.agreement.count, line.agreement.total, line.answered) == (2, 2, 3)


def test_checks_under_a_budget_of_money(tmp_path: Path) -> None:
    kept(tmp_path)
    with checking_lab(tmp_path) as reuser:
        for number in (2, 3):
            path = tmp_path / f"{number}.log"
            path.write_text(log(number), encoding="utf-8")
            assert reuser.ask(QUESTION, path).route == "replay"
    budget = Budget(cost=Decimal("0.65"))
    with (
        checking_lab(tmp_path, SOLUTION) as unpriced,
        pytest.raises(BadSettings, match="price of 'scripted' is unknown"),
    ):
        unpriced.upkeep(Order(budget=budget))
    priced = ScriptedModel(
        [SOLUTION, SOLUTION], token_price=TokenPrice(input_per_million=Decimal(100), output_per_million=Decimal(100))
    )
    settings = load_settings(Overrides(library=tmp_path / "library"), start=tmp_path, environment={})
    with Lab(settings, models=Models(root=priced, sub=priced)) as checker:
        page = checker.upkeep(Order(budget=budget))
    assert page.checks is not None
    assert page.checks.made == 1
    assert page.checks.cost is not None
    assert 0 < page.checks.cost <= Decimal("0.65")
    assert page.checks.stopped == "what is left of the budget of $0.65 may not be enough for the next check"

"""Kept tools are held to account: shadow checks, a person's word, and what becomes of a tool that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lithify import background
from lithify.app import Lab
from lithify.cli import cli
from lithify.errors import BadInput, ModelFailed
from lithify.models import ScriptedModel
from lithify.services.sampling import Sample
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from tests.scenarios.test_the_whole_way import kept
from tests.scenarios.world import QUESTION, SOLUTION, log, restarts

LEAST = SOLUTION.replace("(-item[1], item[0])", "(item[1], item[0])")


def lab(folder: Path, *replies: str | Exception, model: bool = True) -> Lab:
    scripted = ScriptedModel(list(replies))
    settings = load_settings(Overrides(library=folder / "library"), start=folder, environment={})
    return Lab(settings, models=Models(root=scripted, sub=scripted) if model else None)


@pytest.fixture
def answered(tmp_path: Path) -> tuple[Path, list[str]]:
    """A kept tool that answered over three files, and the ids of the runs."""
    kept(tmp_path)
    runs = []
    with lab(tmp_path) as reuser:
        for number in (2, 3, 4):
            path = tmp_path / f"{number}.log"
            path.write_text(log(number), encoding="utf-8")
            result = reuser.ask(QUESTION, path)
            assert result.route == "replay"
            runs.append(result.run_id)
    return tmp_path, runs


def test_the_solution_for_least_is_another_one() -> None:
    assert LEAST != SOLUTION


def test_shadow_checks_agree_and_are_made_once(answered: tuple[Path, list[str]]) -> None:
    folder, runs = answered
    with lab(folder, SOLUTION, SOLUTION) as checker:
        found = checker.shadow(Sample(share=0.0, first=2))
        assert [(one.run_id, one.difference, one.candidate) for one in found] == [(run, "", None) for run in runs[:2]]
        assert checker.shadow(Sample(share=0.0, first=2)) == ()
        name = found[0].tool.name
        checks = checker.ledger.tool_checks(name)
        assert [(check.by, check.agreed, check.derived) for check in checks] == [
            ("shadow", True, found[at].kept) for at in (0, 1)
        ]
        assert checker.ledger.run(checks[0].check_run).summary.route == "explore"


def test_checks_in_the_background_stay_within_the_budget_of_the_day(answered: tuple[Path, list[str]]) -> None:
    folder, runs = answered
    with lab(folder, SOLUTION) as checker:
        assert checker.shadow_behind() == (), "nobody asked for any"
    (folder / "lithify.toml").write_text("[shadow]\nfirst = 3\ncalls = 3\n", encoding="utf-8")
    with lab(folder, ModelFailed("503"), SOLUTION, SOLUTION) as checker:
        with background.alone(folder / "library" / ".lithify" / "shadow.lock"):
            assert checker.shadow_behind() == (), "another process is at it"
        (found,) = checker.shadow_behind()
        assert (found.run_id, found.difference) == (runs[1], "")
        assert checker.shadow_behind() == (), "one call is left, too few to begin with"
        agreed, failed, *_ = checker.ledger.runs()
        assert (agreed.state, failed.state, failed.route) == ("finished", "failed", "explore")


def test_data_that_changed_or_went_is_passed_over(answered: tuple[Path, list[str]]) -> None:
    folder, runs = answered
    (folder / "2.log").unlink()
    (folder / "3.log").write_text(log(9), encoding="utf-8")
    with lab(folder, SOLUTION) as checker:
        assert [one.run_id for one in checker.shadow(Sample(share=1.0, first=0))] == [runs[2]]


def test_two_disagreements_send_a_tool_back(answered: tuple[Path, list[str]]) -> None:
    folder, _ = answered
    with lab(folder, LEAST, LEAST) as checker:
        first, second = checker.shadow(Sample(share=0.0, first=2))
        assert "the tool said" in first.difference
        assert first.change is None
        assert second.change is not None
        assert second.change.status == "candidate"
        assert checker.tools() == ()
    with lab(folder, SOLUTION) as after:
        assert after.ask(QUESTION, log(5)).route == "explore"


def test_a_persons_word_is_recorded_and_the_answer_derived_anew(answered: tuple[Path, list[str]]) -> None:
    folder, runs = answered
    right = [name for name, _ in restarts(log(2))[::-1][:2]]
    with lab(folder, LEAST) as teller:
        found = teller.wrong(runs[0], answer=right, why="least was meant")
        assert found.fresh is not None
        (check,) = teller.ledger.tool_checks(found.tool.name)
        assert (check.by, check.agreed, check.derived, check.why) == ("person", False, right, "least was meant")
    with lab(folder, SOLUTION) as teller:
        found = teller.wrong(runs[1], answer=["cron"], why="cron was meant")
        assert found.unlearned.startswith("the fresh derivation does not give the answer")
        (_, case) = teller.cases(found.tool.name)
        assert (case.answer, case.said, case.why, case.unhealed) == (
            ["cron"],
            "person",
            "cron was meant",
            found.unlearned.partition("; put aside")[0],
        )


def test_without_a_model_the_word_alone_is_recorded(answered: tuple[Path, list[str]]) -> None:
    folder, runs = answered
    with lab(folder, model=False) as teller:
        found = teller.wrong(runs[0])
        assert (found.fresh, found.candidate) == (None, None)
        assert [(one.said, one.context) for one in teller.cases()] == [("", None)]
        again = teller.wrong(runs[1])
        assert again.change is not None
        assert again.change.status == "candidate"


REWORDED = "Name the {} services with the most restarts."


def picking(folder: Path, number: int) -> str:
    """A model's reply that picks the kept tool with this number."""
    with lab(folder) as looking:
        (tool,) = looking.tools()
        (parameter,) = tool.signature.parameters
        return json.dumps({"tool": tool.name, "arguments": {parameter.name: number}})


def test_a_wording_that_a_model_led_to_a_tool_is_learned_once_the_answer_was_said_to_be_right(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path, picking(tmp_path, 3)) as asker:
        first = asker.ask(REWORDED.format(3), log(2))
        assert (first.route, first.usage.model_calls) == ("adapt", 1)
        said = CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), "right", first.run_id])
        assert said.exit_code == 0
        assert "is on record as right" in said.output
        assert "v2 answers this wording from now on, without a model" in said.output
        (tool,) = asker.tools()
        (check,) = asker.ledger.tool_checks(tool.name)
        assert (check.by, check.agreed) == ("person", True)
        again = asker.ask(REWORDED.format(2), log(4))
        assert (again.route, again.usage.model_calls) == ("replay", 0)
        assert again.answer == [name for name, _ in restarts(log(4))[:2]]
        assert asker.right(again.run_id).wording == "", "there is nothing to learn of a replay"


def test_a_check_that_agrees_lets_a_wording_in_where_the_policy_lets_tools_in(tmp_path: Path) -> None:
    kept(tmp_path)
    path = tmp_path / "2.log"
    path.write_text(log(2), encoding="utf-8")
    with lab(tmp_path, picking(tmp_path, 2), SOLUTION) as asker:
        asker.ask(REWORDED.format(2), path)
        (found,) = asker.shadow(Sample(share=0.0, first=1))
        assert (found.difference, found.wording) == ("", ""), "a person decides what enters"
    settings = load_settings(
        Overrides(library=tmp_path / "library", keep="provisional"), start=tmp_path, environment={}
    )
    path.write_text(log(3), encoding="utf-8")
    scripted = ScriptedModel([picking(tmp_path, 2), SOLUTION])
    with Lab(settings, models=Models(root=scripted, sub=scripted)) as asker:
        asker.ask(REWORDED.format(2), path)
        (found,) = asker.shadow(Sample(share=0.0, first=2))
        assert "answers this wording from now on" in found.wording
        assert asker.ask(REWORDED.format(2), path).route == "replay"


def test_only_a_tools_answer_can_be_held_against_it(tmp_path: Path) -> None:
    with lab(tmp_path, SOLUTION) as first:
        result = first.ask(QUESTION, log(1), ephemeral=True)
        with pytest.raises(BadInput, match="not answered by a kept tool"):
            first.wrong(result.run_id, log(1))


def test_other_data_is_refused(answered: tuple[Path, list[str]]) -> None:
    folder, runs = answered
    with lab(folder) as teller, pytest.raises(BadInput, match="data has changed"):
        teller.wrong(runs[0], log(8))


def test_kept_tools_are_found_by_what_they_speak_of(answered: tuple[Path, list[str]]) -> None:
    folder, _ = answered
    with lab(folder) as looking:
        (tool,) = looking.tools()
        assert looking.search("restarts of services") == (tool,)
        assert looking.search("restarted") == (tool,)
        assert looking.search("temperature") == ()
    assert (folder / "library" / ".lithify" / "search.db").exists()

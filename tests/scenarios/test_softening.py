"""A tool that meets one format after the other, and no program for all, is softened: its code first, then a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lithify.app import Lab
from lithify.cli import cli
from lithify.errors import NotCovered
from lithify.models import ScriptedModel
from lithify.models.scripted import ScriptedReply
from lithify.services.upkeep_checks import Budget
from lithify.services.upkeeping import Order
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from tests.scenarios.test_the_whole_way import kept, names
from tests.scenarios.world import QUESTION, log


def lab(folder: Path, *root: ScriptedReply, sub: ScriptedModel | None = None) -> Lab:
    settings = load_settings(Overrides(library=folder / "library"), start=folder, environment={})
    return Lab(settings, models=Models(root=ScriptedModel(list(root)), sub=sub or ScriptedModel([])))


def told(seed: int, form: int) -> str:
    """The log of a seed as sentences, which no two people write alike."""
    said = ("On host {}, {} {}.", "{} had this: {} {}!", "* {} / {} / {}", "{} | {} | {}")[form]
    rows = [line.split(" ", 3)[2:] for line in log(seed, 24).splitlines()]
    found = [(host, *rest.split(": ", 1)) for host, rest in rows]
    return "\n".join(said.format(host, service.split("[")[0], what) for host, service, what in found) + "\n"


def reading(seed: int) -> str:
    """What a model says that reads the data and computes nothing."""
    return f"I read it.\n```repl\nFINAL({names(log(seed, 24), 2)!r})\n```"


def open_three(folder: Path) -> None:
    kept(folder)
    with lab(folder, *(reading(seed) for seed in (2, 3, 4))) as explorer:
        for form, seed in enumerate((2, 3, 4)):
            result = explorer.ask(QUESTION, told(seed, form))
            assert (result.route, result.answer, result.candidate) == ("explore", names(log(seed, 24), 2), None)
        assert [case.said for case in explorer.cases()] == ["explored"] * 3


def test_a_softened_tool_asks_a_model_for_what_its_code_does_not_cover(tmp_path: Path) -> None:
    open_three(tmp_path)
    unsure = ScriptedModel([json.dumps(["nobody"])] * 3, name="reader")
    with lab(tmp_path, sub=unsure) as keeper:
        page = keeper.upkeep(Order(propose=True, budget=Budget()))
        assert [one.kind for one in page.findings] == ["drift", "case", "case", "case"]
        (proposed,) = page.proposals
        assert (proposed.state, proposed.subject.partition(":")[0]) == ("made", "soften most_restarted_services"), (
            proposed
        )
        (item,) = keeper.review()
        assert item.verdict.outcome != "fail", item.verdict
        assert item.placement is not None
        assert (item.placement.kind, item.placement.tool, item.placement.version) == (
            "version",
            proposed.proposal.tool,
            2,
        )
        assert "reader answered 0 of 3 open cases as they were answered before" in item.candidate.notes[-1]
        screen = CliRunner().invoke(cli, ["--library", str(tmp_path / "library"), "review"], input="l\n").output
        assert f"softens {item.placement.tool} v1: 3 inputs that it does not cover fit into no program" in screen
        softer = keeper.library.keep(item.candidate, item.verdict, "provisional", "Ada <ada@example.org>")
        assert (softer.name, softer.version, softer.grade) == (item.placement.tool, 2, "evals")
        assert keeper.cases() == ()
    says = [f"```json\n{json.dumps(names(log(5, 24), 2))}\n```", "dbus", json.dumps(["dbus"])]
    reader = ScriptedModel(says, name="reader")
    with lab(tmp_path, sub=reader) as reuser:
        covered = reuser.ask(QUESTION, log(5))
        assert (covered.route, covered.answer, covered.usage.model_calls) == ("replay", names(log(5), 2), 0)
        soft = reuser.ask(QUESTION, told(5, 1))
        assert (soft.route, soft.answer, soft.usage.model_calls) == ("replay", names(log(5, 24), 2), 1)
        assert soft.tool is not None
        assert (soft.tool.name, soft.tool.version) == (softer.name, 2)
        assert told(5, 1) in reader.requests[0].messages[0].content
        mended = reuser.ask(QUESTION, told(6, 2))
        assert (mended.answer, mended.usage.model_calls) == (["dbus"], 2), "an answer of another type is asked again"
    cell = "```repl\nfound = [line.split(' / ')[1] for line in context.splitlines()]\nFINAL(found[:2])\n```"
    with lab(tmp_path, cell, sub=ScriptedModel(["none of it", "no list"], name="reader")) as unlucky:
        explored = unlucky.ask(QUESTION, told(7, 2))
        assert (explored.route, explored.usage.model_calls) == ("explore", 3)
        assert explored.candidate is None, "a tool is no second time learned because the model that it asked failed"
    settings = load_settings(Overrides(library=tmp_path / "library"), start=tmp_path, environment={})
    with Lab(settings) as modelless:
        assert modelless.ask(QUESTION, log(4)).answer == names(log(4), 2), "what the code covers needs no model"
        with pytest.raises(NotCovered, match="it asks a language model, and none is configured"):
            modelless.inquire_and_learn(QUESTION, modelless.load(told(4, 0)), reuse="only")


def test_without_an_open_case_there_is_nothing_to_soften(tmp_path: Path) -> None:
    kept(tmp_path)
    library = ["--library", str(tmp_path / "library")]
    nothing = CliRunner().invoke(cli, [*library, "soften", "most_restarted_services"], standalone_mode=False)
    assert (nothing.return_value, nothing.stdout) == (11, "")
    assert "most_restarted_services has no open case with its data and an answer" in nothing.stderr

"""Typed answers and quotes through a Lab and the command line, with kept tools in between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from lithify.errors import BadInput, NotCovered, ProgrammerMustAct
from lithify.testing.model_server import ModelServer
from tests.scenarios.test_the_whole_way import kept, lab, names
from tests.scenarios.world import QUESTION, SOLUTION, command, log

Service = Literal["sshd", "cron", "kernel", "ftpd", "dbus"]


@dataclass
class Busy:
    first: str
    second: str


AS_DICT = SOLUTION.replace(
    "FINAL([name for name, count in ranked[:2]])", "FINAL({'first': ranked[0][0], 'second': ranked[1][0]})"
)


def test_a_kept_tool_answers_a_typed_question_when_its_answer_fits(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path)[0] as work:
        result = work.ask(QUESTION, log(3), answer_type=tuple[Service, Service])
        assert result.route == "replay"
        assert result.answer == tuple(names(log(3), 2))
        kept_answer = work.ledger.run(result.run_id).answer
        assert kept_answer == names(log(3), 2), "the ledger has plain data"


def test_a_kept_tool_whose_answer_does_not_fit_makes_way_for_exploring(tmp_path: Path) -> None:
    kept(tmp_path)
    work, model = lab(tmp_path, AS_DICT)
    with work:
        result = work.ask(QUESTION, log(3), answer_type=Busy)
        assert result.route == "explore"
        assert result.answer == Busy(*names(log(3), 2))
        assert any("not what was asked for" in why for why in result.why)
        assert len(model.requests) == 1
        assert work.ask(QUESTION, log(4)).route == "replay", "the tool is not to blame"


def test_a_validator_is_asked_about_a_kept_tools_answer_too(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path)[0] as work:
        with pytest.raises(NotCovered, match="sshd is not among them"):
            work.ask(QUESTION, log(3), validator=lambda names: "sshd is not among them", reuse="only")
        assert work.ask(QUESTION, log(3), validator=lambda names: len(names) == 2).route == "replay"


def test_a_typed_exploration_is_learned_from(tmp_path: Path) -> None:
    with lab(tmp_path, SOLUTION)[0] as work:
        result = work.ask(QUESTION, log(1), answer_type=tuple[str, str])
        assert isinstance(result.answer, tuple)
        assert result.candidate


def test_quotes_are_explored_for_and_do_not_hinder_learning(tmp_path: Path) -> None:
    kept(tmp_path)
    citing = SOLUTION.replace("print(ranked)", "CITE(context.splitlines()[0])\nprint(ranked)")
    with lab(tmp_path, citing)[0] as work:
        result = work.ask(QUESTION, log(3), cite=True)
        assert result.route == "explore"
        assert [(one.number, one.verified) for one in result.citations] == [(1, True)]
        assert "quotes were asked for, which kept tools do not give" in result.why


def test_citing_code_becomes_a_tool_without_it(tmp_path: Path) -> None:
    citing = SOLUTION.replace("counts[found.group(1)] += 1", "counts[found.group(1)] += 1\n        CITE(line)")
    with lab(tmp_path, citing)[0] as work:
        result = work.ask(QUESTION, log(1), cite=True)
        assert len(result.citations) == len(set(log(1).splitlines()) & {one.quote for one in result.citations})
        (item,) = work.review()
        assert "CITE" not in item.candidate.source


def test_what_is_no_type_or_schema_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    work, model = lab(tmp_path)
    with work:
        with pytest.raises(BadInput, match="schema"):
            work.ask(QUESTION, log(1), answer_type={"type": "strnig"})
        with pytest.raises(ProgrammerMustAct, match="answer_type"):
            work.ask(QUESTION, log(1), answer_type=object())
    assert model.requests == []


SCHEMA = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}


def test_schema_and_quotes_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "boot.log").write_text(log(1), encoding="utf-8")
    (tmp_path / "two.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    line = log(1).splitlines()[4]
    wrong, right = "```repl\nFINAL('sshd')\n```", SOLUTION.replace("print(ranked)", f"CITE({line!r})\nprint(ranked)")
    arguments = ["ask", QUESTION, "boot.log", "--schema", "two.json", "--cite", "--ephemeral"]
    with ModelServer([wrong, right, right]) as server:
        as_json = command(tmp_path, [*arguments, "--json"], server.base_url)
        shown = command(tmp_path, arguments, server.base_url, PYTHONIOENCODING="ascii")
        asked = server.requests[0].prompt
    assert "list[str] (2 items)" in asked
    assert as_json.json["answer"] == names(log(1), 2)
    assert as_json.json["citations"] == [
        {"quote": line, "source": "", "unit": "line", "number": 5, "verified": True, "note": ""}
    ]
    assert shown.out.splitlines() == [*names(log(1), 2), f'boot.log:5  "{line}"  ok']


@pytest.mark.parametrize(
    ("schema", "said"),
    [("nowhere.json", "cannot be read"), ("{", "not JSON"), ("[]", "an object"), ('{"type": "x"}', "cannot be used")],
)
def test_a_schema_that_cannot_be_used_is_said(tmp_path: Path, schema: str, said: str) -> None:
    (tmp_path / "boot.log").write_text(log(1), encoding="utf-8")
    if schema == "[]":
        (tmp_path / "list.json").write_text(schema, encoding="utf-8")
        schema = "list.json"
    ended = command(tmp_path, ["ask", QUESTION, "boot.log", "--schema", schema], LITHIFY_MODEL="openai:x")
    assert ended.code == 5
    assert said in ended.err

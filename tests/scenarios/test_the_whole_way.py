"""Ask, explore, distil, gate, review, replay: a scripted model, the real sandbox, a real git repository and ledger."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lithify.app import Lab
from lithify.errors import ModelFailed, NotCovered, PersonMustAct
from lithify.models import ScriptedModel
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from tests.scenarios.world import QUESTION, SOLUTION, log, once, restarts


def lab(folder: Path, *replies: str | Exception, keep: str = "ask") -> tuple[Lab, ScriptedModel]:
    model = ScriptedModel(list(replies))
    overrides = Overrides(library=folder / "library", keep="provisional" if keep == "provisional" else "ask")
    settings = load_settings(overrides, start=folder, environment={})
    return Lab(settings, models=Models(root=model, sub=model)), model


def names(text: str, top: int) -> list[str]:
    return [name for name, _ in restarts(text)[:top]]


def kept(folder: Path) -> None:
    """Put a library into the folder that holds the tool for QUESTION."""
    once("kept", _keep, folder)


def _keep(folder: Path) -> None:
    with lab(folder, SOLUTION)[0] as first:
        assert first.ask(QUESTION, log(1)).candidate
        (item,) = first.review()
        assert item.verdict.outcome == "pass", item.verdict
        first.approve(item)


def test_the_second_time_costs_no_model_call(tmp_path: Path) -> None:
    first, second = log(1), log(3)
    assert names(first, 2) != names(second, 2), "the scenario needs data with another answer"
    with lab(tmp_path, SOLUTION)[0] as explorer:
        result = explorer.ask(QUESTION, first)
        assert (result.answer, result.route, result.complete) == (names(first, 2), "explore", True)
        assert result.usage.model_calls == 1
        (item,) = explorer.review()
        tool = explorer.approve(item)
    with lab(tmp_path)[0] as reuser:
        again = reuser.ask(QUESTION, second)
        assert again.answer == names(second, 2)
        assert (again.route, again.usage.model_calls, again.complete) == ("replay", 0, True)
        assert again.tool is not None
        assert (again.tool.name, again.tool.version, again.tool.commit) == (tool.name, tool.version, tool.commit)


def test_other_values_in_the_slots(tmp_path: Path) -> None:
    kept(tmp_path)
    text = log(4)
    with lab(tmp_path)[0] as reuser:
        result = reuser.ask("Which 4 services restarted most often?", text)
        assert (result.route, result.answer) == ("replay", names(text, 4))


@pytest.mark.parametrize(
    "question",
    [
        "Which 2 services restarted least often?",
        "Which 2 hosts restarted most often?",
        "Which 2 services failed most often?",
        "Which 2 services restarted most often on host1?",
    ],
)
def test_another_question_is_not_answered_by_the_tool(tmp_path: Path, question: str) -> None:
    kept(tmp_path)
    none = '{"tool": null, "why": "another question"}'
    with lab(tmp_path, none, "```repl\nFINAL(len(context))\n```")[0] as other:
        result = other.ask(question, log(2), ephemeral=False)
        assert (result.route, result.answer) == ("explore", len(log(2)))
        assert (result.usage.model_calls, any("another question" in line for line in result.why)) == (2, True)


def test_a_question_in_other_words_costs_one_small_call(tmp_path: Path) -> None:
    kept(tmp_path)
    question, text = "Name the 3 services with the most restarts", log(5)
    with lab(tmp_path)[0] as looking:
        (tool,) = looking.tools()
    number = next(parameter.name for parameter in tool.signature.parameters if parameter.annotation == "int")
    reply = f'{{"tool": "{tool.name}", "arguments": {{"{number}": 3}}}}'
    other, model = lab(tmp_path, reply)
    with other:
        result = other.ask(question, text)
        assert (result.route, result.answer, result.usage.model_calls) == ("adapt", names(text, 3), 1)
        assert result.tool is not None
        assert result.tool.name == tool.name
        (newest, *_) = other.ledger.runs()
        assert (newest.route, newest.usage.model_calls) == ("adapt", 1)
    (request,) = model.requests
    assert tool.name in request.messages[0].content
    assert tool.source.strip() not in request.messages[0].content, "what it answers says enough, in fewer tokens"
    assert text[:200] not in request.messages[0].content, "the data itself is not shown"


def test_reuse_can_be_forbidden_or_demanded(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path, SOLUTION)[0] as anew:
        assert anew.inquire_and_learn(QUESTION, anew.load(log(2)), reuse="never").route == "explore"
    with lab(tmp_path, SOLUTION)[0] as literal:
        assert literal.inquire_and_learn(QUESTION, literal.load(log(2)), reuse="replay").route == "replay"
        worded = literal.inquire_and_learn(
            "Name the 2 services with most restarts", literal.load(log(2)), reuse="replay"
        )
        assert (worded.route, worded.usage.model_calls) == ("explore", 1)
    with lab(tmp_path)[0] as careful:
        assert careful.inquire_and_learn(QUESTION, careful.load(log(2)), reuse="only").route == "replay"
        with pytest.raises(NotCovered, match="delimited"):
            careful.inquire_and_learn(QUESTION, careful.load("a,b\n1,2\n"), reuse="only")
    settings = load_settings(Overrides(library=tmp_path / "library"), start=tmp_path, environment={})
    with Lab(settings) as modelless, pytest.raises(NotCovered, match="no model is configured"):
        near = "Name the services with the most restarts"
        modelless.inquire_and_learn(near, modelless.load(log(2)), reuse="only")


def test_the_route_is_told_without_being_taken(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path)[0] as looking:
        runs = len(looking.ledger.runs())
        replay = looking.plan("Which 4 services restarted most often?", looking.load(log(2)))
        assert (replay.route, replay.match and dict(replay.match.arguments).popitem()[1]) == ("replay", 4)
        adapt = looking.plan("Name the 4 services with the most restarts", looking.load(log(2)))
        assert (adapt.route, [tool.name for tool in adapt.offered]) == ("adapt", [looking.tools()[0].name])
        opposite = looking.plan("Which 4 services restarted least often?", looking.load(log(2)))
        assert (opposite.route, opposite.offered) == ("explore", ())
        explore = looking.plan(QUESTION, looking.load("a,b\n1,2\n"))
        assert (explore.route, explore.offered) == ("explore", ())
        assert len(looking.ledger.runs()) == runs


@pytest.mark.parametrize(
    "reply",
    [
        "I would take the tool.",
        '{"tool": "another_tool", "arguments": {}}',
        '{"tool": "TOOL", "arguments": {"nonsense": 3}}',
        '{"tool": "TOOL", "arguments": {"NUMBER": "many"}}',
        '{"tool": "TOOL", "arguments": {"NUMBER": 7}}',
        '{"tool": "TOOL", "arguments": [3]}',
    ],
    ids=["prose", "unknown tool", "unknown argument", "wrong type", "not in the question", "no object"],
)
def test_a_choice_that_cannot_be_is_none(tmp_path: Path, reply: str) -> None:
    kept(tmp_path)
    with lab(tmp_path)[0] as looking:
        (tool,) = looking.tools()
    reply = reply.replace("TOOL", tool.name).replace("NUMBER", tool.signature.parameters[0].name)
    with lab(tmp_path, reply, '```repl\nFINAL("explored")\n```')[0] as other:
        assert other.ask("Name the 3 services with the most restarts", log(5)).route == "explore"


@pytest.mark.parametrize(
    "text",
    [
        "time,host,service,what\n10:00,host1,sshd,restarted\n10:01,host1,cron,restarted\n",
        "\n".join(f'{{"service": "sshd", "n": {n}, "what": "restarted"}}' for n in range(30)),
        log(2).replace(" ", "|"),
        "",
    ],
    ids=["csv", "jsonl", "other delimiter", "empty"],
)
def test_data_of_another_shape_is_explored(tmp_path: Path, text: str) -> None:
    kept(tmp_path)
    with lab(tmp_path, '```repl\nFINAL("explored afresh")\n```')[0] as other:
        result = other.ask(QUESTION, text)
        assert (result.route, result.answer) == ("explore", "explored afresh")
        assert any("restart" in line for line in result.why), result.why


def test_a_candidate_is_not_used_before_somebody_approved_it(tmp_path: Path) -> None:
    with lab(tmp_path, SOLUTION, SOLUTION)[0] as explorer:
        explorer.ask(QUESTION, log(1))
        assert explorer.ask(QUESTION, log(2)).route == "explore"
        assert explorer.tools() == ()


def test_a_policy_lets_pure_tools_enter_by_themselves(tmp_path: Path) -> None:
    with lab(tmp_path, SOLUTION, keep="provisional")[0] as explorer:
        explorer.ask(QUESTION, log(1))
        (tool,) = explorer.tools()
        assert tool.status == "provisional"
        assert tool.approved_by.startswith("policy:")
        assert explorer.ask(QUESTION, log(3)).route == "replay"


def test_a_rejected_proposal_does_not_come_back(tmp_path: Path) -> None:
    with lab(tmp_path, SOLUTION, SOLUTION)[0] as explorer:
        explorer.ask(QUESTION, log(1))
        (item,) = explorer.review()
        explorer.reject(item, "ties must be kept")
        assert explorer.ask(QUESTION, log(2)).candidate is None
        assert explorer.review() == ()


def test_ephemeral_neither_reuses_nor_keeps(tmp_path: Path) -> None:
    with lab(tmp_path, SOLUTION)[0] as explorer:
        result = explorer.ask(QUESTION, log(1), ephemeral=True)
        assert (result.route, result.candidate) == ("explore", None)
        assert explorer.review() == ()
    assert not (tmp_path / "library" / ".git").exists()


def test_a_typed_literal_never_becomes_a_tool(tmp_path: Path) -> None:
    with lab(tmp_path, '```repl\nFINAL(["sshd", "cron"])\n```')[0] as explorer:
        result = explorer.ask(QUESTION, log(1))
        assert (result.complete, result.candidate) == (True, None)


def test_an_edit_by_hand_does_not_run_until_it_passed_again(tmp_path: Path) -> None:
    kept(tmp_path)
    source = next((tmp_path / "library" / "tools").glob("*/tool.py"))
    source.write_text(source.read_text(encoding="utf-8").replace("restarted", "RESTARTED", 1), encoding="utf-8")
    with lab(tmp_path, '```repl\nFINAL("explored")\n```')[0] as careful:
        result = careful.ask(QUESTION, log(2))
        assert result.route == "explore"
        assert any("review" in line for line in result.why), result.why
        with pytest.raises(PersonMustAct, match="review"):
            careful.tool(source.parent.name)


def test_the_commit_tells_where_the_tool_came_from(tmp_path: Path) -> None:
    kept(tmp_path)
    library = tmp_path / "library"
    said = subprocess.run(
        ["git", "-C", library, "log", "-1", "--format=%B"], capture_output=True, text=True, check=True
    ).stdout
    for trailer in ("Lithify-Run:", "Lithify-Model: scripted", "Lithify-Verdict: pass", "Lithify-Approved-By:"):
        assert trailer in said, said
    status = subprocess.run(
        ["git", "-C", library, "status", "--porcelain"], capture_output=True, text=True, check=True
    ).stdout
    assert status == ""


def test_the_ledger_tells_what_each_route_cost(tmp_path: Path) -> None:
    kept(tmp_path)
    with lab(tmp_path)[0] as reuser:
        result = reuser.ask(QUESTION, log(3))
        newest, oldest = reuser.ledger.runs()
        assert (newest.run_id, newest.route, newest.usage.model_calls) == (result.run_id, "replay", 0)
        assert (oldest.route, oldest.usage.model_calls) == ("explore", 1)
        assert oldest.usage.price is None, "a scripted model has no price, and no price is not zero"
        (use,) = reuser.ledger.tool_uses(result.tool.name if result.tool else "")
        assert use.error == ""


def test_a_failing_model_is_an_error_and_on_record(tmp_path: Path) -> None:
    with lab(tmp_path, ModelFailed("429 after 4 attempts"))[0] as unlucky:
        with pytest.raises(ModelFailed):
            unlucky.ask(QUESTION, log(1))
        (run,) = unlucky.ledger.runs()
        assert run.state == "failed"
        assert "429" in run.error


def test_a_model_that_answers_nonsense_ends_incomplete(tmp_path: Path) -> None:
    with lab(tmp_path, "hm", "", "well", "FINAL('no idea')")[0] as vague:
        result = vague.ask(QUESTION, log(1))
        assert (result.complete, result.answer, result.candidate) == (False, "no idea", None)
        assert "without code" in result.reason

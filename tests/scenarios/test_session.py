"""A conversation with a Lab: runs of their own, kept tools in between, and what is learned from later questions."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from lithify.errors import ModelFailed, ProgrammerMustAct
from lithify.records.run import Limits
from tests.scenarios.test_the_whole_way import kept, lab, names
from tests.scenarios.world import QUESTION, SOLUTION, log, restarts

PARSE = """```repl
import re
rows = [re.match(r"\\S+ \\S+ (\\S+) (\\w+)\\[\\d+\\]: (.*)$", line).groups() for line in context.splitlines()]
FINAL(len(rows))
```"""
COUNT = """```repl
from collections import Counter

counts = Counter(service for host, service, what in rows if what == "restarted")
FINAL(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
```"""


def test_each_question_is_a_run_of_its_own(tmp_path: Path) -> None:
    with lab(tmp_path, PARSE, COUNT)[0] as work, work.session(log(1)) as talk:
        first = talk.ask("How many lines are in the log?", ephemeral=True)
        second = talk.ask("How many restarts per service?", ephemeral=True)
        assert first.answer == 120
        assert [tuple(pair) for pair in second.answer] == restarts(log(1))
        assert talk.variables()["rows"] == "list[120]"
        assert talk.usage.model_calls == 2
        assert {run.run_id for run in work.ledger.runs()} == {first.run_id, second.run_id}
        assert [turn.number for turn in work.ledger.run(second.run_id).turns] == [1]


def test_a_tool_from_a_later_question_has_the_cells_it_builds_on(tmp_path: Path) -> None:
    with lab(tmp_path, PARSE, COUNT)[0] as work, work.session(log(1)) as talk:
        talk.ask("How many lines are in the log?")
        assert talk.ask("How many restarts per service?").candidate
        sources = [item.candidate.source for item in work.review()]
        (found,) = [source for source in sources if "Counter" in source]
        assert "re.match" in found, "the parsing of the first question belongs to the second answer"
        (item,) = [item for item in work.review() if "Counter" in item.candidate.source]
        work.approve(item)
    with lab(tmp_path)[0] as later:
        again = later.ask("How many restarts per service?", log(3))
        assert again.route == "replay"
        assert [tuple(pair) for pair in again.answer] == restarts(log(3))


@pytest.mark.parametrize(
    "question", ["How many of those restarted?", "And per service?", "What about restarts per service?", "Count them."]
)
def test_a_question_that_points_back_is_answered_and_not_kept(tmp_path: Path, question: str) -> None:
    with lab(tmp_path, PARSE, COUNT)[0] as work, work.session(log(1)) as talk:
        talk.ask("How many lines are in the log?", ephemeral=True)
        result = talk.ask(question)
        assert result.complete
        assert result.candidate is None
        assert "points back" in work.ledger.run(result.run_id).candidates[0].why


def test_what_an_earlier_question_named_is_not_kept_for_a_later_one(tmp_path: Path) -> None:
    only = '```repl\nrows = [line for line in context.splitlines() if " sshd[" in line]\nFINAL(len(rows))\n```'
    count = '```repl\nFINAL(sum("restarted" in line for line in rows))\n```'
    with lab(tmp_path, only, count)[0] as work, work.session(log(1)) as talk:
        talk.ask("How many lines does sshd have?", ephemeral=True)
        result = talk.ask("How many lines say restarted?")
        assert result.candidate is None
        assert "sshd" in work.ledger.run(result.run_id).candidates[0].why


def test_the_answer_of_before_is_not_a_value(tmp_path: Path) -> None:
    busiest = COUNT.replace("FINAL(", "top = sorted(").replace("item[0])))", "item[0])))[0][0]\nFINAL(top)")
    count = "```repl\nFINAL(sum(service == top for host, service, what in rows))\n```"
    with lab(tmp_path, PARSE, busiest, count)[0] as work, work.session(log(1)) as talk:
        talk.ask("How many lines are in the log?", ephemeral=True)
        service = talk.ask("Which service restarted most often?", ephemeral=True).answer
        result = talk.ask(f"How many lines does {service} have?")
        assert result.complete
        assert result.candidate is None


def test_kept_tools_answer_in_between_and_the_model_hears_of_it(tmp_path: Path) -> None:
    kept(tmp_path)
    work, model = lab(tmp_path, PARSE, PARSE)
    with work, work.session(log(3)) as talk:
        replayed = talk.ask(QUESTION)
        assert (replayed.route, replayed.answer) == ("replay", names(log(3), 2))
        assert talk.ask("How many lines has it?", reuse="never").route == "explore"
        told = model.requests[-1].messages[1].content
        assert QUESTION in told
        assert names(log(3), 2)[0] in told
        assert talk.ask(QUESTION, ephemeral=True).route == "explore"


def test_a_question_that_fails_ends_alone(tmp_path: Path) -> None:
    with lab(tmp_path, PARSE, ModelFailed("503"), COUNT)[0] as work, work.session(log(1)) as talk:
        talk.ask("How many lines are in the log?", ephemeral=True)
        with pytest.raises(ModelFailed):
            talk.ask("How many hosts?")
        assert talk.ask("How many restarts per service?", ephemeral=True).complete


def test_reset_forgets_and_limits_are_per_question(tmp_path: Path) -> None:
    missing = "```repl\nFINAL('rows' in globals())\n```"
    with lab(tmp_path, PARSE, missing)[0] as work, work.session(log(1), limits=Limits(turns=1)) as talk:
        talk.ask("How many lines are in the log?", ephemeral=True)
        talk.reset()
        assert talk.variables() == {}
        assert talk.ask("Is it there?").answer is False


def test_async_questions_wait_for_one_another(tmp_path: Path) -> None:
    work, model = lab(tmp_path, SOLUTION, PARSE, COUNT)

    async def ask() -> None:
        async with work.session(log(1)) as talk:
            first, second = await asyncio.gather(
                talk.ask_async("How many lines are in the log?", ephemeral=True),
                talk.ask_async("How many?", ephemeral=True),
            )
            assert (first.complete, second.complete) == (True, True)
        with pytest.raises(ProgrammerMustAct, match="closed"):
            await talk.ask_async("Still there?")
        await work.close_async()

    asyncio.run(ask())
    work.close()
    assert len(model.requests[1].messages) == 4

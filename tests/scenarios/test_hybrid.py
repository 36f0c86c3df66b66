"""A hybrid tool, code that asks a model: replayed on account of the run, and nothing without a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from lithify.app import Lab
from lithify.errors import BudgetSpent, ModelFailed, NoModel, NotCovered
from lithify.models import ScriptedModel
from lithify.models.scripted import ScriptedReply
from lithify.records.model import ModelRequest
from lithify.services.trust import is_its_own
from lithify.services.workbench import Models
from lithify.settings import Overrides, load_settings
from tests.scenarios.world import once

ASKED = "How many tickets complain?"
SOLVED = """Each line is a ticket; whether it complains takes reading.
```repl
lines = context.splitlines()
kinds = llm_query_batched(["Is this a complaint, yes or no? " + line for line in lines])
count = sum(kind == "yes" for kind in kinds)
print(count)
FINAL(count)
```"""
WORDS = ("it is broken again", "thank you for the help", "nothing works here", "when do you open")


def tickets(seed: int, lines: int = 8) -> str:
    rows = (f"ticket {100 * seed + n}: {WORDS[(n * seed + n // 3) % len(WORDS)]}" for n in range(lines))
    return "\n".join(rows) + "\n"


def complaints(text: str) -> int:
    return sum("broken" in line or "nothing works" in line for line in text.splitlines())


def reads(request: ModelRequest) -> str:
    """What a model that reads one ticket says."""
    return "yes" if complaints(request.messages[0].content) else "no"


def lab(folder: Path, *root: ScriptedReply, sub: ScriptedModel | None = None, calls: int = 100) -> Lab:
    settings = load_settings(Overrides(library=folder / "library"), start=folder, environment={})
    reader = sub or ScriptedModel(reads, name="reader")
    settings = replace(settings, limits=replace(settings.limits, calls=calls))
    return Lab(settings, models=Models(root=ScriptedModel(list(root)), sub=reader))


def kept(folder: Path) -> None:
    once("hybrid", _keep, folder)


def _keep(folder: Path) -> None:
    with lab(folder, SOLVED) as first:
        result = first.ask(ASKED, tickets(1))
        assert result.answer == complaints(tickets(1))
        (item,) = first.review()
        assert item.candidate.signature.needs_llm
        assert item.verdict.outcome != "fail", item.verdict
        first.library.keep(item.candidate, item.verdict, "provisional", "Ada <ada@example.org>")


def test_its_sub_calls_are_the_runs(tmp_path: Path) -> None:
    kept(tmp_path)
    text, reader = tickets(2), ScriptedModel(reads, name="reader")
    with lab(tmp_path, sub=reader) as reuser:
        result = reuser.ask(ASKED, text)
        assert (result.route, result.answer) == ("replay", complaints(text)), result.why
        assert result.usage.model_calls == len(reader.requests) == len(text.splitlines())
        run = reuser.ledger.run(result.run_id)
        assert run.summary.usage.model_calls == result.usage.model_calls
        (turn,) = run.turns
        assert len(turn.subcalls) == result.usage.model_calls
        assert [use.error for use in run.tool_uses] == [""]
        (name,) = (tool.name for tool in reuser.tools())
        assert reuser.call(name, tickets(3)) == complaints(tickets(3))
        (called, *_) = reuser.ledger.runs()
        assert (called.question, called.usage.model_calls) == (f"{name} v1, called by name", 8)
    adapted = f'{{"tool": "{name}", "arguments": {{}}}}'
    with lab(tmp_path, adapted) as reuser:
        result = reuser.ask("In how many tickets does somebody complain?", text)
        assert (result.route, result.answer) == ("adapt", complaints(text)), result.why
        assert result.usage.model_calls == 1 + len(text.splitlines())


def test_a_call_that_fails_ends_the_run_and_is_not_held_against_the_tool(tmp_path: Path) -> None:
    kept(tmp_path)
    down = ScriptedModel([ModelFailed("no answer after 3 attempts")] * 100, name="reader")
    for reuser, problem in ((lab(tmp_path, sub=down), ModelFailed), (lab(tmp_path, calls=4), BudgetSpent)):
        with reuser:
            with pytest.raises(problem):
                reuser.ask(ASKED, tickets(2))
            (tool,) = reuser.tools()
            assert tool.status == "provisional"
            use = reuser.ledger.tool_uses(tool.name)[-1]
            assert use.error.startswith(f"it was not run to its end: {problem.__name__}")
            assert not is_its_own(use.error)


def test_without_a_model_it_does_not_apply(tmp_path: Path) -> None:
    kept(tmp_path)
    settings = load_settings(Overrides(library=tmp_path / "library"), start=tmp_path, environment={})
    with Lab(settings) as modelless:
        with pytest.raises(NotCovered, match="it asks a language model, and none is configured"):
            modelless.inquire_and_learn(ASKED, modelless.load(tickets(2)), reuse="only")
        with pytest.raises(NoModel):
            modelless.ask(ASKED, tickets(2))
    with lab(tmp_path) as reuser:
        result = reuser.inquire_and_learn(ASKED, reuser.load(tickets(3)), reuse="only")
        assert (result.route, result.answer) == ("replay", complaints(tickets(3)))

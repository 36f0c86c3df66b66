"""`from lithify import RLM`, used as programs use rlms, with a scripted model and the real sandbox."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lithify import RLM
from lithify.dropin import ModelUsageSummary, RLMChatCompletion, UsageSummary
from lithify.errors import BudgetSpent, ModelFailed, ProgrammerMustAct
from lithify.models import ScriptedModel
from lithify.testing.model_server import ModelServer


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings and library of nobody."""
    monkeypatch.setenv("LITHIFY_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("LITHIFY_MODEL", raising=False)
    monkeypatch.chdir(tmp_path)
    yield


def cell(code: str) -> str:
    return f"```repl\n{code}\n```"


def scripted(*replies: Any) -> ScriptedModel:
    return ScriptedModel(list(replies), name="openai:scripted")


def test_a_program_written_for_rlms_runs() -> None:
    """rlms' README, but for the import."""
    with ModelServer([cell("x = len(context)"), cell('answer["content"] = str(x)\nanswer["ready"] = True')]) as server:
        rlm = RLM(
            backend="openai",
            backend_kwargs={"model_name": "gpt-5-nano", "api_key": "none", "base_url": server.base_url},
            environment="local",
            max_depth=1,
            max_iterations=10,
        )
        result = rlm.completion("Print me the length of this text.", root_prompt="How long is it?")
        rlm.close()
    assert result.response == "33"
    assert result.root_model == "gpt-5-nano"
    assert result.execution_time > 0
    assert result.usage_summary.model_usage_summaries["gpt-5-nano"].total_calls == 2
    assert result.usage_summary.total_input_tokens > 0
    written = json.loads(json.dumps(result.to_dict()))
    assert RLMChatCompletion.from_dict(written).response == "33"
    assert set(written) == {"root_model", "prompt", "response", "usage_summary", "execution_time", "metadata"}


def test_the_trajectory_is_that_of_rlms_logger() -> None:
    model = scripted(cell("print('seen')\nn = 1 / 0"), cell("n = 3\nFINAL(n)"))
    with RLM(model=model) as rlm:
        result = rlm.completion([{"role": "user", "content": "Give three."}])
    assert (result.response, result.answer) == ("3", 3)
    assert result.metadata is not None
    about, (first, second) = result.metadata["run_metadata"], result.metadata["iterations"]
    assert (about["root_model"], about["max_depth"], about["max_iterations"]) == ("scripted", 1, 30)
    assert about["run_id"] == result.run_id
    assert first["code_blocks"][0]["code"] == "print('seen')\nn = 1 / 0"
    assert first["code_blocks"][0]["result"]["stdout"] == "seen\n"
    assert "ZeroDivisionError" in first["code_blocks"][0]["result"]["stderr"]
    assert (first["iteration"], second["iteration"], second["final_answer"]) == (1, 2, "3")
    assert "[{'role'" not in model.requests[0].messages[1].content.partition("\n")[0]


def test_a_prompt_alone_is_question_and_context() -> None:
    model = scripted(cell("FINAL(context.split()[-1])"), cell("FINAL(len(context))"))
    with RLM(model=model) as rlm:
        assert rlm.completion("Say the last word: banana").response == "banana"
        assert "Question: Say the last word: banana" in model.requests[0].messages[1].content
        assert rlm.completion("Sum this up. " + "x " * 10_000 + "In one word.").response == "20025"
    first = model.requests[1].messages[1].content
    assert "Sum this up." in first
    assert "In one word." in first
    assert len(first) < 9_000


def test_acompletion_runs_side_by_side_and_usage_is_not_mixed() -> None:
    model = ScriptedModel(lambda request: cell(f"FINAL({'a' in request.messages[1].content.split()[1]})"), name="m")

    async def work() -> list[RLMChatCompletion]:
        async with RLM(model=model) as rlm:
            found = await asyncio.gather(*(rlm.acompletion(f"{letter} x") for letter in "abc"))
            with pytest.raises(ProgrammerMustAct, match="acompletion"):
                rlm.completion("x")
            return found

    results = asyncio.run(work())
    assert [one.answer for one in results] == [True, False, False]
    assert [one.usage_summary.model_usage_summaries["m"].total_calls for one in results] == [1, 1, 1]
    assert len({one.run_id for one in results}) == 3


def test_persistent_prompts_share_variables_and_are_numbered() -> None:
    model = scripted(
        cell("n = len(context)\nFINAL(n)"),
        cell("FINAL([n, context_0 == context, context_1])"),
        cell("FINAL([n, context_1, context_2['b']])"),
    )
    with RLM(model=model, persistent=True) as rlm:
        assert rlm.completion("abc", root_prompt="How long?").answer == 3
        assert rlm.completion("second", root_prompt="And now?").answer == [3, True, "second"]
        assert rlm.completion({"b": [1]}, root_prompt="And now?").answer == [3, "second", [1]]
    told = model.requests[1].messages[-1].content
    assert "context_1: str of 6 characters" in told
    assert "Next question" in told
    assert "second" in told.partition("<data ")[2]


def test_tools_of_the_caller_are_called_in_this_process() -> None:
    asked: list[object] = []

    def look_up(name: str, times: int = 1) -> list[str]:
        asked.append((name, times))
        return [name.upper()] * times

    async def later(value: int) -> int:
        await asyncio.sleep(0)
        return value + 1

    def broken() -> object:
        return object()

    code = (
        "got = [look_up('a', times=2), later(1), rates['EUR']]\n"
        "try:\n    broken()\nexcept RuntimeError as error:\n    got.append(str(error))\nFINAL(got)"
    )
    model = scripted(cell(code))
    tools = {
        "look_up": {"tool": look_up, "description": "names in capitals"},
        "later": later,
        "broken": broken,
        "rates": {"EUR": 1.5},
    }
    with RLM(model=model, custom_tools=tools) as rlm:
        result = rlm.completion("x", root_prompt="q")
    assert result.answer[:3] == [["A", "A"], 2, 1.5]
    assert "returned a object, which is not plain data" in result.answer[3]
    assert asked == [("a", 2)]
    first = model.requests[0].messages[1].content
    assert "names in capitals" in first
    assert "- `rates`: dict" in first


def test_callbacks_hear_of_turns_and_children() -> None:
    heard: list[tuple[object, ...]] = []

    def reply(request: Any) -> str:
        if "the part" in request.messages[1].content.partition("\n")[0]:
            return cell("FINAL('done')")
        return cell("FINAL(rlm_query('count the part', ['x']))")

    def failing(*_: object) -> None:
        raise KeyError("mine")

    with (
        RLM(
            model=ScriptedModel(reply, name="m"),
            max_depth=2,
            on_subcall_start=lambda *given: heard.append(("start", *given)),
            on_subcall_complete=lambda depth, model, seconds, error: heard.append(("complete", depth, model, error)),
            on_iteration_start=lambda depth, number: heard.append(("turn", depth, number)),
            on_iteration_complete=failing,
        ) as rlm,
        pytest.warns(RuntimeWarning, match="on_iteration_complete raised KeyError"),
    ):
        assert rlm.completion("x", root_prompt="q").answer == "done"
    assert heard == [
        ("turn", 0, 1),
        ("start", 1, "m", "count the part"),
        ("complete", 1, "m", None),
    ]


def test_limits_end_in_the_best_answer_with_a_reason() -> None:
    with RLM(model=scripted(cell("n = 1"), "So far FINAL(1)"), max_iterations=1) as rlm:
        result = rlm.completion("x", root_prompt="q")
    assert (result.answer, result.complete, result.error) == (1, False, None)
    assert "turns" in result.reason


def test_money_needs_models_with_a_price() -> None:
    with (
        RLM(model=scripted(cell("FINAL(1)")), max_budget=1.0) as rlm,
        pytest.raises((BudgetSpent, Exception)) as caught,
    ):
        rlm.completion("x", root_prompt="q")
    assert "price" in str(caught.value)


def test_a_failure_is_an_error_and_never_a_response() -> None:
    with RLM(model=scripted(ModelFailed("503 for good"))) as rlm, pytest.raises(ModelFailed, match="503"):
        rlm.completion("x", root_prompt="q")


def test_sub_calls_ask_the_other_backend() -> None:
    root, sub = scripted(cell("FINAL(llm_query('say it'))")), ScriptedModel(["said"], name="small")
    with RLM(model=root, sub_model=sub) as rlm:
        result = rlm.completion("x", root_prompt="q")
    assert result.answer == "said"
    assert set(result.usage_summary.model_usage_summaries) == {"scripted", "small"}


def test_a_temperature_is_passed_on() -> None:
    model = scripted(cell("FINAL(1)"))
    with RLM(model=model, sampling_args={"temperature": 0.3}) as rlm:
        rlm.completion("x", root_prompt="q")
    assert model.requests[0].temperature == 0.3


def test_typed_answers_and_quotes_go_through() -> None:
    model = scripted(cell("CITE('b')\nFINAL(['a', 1])"))
    with RLM(model=model) as rlm:
        result = rlm.completion("a b", root_prompt="q", answer_type=tuple[str, int], cite=True)
    assert result.answer == ("a", 1)
    assert [one.verified for one in result.citations] == [True]


def test_with_a_library_what_worked_is_kept_in_mind(tmp_path: Path) -> None:
    count = cell("n = sum(line.startswith('ERROR') for line in context.splitlines())\nprint(n)\nFINAL(n)")
    text = "".join(f"{'ERROR' if n % 3 else 'INFO'} something {n}\n" for n in range(30))
    with RLM(model=scripted(count), library=tmp_path / "kept") as rlm:
        result = rlm.completion(text, root_prompt="How many lines are errors?")
        assert result.answer == 20
    assert (tmp_path / "kept").exists()


def test_a_model_is_given_in_one_way_only() -> None:
    with pytest.raises(ProgrammerMustAct, match="not both"):
        RLM(backend_kwargs={"model_name": "x"}, model="openai:y")
    with pytest.raises(ProgrammerMustAct, match="one for each"):
        RLM(model=scripted(), other_backends=["openai"])


def test_verbose_tells_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with RLM(model=scripted(cell("print('\\x1b[2Jhello')\nFINAL(1)")), verbose=True) as rlm:
        rlm.completion("x", root_prompt="q")
    told = capsys.readouterr()
    assert told.out == ""
    assert "hello" in told.err
    assert "\x1b" not in told.err


def test_usage_with_an_unknown_price_has_no_total() -> None:
    known = ModelUsageSummary(total_calls=1, total_cost=0.5)
    assert UsageSummary({"a": known, "b": ModelUsageSummary(total_calls=1)}).total_cost is None
    assert UsageSummary({"a": known}).total_cost == 0.5
    again = UsageSummary.from_dict(UsageSummary({"a": known}).to_dict())
    assert again.model_usage_summaries["a"] == known


def test_importing_it_is_quick_and_quiet() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        import lithify

        assert lithify.RLM is RLM

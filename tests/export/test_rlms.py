"""Reading logs of rlms. The fixture was written by rlms 0.1.3: two completions of one RLM, with a sub-call and an
exception; its system prompt and temporary files are left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lithify.errors import BadInput
from lithify.export import RlmsRun, read_rlms

LOG = Path(__file__).parent / "fixtures" / "rlms_0.1.3.jsonl"
ENTRIES: list[dict[str, Any]] = [json.loads(line) for line in LOG.read_text(encoding="utf-8").splitlines()]


def read(entries: list[dict[str, Any]]) -> tuple[RlmsRun, ...]:
    return read_rlms([json.dumps(entry) for entry in entries], "a.jsonl")


def changed(change: Callable[[list[dict[str, Any]]], object]) -> tuple[RlmsRun, ...]:
    entries = json.loads(json.dumps(ENTRIES))
    change(entries)
    return read(entries)


def test_a_real_log() -> None:
    first, second = read_rlms(LOG.read_text(encoding="utf-8").splitlines(), "a.jsonl")
    assert first.question == second.question == "How many ERROR lines are there?"
    assert (first.answer, second.answer, first.complete) == (10, 11, True)
    assert (first.model, first.recorded[:10]) == ("openai:scripted", "2026-11-22")
    assert first.context is not None
    assert (first.context.count("\n"), first.context_size) == (29, len(first.context))
    assert [len(turn.blocks) for turn in first.turns] == [2, 1]
    looked, last = first.turns
    assert looked.system.startswith("You are a Recursive Language Model")
    assert looked.prompt.startswith("Answer the following: How many ERROR lines")
    assert last.prompt.startswith("REPL output (block 1):")
    assert last.prompt.endswith("Turn 2/5:")
    block, failed = looked.blocks
    (call,) = block.calls
    assert (call.prompt[:14], call.input_tokens, call.output_tokens) == ("what is this? ", 7, 5)
    assert failed.stderr.strip() == "NameError: name 'boom' is not defined"


def test_a_log_of_two_rlms_one_after_the_other() -> None:
    other = json.loads(json.dumps(ENTRIES))
    other[0]["root_model"] = "another"
    assert [run.model for run in read(ENTRIES + other)] == ["openai:scripted"] * 2 + ["openai:another"] * 2


def test_a_run_without_an_end_is_incomplete() -> None:
    run = read(ENTRIES[:2])[0]
    assert (run.complete, run.answer, len(run.turns)) == (False, None, 1)


def test_without_a_root_prompt_there_is_no_question() -> None:
    def drop(entries: list[dict[str, Any]]) -> None:
        entries[1]["prompt"][1]["content"] = "Your context is a str of 869 total characters. Each sub-LLM call ..."

    assert changed(drop)[0].question == ""


def test_a_context_that_is_not_the_one_that_was_said_is_not_taken() -> None:
    def cut(entries: list[dict[str, Any]]) -> None:
        for block in (block for entry in entries[1:3] for block in entry["code_blocks"]):
            block["result"]["locals"]["context_0"] = "[cut]"

    assert changed(cut)[0].context is None


def test_an_answer_whose_value_the_log_does_not_show_is_a_text() -> None:
    def opaque(entries: list[dict[str, Any]]) -> None:
        entries[2]["code_blocks"][0]["result"]["locals"]["answer"] = "{'content': <object at 0x7f>, 'ready': True}"

    assert changed(opaque)[0].answer == "10"


def test_a_child_run_behind_a_sub_call() -> None:
    def nest(entries: list[dict[str, Any]]) -> None:
        call = entries[1]["code_blocks"][0]["result"]["rlm_calls"][0]
        inner = json.loads(json.dumps(ENTRIES))
        inner[1]["prompt"][1]["content"] = "Your context is a str of 869 total characters."
        call["metadata"] = {"run_metadata": inner[0], "iterations": inner[1:3]}

    child = changed(nest)[0].turns[0].blocks[0].calls[0].run
    assert child is not None
    assert (child.question[:14], child.answer, len(child.turns)) == ("what is this? ", 10, 2)


def test_a_sub_call_that_failed() -> None:
    def fail(entries: list[dict[str, Any]]) -> None:
        entries[1]["code_blocks"][0]["result"]["rlm_calls"][0] |= {"error": "429", "response": ""}

    assert changed(fail)[0].turns[0].blocks[0].calls[0].error == "429"


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], r"a\.jsonl holds no run: it has no line of type metadata"),
        (["\n", json.dumps(ENTRIES[0])], "it has no line of type iteration"),
        (["hello"], r"a\.jsonl, line 1: it is not JSON"),
        (["[1, 2]"], "line 1: it is 'list'"),
        (['{"type": "other"}'], "line 1: it is 'other', and a log of rlms has"),
        ([json.dumps(ENTRIES[1])], "line 1: an iteration before any metadata"),
        ([json.dumps(ENTRIES[0]), '{"type": "iteration"}'], r"run 1: it is not as rlms writes it \(KeyError: 'prompt'"),
        ([json.dumps(ENTRIES[0]), json.dumps(ENTRIES[1])[:-9]], "line 2: it is not JSON"),
        (
            [json.dumps({**ENTRIES[0], "root_model": 1}), json.dumps({**ENTRIES[1], "prompt": 7})],
            "a prompt that is a int",
        ),
        ([json.dumps(ENTRIES[0]), json.dumps({**ENTRIES[1], "code_blocks": [3]})], "not as rlms writes it"),
    ],
)
def test_what_is_no_such_log_is_refused_by_line(lines: list[str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_rlms(lines, "a.jsonl")

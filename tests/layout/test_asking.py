"""Hybrid tools as files: what a model answered is recorded with the use, and stands in for the model."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lithify.layout import candidate_from, render_candidate
from lithify.layout.calling import LLM_INPUT, call_text, recorded_llm
from lithify.layout.compatibility import compare
from lithify.layout.suite import suite_text
from lithify.records.tool import Candidate, Example, Reply, Signature
from lithify.testing.candidates import make_candidate as candidate

SOURCE = '''\
"""Reviews."""

from collections.abc import Callable
from typing import Any


def count_negative(text: str, *, llm: Callable[..., Any]) -> int:
    """How many reviews are negative."""
    return sum(reply == "yes" for reply in llm([f"Negative? {line}" for line in text.splitlines()]))
'''
SIGNATURE = Signature(
    function="count_negative",
    context_parameter="text",
    context_kind="text",
    parameters=(),
    returns="int",
    needs_llm=True,
)
REPLIES = (Reply(prompt="Negative? awful", answer="yes"), Reply(prompt="Negative? fine", answer="no"))


def hybrid() -> Candidate:
    use = Example(name="whole", context="awful\nfine\n", arguments={}, expected=1, replies=REPLIES)
    return candidate(source=SOURCE, signature=SIGNATURE, examples=(use,))


def test_the_call_hands_over_the_model() -> None:
    assert call_text(SIGNATURE, {}) == f"count_negative(__lithify_input__, llm={LLM_INPUT})"
    assert "llm" not in call_text(replace(SIGNATURE, needs_llm=False), {})


def test_the_recorded_answers_stand_in_for_the_model() -> None:
    space: dict[str, object] = {}
    exec(recorded_llm(REPLIES), space)
    llm = space[LLM_INPUT]
    assert callable(llm)
    assert llm("Negative? awful") == "yes"
    assert llm(iter(["Negative? fine", "Negative? awful"]), schema={}) == ["no", "yes"]
    with pytest.raises(LookupError, match="no answer is recorded"):
        llm("anything else")


def test_files_and_back() -> None:
    made = hybrid()
    files = render_candidate(made)
    again = candidate_from(files, made.recipe, "tools/count_negative")
    assert (again.signature, again.examples) == (SIGNATURE, made.examples)


def test_a_tool_that_asks_nobody_is_written_as_before() -> None:
    files = render_candidate(candidate())
    assert b"needs_llm" not in files["tool.toml"]
    assert not any(b"llm" in data or b"replies" in data for data in files.values())


def test_a_person_runs_the_tests_without_a_model(tmp_path: Path) -> None:
    for path, data in render_candidate(hybrid()).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout
    assert "recorded_llm" not in suite_text("count_negative")


def test_asking_a_model_from_now_on_breaks_what_callers_rely_on() -> None:
    before = replace(SIGNATURE, needs_llm=False)
    assert compare(before, SIGNATURE).level == "major"
    assert compare(SIGNATURE, before).level == "minor"

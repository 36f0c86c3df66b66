"""One program, run against lithify and, where it is installed, against rlms itself: the same responses."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import pytest

from lithify.testing.model_server import ModelServer

REPLIES = [
    "```repl\nn = len(context.split())\nprint(n)\n```",
    '```repl\nanswer["content"] = [n * rate, look_up(context.split()[0])]\nanswer["ready"] = True\n```',
    '```repl\nanswer["content"] = [n, context_0, context_1]\nanswer["ready"] = True\n```',
]


def program(RLM: Any, base_url: str) -> list[object]:  # noqa: N803 - a class
    def look_up(name: str) -> str:
        return name.upper()

    with RLM(
        backend="openai",
        backend_kwargs={"model_name": "gpt-5-nano", "api_key": "none", "base_url": base_url},
        environment="local",
        max_depth=1,
        max_iterations=5,
        custom_tools={"look_up": {"tool": look_up, "description": "capitals"}, "rate": 2},
        persistent=True,
    ) as rlm:
        first = rlm.completion("alpha beta", root_prompt="How many words, and the first in capitals?")
        second = rlm.completion("gamma", root_prompt="And now?")
    used = first.usage_summary.model_usage_summaries["gpt-5-nano"]
    return [first.response, second.response, first.root_model, used.total_calls, first.prompt, first.error]


@pytest.mark.parametrize("package", ["lithify", "rlm"])
def test_the_same_program_gives_the_same(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    monkeypatch.setenv("LITHIFY_LIBRARY", str(tmp_path / "library"))
    with ModelServer(REPLIES) as server:
        given = program(importlib.import_module(package).RLM, server.base_url)
    assert given == ["[4, 'ALPHA']", "[2, 'alpha beta', 'gamma']", "gpt-5-nano", 2, "alpha beta", None]

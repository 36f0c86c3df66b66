from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lithify.dropin.options import Access, access, check, limits_of
from lithify.dropin.tools import extras, literal
from lithify.errors import ProgrammerMustAct
from lithify.records.run import Limits


@pytest.mark.parametrize(
    ("backend", "given", "reached"),
    [
        ("openai", {"model_name": "gpt-5-mini"}, Access(model="openai:gpt-5-mini")),
        ("anthropic", {"model_name": "c", "api_key": "k"}, Access(model="anthropic:c", api_key="k")),
        ("gemini", {"model_name": "g"}, Access(model="google:g")),
        ("azure_openai", {"model_name": "a"}, Access(model="azure:a")),
        ("vllm", {"model_name": "q", "base_url": "http://h/v1"}, Access(model="openai:q", base_url="http://h/v1")),
        (
            "openai",
            {"model_name": "m", "sampling_args": {"temperature": 0.5}},
            Access(model="openai:m", temperature=0.5),
        ),
    ],
)
def test_backends_are_providers(backend: str, given: dict[str, Any], reached: Access) -> None:
    assert access(backend, given, None) == reached


@pytest.mark.parametrize(
    ("backend", "given", "said"),
    [
        ("portkey", {"model_name": "m"}, "base_url"),
        ("nobody", {"model_name": "m"}, "known are"),
        ("openai", {}, "model_name"),
        ("openai", None, "model_name"),
        ("vllm", {"model_name": "m"}, "base_url"),
        ("openai", {"model_name": "m", "timeout": 3}, "timeout"),
        ("openai", {"model_name": "m", "sampling_args": {"top_p": 1}}, "top_p"),
    ],
)
def test_what_cannot_be_reached_is_said(backend: str, given: dict[str, Any] | None, said: str) -> None:
    with pytest.raises(ProgrammerMustAct, match=said):
        access(backend, given, None)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"logger": object()}, "ledger"),
        ({"max_errors": 3}, "max_iterations"),
        ({"custom_system_prompt": "x"}, "root_prompt"),
        ({"user_prologue": "x"}, "root_prompt"),
        ({"environment": "docker"}, "sandbox"),
        ({"environment_kwargs": {"setup_code": "x"}}, "custom_tools"),
        ({"compaction_threshold_pct": 0.5}, "history_chars"),
        ({"depth": 1}, "rlm_query"),
        ({"max_depth": 0}, "ask the model itself"),
        ({"max_depth": 2, "custom_sub_tools": {}}, "child runs"),
        ({"orchestrator": False}, "one prompt"),
        ({"max_iteration": 3}, "did you mean 'max_iterations'"),
    ],
)
def test_what_is_not_supported_names_what_to_use_instead(options: dict[str, object], said: str) -> None:
    with pytest.raises(ProgrammerMustAct, match=said):
        check(options)


def test_rlms_own_defaults_are_fine() -> None:
    check(
        {
            "environment": "local",
            "environment_kwargs": None,
            "depth": 0,
            "max_depth": 1,
            "logger": None,
            "verbose": False,
            "custom_sub_tools": None,
            "max_errors": None,
            "orchestrator": True,
            "compaction": False,
        }
    )


def test_limits() -> None:
    assert limits_of({}, Limits()) == Limits(turns=30, depth=0)
    limits = limits_of(
        {"max_iterations": 5, "max_depth": 3, "max_budget": 0.1, "max_timeout": 9, "max_tokens": 7}, Limits()
    )
    assert limits == Limits(turns=5, depth=2, cost=Decimal("0.1"), seconds=9, tokens=7)
    with pytest.raises(ProgrammerMustAct, match="turns is 0"):
        limits_of({"max_iterations": 0}, Limits())


def look_up(name: str, *, exact: bool = True) -> dict[str, int]:
    """Look a name up.

    Not told to the model.
    """
    return {name: int(exact)}


def test_tools_are_functions_and_values_with_a_description() -> None:
    found = extras({"look_up": look_up, "rates": {"tool": {"EUR": 1.1}, "description": "dollars\nper unit"}, "n": 3})
    assert list(found.functions) == ["look_up"]
    assert found.code == "rates = {'EUR': 1.1}\nn = 3"
    assert found.told == (
        "`look_up(name: 'str', *, exact: 'bool' = True) -> 'dict[str, int]'`: Look a name up.",
        "`rates`: dollars per unit",
        "`n`: int",
    )
    assert extras(None).functions == {}


@pytest.mark.parametrize("name", ["llm_query", "context", "FINAL", "answer", "no name", "class", "__lithify_x", "CITE"])
def test_names_that_mean_something_else_are_refused(name: str) -> None:
    with pytest.raises(ProgrammerMustAct, match=r"custom_tools"):
        extras({name: look_up})


@pytest.mark.parametrize("value", [None, True, 3, float("inf"), float("-inf"), "x\n'", b"\0", [1, (2,), {"a": None}]])
def test_values_are_written_as_python(value: object) -> None:
    assert eval(literal("x", value)) == value


@pytest.mark.parametrize("value", [object(), {1, 2}, [object()], "x" * 5_000_000])
def test_what_is_no_plain_data_is_refused(value: object) -> None:
    with pytest.raises(ProgrammerMustAct, match="custom_tools: 'x'"):
        literal("x", value)

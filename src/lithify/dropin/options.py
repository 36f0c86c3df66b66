"""rlms' arguments in lithify's terms. What has no counterpart is refused by name, with what to use instead. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypedDict

from lithify.errors import ProgrammerMustAct
from lithify.records.quick import dataclass
from lithify.records.run import Limits

PREFIXES = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
    "azure_openai": "azure",
    "openrouter": "openrouter",
    "vercel": "vercel",
    "vllm": "openai",
}
"""rlms' backends as the providers of model names."""

_INSTEAD = {
    "logger": "every run is in the ledger (`lithify show RUN`), and result.metadata holds its iterations",
    "max_errors": "max_iterations bounds the turns; errors do not end a run",
    "custom_system_prompt": "lithify's prompts have a version that each run records; put what is particular into "
    "root_prompt",
    "user_prologue": "put it into root_prompt",
    "environment_kwargs": "code runs in lithify's sandbox; give functions and values as custom_tools",
    "compaction_threshold_pct": "long conversations are always compacted, at limits.history_chars of lithify.toml",
}


class Options(TypedDict, total=False):
    """The arguments of rlms' RLM beside the backend, as far as they mean something here; the others are refused."""

    environment: str
    environment_kwargs: Mapping[str, object] | None
    depth: int
    max_depth: int
    max_iterations: int
    max_budget: float | None
    max_timeout: float | None
    max_tokens: int | None
    max_errors: int | None
    custom_system_prompt: str | None
    other_backends: Sequence[str] | None
    other_backend_kwargs: Sequence[Mapping[str, Any]] | None
    logger: object
    verbose: bool
    persistent: bool
    custom_tools: Mapping[str, Any] | None
    custom_sub_tools: Mapping[str, Any] | None
    compaction: bool
    compaction_threshold_pct: float
    max_concurrent_subcalls: int
    on_subcall_start: Callable[[int, str, str], None] | None
    on_subcall_complete: Callable[[int, str, float, str | None], None] | None
    on_iteration_start: Callable[[int, int], None] | None
    on_iteration_complete: Callable[[int, int, float], None] | None
    sampling_args: Mapping[str, Any] | None
    sub_sampling_args: Mapping[str, Any] | None
    orchestrator: bool
    user_prologue: str | None


KNOWN = frozenset(Options.__annotations__)
_HARMLESS = {"environment": "local", "depth": 0, "orchestrator": True, "logger": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a model is reached. temperature: None leaves it to the provider."""

    model: str
    base_url: str = ""
    api_key: str = ""
    temperature: float | None = None


def check(options: Mapping[str, object]) -> None:
    """Raise ProgrammerMustAct for what has no counterpart, naming what to use instead."""
    for name, value in options.items():
        if name not in KNOWN:
            near = difflib.get_close_matches(name, KNOWN, 1)
            raise ProgrammerMustAct(f"RLM has no argument {name!r}{f'; did you mean {near[0]!r}?' if near else ''}")
        if name in _INSTEAD and value:
            raise ProgrammerMustAct(f"RLM({name}=...) is not supported: {_INSTEAD[name]}")
    if options.get("environment", "local") != "local":
        raise ProgrammerMustAct(
            f"RLM(environment={options['environment']!r}): code always runs in lithify's own sandbox, which confines "
            "it; leave the argument out"
        )
    if options.get("depth", 0) != 0:
        raise ProgrammerMustAct("RLM(depth=...) is how rlms makes its children; ask rlm_query in a cell for one")
    if options.get("orchestrator", True) is not True:
        raise ProgrammerMustAct("RLM(orchestrator=False): there is one prompt, which works with and without sub-calls")
    _check_depth(options)


def _check_depth(options: Mapping[str, object]) -> None:
    depth = options.get("max_depth", 1)
    if not isinstance(depth, int) or depth < 1:
        raise ProgrammerMustAct(
            f"RLM(max_depth={depth!r}): 1 is a root that asks models, 2 one with child runs; without a root there is "
            "nothing recursive: ask the model itself"
        )
    sub_tools = options.get("custom_sub_tools")
    if sub_tools is not None and depth > 1 and sub_tools != options.get("custom_tools"):
        raise ProgrammerMustAct("RLM(custom_sub_tools=...): child runs have the tools of the root; leave it out")


def limits_of(options: Options, limits: Limits) -> Limits:
    """The limits of a completion: rlms' arguments where they are given, else those of the settings."""
    given: dict[str, Any] = {
        "turns": options.get("max_iterations", 30),
        "depth": options.get("max_depth", 1) - 1,
        "cost": None if options.get("max_budget") is None else Decimal(str(options.get("max_budget"))),
        "seconds": options.get("max_timeout"),
        "tokens": options.get("max_tokens"),
        "children": options.get("max_concurrent_subcalls"),
    }
    found = {name: value for name, value in given.items() if value is not None}
    for name, value in found.items():
        if name != "depth" and not value > 0:
            raise ProgrammerMustAct(f"RLM: the limit on {name} is {value}; it must be positive")
    return replace(limits, **found)


def access(backend: str, given: Mapping[str, Any] | None, sampling: Mapping[str, Any] | None) -> Access:
    """How to reach the model that rlms names by a backend and its arguments."""
    if backend not in PREFIXES:
        instead = "give its URL: backend='openai' with base_url" if backend == "portkey" else "name the model by model="
        raise ProgrammerMustAct(f"there is no backend {backend!r}; known are {', '.join(PREFIXES)}; {instead}")
    settings = dict(given or {})
    name = settings.pop("model_name", None)
    if not isinstance(name, str) or not name:
        raise ProgrammerMustAct('backend_kwargs needs the model: {"model_name": "gpt-5-mini"}')
    base_url = settings.pop("base_url", "") or ""
    if backend == "vllm" and not base_url:
        raise ProgrammerMustAct("backend='vllm' needs the server: backend_kwargs={\"base_url\": ...}")
    api_key = settings.pop("api_key", "") or ""
    sampled = {**(settings.pop("sampling_args", None) or {}), **(sampling or {})}
    temperature = sampled.pop("temperature", None)
    if sampled:
        raise ProgrammerMustAct(f"sampling_args: only temperature can be set, not {', '.join(sorted(sampled))}")
    if settings:
        raise ProgrammerMustAct(
            f"backend_kwargs: model_name, base_url and api_key can be set, not {', '.join(sorted(settings))}; "
            "time-outs and retries are lithify's own"
        )
    return Access(model=f"{PREFIXES[backend]}:{name}", base_url=base_url, api_key=api_key, temperature=temperature)
